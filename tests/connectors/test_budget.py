"""The budget that all workers share."""

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from pytest_django.fixtures import Settings

from connectors import budget
from connectors.errors import RateLimited, Retry
from connectors.types import Budget, Network
from tests.connectors.records import NETWORK
from tests.workers import ROOT, process_environment

SPENDING = """
import django
django.setup()
from connectors import budget
from connectors.errors import RateLimited
from dataclasses import replace
from connectors.types import Budget
from tests.connectors.records import NETWORK
spend = budget.spender(replace(NETWORK, budget=Budget(100, 60)))
done = 0
try:
    for _ in range(100):
        spend(1)
        done += 1
except RateLimited:
    pass
print(done)
"""


def network(requests: int, seconds: int = 60, per: str = "network") -> Network:
    return replace(NETWORK, budget=Budget(requests, seconds, per))


def spent(network: Network, **purse: object) -> int:
    """Return how many requests can be spent before the purse is empty."""
    spend = budget.spender(network, **purse)  # type: ignore[arg-type]
    for count in range(1000):
        try:
            spend(1)
        except RateLimited:
            return count
    return 1000


def test_a_full_budget_says_when_the_window_has_moved_on() -> None:
    spend = budget.spender(network(5, 60))
    for _ in range(5):
        spend(1)
    now = datetime.now(UTC)
    with pytest.raises(RateLimited, match="Testnet") as raised:
        spend(1)
    assert now < raised.value.resume_at <= now + timedelta(seconds=61)


def test_several_requests_are_spent_at_once_or_not_at_all() -> None:
    spend = budget.spender(network(5))
    spend(4)
    with pytest.raises(RateLimited):
        spend(2)
    spend(1)


def test_processes_share_one_budget(db: None) -> None:
    command = [sys.executable, "-c", SPENDING]
    processes = [
        subprocess.Popen(
            command, cwd=ROOT, env=process_environment(), stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    done = [int(process.communicate(timeout=60)[0]) for process in processes]
    assert sum(done) == 100


def test_hosts_have_purses_of_their_own_where_the_network_says_so() -> None:
    federated = network(3, per="host")
    assert spent(federated, server="one.example") == 3
    assert spent(federated, server="ONE.example") == 0
    assert spent(federated, server="two.example") == 3


def test_credentials_have_purses_of_their_own_and_public_reads_share_one() -> None:
    by_credential = network(3, per="credential")
    assert spent(by_credential, credential_id=1) == 3
    assert spent(by_credential, credential_id=2) == 3
    assert spent(by_credential) == 3
    assert spent(by_credential) == 0


def test_networks_do_not_spend_each_others_budget() -> None:
    assert spent(network(3)) == 3
    assert spent(replace(network(3), id="another")) == 3


def test_without_redis_nothing_is_sent(settings: Settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    with pytest.raises(Retry, match="cannot be reached"):
        budget.spender(network(5))(1)

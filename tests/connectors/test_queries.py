"""What the pages read about accounts."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from connectors import registry
from connectors.due import due_day
from connectors.models import Account, FetchState
from connectors.queries import Progress, network_states, sync_progress
from connectors.types import AuthKind
from people.models import Person
from tests.connectors.records import account_of


def fetch(account: Account, status: str, days_ago: int = 0, **stored: int) -> None:
    day = due_day(timezone.now() - timedelta(days=days_ago))
    FetchState.objects.create(account=account, day=day, status=status, stored=stored)


def test_every_network_has_a_row_with_what_can_be_seen_there(
    alice: Person, settings: Settings
) -> None:
    settings.SAMPLE_NETWORK = True
    rows = network_states(alice.pk)
    assert [row.network.id for row in rows] == [*registry.CONNECTORS, *registry.ROWS]
    assert all(row.account_id is None and not row.can_unlink for row in rows)
    # Where keys are missing nobody can link yet.
    live = [row for row in rows if not row.network.retired_because]
    for row in live:
        able = not row.missing_keys and row.network.auth is not AuthKind.NONE
        assert row.can_link == able, row.network.id
    assert not any(row.can_link for row in rows if row not in live)
    assert {row.network.id for row in rows if row.can_link} >= {"mastodon", "bluesky", "sample"}
    assert all(row.state == row.state_label == "" for row in rows)
    settings.SAMPLE_NETWORK = False
    offered = [row.network.id for row in network_states(alice.pk)]
    assert offered == [
        *(name for name in registry.CONNECTORS if name != "sample"),
        *registry.ROWS,
    ]


def test_a_linked_account_shows_its_state_and_progress(alice: Person, bob: Person) -> None:
    account = account_of(alice, network="mastodon")
    account_of(bob, network="bluesky")
    Account.objects.filter(pk=account.pk).update(state="limited", state_detail="Wait.")
    fetch(account, "done", days_ago=1, posts=99)
    fetch(account, "started", posts=3, interactions=40)
    row = next(row for row in network_states(alice.pk) if row.network.id == "mastodon")
    assert (row.account_id, row.state) == (account.pk, "limited")
    assert row.state_label
    assert row.progress == Progress(done=0, total=1, posts=3, interactions=40)
    assert row.can_unlink
    assert not row.can_link


@pytest.mark.parametrize(
    ("fields", "state"),
    [({"state": "relink"}, "relink"), ({"status": "unlinked"}, "unlinked")],
    ids=["relink", "unlinked"],
)
def test_an_account_without_access_can_be_linked_again(
    alice: Person, fields: dict[str, str], state: str
) -> None:
    account_of(alice, network="mastodon")
    Account.objects.update(**fields)
    row = network_states(alice.pk)[0]
    assert (row.state, row.can_link) == (state, True)


def test_several_accounts_on_one_network_have_a_row_each(alice: Person) -> None:
    for number in range(3):
        account_of(alice, network="mastodon", native_id=str(number))
    ids = [row.network.id for row in network_states(alice.pk)]
    assert ids.count("mastodon") == 3


def test_the_number_of_queries_does_not_grow_with_the_accounts(
    alice: Person, django_assert_num_queries: Any
) -> None:
    for number in range(9):
        fetch(account_of(alice, network="mastodon", native_id=str(number)), "done")
    with django_assert_num_queries(2):
        network_states(alice.pk)
    # What a network that charges has cost is asked once.
    for number in range(3):
        fetch(account_of(alice, network="x", native_id=str(number)), "done")
    with django_assert_num_queries(3):
        network_states(alice.pk)


def test_the_progress_of_many_accounts_counts_their_newest_fetch(
    alice: Person, django_assert_num_queries: Any
) -> None:
    accounts = [account_of(alice, native_id=str(number)) for number in range(4)]
    fetch(accounts[0], "done", posts=1, interactions=10)
    fetch(accounts[1], "given_up")
    fetch(accounts[2], "queued")
    fetch(accounts[2], "done", days_ago=1, posts=500)
    ids = [account.pk for account in accounts]
    with django_assert_num_queries(1):
        progress = sync_progress(ids)
    assert progress == Progress(done=2, total=4, posts=1, interactions=10)
    assert progress.share == 0.5
    assert sync_progress([]).share == 1.0

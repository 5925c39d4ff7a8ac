"""Whole syncs of many accounts against a local fake, against their HTTP requests alone."""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any
from urllib.request import urlopen

import redis
from django.conf import settings
from django.utils import timezone

from connectors import crypto, registry
from connectors.clients import client_for
from connectors.due import due_day
from connectors.models import Account, Credential, FetchState
from connectors.sync import SyncResult, sync_account
from klout.bench.fakes import world
from klout.bench.fakes.__main__ import RECORD, RECORDED, exchanged
from klout.bench.fakes.every import FAKES
from klout.bench.measure import Goal, Result, in_turns, processor_seconds, session_process
from people.models import Person

FIRST_NEAR, FIRST_AT_ONCE = 0, 500_000
# As a network answers that is near; those that we know take longer.
NEAR_MILLISECONDS = 20
ALONE = "the same requests alone by the same guarded client, answers read and dropped"
# Requests that a round sends at most where each of them waits; one account's in any case.
MOST_WAITED_FOR = 400
# Sent anew by the client itself.
_OWN_HEADERS = frozenset({"host", "connection", "accept-encoding", "content-length"})


@dataclass(frozen=True, slots=True)
class Running:
    """A running fake."""

    origin: str

    @property
    def host(self) -> str:
        """The host with its port."""
        return self.origin.partition("//")[2]

    def control(self, path: str) -> Any:
        """Return the answer of one of its controls."""
        with urlopen(self.origin + path, timeout=30) as answer:  # noqa: S310 - of this machine
            return json.load(answer)


@dataclass(frozen=True, slots=True)
class Request:
    """A request as the fake received it."""

    method: str
    target: str
    headers: Sequence[tuple[str, str]]
    body: str


@contextmanager
def fake(network: str, wait_milliseconds: int = 0) -> Iterator[Running]:
    """Start the fake of a network, and point the settings at it; they are this process's own."""
    process = subprocess.Popen(
        (sys.executable, "-m", "klout.bench.fakes", network, str(wait_milliseconds)),
        cwd=Path(settings.BASE_DIR),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        # Written once the port is open: nothing needs to be asked again and again.
        found = Running(process.stdout.readline().rsplit(" at ", 1)[-1].strip())
        settings.LOCAL_ORIGINS = [found.origin]
        settings.NETWORK_KEYS = {network: FAKES[network].key}
        for name in FAKES[network].settings:
            setattr(settings, name, found.origin)
        yield found
    finally:
        process.terminate()
        process.wait(20)
        process.stdout.close()


def against_http_alone(
    broker_url: str, most: int, rounds: int, near: int = NEAR_MILLISECONDS
) -> Iterator[Result]:
    """Yield rows for each network: accounts synced, against the requests of their syncs.

    First with answers after `near` milliseconds, a tenth of `most` accounts each; then with answers
    at once, which shows what a sync takes beside its requests: `most` of the first network, a tenth
    of each other.
    """
    settings.REDIS_URL = broker_url
    settings.SAMPLE_NETWORK = True
    # Dollars: the purse is asked before each question, and never empty.
    settings.NETWORK_BUDGETS = {"x": (10**9, 10**9)}
    budgets = redis.Redis.from_url(broker_url)
    for wait in (near, 0):
        for place, network in enumerate(FAKES):
            accounts = most if not wait and not place else most // 10
            with fake(network, wait) as running:
                share = max(accounts // (rounds + 1), 1)
                yield _measured(network, running, budgets, share, rounds, wait)


def _measured(
    network: str, running: Running, budgets: "redis.Redis", share: int, rounds: int, wait: int
) -> Result:
    """Return the row of a network; `share` is how many accounts a round has."""
    # Of their own for each of a network's rows.
    first = FIRST_NEAR if wait else FIRST_AT_ONCE
    recorded_pk = new_account(network, first, running)
    running.control(RECORD)
    synced(recorded_pk, network)
    # One account's requests are every account's, but for its number.
    recorded = [Request(*request) for request in running.control(RECORDED)]
    if wait:
        share = max(min(share, MOST_WAITED_FOR // len(recorded)), 1)
    last = first + share * (rounds + 1)
    pks = {n: new_account(network, n, running) for n in range(first + 1, last + 1)}
    # A first round warms up, and is not counted.
    groups = [range(n, n + share) for n in range(first + 1, last + 1, share)]
    ours, theirs = iter(groups), iter(groups)
    session = session_process()
    processor: list[float] = []

    def sync_all() -> None:
        begun = processor_seconds(session)
        for number in next(ours):
            # Each account has its own budget where it has its own server or key; here all are one.
            budgets.flushdb()
            synced(pks[number], network)
        processor.append(processor_seconds(session) - begun)

    def ask_all() -> None:
        for number in next(theirs):
            _asked(network, running, number, first, recorded)

    times = in_turns(rounds, sync_all, ask_all)
    told = FAKES[network]
    name = registry.network(network).name
    each = median(processor[1:]) / share * 1000
    return Result(
        "syncing",
        f"{share:,} accounts of {name} a round, each {told.posts} posts, {told.interactions} "
        f"reactions and {len(recorded)} requests, answered "
        + (f"after {wait} ms" if wait else "at once"),
        *times,
        rows=share * (told.posts + told.interactions),
        goal=Goal.AT_MOST,
        limit=2.0 if wait else 0.0,
        # What the clock says beyond that is waiting: for answers, and on a busy machine for a turn.
        against=f"{ALONE}; {'' if wait else 'no goal: '}a sync takes {each:.0f} ms of processors",
    )


def new_account(network: str, number: int, running: Running) -> int:
    """Return a new linked account, whose fake goes by its number."""
    told = FAKES[network]
    person = Person.objects.create(
        slug=f"bench-{network}-{number}",
        name="Bench",
        origin="looked_up",
    )
    native_id, server = told.native_id(number), ""
    handle = native_id if told.is_handle else f"a{world.digits(number)}"
    if not told.settings:
        server = running.host
        native_id = handle = f"{handle}@{server}"
    account = Account.objects.create(
        person=person,
        network=network,
        native_id=native_id,
        handle=handle,
        server=server,
        status=Account.Status.LINKED,
    )
    if not told.is_open:
        secret = crypto.encrypt_secret({"access": f"token-{world.digits(number)}"})
        Credential.objects.create(account=account, secret=secret)
    # As connectors.due makes it ready.
    FetchState.objects.create(account=account, day=due_day(timezone.now()))
    return account.pk


def synced(account_id: int, network: str) -> SyncResult:
    """Sync an account for the first time; raises where not exactly its all came."""
    now = timezone.now()
    result = sync_account(account_id, due_day(now), now=now)
    told, stored = FAKES[network], result.stored
    found = (result.status, stored.posts, stored.interactions, stored.snapshots)
    if found != ("done", told.posts, told.interactions, told.snapshots):
        raise RuntimeError(f"A sync of {network} came to {found}: {result.detail}")
    return result


def _asked(
    network: str, running: Running, number: int, recorded_number: int, recorded: Sequence[Request]
) -> None:
    """Send the requests of an account's sync, and drop what comes."""
    known = (world.digits(recorded_number), world.letters(recorded_number))
    wanted = (world.digits(number), world.letters(number))
    with client_for(registry.network(network), server=running.host) as client:
        for asked in recorded:
            sent = {
                name: exchanged(value, known, wanted)
                for name, value in asked.headers
                if name not in _OWN_HEADERS
            }
            request = client._http.build_request(
                asked.method,
                running.origin + exchanged(asked.target, known, wanted),
                headers=sent,
                content=exchanged(asked.body, known, wanted) or None,
            )
            response = client._http.send(request, stream=True)
            for _ in response.iter_raw():
                pass
            response.close()

"""Whole syncs of many accounts against a local fake, against their HTTP requests alone."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
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
from klout.bench.measure import Goal, Result, in_turns, processor_seconds, session_process
from people.models import Person

FIRST_NEAR, FIRST_AT_ONCE = 0, 500_000
REACTIONS = world.ACTED_ON * world.REACTORS
# The setting that says where a network answers; Mastodon's accounts name their server.
ADDRESSES: Mapping[str, str] = {
    "mastodon": "",
    "sample": "SAMPLE_NETWORK_URL",
    "bluesky": "BLUESKY_APPVIEW_URL",
    "x": "X_API_URL",
    "youtube": "YOUTUBE_API_URL",
    "instagram": "INSTAGRAM_GRAPH_URL",
    "github": "GITHUB_API_URL",
}
# As a network answers that is near; those that we know take longer.
NEAR_MILLISECONDS = 20
ALONE = "the same requests alone by the same guarded client, answers read and dropped"
# Of these what is public is read with a token, too.
WITHOUT_TOKEN = frozenset({"bluesky", "sample"})
# Sent anew by the client itself.
_OWN_HEADERS = frozenset({"host", "connection", "accept-encoding"})


@dataclass(frozen=True, slots=True)
class Fake:
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


@contextmanager
def fake(network: str, wait_milliseconds: int = 0) -> Iterator[Fake]:
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
        found = Fake(process.stdout.readline().rsplit(" at ", 1)[-1].strip())
        settings.LOCAL_ORIGINS = [found.origin]
        if ADDRESSES[network]:
            setattr(settings, ADDRESSES[network], found.origin)
        yield found
    finally:
        process.terminate()
        process.wait(20)
        process.stdout.close()


def against_http_alone(broker_url: str, most: int, rounds: int) -> Iterator[Result]:
    """Yield rows for each network: accounts synced, against the requests of their syncs.

    First with answers as from near by, a tenth of `most` accounts each; then with answers at once,
    which shows what a sync takes beside its requests: `most` of the first network, a tenth of each
    other.
    """
    settings.REDIS_URL = broker_url
    settings.SAMPLE_NETWORK = True
    settings.NETWORK_KEYS = {"youtube": "bench-key"}
    # Dollars: the purse is asked before each question, and never empty.
    settings.NETWORK_BUDGETS = {"x": (10**9, 10**9)}
    budgets = redis.Redis.from_url(broker_url)
    for wait in (NEAR_MILLISECONDS, 0):
        for place, network in enumerate(ADDRESSES):
            accounts = most if not wait and not place else most // 10
            with fake(network, wait) as running:
                share = max(accounts // (rounds + 1), 1)
                yield _measured(network, running, budgets, share, rounds, wait)


def _measured(
    network: str, running: Fake, budgets: "redis.Redis", share: int, rounds: int, wait: int
) -> Result:
    """Return the row of a network; `share` is how many accounts a round has."""
    count = share * (rounds + 1)
    # Of their own for each of a network's rows.
    first = FIRST_NEAR if wait else FIRST_AT_ONCE
    pks = {n: _account(network, n, running) for n in range(first, first + count + 1)}
    recorded_number = first + count
    running.control(RECORD)
    _synced(pks[recorded_number], network)
    # One account's requests are every account's, but for its number.
    recorded = [(target, _sent_again(headers)) for target, headers in running.control(RECORDED)]
    # A first round warms up, and is not counted.
    groups = [range(n, n + share) for n in range(first, recorded_number, share)]
    ours, theirs = iter(groups), iter(groups)
    session = session_process()
    processor: list[float] = []

    def synced() -> None:
        begun = processor_seconds(session)
        for number in next(ours):
            # Each account has its own budget where it has its own server or key; here all are one.
            budgets.flushdb()
            _synced(pks[number], network)
        processor.append(processor_seconds(session) - begun)

    def asked() -> None:
        for number in next(theirs):
            _asked(network, running, number, recorded_number, recorded)

    times = in_turns(rounds, synced, asked)
    name = registry.network(network).name
    each = median(processor[1:]) / share * 1000
    return Result(
        "syncing",
        f"{share:,} accounts of {name} a round, each {world.POSTS} posts, {REACTIONS} reactions "
        f"and {len(recorded)} requests, answered " + (f"after {wait} ms" if wait else "at once"),
        *times,
        rows=share * (world.POSTS + REACTIONS),
        goal=Goal.AT_MOST,
        limit=2.0 if wait else 0.0,
        against=ALONE if wait else f"{ALONE}; no goal: a sync takes {each:.0f} ms of processors",
    )


def _account(network: str, number: int, running: Fake) -> int:
    """Return a new linked account, whose fake goes by its number."""
    person = Person.objects.create(
        slug=f"bench-{network}-{number}",
        name="Bench",
        origin="looked_up",
    )
    digits = world.digits(number)
    native_id, server = digits, ""
    handle = f"a{digits}"
    if network == "mastodon":
        server, native_id = running.host, f"a{digits}@{running.host}"
        handle = native_id
    elif network == "bluesky":
        native_id = f"did:plc:{world.letters(number)}aaaaaaaaaaaaaaa"
    elif network == "youtube":
        native_id = f"UC{'A' * 13}{digits}"
    account = Account.objects.create(
        person=person,
        network=network,
        native_id=native_id,
        handle=handle,
        server=server,
        status=Account.Status.LINKED,
    )
    if network not in WITHOUT_TOKEN:
        secret = crypto.encrypt_secret({"access": f"token-{digits}"})
        Credential.objects.create(account=account, secret=secret)
    # As connectors.due makes it ready.
    FetchState.objects.create(account=account, day=due_day(timezone.now()))
    return account.pk


def _synced(account_id: int, network: str) -> SyncResult:
    """Sync an account; raises where not all of it came."""
    now = timezone.now()
    result = sync_account(account_id, due_day(now), now=now)
    found = (result.status, result.stored.posts, result.stored.interactions)
    if found != ("done", world.POSTS, REACTIONS):
        raise RuntimeError(f"A sync of {network} came to {found}: {result.detail}")
    return result


def _sent_again(headers: Sequence[Sequence[str]]) -> dict[str, str]:
    return {name: value for name, value in headers if name not in _OWN_HEADERS}


def _asked(
    network: str,
    running: Fake,
    number: int,
    recorded_number: int,
    recorded: Sequence[tuple[str, Mapping[str, str]]],
) -> None:
    """Send the requests of an account's sync, and drop what comes."""
    known = (world.digits(recorded_number), world.letters(recorded_number))
    wanted = (world.digits(number), world.letters(number))
    with client_for(registry.network(network), server=running.host) as client:
        for target, headers in recorded:
            sent = {name: exchanged(value, known, wanted) for name, value in headers.items()}
            address = running.origin + exchanged(target, known, wanted)
            request = client._http.build_request("GET", address, headers=sent)
            response = client._http.send(request, stream=True)
            for _ in response.iter_raw():
                pass
            response.close()

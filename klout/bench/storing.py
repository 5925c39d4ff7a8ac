"""Fetched interactions stored by the connectors' own way, against a bare COPY of the same rows."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from time import perf_counter

from django.db import connection

from connectors import registry, store
from connectors.checks import check_interactions
from connectors.interactions import TABLE, Batch, batch_of, store_batch
from connectors.models import Account
from connectors.reactors import store_reactors
from connectors.sync import BATCH
from connectors.types import Actor, Direction, Interaction, Kind
from klout.bench.measure import Goal, Result, in_turns
from people.models import Person

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
REACTORS = 20_000
BARE = "one bare COPY of the same rows into the same table with its indexes"
STEPS = (
    "checking",
    "who reacted, found or stored and refreshed",
    "hashing, dating, and columns of numbers",
    "COPY into the table with its indexes",
)


def interactions(rows: int, rounds: int) -> Iterator[Result]:
    """Yield the storing of records, as a sync does it, against COPY into the same table."""
    person = Person.objects.create(slug="bench", name="Bench", origin="looked_up")
    account = Account.objects.create(
        person=person, network="mastodon", native_id="1", handle="bench", status="open"
    )
    records = [_record(number) for number in range(rows)]
    batches = [records[first : first + BATCH] for first in range(0, rows, BATCH)]

    def ours() -> None:
        _empty()
        target = _target(account)
        for batch in batches:
            store.store(target, batch)

    ours()
    text = io.StringIO()
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY (TABLE {TABLE}) TO STDOUT", text)

    def bare() -> None:
        _empty()
        text.seek(0)
        with connection.cursor() as cursor:
            cursor.copy_expert(f"COPY {TABLE} FROM STDIN", text)

    ready = [_ready(_target(account), batch) for batch in batches]

    def written() -> None:
        _empty()
        target = _target(account)
        for batch in ready:
            store_batch(target, batch)

    times = in_turns(rounds, written, bare)
    yield Result(
        "storing",
        f"{rows:,} interactions, checked and dated before, stored {BATCH:,} at a time",
        *times,
        rows=rows,
        goal=Goal.AT_LEAST,
        limit=0.7,
        against=f"{BARE}; ours are {len(ready)} transactions, each of which looks for closed days",
    )
    times = in_turns(rounds, ours, bare)
    yield Result(
        "storing",
        f"{rows:,} interactions as they were fetched: checked, hashed, dated, who reacted stored "
        "or found, and stored",
        *times,
        rows=rows,
        against=f"{BARE}, which does nothing of that; no goal",
    )
    yield from _steps(account, batches, rounds)


def _steps(account: Account, batches: list[list[Interaction]], rounds: int) -> Iterator[Result]:
    """Yield where the time of storing goes, step by step."""
    seconds: dict[str, list[float]] = {step: [] for step in STEPS}
    for _ in range(rounds):
        _empty()
        target = _target(account)
        spent = dict.fromkeys(STEPS, 0.0)
        for batch in batches:
            begun = perf_counter()
            check_interactions(target.network, batch)
            checked = perf_counter()
            reactors = store_reactors(target, [record.actor for record in batch])
            met = perf_counter()
            ready = batch_of(target, batch, reactors, {})
            dated = perf_counter()
            store_batch(target, ready)
            written = perf_counter()
            marks = (begun, checked, met, dated, written)
            for step, first, last in zip(STEPS, marks, marks[1:], strict=False):
                spent[step] += last - first
        for step in STEPS:
            seconds[step].append(spent[step])
    rows = sum(map(len, batches))
    for step in STEPS:
        yield Result("storing", f"of the second row: {step}", seconds[step], rows=rows)


def _ready(target: store.Target, batch: list[Interaction]) -> Batch:
    return batch_of(target, batch, store_reactors(target, [r.actor for r in batch]), {})


def _target(account: Account) -> store.Target:
    """Return where a fetch of the account's first history is stored."""
    return store.Target(account.pk, registry.network("mastodon"), True, None, NOW)


def _empty() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {TABLE}")


def _record(number: int) -> Interaction:
    who = number * 7919 % REACTORS
    name = f"reader{who}@example.org"
    return Interaction(
        kind=(Kind.LIKE, Kind.RESHARE, Kind.COMMENT)[number % 3],
        direction=Direction.RECEIVED,
        actor=Actor(f"https://example.org/{who}", name, f"Reader {who}", "", 10 + who, 5),
        native_id=f"reaction-{number}",
        seen_at=NOW - timedelta(minutes=number % 40_000),
    )

"""Fetched interactions stored by the connectors' own way, against a bare COPY of the same rows."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from django.db import connection

from connectors import registry, store
from connectors.models import Account
from connectors.types import Actor, Direction, Interaction, Kind, Record
from klout.bench.measure import Goal, Result, in_turns
from people.models import Person

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
BATCH = 5_000
REACTORS = 20_000


def interactions(rows: int, rounds: int) -> Iterator[Result]:
    """Yield the storing of records, as a sync does it, against COPY into the same table."""
    person = Person.objects.create(slug="bench", name="Bench", origin="looked_up")
    account = Account.objects.create(
        person=person, network="mastodon", native_id="1", handle="bench", status="open"
    )
    network = registry.network("mastodon")
    target = store.Target(account.pk, network, True, None, NOW)
    records = [_record(number) for number in range(rows)]

    def ours() -> None:
        _empty()
        for first in range(0, rows, BATCH):
            store.store(target, records[first : first + BATCH])

    ours()
    text = io.StringIO()
    with connection.cursor() as cursor:
        cursor.copy_expert("COPY (SELECT * FROM connectors_interaction) TO STDOUT", text)

    def bare() -> None:
        _empty()
        text.seek(0)
        with connection.cursor() as cursor:
            cursor.copy_expert(f"COPY {store.TABLE} FROM STDIN", text)

    times = in_turns(rounds, ours, bare)
    yield Result(
        "storing",
        f"{rows:,} fetched interactions checked, dated and stored, {BATCH:,} at a time",
        *times,
        rows=rows,
        goal=Goal.AT_LEAST,
        limit=0.7,
        against="one bare COPY of the same rows into the same table with its indexes",
    )


def _empty() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {store.TABLE}")


def _record(number: int) -> Record:
    who = number * 7919 % REACTORS
    name = f"reader{who}@example.org"
    return Interaction(
        kind=(Kind.LIKE, Kind.RESHARE, Kind.COMMENT)[number % 3],
        direction=Direction.RECEIVED,
        actor=Actor(f"https://example.org/{who}", name, f"Reader {who}", "", 10 + who, 5),
        native_id=f"reaction-{number}",
        seen_at=NOW - timedelta(minutes=number % 40_000),
    )

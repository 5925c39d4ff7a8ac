"""Who acted when: interactions as rows of their big table, each once, on the day that it counts.

A batch is handled by columns: what is done for each row is done for all at once, since there are
millions of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from hashlib import blake2b
from typing import Any

import numpy as np
from django.db import connection
from psycopg2.errors import UniqueViolation

from connectors import days
from connectors.binary import (
    BIGINT,
    DATE,
    DAYS_TO_2000,
    MICROS_TO_2000,
    SMALLINT,
    Column,
    Integers,
    copied,
)
from connectors.closed_days import closed_from
from connectors.commits import without_waiting
from connectors.copying import copy_binary, existing_months, staged
from connectors.days import NEVER
from connectors.partitions import ensure_days
from connectors.target import Memory, Target
from connectors.types import Direction, Interaction, Kind

TABLE = "connectors_interaction"
_NAMES = (
    "day",
    "account_id",
    "dedupe_key",
    "direction",
    "kind",
    "provenance",
    "reactor_key",
    "post_id",
    "reactor_followers",
    "happened_at",
    "seen_at",
)
_STAGE = (
    "day date, account_id bigint, dedupe_key bigint, direction smallint, kind smallint, "
    "provenance smallint, reactor_key bigint, post_id bigint, reactor_followers bigint, "
    "happened_at timestamptz, seen_at timestamptz"
)
# Known already, on whatever day: then it keeps the day that it was first given.
_INSERT = f"""
INSERT INTO {TABLE} ({", ".join(_NAMES)})
SELECT {", ".join("s." + name for name in _NAMES)} FROM stage_interaction s
WHERE NOT EXISTS (SELECT 1 FROM {TABLE} i
                  WHERE i.account_id = s.account_id AND i.dedupe_key = s.dedupe_key)
ON CONFLICT DO NOTHING
"""  # noqa: S608 - names of ours only
_UNKNOWN = -1
# Of so many the planner need not know more than that there are not many.
_FEW = 500


@dataclass(frozen=True, slots=True)
class Batch:
    """Interactions by columns: times in microseconds, NEVER and -1 where there is no value."""

    keys: Integers
    directions: Integers
    kinds: Integers
    reactor_keys: Integers
    post_ids: Integers
    followers: Integers
    # The trusted date.
    happened: Integers
    seen: Integers
    # When it counts: the trusted date, or where the delay curve puts it.
    counts: Integers

    def only(self, chosen: Any) -> "Batch":
        """Return those that are chosen."""
        return Batch(*(getattr(self, field.name)[chosen] for field in fields(self)))


# How the texts that are hashed begin, by direction and kind.
_WAYS = [
    [f"{direction}\0{kind}\0" for kind in range(max(Kind) + 1)]
    for direction in range(max(Direction) + 1)
]


def dedupe_keys(records: Sequence[Interaction]) -> Integers:
    """Return the 63-bit hashes by which the same interactions are known again."""
    ways = _WAYS
    texts = [ways[record.direction][record.kind] + record.native_id for record in records]
    digests = [blake2b(text.encode(errors="replace"), digest_size=8).digest() for text in texts]
    numbers = np.frombuffer(b"".join(digests), dtype=">u8").astype(np.uint64) >> np.uint64(1)
    return numbers.astype(np.int64)


def batch_of(
    target: Target,
    records: Sequence[Interaction],
    reactors: Mapping[str, int],
    posts: Mapping[str, tuple[int, datetime]],
) -> Batch:
    """Return the interactions by columns, each once, with when they count.

    Of two alike the later one is right.
    """
    keys, count = dedupe_keys(records), len(records)
    named = [posts.get(record.post_native_id or "") for record in records]
    posted = _times([None if post is None else post[1] for post in named])
    seen = np.minimum(days.micros([record.seen_at for record in records]), _micros(target.now))
    directions = np.fromiter([record.direction for record in records], np.int64, count)
    kinds = np.fromiter([record.kind for record in records], np.int64, count)
    told = _times([record.happened_at for record in records])
    told[~np.isin(kinds, list(target.network.capabilities.dated))] = NEVER
    # A reaction of the account itself may be on somebody else's older post: no lower bound.
    earliest = np.where(directions == Direction.RECEIVED, posted, NEVER)
    happened = np.where(told == NEVER, NEVER, days.clamped(told, earliest=earliest, seen=seen))
    placed = days.placed(keys, posted=posted, previous_at=target.previous_at, seen=seen)
    actors = [record.actor for record in records]
    batch = Batch(
        keys,
        directions,
        kinds,
        np.fromiter([reactors[actor.native_id] for actor in actors], np.int64, count),
        np.fromiter([_UNKNOWN if post is None else post[0] for post in named], np.int64, count),
        np.fromiter(
            [_UNKNOWN if actor.followers is None else actor.followers for actor in actors],
            np.int64,
            count,
        ),
        happened,
        seen,
        np.where(happened == NEVER, placed, happened),
    )
    # In the order of their keys the index by them grows a page at a time: a fifth of the time.
    order = np.argsort(keys, kind="stable")
    is_last = np.append(keys[order][1:] != keys[order][:-1], True)
    return batch.only(order[is_last])


def _micros(moment: datetime) -> int:
    return int(days.micros([moment])[0])


def _times(moments: Sequence[datetime | None]) -> Integers:
    """Return times in microseconds, NEVER for None."""
    known = [moment for moment in moments if moment is not None]
    found = np.full(len(moments), NEVER)
    if known:
        found[[moment is not None for moment in moments]] = days.micros(known)
    return found


def store_batch(target: Target, batch: Batch) -> int:
    """Insert the interactions that are not there yet and return how many were new."""
    memory = target.memory
    if memory.began_empty is None:
        memory.began_empty = not _has_any(target.account_id)
    if memory.began_empty:
        known = np.isin(batch.keys, memory.keys, assume_unique=True)
        batch = batch.only(~known) if known.any() else batch
        try:
            return _written(target, batch, are_new=True)
        except UniqueViolation:
            # Somebody else wrote to the account after all.
            memory.doubt()
    return _written(target, batch, are_new=False)


def _written(target: Target, batch: Batch, *, are_new: bool) -> int:
    """Write the interactions and return how many were new; UniqueViolation where `are_new` lies.

    What is new goes straight into the table, all else by way of a stage that is compared with it.
    """
    if not len(batch.keys):
        return 0
    numbers = days.utc_days(batch.counts)
    # Before the transaction: a new partition needs the whole table for a moment.
    _ensure_months(target.memory, numbers)
    rows = _rows(target, batch, numbers)
    with without_waiting(), connection.cursor() as cursor:
        closed = closed_from(cursor, days.dates_of(numbers)[0])
        placed = days.counting_days(numbers, closed, first_history=target.first_history)
        if placed is not numbers:
            _ensure_months(target.memory, placed)
            rows = _rows(target, batch, placed)
        table = TABLE if are_new else staged(cursor, "stage_interaction", _STAGE)
        count = len(batch.keys)
        copy_binary(cursor, table, _NAMES, rows)
        if not are_new:
            if count > _FEW:
                cursor.execute(f"ANALYZE {table}")
            cursor.execute(_INSERT)
            count = int(cursor.rowcount)
    target.memory.stored(batch.keys)
    return count


def _rows(target: Target, batch: Batch, placed: Integers) -> bytes:
    """Return the interactions, on those days, as COPY takes them."""
    return copied(_columns(target, batch, placed), len(batch.keys))


def _columns(target: Target, batch: Batch, placed: Integers) -> list[Column]:
    """Return the columns of the table, in the order of their names."""
    return [
        Column(DATE, placed - DAYS_TO_2000),
        Column(BIGINT, target.account_id),
        Column(BIGINT, batch.keys),
        Column(SMALLINT, batch.directions),
        Column(SMALLINT, batch.kinds),
        Column(SMALLINT, int(target.network.provenance)),
        Column(BIGINT, batch.reactor_keys),
        Column(BIGINT, batch.post_ids, batch.post_ids == _UNKNOWN),
        Column(BIGINT, batch.followers, batch.followers == _UNKNOWN),
        Column(BIGINT, batch.happened - MICROS_TO_2000, batch.happened == NEVER),
        Column(BIGINT, batch.seen - MICROS_TO_2000),
    ]


def _has_any(account_id: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT EXISTS (SELECT 1 FROM {TABLE} WHERE account_id = %s)",  # noqa: S608
            [account_id],
        )
        return bool(cursor.fetchone()[0])


def _ensure_months(memory: Memory, numbers: Integers) -> None:
    months = {day.replace(day=1) for day in days.dates_of(numbers)} - memory.months
    if months:
        ensure_days([TABLE], months - existing_months(TABLE, months))
        memory.months |= months

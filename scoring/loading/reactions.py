"""Interactions, who reacts, and the stored rows of pairs and posts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pyarrow as pa
from django.utils import timezone

from connectors import registry
from connectors.partitions import months_between
from connectors.types import Direction, Provenance
from scoring import transfer
from scoring.core import trust
from scoring.loading.accounts import Population
from scoring.loading.arrays import EPOCH, Bools, Integers, integers, number, positions

INTERACTION_COLUMNS = pa.schema(
    [
        ("day", pa.date32()),
        ("account_id", pa.int64()),
        ("direction", pa.int16()),
        ("kind", pa.int16()),
        ("provenance", pa.int16()),
        ("reactor_key", pa.int64()),
        ("post_id", pa.int64()),
        ("reactor_followers", pa.int64()),
    ]
)
_INTERACTIONS = f"""
SELECT {", ".join(INTERACTION_COLUMNS.names)} FROM connectors_interaction
 WHERE day BETWEEN %s AND %s AND direction = %s AND provenance <> %s
   AND (%s::bigint[] IS NULL OR account_id = ANY(%s))
 ORDER BY day
"""  # noqa: S608 - names of ours only


def spans(first: date, last: date) -> Iterator[tuple[date, date]]:
    """Yield first to last in pieces of at most a calendar month (a partition each)."""
    starts = [first, *months_between(first, last)[1:], last + timedelta(days=1)]
    for start, following in pairwise(starts):
        yield start, following - timedelta(days=1)


def interactions(first: date, last: date, account_ids: Sequence[int] | None = None) -> pa.Table:
    """Return the received interactions from first to last, of everybody or some. One query."""
    ids = None if account_ids is None else list(account_ids)
    return transfer.read(
        _INTERACTIONS,
        [first, last, int(Direction.RECEIVED), int(Provenance.OWN_FILE), ids, ids],
        INTERACTION_COLUMNS,
    )


@dataclass(frozen=True, slots=True)
class Reactors:
    """Reactors who have an account here, in the order of their keys (R of them), and opted-out."""

    keys: Integers
    person_ids: Integers
    # Keys of people who want not to be known here: ordinary people, whoever they are.
    opted_out: Integers = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    # (R,) true where the terms forbid combining: what people are elsewhere says nothing there.
    apart: Bools | None = None

    def person_of(self, keys: Integers) -> Integers:
        """Return the id of each reactor's person, −1 where the reactor has no account here."""
        found = positions(self.keys, keys)
        known: Integers = np.append(self.person_ids, -1)
        return np.asarray(known[found])


_REACTORS = """
SELECT r.key, a.person_id, r.network = ANY(%s) FROM connectors_reactor r
  JOIN connectors_account a ON a.network = r.network AND a.native_id = r.native_id
 WHERE %s::bigint[] IS NULL OR r.key IN (
       SELECT reactor_key FROM connectors_interaction WHERE account_id = ANY(%s))
 ORDER BY r.key
"""
_REACTOR_COLUMNS = pa.schema(
    [("reactor_key", pa.int64()), ("person_id", pa.int64()), ("apart", pa.bool_())]
)
# The keys that connectors.store gives to opted-out people: the first 63 bits of their hash.
_OPTED_OUT = """
SELECT DISTINCT greatest((('x' || left(key_hash, 16))::bit(64)::bigint >> 1)
                         & 9223372036854775807, 1) AS key
  FROM people_optout WHERE expires_at IS NULL OR expires_at > %s
"""
_KEY_COLUMN = pa.schema([("reactor_key", pa.int64())])


def reactors(account_ids: Sequence[int] | None = None) -> Reactors:
    """Return the reactors with an account here: all, or those who acted on the accounts.

    And the opted-out ones. Two queries.
    """
    ids = None if account_ids is None else list(account_ids)
    alone = [name for name in registry.CONNECTORS if not registry.network(name).policy.may_combine]
    rows = transfer.read(_REACTORS, [alone, ids, ids], _REACTOR_COLUMNS)
    hidden = transfer.read(_OPTED_OUT, [timezone.now()], _KEY_COLUMN)
    return Reactors(
        integers(rows, "reactor_key"),
        integers(rows, "person_id"),
        integers(hidden, "reactor_key"),
        np.asarray(rows["apart"].to_numpy(), dtype=np.bool_),
    )


def owners(people: Population) -> pa.Table:
    """Return whose account is whose, as the roll-up reads it."""
    return pa.table(
        {
            "account_id": people.account_ids,
            "person_id": people.person_ids[people.person_index],
        }
    )


def reactor_rows(reacting: Reactors, classes: Integers, of_no_standing: Integers) -> pa.Table:
    """Return the reactors as the roll-up reads them; their classes, −1 for none.

    Opted-out people have the class of ordinary ones, and the keys `of_no_standing` are of class 0;
    both are nobody here (person −1).
    """
    if reacting.apart is not None:
        classes = np.where(reacting.apart, -1, classes)
    others = np.concatenate([reacting.opted_out, of_no_standing])
    theirs = np.repeat(
        [trust.ORDINARY, trust.UNKNOWN],
        [reacting.opted_out.size, others.size - reacting.opted_out.size],
    )
    every_class = np.concatenate([classes, theirs])
    return pa.table(
        {
            "reactor_key": np.concatenate([reacting.keys, others]),
            "reactor_person_id": np.concatenate(
                [reacting.person_ids, np.full(others.size, -1, dtype=np.int64)]
            ),
            "reactor_class": pa.array(every_class.astype(np.int16), mask=every_class < 0),
        }
    )


PAIR_COLUMNS = pa.schema(
    [
        ("day", pa.date32()),
        ("account_id", pa.int64()),
        ("reactor_key", pa.int64()),
        ("kind", pa.int16()),
        ("trust_class", pa.int16()),
        ("count", pa.int32()),
    ]
)
POST_COLUMNS = pa.schema(
    [
        ("day", pa.date32()),
        ("account_id", pa.int64()),
        ("post_id", pa.int64()),
        ("kind", pa.int16()),
        ("trust_class", pa.int16()),
        ("people", pa.int32()),
    ]
)


def pair_rows(first: date, last: date) -> pa.Table:
    """Return the stored pair rows of the days. One query."""
    return _stored("scoring_pairday", PAIR_COLUMNS, first, last)


def post_rows(first: date, last: date) -> pa.Table:
    """Return the stored post rows of the days. One query."""
    return _stored("scoring_postday", POST_COLUMNS, first, last)


def no_rows() -> tuple[pa.Table, pa.Table]:
    """Return pair rows and post rows of which there are none."""
    return PAIR_COLUMNS.empty_table(), POST_COLUMNS.empty_table()


def split(rows: pa.Table, day: date) -> tuple[dict[date, pa.Table], pa.Table]:
    """Return the rows from a day on, a table for each day, and those before it."""
    rows = rows.take(np.argsort(integers(rows, "day"), kind="stable"))
    days = integers(rows, "day")
    begin = int(np.searchsorted(days, number(day)))
    found, starts = np.unique(days[begin:], return_index=True)
    bounds = [*(starts + begin).tolist(), rows.num_rows]
    tables = {
        EPOCH + timedelta(days=int(when)): rows.slice(start, end - start)
        for when, (start, end) in zip(found.tolist(), pairwise(bounds), strict=False)
    }
    return tables, rows.slice(0, begin)


def _stored(table: str, columns: pa.Schema, first: date, last: date) -> pa.Table:
    names = ", ".join(columns.names)
    query = f"SELECT {names} FROM {table} WHERE day BETWEEN %s AND %s"  # noqa: S608 - our names
    return transfer.read(query, [first, last], columns)

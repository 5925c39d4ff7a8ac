"""What a run has in its database: scores, and what other measures would count, day by day."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from connectors.types import Direction, Kind
from scoring import loading, transfer

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Observed:
    """People (P) on the days of a run (D), summed over each person's accounts.

    `names` are what the caller calls the people by; `reactions` are all acts received on a day
    but follows, with names and without; `mentions` and `reshares` are among them.
    """

    names: npt.NDArray[np.str_]  # (P,)
    scores: Floats  # (P, D) shown scores, NaN without one
    followers: Floats  # (P, D)
    lists: Floats  # (P, D)
    reactions: Floats  # (P, D)
    mentions: Floats  # (P, D)
    reshares: Floats  # (P, D)

    def save(self, path: Path) -> None:
        """Write everything to a file of NumPy's."""
        np.savez(path, **{field.name: getattr(self, field.name) for field in fields(self)})

    @staticmethod
    def load(path: Path) -> "Observed":
        """Return what `save` wrote."""
        with np.load(path, allow_pickle=False) as held:
            return Observed(**{field.name: held[field.name] for field in fields(Observed)})


_SCORES = """
SELECT person_id, day, value FROM scoring_score
 WHERE shown AND day BETWEEN %s AND %s AND person_id = ANY(%s)
"""
_SCORE_COLUMNS = pa.schema([("person_id", pa.int64()), ("day", pa.date32()), ("v", pa.float64())])
_LEVELS = """
SELECT a.person_id, s.account_id, s.day, coalesce((s.counts->>'followers')::float8, 0),
       coalesce((s.counts->>'lists')::float8, 0)
  FROM connectors_account a JOIN connectors_snapshot s ON s.account_id = a.id
 WHERE a.person_id = ANY(%s) ORDER BY s.account_id, s.day
"""
_LEVEL_COLUMNS = pa.schema(
    [
        ("person_id", pa.int64()),
        ("account_id", pa.int64()),
        ("day", pa.date32()),
        ("followers", pa.float64()),
        ("lists", pa.float64()),
    ]
)
_ACTS = """
SELECT a.person_id, i.day, i.kind, count(*)
  FROM connectors_account a JOIN connectors_interaction i ON i.account_id = a.id
 WHERE a.person_id = ANY(%s) AND i.direction = %s AND i.day BETWEEN %s AND %s AND i.kind <> %s
 GROUP BY a.person_id, i.day, i.kind
 UNION ALL
SELECT a.person_id, n.day, n.kind, sum(n.added)::bigint
  FROM connectors_account a JOIN connectors_anonymousday n ON n.account_id = a.id
 WHERE a.person_id = ANY(%s) AND n.day BETWEEN %s AND %s
 GROUP BY a.person_id, n.day, n.kind
"""
_ACT_COLUMNS = pa.schema(
    [("person_id", pa.int64()), ("day", pa.date32()), ("kind", pa.int64()), ("n", pa.int64())]
)


def observed(people: dict[str, int], first: date, last: date) -> Observed:
    """Return what is in the database of the people with these names and ids. Three queries."""
    names = sorted(people)
    ids = [people[name] for name in names]
    shape = (len(names), (last - first).days + 1)
    followers, lists = _levels(ids, first, shape)
    acts = transfer.read(
        _ACTS,
        [ids, int(Direction.RECEIVED), first, last, int(Kind.FOLLOW), ids, first, last],
        _ACT_COLUMNS,
    )
    kind = loading.integers(acts, "kind")
    return Observed(
        np.asarray(names, dtype=np.str_),
        _scores(ids, first, last, shape),
        followers,
        lists,
        *(
            _summed(acts, ids, first, shape, chosen)
            for chosen in (kind >= 0, kind == Kind.MENTION, kind == Kind.RESHARE)
        ),
    )


def _scores(ids: Sequence[int], first: date, last: date, shape: tuple[int, int]) -> Floats:
    rows = transfer.read(_SCORES, [first, last, list(ids)], _SCORE_COLUMNS)
    found = np.full(shape, np.nan)
    found[_place(rows, ids), _offset(rows, first)] = loading.floats(rows, "v")
    return found


def _summed(
    acts: pa.Table, ids: Sequence[int], first: date, shape: tuple[int, int], chosen: loading.Bools
) -> Floats:
    found = np.zeros(shape)
    at = (_place(acts, ids)[chosen], _offset(acts, first)[chosen])
    np.add.at(found, at, loading.integers(acts, "n")[chosen].astype(np.float64))
    return found


def _levels(ids: Sequence[int], first: date, shape: tuple[int, int]) -> tuple[Floats, Floats]:
    """Return followers and lists: each account's last known ones, else its first known ones."""
    rows = transfer.read(_LEVELS, [list(ids)], _LEVEL_COLUMNS)
    followers, lists = np.zeros(shape), np.zeros(shape)
    place, offset = _place(rows, ids), _offset(rows, first)
    starts = np.unique(loading.integers(rows, "account_id"), return_index=True)[1]
    bounds = np.append(starts, rows.num_rows)
    told = [loading.floats(rows, name) for name in ("followers", "lists")]
    every = np.arange(shape[1])
    for begin, end in pairwise(bounds.tolist()):
        known = offset[begin:end]
        row = np.maximum(np.searchsorted(known, every, side="right") - 1, 0)
        for into, values in zip((followers, lists), told, strict=True):
            into[place[begin]] += values[begin:end][row]
    return followers, lists


def _place(rows: pa.Table, ids: Sequence[int]) -> Integers:
    order = np.argsort(ids)
    found = loading.integers(rows, "person_id")
    placed: Integers = order[np.searchsorted(np.asarray(ids)[order], found)]
    return placed


def _offset(rows: pa.Table, first: date) -> Integers:
    return loading.integers(rows, "day") - loading.number(first)

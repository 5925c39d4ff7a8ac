"""Reads what a run of the scoring needs into arrays: who there is, levels, fetches, windows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from django.utils import timezone

from connectors import registry
from connectors.partitions import months_between
from connectors.types import Direction, Provenance
from scoring import signals, transfer
from scoring.core import trust
from scoring.core.params import Params

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

EPOCH = date(1970, 1, 1)
# No day of ours comes near: keeps (account, day) in one number.
DAY_LIMIT = 1 << 20


def number(day: date) -> int:
    """Return the day as days since 1970."""
    return (day - EPOCH).days


def integers(table: pa.Table, name: str) -> Integers:
    """Return a column of whole numbers without nulls; days as days since 1970."""
    values = table[name]
    if pa.types.is_date32(values.type):
        values = values.cast(pa.int32())
    return np.asarray(values.to_numpy(), dtype=np.int64)


def floats(table: pa.Table, name: str) -> Floats:
    """Return a column of numbers without nulls."""
    return np.asarray(table[name].to_numpy(), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Population:
    """The accounts that are scored (A) and their people (P), in the order of their ids."""

    account_ids: Integers  # (A,) ascending
    person_ids: Integers  # (P,) ascending
    person_index: Integers  # (A,) 0 … P − 1
    networks: tuple[str, ...]  # (A,)
    # (A,) day of the first whole sync: up to it, the account's history is a first one.
    first_synced_day: Integers
    # (A,) first day that was observed or whose records are dated.
    first_known_day: Integers
    # (A, K) true where the account's network cannot give a measure.
    unknown: Bools
    # (A,) true where the network's terms forbid combining it with others, or the version does not;
    # None: nowhere.
    apart: Bools | None = None

    def account_index(self, ids: Integers) -> Integers:
        """Return the position of each account id, −1 where the account is not scored."""
        return positions(self.account_ids, ids)


def positions(ordered: Integers, wanted: Integers) -> Integers:
    """Return where each wanted number is in the ascending array, −1 where it is not."""
    if not ordered.size:
        return np.full(wanted.shape, -1, dtype=np.int64)
    found = np.minimum(np.searchsorted(ordered, wanted), ordered.size - 1)
    return np.where(ordered[found] == wanted, found, -1)


_ACCOUNTS = """
SELECT a.id, a.person_id, a.network, a.status = 'linked',
       (a.first_synced_at AT TIME ZONE 'UTC')::date,
       (SELECT (min(p.created_at) AT TIME ZONE 'UTC')::date
          FROM connectors_post p WHERE p.account_id = a.id),
       (SELECT min(s.day) FROM connectors_snapshot s WHERE s.account_id = a.id)
  FROM connectors_account a
 WHERE a.first_synced_at IS NOT NULL AND a.status IN ('linked', 'open') AND a.network = ANY(%s)
   AND (%s::bigint IS NULL OR a.person_id = %s)
 ORDER BY a.id
"""
_ACCOUNT_COLUMNS = pa.schema(
    [
        ("account_id", pa.int64()),
        ("person_id", pa.int64()),
        ("network", pa.string()),
        ("linked", pa.bool_()),
        ("synced", pa.date32()),
        ("posted", pa.date32()),
        ("counted", pa.date32()),
    ]
)


def population(params: Params, person_id: int | None = None) -> Population:
    """Return the accounts with a synced history, of everybody or of one person. One query."""
    measures = [measure.name for measure in params.measures]
    known = list(registry.CONNECTORS)
    rows = transfer.read(_ACCOUNTS, [known, person_id, person_id], _ACCOUNT_COLUMNS)
    people, person_index = np.unique(integers(rows, "person_id"), return_inverse=True)
    networks = tuple(rows["network"].to_pylist())
    combined = combined_networks(params)
    synced = integers(rows, "synced")
    dated = np.array(
        [bool(registry.network(name).capabilities.dated) for name in networks], dtype=np.bool_
    )
    first = synced
    for name in ("posted", "counted"):
        told = rows[name].cast(pa.int32()).fill_null(DAY_LIMIT).to_numpy().astype(np.int64)
        first = np.where(dated, np.minimum(first, told), first)
    seen_by = list(zip(networks, rows["linked"].to_pylist(), strict=True))
    blank = {
        (name, linked): signals.unknown_measures(name, is_owner=linked, params=params)
        for name, linked in set(seen_by)
    }
    return Population(
        account_ids=integers(rows, "account_id"),
        person_ids=people.astype(np.int64),
        person_index=person_index.astype(np.int64),
        networks=networks,
        first_synced_day=synced,
        first_known_day=first,
        unknown=np.array(
            [[measure in blank[given] for measure in measures] for given in seen_by], dtype=np.bool_
        ).reshape(len(networks), len(measures)),
        apart=np.array([name not in combined for name in networks], dtype=np.bool_),
    )


# Invented, never beside real accounts, and so part of no version.
_SAMPLE = "sample"


def combined_networks(params: Params) -> frozenset[str]:
    """Return the networks that count together under a version, as far as their terms allow it."""
    return frozenset(
        name
        for name, connector in registry.CONNECTORS.items()
        if connector.NETWORK.policy.may_combine and (name == _SAMPLE or name in params.networks)
    )


# --- Levels -------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Levels:
    """One count of the accounts over time: known values, carried until the next one."""

    keys: Integers  # account index · DAY_LIMIT + day, ascending
    values: Floats

    def at(self, day: int, n_accounts: int) -> Floats:
        """Return the level of each account on a day.

        The last known one; before the first known one, that; 0 for an account that has none
        (hidden, or never told).
        """
        if not self.keys.size:
            return np.zeros(n_accounts)
        accounts = np.arange(n_accounts)
        after = np.searchsorted(self.keys, accounts * DAY_LIMIT + day, side="right")
        before = np.maximum(after - 1, 0)
        following = np.minimum(after, self.keys.size - 1)
        owner = self.keys // DAY_LIMIT
        earlier = np.where(owner[before] == accounts, self.values[before], np.nan)
        later = np.where(owner[following] == accounts, self.values[following], 0.0)
        return np.where(np.isnan(earlier), later, earlier)


# Per account: the last known value before the range, those within it, the first one after it.
_LEVELS = """
SELECT a.id, s.day, s.value FROM unnest(%(ids)s::bigint[]) AS a (id) CROSS JOIN LATERAL (
    (SELECT day, (counts->>%(name)s)::float8 AS value FROM connectors_snapshot
      WHERE account_id = a.id AND day < %(first)s AND counts->>%(name)s IS NOT NULL
      ORDER BY day DESC LIMIT 1)
    UNION ALL
    (SELECT day, (counts->>%(name)s)::float8 FROM connectors_snapshot
      WHERE account_id = a.id AND day BETWEEN %(first)s AND %(last)s
        AND counts->>%(name)s IS NOT NULL)
    UNION ALL
    (SELECT day, (counts->>%(name)s)::float8 FROM connectors_snapshot
      WHERE account_id = a.id AND day > %(last)s AND counts->>%(name)s IS NOT NULL
      ORDER BY day LIMIT 1)
) AS s ORDER BY a.id, s.day
"""
_LEVEL_COLUMNS = pa.schema(
    [("account_id", pa.int64()), ("day", pa.date32()), ("value", pa.float64())]
)


def levels(people: Population, name: str, first: date, last: date) -> Levels:
    """Return a snapshot count of the accounts from first to last. One query."""
    rows = transfer.read(
        _LEVELS,
        {"ids": people.account_ids.tolist(), "name": name, "first": first, "last": last},
        _LEVEL_COLUMNS,
    )
    index = people.account_index(integers(rows, "account_id"))
    keys = index * DAY_LIMIT + integers(rows, "day")
    return Levels(keys, floats(rows, "value"))


# --- Fetches ------------------------------------------------------------------------------------
_FETCHES = """
SELECT account_id, day, (extract(epoch FROM finished_at) * 1000000)::bigint AS finished
  FROM connectors_fetchstate WHERE account_id = ANY(%s) AND status = 'done' AND day >= %s
"""
_FETCH_COLUMNS = pa.schema(
    [("account_id", pa.int64()), ("day", pa.date32()), ("finished", pa.int64())]
)
_CLOSED = """
SELECT day, (extract(epoch FROM closed_at) * 1000000)::bigint AS closed
  FROM connectors_closedday WHERE day BETWEEN %s AND %s
"""
_CLOSED_COLUMNS = pa.schema([("day", pa.date32()), ("closed", pa.int64())])


@dataclass(frozen=True, slots=True)
class Fetches:
    """Which days of which accounts were seen whole before they closed."""

    first: int
    seen: Bools  # (A, days from first)
    look_back_days: int

    def unfetched_days(self, day: int) -> Integers:
        """Return the days since the last seen one: 0 where `day` is; at most one over the limit.

        The limit is `look_back_days`, wherever the range begins.
        """
        offset = day - self.first
        until = self.seen[:, max(offset - self.look_back_days, 0) : offset + 1][:, ::-1]
        missing: Integers = np.argmax(until, axis=1).astype(np.int64)
        missing[~until.any(axis=1)] = self.look_back_days + 1
        return missing


def fetches(people: Population, first: date, last: date, look_back_days: int) -> Fetches:
    """Return what was seen from `look_back_days` before first to last. Two queries.

    The fetch of a day sees it and those before that were not closed yet; the first whole sync
    sees the whole history, the day on which it ran so far included.
    """
    start = first - timedelta(days=look_back_days)
    days = np.arange(number(start), number(last) + 1)
    seen = days[np.newaxis, :] <= people.first_synced_day[:, np.newaxis]
    rows = transfer.read(_FETCHES, [people.account_ids.tolist(), start], _FETCH_COLUMNS)
    index = people.account_index(integers(rows, "account_id"))
    fetched, finished = integers(rows, "day"), integers(rows, "finished")
    closed_at = np.full(days.size, np.iinfo(np.int64).max)
    closed = transfer.read(_CLOSED, [start, last], _CLOSED_COLUMNS)
    closed_at[integers(closed, "day") - days[0]] = integers(closed, "closed")
    for offset, day in enumerate(days):
        covering = index[(fetched >= day) & (finished < closed_at[offset])]
        seen[covering, offset] = True
    return Fetches(int(days[0]), seen, look_back_days)


# --- Reactions ----------------------------------------------------------------------------------
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
    alone = [name for name, c in registry.CONNECTORS.items() if not c.NETWORK.policy.may_combine]
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


# --- Yesterday ----------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Yesterday:
    """What a day's scoring takes over from the day before; P people, A accounts."""

    value: Floats  # (P,) shown scores, NaN without one
    trust_class: Integers  # (P,) −1 without a score
    account_mass: Floats  # (A,) 0 without one


_SCORES = """
SELECT person_id, value, trust_class FROM scoring_score
 WHERE day = %s AND model_version = %s AND (%s::bigint[] IS NULL OR person_id = ANY(%s))
"""
_SCORE_COLUMNS = pa.schema(
    [("person_id", pa.int64()), ("value", pa.float64()), ("trust_class", pa.int16())]
)
_MASSES = """
SELECT part.key::bigint, (part.value->>'mass')::float8
  FROM scoring_explanation e, jsonb_each(e.body->'networks') AS part
 WHERE e.day = %s AND e.model_version = %s AND e.person_id = ANY(%s)
"""
_MASS_COLUMNS = pa.schema([("account_id", pa.int64()), ("mass", pa.float64())])


def yesterday(people: Population, day: date, version: str) -> Yesterday:
    """Return what `day` takes over from the rows of a version of the day before. Two queries."""
    before = day - timedelta(days=1)
    # A single person's first scores must not read everybody's.
    few = people.person_ids.tolist() if people.person_ids.size <= 100 else None
    rows = transfer.read(_SCORES, [before, version, few, few], _SCORE_COLUMNS)
    found = positions(people.person_ids, integers(rows, "person_id"))
    here = found >= 0
    value = np.full(people.person_ids.size, np.nan)
    value[found[here]] = floats(rows, "value")[here]
    classes = np.full(people.person_ids.size, -1, dtype=np.int64)
    classes[found[here]] = integers(rows, "trust_class")[here]
    # The masses of accounts matter only where an account's first history goes on.
    fresh = np.unique(people.person_index[people.first_synced_day >= number(day)])
    masses = transfer.read(
        _MASSES, [before, version, people.person_ids[fresh].tolist()], _MASS_COLUMNS
    )
    account_mass = np.zeros(people.account_ids.size)
    index = people.account_index(integers(masses, "account_id"))
    account_mass[index[index >= 0]] = floats(masses, "mass")[index >= 0]
    return Yesterday(value, classes, account_mass)


def carried_over(before: Yesterday, then: Population, now: Population) -> Yesterday:
    """Return what was known of the people and accounts of `then`, for those of `now`."""
    person = positions(then.person_ids, now.person_ids)
    account = then.account_index(now.account_ids)
    return Yesterday(
        np.append(before.value, np.nan)[person],
        np.append(before.trust_class, -1)[person],
        np.append(before.account_mass, 0.0)[account],
    )


def trust_classes(person_ids: Integers) -> Integers:
    """Return the newest trust class of each person, −1 for those without a score. One query."""
    if not person_ids.size:
        return np.zeros(0, dtype=np.int64)
    query = (
        "SELECT p.id, 0::float8, s.trust_class FROM unnest(%s::bigint[]) AS p (id) "
        "CROSS JOIN LATERAL (SELECT trust_class FROM scoring_score "
        "WHERE person_id = p.id AND shown ORDER BY day DESC LIMIT 1) AS s"
    )
    wanted = np.unique(person_ids)
    rows = transfer.read(query, [wanted.tolist()], _SCORE_COLUMNS)
    found = np.full(wanted.size, -1, dtype=np.int64)
    found[positions(wanted, integers(rows, "person_id"))] = integers(rows, "trust_class")
    return found[positions(wanted, person_ids)]

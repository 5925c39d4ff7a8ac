"""Which accounts and reactors live on servers that anyone can run, and who acts on those servers.

On a federated network a native id is "name@server". Servers of the setting KNOWN_SERVERS are taken
at their word; all others are limited by what people outside them do (scoring.core.servers).
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from django.conf import settings
from django.db import connection

from connectors import registry
from connectors.types import Direction, Provenance
from scoring import loading, transfer
from scoring.core import servers as core
from scoring.core.model import Model
from scoring.core.params import Params
from scoring.loading import Bools, Floats, Integers, Population, Reactors
from scoring.units import Units


@dataclass(frozen=True, slots=True)
class Fixed:
    """What holds on all days, by the newest daily run, for the first scores of one person."""

    standing: Floats  # (S,)
    level: Floats  # (S,) mass


@dataclass(frozen=True, slots=True)
class Servers:
    """S servers of federated networks, and who of A accounts and P people lives there."""

    # "network server" of each.
    names: tuple[str, ...]
    limited: Bools  # (S,) false for known servers
    # (A,) the limited server of each account; −1: known, or no network of servers.
    of_account: Integers
    # (P,) the server on whose word alone a person is known, −1 where that is not so.
    home: Integers
    # person · S + server of everybody's accounts on limited servers, ascending.
    lives: Integers
    # Reactors on limited servers who have no account here, and opted-out ones (S): ascending keys.
    keys: Integers
    of_key: Integers
    # People who acted on accounts of servers: day since 1970, person, server; not on their own.
    sent_day: Integers
    sent_person: Integers
    sent_server: Integers
    fixed: Fixed | None = None

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.names)

    def standing(self, today: int, classes: Integers, params: Params) -> Floats:
        """Return the standing of each server on a day, by what was done before it.

        `classes` are yesterday's of the people, −1 without one.
        """
        if self.fixed is not None:
            return self.fixed.standing
        young = (self.sent_day < today) & (self.sent_day >= today - params.integrity.server_days)
        person = self.sent_person[young]
        votes = core.Votes(
            person,
            self.sent_server[young],
            (today - self.sent_day[young]).astype(np.float64),
            np.maximum(classes, 0)[person],
            self.home[person],
        )
        return core.standing(votes, self.count, params)

    def without_standing(self, standing: Floats, params: Params) -> Integers:
        """Return the keys of reactors who are of unknown standing because their server is."""
        low = standing < params.integrity.server_least_standing
        keys: Integers = self.keys[np.append(low, False)[self.of_key]]
        return keys

    def groups(
        self,
        reactor: Integers,
        person: npt.NDArray[np.integer],
        trust_class: npt.NDArray[np.integer],
    ) -> Integers | None:
        """Return the group of each pair row for `quotas`, −1 without one; None: nobody has one.

        `person` is the position of a reactor who is here, −1 for others.
        """
        if not self.keys.size and not (self.home >= 0).any():
            return None
        found: Integers = np.append(self.home, -1)[person]
        # Class 0 is limited anyway, and most reactors on servers without standing are of it.
        asked = np.flatnonzero((person < 0) & (trust_class > 0))
        at = loading.positions(self.keys, reactor[asked])
        found[asked] = np.append(self.of_key, -1)[at]
        return found

    def quotas(self, standing: Floats, params: Params) -> Floats:
        """Return how many ordinary people of each group count in full on one account."""
        servers = core.quotas(standing, self.limited)
        return np.append(servers, params.integrity.nameless_people)

    def most_mass(
        self, x: Floats, free: Bools, units: Units, standing: Floats, model: Model
    ) -> tuple[Floats | None, Floats]:
        """Return the mass up to which each unit counts, and each server's level, (S,).

        None where no unit is limited; `free` are units whose limit was lifted.
        """
        level = np.full(self.count, np.inf)
        lives_on = self.of_account[units.first]
        rows = np.flatnonzero((lives_on >= 0) & ~free)
        if not rows.size:
            return None, level
        server = lives_on[rows]
        alone = model.evaluate(
            x[rows],
            np.arange(rows.size),
            rows.size,
            unknown=units.unknown[rows],
            networks=[units.networks[row] for row in rows.tolist()],
        )
        limit = core.limits(standing, model)
        if self.fixed is not None:
            level = self.fixed.level
        else:
            level = core.levels(alone.mass, server, limit)
        most = np.full(units.count, np.inf)
        most[rows] = core.within_people(
            alone.mass, level[server], units.target[rows], limit[server]
        )
        return most, level

    def told_of_others(self, account: npt.NDArray[np.integer], person: Integers) -> Bools:
        """Return which pair rows a limited server tells of people who do not live there."""
        server = self.of_account[account]
        known = loading.positions(self.lives, person * max(self.count, 1) + server) >= 0
        told: Bools = (server >= 0) & (person >= 0) & ~known
        return told


# The server of a native id: what is behind the last @.
_SERVER = "lower(reverse(split_part(reverse({0}.native_id), '@', 1)))"
_ACCOUNTS = f"""
SELECT a.id, a.network || ' ' || {_SERVER.format("a")} AS server
  FROM connectors_account a
 WHERE a.id = ANY(%(ids)s) AND a.network = ANY(%(federated)s) ORDER BY a.id
"""  # noqa: S608 - columns of ours
_REACTORS = f"""
SELECT r.key, r.network || ' ' || {_SERVER.format("r")} AS server
  FROM connectors_reactor r
 WHERE r.network = ANY(%(federated)s) AND NOT {_SERVER.format("r")} = ANY(%(known)s)
   AND (%(of)s::bigint[] IS NULL OR r.key IN (
        SELECT reactor_key FROM connectors_interaction WHERE account_id = ANY(%(of)s)))
"""  # noqa: S608 - columns of ours
_SENT = f"""
SELECT DISTINCT i.day, i.account_id, r.network || ' ' || {_SERVER.format("r")} AS server
  FROM connectors_interaction i JOIN connectors_reactor r ON r.key = i.reactor_key
 WHERE i.direction = {int(Direction.SENT)} AND i.provenance <> {int(Provenance.OWN_FILE)}
   AND i.day BETWEEN %(first)s AND %(last)s AND r.network = ANY(%(federated)s)
"""  # noqa: S608 - columns and numbers of ours
_ACCOUNT_COLUMNS = pa.schema([("account_id", pa.int64()), ("server", pa.string())])
_REACTOR_COLUMNS = pa.schema([("reactor_key", pa.int64()), ("server", pa.string())])
_SENT_COLUMNS = pa.schema(
    [("day", pa.date32()), ("account_id", pa.int64()), ("server", pa.string())]
)


def federated() -> list[str]:
    """Return the networks of servers that anyone can run."""
    return [name for name, c in registry.CONNECTORS.items() if c.NETWORK.federated]


def servers(
    people: Population,
    reactors: Reactors,
    first: date,
    last: date,
    model: Model,
    *,
    only: bool = False,
) -> Servers:
    """Return the servers for scoring the days from first to last. Three queries.

    With `only`, for the first scores of the people given: who acts on other servers is not read;
    the newest daily run tells the standing.
    """
    values = {
        "ids": people.account_ids.tolist(),
        "of": people.account_ids.tolist() if only else None,
        "federated": federated(),
        "known": sorted(settings.KNOWN_SERVERS),
        "first": first - timedelta(days=model.params.integrity.server_days),
        "last": last,
    }
    accounts = transfer.read(_ACCOUNTS, values, _ACCOUNT_COLUMNS)
    reacting = transfer.read(_REACTORS, values, _REACTOR_COLUMNS)
    sent = _SENT_COLUMNS.empty_table() if only else transfer.read(_SENT, values, _SENT_COLUMNS)
    found = _assembled(people, reactors, accounts, reacting, sent)
    return replace(found, fixed=_newest(found.names, model)) if only else found


def _assembled(
    people: Population, reactors: Reactors, accounts: pa.Table, reacting: pa.Table, sent: pa.Table
) -> Servers:
    """Return the servers of the rows: accounts, reactors of limited servers, acts sent."""
    columns = [table["server"].combine_chunks() for table in (accounts, reacting, sent)]
    names = sorted(set().union(*(pc.unique(column).to_pylist() for column in columns)))
    order = pa.array(names, pa.string())
    numbers = [
        np.asarray(pc.index_in(column, value_set=order).to_numpy(zero_copy_only=False), np.int64)
        for column in columns
    ]
    known = {name for name in names if name.partition(" ")[2] in settings.KNOWN_SERVERS}
    limited = np.array([name not in known for name in names], dtype=np.bool_)
    everywhere = np.full(people.account_ids.size, -1, dtype=np.int64)
    everywhere[people.account_index(loading.integers(accounts, "account_id"))] = numbers[0]
    of_account = np.where(np.append(limited, False)[everywhere], everywhere, -1)
    apart, of_key = _apart(reactors, loading.integers(reacting, "reactor_key"), numbers[1], names)
    living = (people.person_index * max(len(names), 1) + everywhere)[everywhere >= 0]
    account = people.account_index(loading.integers(sent, "account_id"))
    person = np.append(people.person_index, -1)[account]
    own = loading.positions(np.unique(living), person * max(len(names), 1) + numbers[2]) >= 0
    keep = (account >= 0) & ~own
    return Servers(
        tuple(names),
        limited,
        of_account,
        homes(people, of_account),
        np.unique((people.person_index * max(len(names), 1) + of_account)[of_account >= 0]),
        apart,
        of_key,
        loading.integers(sent, "day")[keep],
        person[keep],
        numbers[2][keep],
    )


def _apart(
    reactors: Reactors, keys: Integers, server: Integers, names: list[str]
) -> tuple[Integers, Integers]:
    """Return the keys, ascending, and the group of those without an account here."""
    elsewhere = loading.positions(reactors.keys, keys) < 0
    found = np.concatenate([keys[elsewhere], reactors.opted_out])
    group = np.concatenate(
        [server[elsewhere], np.full(reactors.opted_out.size, len(names), dtype=np.int64)]
    )
    order = np.argsort(found, kind="stable")
    return found[order], group[order]


def homes(people: Population, of_account: Integers) -> Integers:
    """Return the server of the first account of people who are only on limited ones, else −1."""
    count = people.person_ids.size
    known = np.bincount(people.person_index[of_account < 0], minlength=count) > 0
    _, first = np.unique(people.person_index, return_index=True)
    return np.where(known, -1, of_account[first])


# --- Between two daily runs ---------------------------------------------------------------------
_NEWEST = """
SELECT coalesce(s.standing, 0), coalesce(s.level, -1)
  FROM unnest(%s::text[]) WITH ORDINALITY AS w (name, place)
  LEFT JOIN scoring_serverstanding s ON s.network = split_part(w.name, ' ', 1)
                                    AND s.server = split_part(w.name, ' ', 2)
 ORDER BY w.place
"""
_NEWEST_COLUMNS = pa.schema([("standing", pa.float64()), ("level", pa.float64())])


def _newest(names: tuple[str, ...], model: Model) -> Fixed:
    """Return the standing and the levels of the newest daily run. One query.

    Where nothing was limited then, one more account may have what all may have together.
    """
    rows = transfer.read(_NEWEST, [list(names)], _NEWEST_COLUMNS)
    standing, level = loading.floats(rows, "standing"), loading.floats(rows, "level")
    return Fixed(standing, np.where(level < 0, core.limits(standing, model), level))


_WRITE = """
INSERT INTO scoring_serverstanding (network, server, day, standing, level)
SELECT split_part(name, ' ', 1), split_part(name, ' ', 2), %s, standing, level
  FROM unnest(%s::text[], %s::float8[], %s::float8[]) AS new (name, standing, level)
"""


def write(day: date, found: Servers, standing: Floats, level: Floats) -> None:
    """Replace what is known of the servers, unless a newer day is. Three statements."""
    here = np.zeros(found.count, dtype=np.bool_)
    here[found.of_account[found.of_account >= 0]] = True
    rows = np.flatnonzero(found.limited & (here | (standing > 0)))
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM scoring_serverstanding WHERE day > %s LIMIT 1", [day])
        if cursor.fetchone() is not None:
            return
        cursor.execute("DELETE FROM scoring_serverstanding")
        levels = [None if np.isinf(v) else float(v) for v in level[rows]]
        values = [day, [found.names[row] for row in rows], standing[rows].tolist(), levels]
        cursor.execute(_WRITE, values)

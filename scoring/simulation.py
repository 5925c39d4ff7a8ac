"""A small world in memory, scored day by day by the product's own roll-up and walk.

For the laws: what a scenario does to a score, without a database and without chance.
"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import cache

import numpy as np
import pyarrow as pa

from connectors.types import Direction, Kind, Provenance
from scoring import loading
from scoring.anonymous import Anonymous, half_life_days
from scoring.audience import EVERY_DAYS, Audience, Reading
from scoring.core.integrity import DiscountKind
from scoring.core.model import Model
from scoring.core.params import CURRENT, Params
from scoring.engines import DuckDB
from scoring.loading import DAY_LIMIT, Fetches, Integers, Levels, Population, Reactors
from scoring.plus_k import Credits
from scoring.rollup import Rollup, rollup
from scoring.scored_day import Given, ScoredDay, window_days
from scoring.servers import Servers, homes
from scoring.walk import Walk

# The first day of every world.
FIRST = date(2026, 1, 1)
# Keys of reactors: people of the world from here on, everybody else below.
_PEOPLE_FROM = 1_000_000

Count = float | Callable[[int], float]


class World:
    """People with one account or more, those who react to them, and what happens on which day."""

    def __init__(self, days_count: int) -> None:
        self.days_count = days_count
        self._owner: list[int] = []
        self._networks: list[int] = []
        self._since: list[int] = []
        self._counts: list[tuple[Count, Count]] = []
        self._audience: dict[int, int | None] = {}
        self._acts: list[tuple[int, int, int, int, int]] = []
        self._unnamed: list[tuple[int, int, int]] = []
        self._missed: list[tuple[int, int]] = []
        self._ungiven: list[tuple[int, str]] = []
        # Servers that anyone can run, by account and by stranger's key; "" for all others.
        self._servers: list[str] = []
        self._server_of: dict[int, str] = {}
        self._sent: list[tuple[int, int, str]] = []
        self._credits: list[tuple[int, int, int, int]] = []

    # --- Who there is ---------------------------------------------------------------------------
    def account(
        self,
        followers: Count,
        lists: Count = 0.0,
        *,
        of: int | None = None,
        same_network: bool = False,
        since: int = 0,
        server: str = "",
    ) -> int:
        """Return a new account's number, of a new person or of the one of account `of`.

        A count may be a function of the day's number. It is on a network of its own, or on that of
        account `of`; its first whole sync was on the day `since`. With `server`, it lives on one
        that anyone can run.
        """
        number = len(self._owner)
        self._networks.append(number if of is None or not same_network else self._networks[of])
        self._since.append(since)
        self._servers.append(server)
        self._owner.append(number if of is None else self._owner[of])
        self._counts.append((followers, lists))
        return number

    def strangers(self, number: int, followers: int | None, *, server: str = "") -> list[int]:
        """Return the keys of so many accounts of others, of whom only the audience is known.

        With `server`, they live on one that anyone can run.
        """
        first = len(self._audience) + 1
        keys = list(range(first, first + number))
        self._audience.update(dict.fromkeys(keys, followers))
        if server:
            self._server_of.update(dict.fromkeys(keys, server))
        return keys

    def key_of(self, account: int) -> int:
        """Return the key that an account of this world has when it reacts."""
        return _PEOPLE_FROM + account

    # --- What happens ---------------------------------------------------------------------------
    def act(
        self, day: int, keys: Sequence[int], on: int, kind: Kind = Kind.LIKE, post: int = 0
    ) -> None:
        """Let everybody react to account `on` on the day, to its post of that number (0: none)."""
        self._acts += [(day, key, on, int(kind), post) for key in keys]

    def reply(self, day: int, account: int, server: str) -> None:
        """Let the person of an account act on somebody who lives on a server."""
        self._sent.append((day, account, server))

    def miss(self, account: int, days: range) -> None:
        """Let the account's fetches of these days fail; its acts are to be told by the caller."""
        self._missed += [(account, day) for day in days]

    def hide(self, account: int, measure: str) -> None:
        """Let the account's network be one that cannot give a measure."""
        self._ungiven.append((account, measure))

    def unnamed(self, day: int, count: int, on: int) -> None:
        """Let account `on` have so many reactions of which nobody is told who did them."""
        self._unnamed.append((day, on, count))

    def credit(self, day: int, giver: int, receiver: int, until: int = DAY_LIMIT) -> None:
        """Let the person of an account give +K to that of another, and take it back on a day."""
        self._credits.append((day, self._owner[giver], self._owner[receiver], until))

    # --- What comes of it -----------------------------------------------------------------------
    def run(self, params: Params = CURRENT) -> list[ScoredDay]:
        """Return what each day comes to under a version, from the first to the last."""
        people = self._people()
        given = Given(
            Model(params),
            people,
            self._audiences(),
            self._fetches(),
            self._reactors(people),
            self._of_servers(people),
            anonymous=self._anonymous(),
            credits=self._given_credits(people, params),
        )
        nobody = loading.Yesterday(
            np.full(people.person_ids.size, np.nan),
            np.full(people.person_ids.size, -1, dtype=np.int64),
            np.zeros(people.person_ids.size),
            np.zeros(people.account_ids.size),
        )
        walk = Walk(given, *loading.no_rows(), nobody)
        engine, expressions = _engine()
        engine.see("accounts", loading.owners(people))
        engine.put("kept", [self._interactions()])
        scored = []
        for number in range(self.days_count):
            day = FIRST + timedelta(days=number)
            engine.see("reactors", walk.reactors(day))
            engine.see_day("interactions", "kept", day)
            pairs, posts = engine.run(expressions.pairs), engine.run(expressions.posts)
            scored.append(walk.step(day, pairs, posts))
        return scored

    def _people(self) -> Population:
        owner = np.array(self._owner, dtype=np.int64)
        person_ids, index = np.unique(owner, return_inverse=True)
        first = loading.number(FIRST) + np.array(self._since, dtype=np.int64)
        unknown = np.zeros((owner.size, len(CURRENT.measures)), dtype=np.bool_)
        names = [measure.name for measure in CURRENT.measures]
        for account, measure in self._ungiven:
            unknown[account, names.index(measure)] = True
        return Population(
            account_ids=np.arange(owner.size, dtype=np.int64) + 1,
            person_ids=person_ids + 1,
            person_index=index.astype(np.int64),
            networks=tuple(map(str, self._networks)),
            first_synced_day=first,
            first_known_day=first,
            unknown=unknown,
        )

    def _audiences(self) -> Audience:
        start = loading.number(FIRST)
        days = np.arange(self.days_count)
        weeks = np.arange(start // EVERY_DAYS + 1, (start + self.days_count) // EVERY_DAYS)
        readings = []
        for place in (0, 1):
            table = np.array([[_on(row[place], d) for d in days.tolist()] for row in self._counts])
            keys = np.arange(len(self._counts))[:, np.newaxis] * DAY_LIMIT + start + days
            levels = Levels(keys.ravel(), table.ravel().astype(np.float64))
            none: Integers = np.zeros(0, dtype=np.int64)
            seen = weeks * EVERY_DAYS - start
            by_week = np.maximum(table[:, seen], table[:, np.minimum(seen + 1, days[-1])])
            readings.append(Reading(levels, none, weeks * EVERY_DAYS, by_week))
        lists = Reading(readings[1].levels, none, none, np.full((len(self._counts), 0), np.nan))
        return Audience(readings[0], lists)

    def _anonymous(self) -> Anonymous:
        rows = np.array(sorted(self._unnamed), dtype=np.int64).reshape(-1, 3).T
        return Anonymous(
            rows[0] + loading.number(FIRST),
            rows[1],
            rows[2].astype(np.float64),
            np.zeros(rows.shape[1]),
            window_days(CURRENT),
            half_life_days(CURRENT),
        )

    def _given_credits(self, people: Population, params: Params) -> Credits | None:
        rows = np.array(self._credits, dtype=np.int64).reshape(-1, 4).T
        if params.plus_k is None:
            return None
        first = rows[0] + loading.number(FIRST)
        until = np.minimum(first + params.plus_k.days, rows[3] + loading.number(FIRST))
        giver, receiver = (loading.positions(people.person_ids, side + 1) for side in rows[1:3])
        return Credits(
            rows[1],
            rows[2],
            giver,
            receiver,
            first,
            until - 1,
            np.zeros(first.size, dtype=np.bool_),
        )

    def _fetches(self) -> Fetches:
        look_back = CURRENT.carried_days
        seen = np.ones((len(self._owner), self.days_count + look_back), dtype=np.bool_)
        for account, day in self._missed:
            seen[account, day + look_back] = False
        return Fetches(loading.number(FIRST) - look_back, seen, look_back)

    def _reactors(self, people: Population) -> Reactors:
        return Reactors(
            _PEOPLE_FROM + np.arange(people.account_ids.size, dtype=np.int64),
            people.person_ids[people.person_index],
        )

    def _of_servers(self, people: Population) -> Servers:
        """Return who lives where; all servers of a world are limited."""
        names = sorted({name for name in self._servers if name} | set(self._server_of.values()))
        names = sorted({*names, *(server for _, _, server in self._sent)})
        place = {"": -1, **{name: number for number, name in enumerate(names)}}
        of_account = np.array([place[name] for name in self._servers], dtype=np.int64)
        keys = np.array(sorted(self._server_of), dtype=np.int64)
        sent = np.array(
            [(day, account, place[server]) for day, account, server in self._sent], dtype=np.int64
        ).reshape(-1, 3)
        lives = people.person_index * max(len(names), 1) + of_account
        return Servers(
            tuple(names),
            np.ones(len(names), dtype=np.bool_),
            of_account,
            homes(people, of_account),
            np.unique(lives[of_account >= 0]),
            keys,
            np.array([place[self._server_of[key]] for key in keys.tolist()], dtype=np.int64),
            loading.number(FIRST) + sent[:, 0],
            people.person_index[sent[:, 1]],
            sent[:, 2],
        )

    def _interactions(self) -> pa.Table:
        acts = np.array(self._acts, dtype=np.int64).reshape(-1, 5)
        first = loading.number(FIRST)
        columns = {
            "day": pa.array((acts[:, 0] + first).astype(np.int32)).cast(pa.date32()),
            "account_id": acts[:, 2] + 1,
            "direction": np.full(len(acts), int(Direction.RECEIVED), dtype=np.int16),
            "kind": acts[:, 3].astype(np.int16),
            "provenance": np.full(len(acts), int(Provenance.VOUCHED), dtype=np.int16),
            "reactor_key": acts[:, 1],
            "post_id": pa.array(acts[:, 4], mask=acts[:, 4] == 0),
            "reactor_followers": pa.array(
                [self._audience.get(key) for key in acts[:, 1].tolist()], pa.int64()
            ),
        }
        return pa.table(columns, schema=loading.INTERACTION_COLUMNS)


def history(scored: Sequence[ScoredDay], person: int = 0) -> list[float]:
    """Return the shown scores of a person, in the order of accounts, day by day."""
    return [float(day.value[person]) for day in scored]


def cost(scored: Sequence[ScoredDay], account: int, kind: DiscountKind) -> list[float]:
    """Return by how many points a kind of discount lowered the score, day by day."""
    return [
        sum(row.points for row in day.discounts if row.account == account and row.kind is kind)
        for day in scored
    ]


def _on(count: Count, day: int) -> float:
    return count(day) if callable(count) else count


@cache
def _engine() -> tuple[DuckDB, Rollup]:
    """Return one engine for all worlds: its expressions are compiled once."""
    return DuckDB(), rollup(CURRENT.audience_thresholds)

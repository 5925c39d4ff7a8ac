"""Money at networks that charge by the row: a month's budget for the site and for each person.

Counted in PostgreSQL, in millionths of a US dollar: what a question may cost at most is taken
before it is sent, in one statement that cannot go beyond a limit, and the rest is given back once
the rows are there. A worker that dies in between has spent too much on paper, never too little.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Q
from django.utils import timezone

from connectors.commits import without_waiting
from connectors.errors import BudgetSpent
from connectors.meter import FREE, Meter
from connectors.models import Spending
from connectors.types import Network

MICRO = 1_000_000
# Of what is left when a fetch begins, it may use this much for questions it could do without:
# the first brings the history, later ones leave something for each day of the month.
FIRST_SHARE, LATER_SHARE = 0.5, 0.25
# Look-ups by strangers may use so much of the site's month; the rest is for those who linked.
LOOKUP_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Usage:
    """What a calendar month (UTC) has cost so far, in US dollars, and its limit."""

    spent_usd: float
    limit_usd: float
    # When the next month's budget begins (aware, UTC).
    anew_at: datetime


def month_of(now: datetime) -> date:
    """Return the first day of the UTC month."""
    return now.astimezone(UTC).date().replace(day=1)


def next_month(now: datetime) -> datetime:
    """Return when the next UTC month begins."""
    first = month_of(now)
    return datetime(first.year + first.month // 12, first.month % 12 + 1, 1, tzinfo=UTC)


def limits(network: Network) -> tuple[int, int]:
    """Return the month's limits of the site and of each person, in millionths of a dollar."""
    site, person = settings.NETWORK_BUDGETS.get(network.id, (0, 0))
    return site * MICRO, person * MICRO


def meter_for(network: Network, person_id: int | None, *, first: bool = False) -> Meter:
    """Return the purse of a fetch: free where the network is; for nobody in particular, the site's.

    `first` is a fetch of an account's whole history.
    """
    if network.costs is None:
        return FREE
    return Purse(network, person_id, FIRST_SHARE if first else LATER_SHARE)


def can_look_up(network: Network, now: datetime) -> bool:
    """Return whether the site's month has money left for look-ups; one query where it charges."""
    month = usage(network, None, now)
    return month is None or month.spent_usd < month.limit_usd * LOOKUP_SHARE


# Locked in one order, the site's row first: two fetches of one person never wait for each other.
_PURSES = """
WITH purses AS MATERIALIZED (
    SELECT id, micro_usd, rows, person_id FROM connectors_spending
    WHERE network = %(network)s AND month = %(month)s
      AND (person_id IS NULL OR person_id = %(person)s)
    ORDER BY person_id NULLS FIRST FOR UPDATE
)
"""
# All or nothing: no row is changed unless each has room.
_HOLD = f"""{_PURSES}, fitting AS (
    SELECT count(*) AS purses FROM purses WHERE micro_usd + %(cost)s
        <= CASE WHEN person_id IS NULL THEN %(site)s ELSE %(limit)s END
)
UPDATE connectors_spending s SET micro_usd = p.micro_usd + %(cost)s
FROM purses p, fitting f WHERE s.id = p.id AND f.purses = %(purses)s
"""  # noqa: S608 - a text of ours only
_SETTLE = f"""{_PURSES}
UPDATE connectors_spending s
SET micro_usd = p.micro_usd - %(rest)s, rows = p.rows + %(got)s
FROM purses p WHERE s.id = p.id
"""  # noqa: S608 - a text of ours only
_PREPARE = """
INSERT INTO connectors_spending (network, month, person_id, micro_usd, rows)
SELECT %(network)s, %(month)s, person, 0, 0 FROM unnest(%(owners)s::bigint[]) AS person
ON CONFLICT DO NOTHING
"""


class Purse:
    """Pays for one fetch from the budgets of the site and of the person: two statements a question.

    What may be spared is reckoned from what was left when it began and what it used itself.
    """

    def __init__(self, network: Network, person_id: int | None, share: float) -> None:
        assert network.costs is not None
        self._network, self._person_id = network, person_id
        self._owners = [None] if person_id is None else [None, person_id]
        self._prices = network.costs.micro_usd
        self._month = month_of(timezone.now())
        self._spare = int(self._left() * share)

    def hold(self, rows: Mapping[str, int]) -> None:
        """Take what so many rows cost at most; raises BudgetSpent where a limit is reached."""
        cost, now = self._cost(rows), timezone.now()
        self._month = month_of(now)
        site, limit = limits(self._network)
        values = {"cost": cost, "site": site, "limit": limit, "purses": len(self._owners)}
        if not self._change(_HOLD, **values):
            # The first question of a month finds no rows.
            self._change(_PREPARE, owners=self._owners)
            if not self._change(_HOLD, **values):
                raise BudgetSpent(
                    f"This month's budget for {self._network.name} is spent.",
                    resume_at=next_month(now),
                    network=self._network.id,
                )
        self._spare -= cost

    def settle(self, held: Mapping[str, int], got: Mapping[str, int]) -> None:
        """Give back what was held beyond the rows that came, and count these."""
        rest = self._cost(held) - self._cost(got)
        # Lost in a crash of the database, it has spent too much on paper; taking always waits.
        with without_waiting():
            self._change(_SETTLE, rest=rest, got=sum(got.values()))
        self._spare += rest

    def can_spare(self, rows: Mapping[str, int]) -> bool:
        """Return whether the fetch may use so much more of what was left when it began."""
        return self._cost(rows) <= self._spare

    def _left(self) -> int:
        site, person = limits(self._network)
        spent = _spent(self._network.id, self._month, self._person_id)
        left = site - spent.get(None, 0)
        if self._person_id is None:
            return left
        return min(left, person - spent.get(self._person_id, 0))

    def _cost(self, rows: Mapping[str, int]) -> int:
        return sum(self._prices[resource] * count for resource, count in rows.items())

    def _change(self, statement: str, **values: Any) -> int:
        """Return how many rows a statement changed."""
        where: dict[str, Any] = {
            "network": self._network.id,
            "month": self._month,
            "person": self._person_id,
        }
        with connection.cursor() as cursor:
            cursor.execute(statement, {**where, **values})
            return int(cursor.rowcount)


def _of(person_id: int | None) -> Q:
    """Return the condition of a purse's row; the site's has no person."""
    return Q(person__isnull=True) if person_id is None else Q(person_id=person_id)


def _spent(network_id: str, month: date, person_id: int | None) -> dict[int | None, int]:
    """Return what the site (None) and the person have spent in a month. One query."""
    rows = Spending.objects.filter(_of(None) | _of(person_id), network=network_id, month=month)
    return dict(rows.values_list("person_id", "micro_usd"))


def usage(network: Network, person_id: int | None, now: datetime) -> Usage | None:
    """Return the month's cost of a person, or of the whole site; None where reading is free."""
    if network.costs is None:
        return None
    site, person = limits(network)
    spent = _spent(network.id, month_of(now), person_id).get(person_id, 0)
    limit = site if person_id is None else person
    return Usage(spent / MICRO, limit / MICRO, next_month(now))

"""Money at networks that charge by the row: a month's budget for the site and for each person.

Counted in PostgreSQL, in millionths of a US dollar: what a question may cost at most is taken
before it is sent, in one statement that cannot go beyond a limit, and the rest is given back once
the rows are there. A worker that dies in between has spent too much on paper, never too little.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from connectors.errors import BudgetSpent
from connectors.meter import FREE, Meter
from connectors.models import Spending
from connectors.types import Network

MICRO = 1_000_000
# Of what is left when a fetch begins, it may use this much for questions it could do without:
# the first brings the history, later ones leave something for each day of the month.
FIRST_SHARE, LATER_SHARE = 0.5, 0.25


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


class Purse:
    """Pays for one fetch from the budgets of the site and of the person."""

    def __init__(self, network: Network, person_id: int | None, share: float) -> None:
        assert network.costs is not None
        self._network, self._person_id = network, person_id
        self._prices = network.costs.micro_usd
        self._month = month_of(timezone.now())
        self._floor = int(self._left() * (1 - share))

    def hold(self, rows: Mapping[str, int]) -> None:
        """Take what so many rows cost at most; raises BudgetSpent where a limit is reached."""
        # The site's row first, always: two fetches of one person never wait for each other.
        owners = [None] if self._person_id is None else [None, self._person_id]
        cost = self._cost(rows)
        now = timezone.now()
        self._month = month_of(now)
        with transaction.atomic():
            for owner, limit in zip(owners, limits(self._network), strict=False):
                self._prepare(owner)
                taken = self._row(owner).filter(micro_usd__lte=limit - cost)
                if not taken.update(micro_usd=F("micro_usd") + cost):
                    raise BudgetSpent(
                        f"This month's budget for {self._network.name} is spent.",
                        resume_at=next_month(now),
                        network=self._network.id,
                    )

    def settle(self, held: Mapping[str, int], got: Mapping[str, int]) -> None:
        """Give back what was held beyond the rows that came, and count these."""
        rest = self._cost(held) - self._cost(got)
        owners = [None] if self._person_id is None else [None, self._person_id]
        with transaction.atomic():
            for owner in owners:
                self._row(owner).update(
                    micro_usd=F("micro_usd") - rest, rows=F("rows") + sum(got.values())
                )

    def can_spare(self, rows: Mapping[str, int]) -> bool:
        """Return whether so much is left beyond what this fetch must leave. One query."""
        return self._left() - self._cost(rows) >= self._floor

    def _left(self) -> int:
        site, person = limits(self._network)
        spent = _spent(self._network.id, self._month, self._person_id)
        left = site - spent.get(None, 0)
        if self._person_id is None:
            return left
        return min(left, person - spent.get(self._person_id, 0))

    def _cost(self, rows: Mapping[str, int]) -> int:
        return sum(self._prices[resource] * count for resource, count in rows.items())

    def _row(self, person_id: int | None) -> QuerySet[Spending]:
        rows = Spending.objects.filter(network=self._network.id, month=self._month)
        return rows.filter(_of(person_id))

    def _prepare(self, person_id: int | None) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO connectors_spending (network, month, person_id, micro_usd, rows) "
                "VALUES (%s, %s, %s, 0, 0) ON CONFLICT DO NOTHING",
                [self._network.id, self._month, person_id],
            )


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

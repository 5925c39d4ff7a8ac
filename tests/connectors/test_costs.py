"""Money at networks that charge: exact under concurrency, kept in rows, by calendar month."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.db import connection
from pytest_django.fixtures import Settings

from connectors import costs, x
from connectors.errors import BudgetSpent
from connectors.meter import FREE
from connectors.models import Spending
from people.models import Person
from tests.connectors.records import NETWORK as FREE_NETWORK

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _in_november(settings: Settings) -> Iterator[None]:
    """Ten dollars for the site, two for a person."""
    settings.NETWORK_BUDGETS = {"x": (10, 2)}
    with time_machine.travel(NOW, tick=False):
        yield


def spent(person: Person | None) -> int:
    """Return a purse's thousandths of a dollar."""
    row = Spending.objects.filter(person=person).first()
    return row.micro_usd // 1_000 if row else 0


def test_a_network_that_charges_nothing_has_a_free_purse(alice: Person) -> None:
    assert costs.meter_for(FREE_NETWORK, alice.pk) is FREE
    assert FREE.can_spare({"post": 10**9})


def test_what_was_held_is_paid_as_far_as_rows_came(alice: Person) -> None:
    purse = costs.meter_for(x.NETWORK, alice.pk)
    purse.hold({"post": 100})
    assert (spent(alice), spent(None)) == (500, 500)
    purse.settle({"post": 100}, {"post": 3, "user": 1})
    assert (spent(alice), spent(None)) == (25, 25)
    assert Spending.objects.get(person=alice).rows == 4


def test_a_persons_limit_stops_that_person_only_until_the_month_ends(
    alice: Person, bob: Person
) -> None:
    purse = costs.meter_for(x.NETWORK, alice.pk)
    purse.hold({"user": 200})
    with pytest.raises(BudgetSpent) as raised:
        purse.hold({"post": 1})
    assert raised.value.resume_at == datetime(2026, 12, 1, tzinfo=UTC)
    # What was refused is counted for nobody.
    assert (spent(alice), spent(None)) == (2_000, 2_000)
    costs.meter_for(x.NETWORK, bob.pk).hold({"user": 200})
    with time_machine.travel(datetime(2026, 12, 1, 0, 1, tzinfo=UTC), tick=False):
        costs.meter_for(x.NETWORK, alice.pk).hold({"post": 1})
    assert Spending.objects.filter(person=alice, month=date(2026, 12, 1)).exists()


def test_the_sites_limit_stops_everybody(alice: Person, settings: Settings) -> None:
    settings.NETWORK_BUDGETS = {"x": (1, 2)}
    costs.meter_for(x.NETWORK, None).hold({"user": 100})
    with pytest.raises(BudgetSpent):
        costs.meter_for(x.NETWORK, alice.pk).hold({"post": 1})
    assert spent(alice) == 0


def test_without_a_budget_nothing_is_asked(alice: Person, settings: Settings) -> None:
    settings.NETWORK_BUDGETS = {}
    with pytest.raises(BudgetSpent):
        costs.meter_for(x.NETWORK, alice.pk).hold({"user": 1})


def test_a_fetch_may_spare_a_share_of_what_was_left_when_it_began(alice: Person) -> None:
    later = costs.meter_for(x.NETWORK, alice.pk)
    first = costs.meter_for(x.NETWORK, alice.pk, first=True)
    # Two dollars: a quarter is fifty users, half a hundred.
    assert later.can_spare({"user": 50})
    assert not later.can_spare({"user": 51})
    assert first.can_spare({"user": 100})
    later.hold({"user": 50})
    assert not later.can_spare({"post": 1})
    # The next fetch shares out what this one left.
    assert costs.meter_for(x.NETWORK, alice.pk).can_spare({"user": 37})


def test_usage_is_told_in_dollars(alice: Person, bob: Person) -> None:
    costs.meter_for(x.NETWORK, alice.pk).hold({"post": 250})
    mine = costs.usage(x.NETWORK, alice.pk, NOW)
    assert mine == costs.Usage(1.25, 2, datetime(2026, 12, 1, tzinfo=UTC))
    assert costs.usage(x.NETWORK, bob.pk, NOW) == costs.Usage(0, 2, mine.anew_at)
    assert costs.usage(x.NETWORK, None, NOW) == costs.Usage(1.25, 10, mine.anew_at)
    assert costs.usage(FREE_NETWORK, alice.pk, NOW) is None


def test_the_year_ends_too() -> None:
    assert costs.next_month(datetime(2026, 12, 31, 23, tzinfo=UTC)) == datetime(
        2027, 1, 1, tzinfo=UTC
    )


@pytest.mark.django_db(transaction=True)
def test_many_workers_together_never_go_beyond_the_limit(alice: Person) -> None:
    """Two dollars are two hundred users; forty workers ask for ten each, half of them in vain."""

    def ask(_: int) -> bool:
        try:
            costs.meter_for(x.NETWORK, alice.pk).hold({"user": 10})
        except BudgetSpent:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as workers:
        answered = list(workers.map(ask, range(40)))
    assert sum(answered) == 20
    assert (spent(alice), spent(None)) == (2_000, 2_000)

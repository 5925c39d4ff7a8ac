"""What is due: closed days once their fetches are there, lost first scores, lost look-ups."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from connectors.models import Account, Lookup
from scoring import daily, due
from scoring.models import Score, ScoreRun
from tests.scoring import world

TODAY = date(2026, 3, 1)
YESTERDAY = TODAY - timedelta(days=1)
EARLY = datetime(2026, 3, 1, 2, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _early() -> Iterator[None]:
    with time_machine.travel(EARLY, tick=False):
        yield


@pytest.fixture
def ada() -> Account:
    return world.account(world.person("Ada"), synced=YESTERDAY - timedelta(days=10))


def test_nothing_is_due_where_nobody_is() -> None:
    assert due.days_due(EARLY) == due.Due([], 0)


def test_nothing_is_due_for_people_who_came_after_the_day() -> None:
    """Their history comes with their first scores; a backfill of the sample is not cut short."""
    world.account(world.person("New"), synced=TODAY)
    assert due.days_due(EARLY) == due.Due([], 0)


def test_a_day_waits_for_its_fetches_until_morning(ada: Account) -> None:
    assert due.days_due(EARLY) == due.Due([], 1)
    late = EARLY.replace(hour=6, minute=31)
    assert due.days_due(late) == due.Due([YESTERDAY], 0)


@pytest.mark.parametrize("status", ["done", "given_up"])
def test_a_day_is_due_when_its_fetches_have_ended(
    ada: Account, status: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    world.fetched(ada, YESTERDAY, status=status)
    with django_assert_num_queries(4):
        assert due.days_due(EARLY) == due.Due([YESTERDAY], 0)


@pytest.mark.parametrize("how", ["unlinked", "relink"])
def test_a_day_does_not_wait_for_accounts_that_nobody_fetches(ada: Account, how: str) -> None:
    world.fetched(ada, YESTERDAY)
    other = world.account(world.person("Bo"), synced=YESTERDAY - timedelta(days=5))
    assert due.days_due(EARLY).waiting_for_count == 1
    field = "status" if how == "unlinked" else "state"
    Account.objects.filter(pk=other.pk).update(**{field: how})
    assert due.days_due(EARLY) == due.Due([YESTERDAY], 0)


def test_an_outage_is_made_good_day_by_day(ada: Account) -> None:
    with time_machine.travel(EARLY - timedelta(days=4), tick=False):
        daily.score_day(YESTERDAY - timedelta(days=4))
    world.fetched(ada, YESTERDAY)
    assert due.days_due(EARLY).days == world.days(YESTERDAY - timedelta(days=3), 4)
    outcome = daily.score_due_days(EARLY)
    assert outcome is not None
    assert set(ScoreRun.objects.values_list("status", flat=True)) == {"done"}
    assert ScoreRun.objects.count() == 5
    assert daily.score_due_days(EARLY) is None


def test_while_the_last_day_waits_earlier_ones_are_scored(ada: Account) -> None:
    with time_machine.travel(EARLY - timedelta(days=2), tick=False):
        daily.score_day(YESTERDAY - timedelta(days=2))
    assert due.days_due(EARLY) == due.Due([YESTERDAY - timedelta(days=1)], 1)


def test_what_a_killed_run_left_begun_comes_first(ada: Account) -> None:
    world.fetched(ada, YESTERDAY)
    daily.backfill(YESTERDAY - timedelta(days=9), YESTERDAY)
    begun = YESTERDAY - timedelta(days=3)
    ScoreRun.objects.filter(day__gte=begun).update(status="started")
    assert due.days_due(EARLY).days == world.days(begun, 4)


def test_a_scoring_under_way_is_left_alone(ada: Account) -> None:
    world.fetched(ada, YESTERDAY)
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [daily.LOCK])
        assert daily.score_due_days(EARLY) is None
        with pytest.raises(daily.Busy):
            daily.score_day(YESTERDAY, wait=False)
    finally:
        other.close()
    assert not Score.objects.exists()
    assert daily.score_due_days(EARLY) is not None


def test_a_lost_first_score_is_found_and_made_once(ada: Account) -> None:
    new = world.account(world.person("New"), synced=TODAY)
    Account.objects.filter(pk=new.pk).update(first_synced_at=EARLY - timedelta(minutes=1))
    assert due.people_without_score(EARLY) == []
    Account.objects.filter(pk=new.pk).update(first_synced_at=EARLY - timedelta(minutes=4))
    assert due.people_without_score(EARLY) == [new.person_id]
    daily.first_scores(new.person_id)
    assert due.people_without_score(EARLY) == []


def test_a_second_account_without_a_score_is_found(ada: Account) -> None:
    daily.first_scores(ada.person_id)
    second = world.account(ada.person, synced=TODAY, network="bluesky")
    Account.objects.filter(pk=second.pk).update(first_synced_at=EARLY - timedelta(minutes=4))
    assert due.people_without_score(EARLY) == [ada.person_id]


def test_people_scored_by_a_backfill_are_not_lost(ada: Account) -> None:
    Account.objects.filter(pk=ada.pk).update(first_synced_at=EARLY - timedelta(minutes=10))
    daily.backfill(YESTERDAY - timedelta(days=3), YESTERDAY)
    assert due.people_without_score(EARLY) == []


def test_a_lost_look_up_is_found() -> None:
    now = timezone.now()
    rows = {
        minutes: Lookup.objects.create(
            network="sample", handle=f"h{minutes}", created_at=now - timedelta(minutes=minutes)
        )
        for minutes in (0, 2, 30)
    }
    assert due.lost_lookups(now) == [rows[2].pk]
    Lookup.objects.filter(pk=rows[2].pk).update(state="done")
    assert due.lost_lookups(now) == []

"""The score right after linking or looking up."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from connectors.models import Account
from scoring import daily, queries
from scoring.models import PairDay, Score, ScoreRun
from tests.scoring import world

TODAY = date(2026, 3, 1)
YESTERDAY = TODAY - timedelta(days=1)
BEGIN = TODAY - timedelta(days=150)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 3, 1, 12, tzinfo=UTC), tick=False):
        yield


def steady(name: str, *, since: date = BEGIN) -> Account:
    """Return an account that the same five strangers like each day."""
    account = world.account(world.person(name), synced=TODAY, followers=400)
    number = (TODAY - since).days + 1
    world.react(
        account, world.reactors(5), world.days(since, number), on=world.post(account, since)
    )
    return account


def test_a_flat_history_shows_ninety_flat_days() -> None:
    ada = steady("Ada")
    daily.first_scores(ada.person_id)
    history = queries.score_history(ada.person_id, TODAY - timedelta(days=90), TODAY)
    values = [row.value for row in history if row.value is not None]
    assert len(values) == 91
    assert max(values) - min(values) < 2
    assert not history[-1].provisional


def test_a_short_history_is_provisional() -> None:
    ada = steady("Ada", since=TODAY - timedelta(days=3))
    daily.first_scores(ada.person_id)
    newest = queries.latest_score(ada.person_id)
    assert newest is not None
    assert newest.day == TODAY
    assert newest.provisional


def test_todays_reactions_count_at_once() -> None:
    ada = world.account(world.person("Ada"), synced=TODAY)
    daily.first_scores(ada.person_id)
    before = world.value(ada, TODAY)
    world.react(ada, world.reactors(20), [TODAY], on=world.post(ada, TODAY))
    daily.first_scores(ada.person_id)
    assert world.value(ada, TODAY) > before + 1
    assert len(queries.moments_for(ada.person_id)) == 1


def test_nobody_elses_rows_change() -> None:
    bo = steady("Bo")
    daily.backfill(TODAY - timedelta(days=20), YESTERDAY)
    before = world.everything()
    ada = steady("Ada")
    world.react(ada, [world.reactor_of(bo)], [YESTERDAY])
    daily.first_scores(ada.person_id)
    after = {
        "scoring_pairday": [r for r in world.rows("scoring_pairday") if r[1] != ada.pk],
        "scoring_score": [r for r in world.rows("scoring_score") if r[1] != ada.person_id],
        "scoring_explanation": [
            r for r in world.rows("scoring_explanation") if r[1] != ada.person_id
        ],
    }
    assert {name: before[name] for name in after} == after
    assert PairDay.objects.filter(account_id=ada.pk, day=YESTERDAY).count() == 6


def test_reactors_who_are_scored_here_have_the_class_of_their_newest_score() -> None:
    star = world.account(world.person("Star"), synced=TODAY, followers=900_000)
    daily.backfill(TODAY - timedelta(days=5), YESTERDAY)
    ada = world.account(world.person("Ada"), synced=TODAY)
    world.react(ada, [world.reactor_of(star)], [TODAY - timedelta(days=40), YESTERDAY])
    daily.first_scores(ada.person_id)
    newest = Score.objects.filter(person_id=star.person_id).latest("day")
    classes = set(PairDay.objects.filter(account_id=ada.pk).values_list("trust_class", flat=True))
    assert classes == {newest.trust_class}
    assert newest.trust_class > 3


def test_running_it_again_changes_nothing() -> None:
    ada = steady("Ada")
    daily.first_scores(ada.person_id)
    before = world.everything()
    daily.first_scores(ada.person_id)
    assert world.everything() == before


def test_the_daily_run_goes_on_from_the_first_scores() -> None:
    ada = steady("Ada")
    daily.first_scores(ada.person_id)
    first = world.value(ada, TODAY)
    world.fetched(ada, TODAY)
    with time_machine.travel(datetime(2026, 3, 2, 2, tzinfo=UTC), tick=False):
        daily.score_day(TODAY)
    assert world.value(ada, TODAY) == pytest.approx(first, abs=0.5)
    assert Score.objects.filter(person_id=ada.person_id, day=TODAY).count() == 1


def test_days_that_were_scored_without_the_person_get_theirs() -> None:
    steady("Bo")
    daily.backfill(TODAY - timedelta(days=20), YESTERDAY)
    runs = list(ScoreRun.objects.values())
    ada = steady("Ada")
    assert queries.latest_score(ada.person_id) is None
    daily.first_scores(ada.person_id)
    assert world.value(ada, YESTERDAY) == pytest.approx(world.value(ada, TODAY), abs=0.5)
    assert list(ScoreRun.objects.values()) == runs


def test_a_person_without_a_synced_account_gets_nothing() -> None:
    person = world.person("Ada")
    assert daily.first_scores(person.pk).people_count == 0
    assert not Score.objects.exists()

"""Goals: in kind words, on the chart, and noted once when a day has reached them."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from dashboard import tasks
from dashboard.trend.goals import aim_of, goals_of
from dashboard.trend.reached import note_reached_goals
from klout.schedule import BEAT_SCHEDULE
from people import goals
from people.models import Goal, Person
from scoring.marks import GoalMark
from scoring.models import ScoreRun
from tests.conftest import TODAY
from tests.dashboard.scored import at_noon
from tests.dashboard.trend.test_my_score import month, page, with_scores
from tests.scoring import world

UNTIL = TODAY + timedelta(days=30)


def mark(**given: Any) -> GoalMark:
    values: dict[str, Any] = {
        "goal_id": 1,
        "target": 55,
        "until": UNTIL,
        "created_on": TODAY - timedelta(days=10),
        "start_value": 50.0,
        "reached_on": None,
        "reached_value": None,
    }
    return GoalMark(**(values | given))


def words(goal: GoalMark, now: float = 52.0) -> tuple[str, str, float | None]:
    found = goals_of([goal], now, TODAY)
    card = found.current or found.reached[0]
    return card.state, card.sentence, card.share


def test_a_goal_is_told_with_its_way_and_the_days_that_are_left() -> None:
    assert words(mark()) == (
        "open",
        "From 50.0 when you set it to 52.0 now: 2.0 points done, 3.0 to go. 30 days are left.",
        0.4,
    )
    assert words(mark(), 48.0)[1] == "You are at 48.0 now: 7.0 points to go. 30 days are left."
    assert words(mark(), 48.0)[2] == 0.0
    assert words(mark(start_value=None))[2] is None
    assert "1 day is left." in words(mark(until=TODAY + timedelta(days=1)))[1]
    assert "Today is the day." in words(mark(until=TODAY))[1]


def test_a_day_that_has_passed_and_a_goal_that_is_reached_are_told_kindly() -> None:
    state, sentence, _ = words(mark(until=TODAY - timedelta(days=1)))
    assert (state, "A score takes its time" in sentence) == ("over", True)
    reached = mark(reached_on=TODAY, reached_value=55.2)
    assert words(reached) == (
        "reached",
        "You reached 55 on 1 March 2026, 30 days before you had to. Well done!",
        None,
    )
    assert "just in time" in words(mark(reached_on=UNTIL, reached_value=55.2))[1]


def test_the_form_offers_something_that_it_takes() -> None:
    offered = goals_of([], 98.7, TODAY)
    assert offered.target == 100
    assert offered.least_until <= offered.until <= offered.most_until
    over = goals_of([mark(until=TODAY - timedelta(days=90))], 52.0, TODAY)
    assert over.until > TODAY


def test_only_an_open_goal_of_days_to_come_is_drawn() -> None:
    aim = aim_of([mark()], TODAY - timedelta(days=90), TODAY)
    assert aim is not None
    assert (aim.target, aim.until, aim.words) == (55, UNTIL, "Goal: 55 by 31 March 2026")
    assert aim_of([mark(until=TODAY - timedelta(days=1))], TODAY, TODAY) is None
    assert aim_of([mark(reached_on=TODAY, reached_value=55.2)], TODAY, TODAY) is None
    assert aim_of([], TODAY, TODAY) is None


@pytest.mark.django_db
def test_a_goal_is_set_drawn_changed_and_deleted(alice: Person, alice_client: Client) -> None:
    with_scores(alice, month(50.0))
    with at_noon():
        for wrong, answer in (
            ({"target": "50", "until": UNTIL.isoformat()}, "You are there already, at 50"),
            ({"target": "101", "until": UNTIL.isoformat()}, "whole number from 1 to 100"),
            ({"target": "x", "until": UNTIL.isoformat()}, "whole number from 1 to 100"),
            ({"target": "60", "until": TODAY.isoformat()}, "within the next two years"),
            ({"target": "60", "until": "9999-12-31"}, "within the next two years"),
            ({"target": "60", "until": "soon"}, "choose the day"),
        ):
            alice_client.post("/score/goal/", wrong)
            assert answer in page(alice_client, "/score/")
        assert not Goal.objects.exists()
        given = {"target": "60", "until": UNTIL.isoformat()}
        saved = alice_client.post("/score/goal/", given)
        assert saved.headers["Location"] == "/score/#goal"
        alice_client.post("/score/goal/", given)
    goal = Goal.objects.get()
    assert goal.start_value == 50.0
    text = page(alice_client, "/score/?range=30")
    assert "60 by 31 March 2026" in text
    assert 'class="aim" d="M' in text
    # A range of days gone by does not lead to it.
    assert 'class="aim" d="M' not in page(alice_client, "/score/?range=7&to=2026-02-10")
    with at_noon():
        alice_client.post("/score/goal/", {"target": "70", "until": UNTIL.isoformat()})
        assert Goal.objects.get().target == 70
        alice_client.post(f"/score/goal/{Goal.objects.get().pk}/delete/")
        assert alice_client.get("/score/goal/").status_code == 405
    assert not Goal.objects.exists()


@pytest.mark.django_db
def test_finished_days_note_a_goal_once_and_only_within_its_time(
    alice: Person, bob: Person, charlie: Person
) -> None:
    def goal_of(person: Person, target: int, created: date, until: date) -> Goal:
        made = goals.set_goal(person, target=target, until=until, start_value=30.0)
        Goal.objects.filter(pk=made.pk).update(created_at=world.at(created))
        return made

    before = TODAY - timedelta(days=5)
    with_scores(alice, month(54.4) | {TODAY - timedelta(days=2): 54.6, TODAY: 60.0})
    with_scores(bob, month(80.0) | {TODAY - timedelta(days=1): 30.0, TODAY: 30.0})
    with_scores(charlie, month(54.4))
    reached = goal_of(alice, 55, before, UNTIL)
    # What was above before the goal was set, or comes after its day, is not it.
    early = goal_of(bob, 70, TODAY - timedelta(days=1), UNTIL)
    never = goal_of(charlie, 55, before, TODAY - timedelta(days=1))
    assert note_reached_goals() == 0
    ScoreRun.objects.create(day=TODAY - timedelta(days=1), model_version="2026.11", status="done")
    tasks.note_reached_goals()
    reached.refresh_from_db()
    assert (reached.reached_on, reached.reached_value) == (TODAY - timedelta(days=2), 54.6)
    assert note_reached_goals() == 0
    ScoreRun.objects.create(day=TODAY, model_version="2026.11", status="done")
    assert note_reached_goals() == 0
    for goal in (early, never):
        goal.refresh_from_db()
        assert goal.reached_on is None
        assert goal.checked_on is not None
    assert "note-reached-goals" in BEAT_SCHEDULE


@pytest.mark.django_db
def test_a_reached_goal_is_on_the_page_and_a_next_one_can_be_set(
    alice: Person, alice_client: Client
) -> None:
    with_scores(alice, month(60.0))
    Goal.objects.create(
        person=alice,
        target=55,
        until=UNTIL,
        created_at=world.at(TODAY - timedelta(days=20)),
        reached_on=TODAY - timedelta(days=3),
        reached_value=60.0,
    )
    text = page(alice_client, "/score/?range=30")
    assert "You reached 55 on 26 February 2026, 33 days before you had to. Well done!" in text
    assert "Goal of 55 reached" in text
    assert "Set the goal" in text

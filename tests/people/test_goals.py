"""Goals and notes as rows: one open goal, no note twice, and limits that hold."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from people import goals, notes
from people.models import Goal, Note, Person

pytestmark = pytest.mark.django_db
UNTIL = date(2026, 6, 1)


def reached(person: Person, count: int) -> None:
    """Give somebody so many reached goals."""
    Goal.objects.bulk_create(
        Goal(person=person, target=40, until=UNTIL, reached_on=UNTIL, reached_value=41.0)
        for _ in range(count)
    )


def test_setting_a_goal_again_changes_the_open_one_and_keeps_the_reached(alice: Person) -> None:
    reached(alice, goals.MOST_KEPT + 3)
    first = goals.set_goal(alice, target=55, until=UNTIL, start_value=50.0)
    again = goals.set_goal(alice, target=55, until=UNTIL, start_value=52.0)
    assert again == first
    assert again.start_value == 50.0
    changed = goals.set_goal(alice, target=60, until=UNTIL, start_value=52.0)
    assert goals.open_goal(alice) == changed
    assert Goal.objects.filter(person=alice, reached_on__isnull=True).count() == 1
    assert Goal.objects.filter(person=alice, reached_on__isnull=False).count() == goals.MOST_KEPT


def test_nobody_deletes_the_goal_of_somebody_else(alice: Person, charlie: Person) -> None:
    goal = goals.set_goal(alice, target=55, until=UNTIL, start_value=None)
    assert goals.delete_goals(charlie, [goal.pk]) == 0
    assert goals.delete_goals(alice, [goal.pk]) == 1
    assert goals.open_goal(alice) is None


@pytest.mark.parametrize(
    "values",
    [
        {"target": 0},
        {"target": 101},
        {"start_value": float("nan")},
        {"start_value": 0.5},
        {"reached_on": UNTIL},
        {"reached_on": date(2026, 6, 2), "reached_value": 56.0},
        {"reached_value": 56.0},
    ],
)
def test_the_database_refuses_a_goal_that_makes_no_sense(
    alice: Person, values: dict[str, object]
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Goal.objects.create(**{"person": alice, "target": 55, "until": UNTIL} | values)


def test_a_person_has_one_open_goal_whoever_writes_it(alice: Person) -> None:
    Goal.objects.create(person=alice, target=55, until=UNTIL)
    with pytest.raises(IntegrityError), transaction.atomic():
        Goal.objects.create(person=alice, target=56, until=UNTIL)


def test_the_same_note_twice_is_one_and_there_is_a_most(alice: Person, charlie: Person) -> None:
    note = notes.add_note(alice, UNTIL, "A talk in Oslo")
    assert notes.add_note(alice, UNTIL, "A talk in Oslo") == note
    Note.objects.bulk_create(
        Note(person=alice, day=UNTIL, text=f"number {n}") for n in range(notes.MOST_NOTES - 1)
    )
    with pytest.raises(notes.TooMany):
        notes.add_note(alice, UNTIL, "one more")
    assert notes.add_note(charlie, UNTIL, "one more").person == charlie


def test_a_note_that_becomes_another_note_is_one(alice: Person, charlie: Person) -> None:
    note = notes.add_note(alice, UNTIL, "A talk in Oslo")
    other = notes.add_note(alice, UNTIL, "A talk")
    assert notes.own_note(charlie, note.pk) is None
    assert notes.own_note(alice, other.pk) == other
    notes.change_note(other, UNTIL, "A talk in Oslo")
    assert list(Note.objects.filter(person=alice)) == [other]
    notes.delete_note(other)
    assert notes.own_note(alice, other.pk) is None


def test_no_note_is_empty(alice: Person) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Note.objects.create(person=alice, day=UNTIL, text="")

"""Goals that people set themselves: a score by a day."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from people.models import Goal, Person

# Reached goals that are kept; the oldest go.
MOST_KEPT = 20


def set_goal(person: Person, *, target: int, until: date, start_value: float | None) -> Goal:
    """Return the person's open goal, made new or changed to this; the progress starts anew.

    A second click does the same again.
    """
    with transaction.atomic():
        # Two requests at once wait for each other here.
        Person.objects.select_for_update().get(pk=person.pk)
        unchanged = Goal.objects.filter(
            person=person, reached_on__isnull=True, target=target, until=until
        ).first()
        if unchanged is not None:
            return unchanged
        Goal.objects.filter(person=person, reached_on__isnull=True).delete()
        kept = Goal.objects.filter(person=person).order_by("-created_at", "-pk")
        Goal.objects.filter(pk__in=list(kept.values_list("pk", flat=True)[MOST_KEPT:])).delete()
        return Goal.objects.create(
            person=person, target=target, until=until, start_value=start_value
        )


def delete_goals(person: Person, goal_ids: Iterable[int]) -> int:
    """Delete those of the goals that are the person's; return how many."""
    return Goal.objects.filter(person=person, pk__in=list(goal_ids)).delete()[0]


def open_goal(person: Person) -> Goal | None:
    """Return the goal that the person is working towards, None without one. One query."""
    return Goal.objects.filter(person=person, reached_on__isnull=True).first()

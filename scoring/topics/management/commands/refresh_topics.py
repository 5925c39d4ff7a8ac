"""Find people's topics now, as the schedule does every ten minutes."""

from typing import Any

from django.core.management.base import BaseCommand

from scoring.topics import daily


class Command(BaseCommand):
    help = (
        "Find the topics of people who are due, and of everybody if a day was scored since the "
        "last round. Killed, it goes on where it was."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        done = daily.refresh()
        self.stdout.write(
            f"{done.due_people} people beside the round; "
            + (f"{done.round_people} after {done.round_day}." if done.round_day else "no round.")
        )

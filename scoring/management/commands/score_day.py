"""Score one closed day for everybody."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from scoring import daily


class Command(BaseCommand):
    help = (
        "Score one closed day (UTC) for everybody. Running it twice changes nothing. "
        "Exit code 1: the day has not ended, or another scoring is under way (--no-wait)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("day", type=date.fromisoformat, help="the day, as 2026-01-31")
        parser.add_argument(
            "--no-wait", action="store_true", help="fail where another scoring is under way"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            outcome = daily.score_day(options["day"], wait=not options["no_wait"])
        except (daily.OpenDay, daily.Busy) as error:
            raise CommandError(str(error)) from None
        self.stdout.write(
            f"{options['day']}: {outcome.people_count} people scored from "
            f"{outcome.interactions_count} reactions of the day"
        )
        if outcome.missing_accounts_count:
            self.stdout.write(
                f"{outcome.missing_accounts_count} accounts were not fetched for that day; "
                "their reactions are carried at the last known value"
            )

"""Score closed days again."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from scoring import daily
from scoring.progress import ProgressLine


class Command(BaseCommand):
    help = (
        "Score the closed days (UTC) from FIRST to LAST again. Reactions that were seen too late "
        "go back to the day on which they happened first. Exit code 1: wrong or open days."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("first", type=date.fromisoformat, help="as 2026-01-01")
        parser.add_argument("last", type=date.fromisoformat, help="as 2026-01-31")

    def handle(self, *args: Any, **options: Any) -> None:
        line = ProgressLine(self.stdout, "days")
        try:
            outcome = daily.recompute(options["first"], options["last"], line.tell)
        except ValueError as error:
            raise CommandError(str(error)) from None
        line.end()
        self.stdout.write(
            f"{options['first']} to {options['last']}: {outcome.people_count} people scored again"
        )

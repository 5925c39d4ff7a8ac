"""Score a range of closed days that are not scored yet."""

from datetime import date, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from scoring import daily
from scoring.progress import ProgressLine


class Command(BaseCommand):
    help = (
        "Score the closed days (UTC) from FIRST to LAST that are not done, and those after such "
        "a day. A killed run goes on where it was. Exit code 1: wrong or open days."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("first", nargs="?", type=date.fromisoformat, help="as 2026-01-01")
        parser.add_argument("last", nargs="?", type=date.fromisoformat, help="as 2026-01-31")
        parser.add_argument("--days", type=int, help="instead: the last so many closed days")

    def handle(self, *args: Any, **options: Any) -> None:
        first, last = options["first"], options["last"]
        if options["days"] is not None:
            if first is not None or options["days"] < 1:
                raise CommandError("Give FIRST and LAST, or --days with a number above 0.")
            last = timezone.now().date() - timedelta(days=1)
            first = last - timedelta(days=options["days"] - 1)
        if first is None or last is None:
            raise CommandError("Give FIRST and LAST, or --days.")
        line = ProgressLine(self.stdout, "days")
        try:
            outcome = daily.backfill(first, last, line.tell)
        except ValueError as error:
            raise CommandError(str(error)) from None
        line.end()
        if not line.told:
            self.stdout.write("All days of the range are scored already.")
            return
        self.stdout.write(f"{first} to {last}: {outcome.people_count} people scored")

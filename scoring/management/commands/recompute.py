"""Score closed days again."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from scoring import daily
from scoring.progress import ProgressLine


class Command(BaseCommand):
    help = (
        "Score the closed days (UTC) from FIRST to LAST again. Reactions that were seen too late "
        "go back to the day on which they happened first. With --model-version: under that "
        "version, from the stored pair rows, beside what is shown. Exit code 1: wrong, open or "
        "unscored days."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("first", type=date.fromisoformat, help="as 2026-01-01")
        parser.add_argument("last", type=date.fromisoformat, help="as 2026-01-31")
        parser.add_argument("--model-version", help="a version of the model, as 2026.12")

    def handle(self, *args: Any, **options: Any) -> None:
        line = ProgressLine(self.stdout, "days")
        try:
            if options["model_version"]:
                outcome = daily.recompute_under(
                    options["model_version"], options["first"], options["last"], line.tell
                )
            else:
                outcome = daily.recompute(options["first"], options["last"], line.tell)
        except ValueError as error:
            raise CommandError(str(error)) from None
        line.end()
        self.stdout.write(
            f"{options['first']} to {options['last']}: {outcome.people_count} people scored again"
        )

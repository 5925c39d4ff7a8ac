"""Show another version of the model from a day on."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from scoring import publishing
from scoring.moved import Moved


class Command(BaseCommand):
    help = (
        "Show VERSION from a day on that has not been scored. On that day both versions are "
        "computed; the days before keep theirs. Needs a preview_version of the same digest. "
        "Cannot be taken back: to return to earlier numbers, give them a new version. "
        "Exit code 1: refused, with the reason."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("version", help="as 2026.12")
        parser.add_argument(
            "--from",
            dest="day",
            type=date.fromisoformat,
            required=True,
            help="first day (UTC) on which it is shown, as 2026-12-31",
        )
        parser.add_argument("--note", required=True, help="what changes, in plain English")
        parser.add_argument("--note-nb", required=True, help="the same in Norwegian bokmål")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            row = publishing.publish(
                options["version"], options["day"], options["note"], options["note_nb"]
            )
        except ValueError as error:
            raise CommandError(str(error)) from None
        moved = Moved.from_json(row.preview)
        self.stdout.write(
            f"Version {row.version} is shown from {row.published_from} on, digest {row.digest}. "
            f"In the preview it moved {moved.over_1_count} of {moved.people_count} people by more "
            "than a point."
        )

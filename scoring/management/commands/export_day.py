"""Write one day's interactions as a Parquet file."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from scoring import parquet


class Command(BaseCommand):
    help = (
        "Write the interactions of a day (UTC) as a Parquet file below VAR_DIR, for a roll-up "
        "on another machine. Running it again writes the file anew."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("day", type=date.fromisoformat, help="the day, as 2026-01-31")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = parquet.export_day(options["day"])
        self.stdout.write(f"{options['day']}: {rows} interactions")

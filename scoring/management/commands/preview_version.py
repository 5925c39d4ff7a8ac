"""Score a day under another version of the model, and tell whom it would move."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from scoring import daily, previews
from scoring.moved import Moved


class Command(BaseCommand):
    help = (
        "Score the last scored day, or DAY, under VERSION as if it began on it, beside the version "
        "that is shown, from the stored pair rows. No score changes. Tells how many people move by "
        "how much, and the ids of those who move most; publish_version needs it. "
        "Exit code 1: no such version, a day without scores, or days are being scored."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("version", help="as 2026.12")
        parser.add_argument("--day", type=date.fromisoformat, help="a scored day, as 2026-01-31")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = previews.preview(options["version"], options["day"])
        except (ValueError, daily.Busy) as error:
            raise CommandError(str(error)) from None
        moved = found.moved
        self.stdout.write(
            f"Version {found.version} beside {moved.compared_with} on {moved.day}, "
            f"digest {found.digest}"
        )
        self._tell(moved)
        for row in found.movers:
            self.stdout.write(
                f"  person {row.person_id}: {row.before:.2f} -> {row.after:.2f} "
                f"({row.after - row.before:+.2f})"
            )
        if not found.stored:
            self.stdout.write("Not kept: the version is published, with the preview it had.")

    def _tell(self, moved: Moved) -> None:
        self.stdout.write(
            f"{moved.people_count} people with a score under both, {moved.one_only_count} under "
            f"one only.\nMoved by more than 1 point: {moved.over_1_count}; 3: "
            f"{moved.over_3_count}; 5: {moved.over_5_count}. Mean {moved.mean_points:+.2f}, "
            f"largest {moved.largest_up:+.2f} and {moved.largest_down:+.2f}."
        )
        if moved.rank_correlation is not None:
            self.stdout.write(f"Rank correlation {moved.rank_correlation:.4f}.")
        if moved.held_back_count:
            self.stdout.write(
                f"{moved.held_back_count} rise by the daily limit, and on over the next days."
            )
        if moved.changed_since_count:
            self.stdout.write(
                f"{moved.changed_since_count} stored scores come out otherwise today, whatever the "
                "version: rows came in since, or a discount was lifted."
            )
        self.stdout.write("score     people   up > 1   down > 1    mean")
        for row in moved.ranges:
            self.stdout.write(
                f"{row.lowest:>3}–{min(row.lowest + 10, 100):<3} {row.people_count:>8} "
                f"{row.up_count:>8} {row.down_count:>10} {row.mean_points:>+7.2f}"
            )

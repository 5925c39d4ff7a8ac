"""Plan and send the letters that are due, without a worker."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from dashboard.digest import planning, sending
from people.models import Letter, LetterPlan


class Command(BaseCommand):
    help = (
        "Write and send the digests, reminders and news that are due now, as the schedule does. "
        "--dry-run counts them and sends nothing. Letters that a killed worker may or may "
        "not have sent are counted too; they are never sent again by themselves."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="count, send nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        unknown = Letter.objects.filter(state=Letter.State.SENDING).count()
        if options["dry_run"]:
            due = LetterPlan.objects.filter(next_at__lte=now).count()
            waiting = Letter.objects.filter(state=Letter.State.WAITING).count()
            self.stdout.write(f"{due} digests due, {waiting} letters waiting, {unknown} unknown")
            return
        planning.plan_reminders(now)
        planning.plan_news(now)
        planned = planning.plan_digests(now)
        sent = sum(sending.send_letters(ids) for ids in planning.hand_out(now))
        self.stdout.write(f"{planned} digests planned, {sent} letters sent, {unknown} unknown")

"""manage.py tell_operators: the morning's e-mails about what waits, without a worker."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from people.duty import letters
from people.duty.queues import queues, waiting_in


class Command(BaseCommand):
    help = (
        "Write to the operators whose morning it is and for whom something waits, once a day each, "
        "as the schedule does. --now: whatever the hour. --dry-run counts and sends nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--now", action="store_true", help="do not wait for the morning")
        parser.add_argument("--dry-run", action="store_true", help="tell what waits, send nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        if options["dry_run"]:
            for queue in queues():
                found = waiting_in(queue)
                since = f", since {found.oldest:%Y-%m-%d}" if found else ""
                self.stdout.write(f"{queue.name}: {found.count if found else 0}{since}")
            return
        planned = letters.plan(now, at_once=options["now"])
        self.stdout.write(f"{planned} letters planned, {letters.send_due(now)} sent")

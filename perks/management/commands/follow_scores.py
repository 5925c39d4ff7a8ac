"""manage.py follow_scores: take up the newest scored day for perks, as the schedule does."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from perks import notices


class Command(BaseCommand):
    help = "Write who qualifies for perks by the newest scored day, and note whom to tell."

    def handle(self, *args: Any, **options: Any) -> None:
        count = notices.follow(timezone.now())
        self.stdout.write("Nothing new." if count is None else f"{count} notices to be sent.")

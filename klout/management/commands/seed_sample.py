"""`manage.py seed_sample`: fill a trial installation from the sample network."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from connectors.errors import ConnectorError
from klout import seeding


class Command(BaseCommand):
    """Links, syncs and scores the sample network; can be run again at any time."""

    help = (
        "Make the trial log-in, and sync and score everybody of the sample network. Goes on where "
        "an earlier run was stopped; exit code 1 where the sample network did not answer."
    )
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.SAMPLE_NETWORK:
            raise CommandError("The sample network is not offered here (SAMPLE_NETWORK=0).")
        if not settings.DEMO_PASSWORD:
            raise CommandError("DEMO_PASSWORD must be set; `manage.py up` makes one.")
        try:
            seeding.seed(self.stdout.write, password=settings.DEMO_PASSWORD)
        except (seeding.SeedingFailed, ConnectorError) as error:
            raise CommandError(str(error), returncode=1) from None

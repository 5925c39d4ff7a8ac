"""One run of `manage.py evaluate --gaming`, on the database and servers of the environment."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from klout.gaming.database import PREFIX
from klout.gaming.world import Job, play


class Command(BaseCommand):
    help = (
        "For `evaluate --gaming` itself: sync and score a world of attacks, told on standard "
        "input, in a database that was made for it."
    )
    requires_system_checks: tuple[str, ...] = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--into", type=Path, required=True, help="file of what came of it")

    def handle(self, *args: Any, **options: Any) -> None:
        if not str(connection.settings_dict["NAME"]).startswith(PREFIX):
            raise CommandError("This fills a database of its own only: see evaluate --gaming.")
        play(Job.from_json(sys.stdin.read()), options["into"])

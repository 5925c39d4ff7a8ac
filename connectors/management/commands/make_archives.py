"""Write archives of an invented person, one of each format that can be imported."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from connectors.archives.making import make_all


class Command(BaseCommand):
    help = "Write archives of an invented person into a folder, to try `import_archive` with."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="made where it is missing")
        parser.add_argument("--seed", type=int, default=7, help="another seed, another person")

    def handle(self, *args: Any, folder: Path, seed: int, **options: Any) -> None:
        for path in make_all(folder, seed):
            self.stdout.write(str(path))

"""Write docs/signals.md from the catalogue, or say whether it is up to date."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from scoring.signals import CATALOGUE
from scoring.signals_page import page as signals_page


class Command(BaseCommand):
    help = "Write docs/signals.md from the catalogue of signals (scoring/signals/)."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="write nothing; fail if the page is out of date"
        )

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        path = Path(settings.BASE_DIR) / "docs" / "signals.md"
        page = signals_page()
        if check:
            if not path.exists() or path.read_text(encoding="utf-8") != page:
                raise CommandError("docs/signals.md is out of date: run manage.py signals_doc")
            self.stdout.write("docs/signals.md is up to date.")
            return
        path.write_text(page, encoding="utf-8")
        self.stdout.write(f"Wrote {path.name}: {len(CATALOGUE)} signals.")

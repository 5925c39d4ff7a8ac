"""Write docs/networks.md from what the connectors declare, or say whether it is up to date."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from connectors import registry
from connectors.networks_page import page


class Command(BaseCommand):
    help = "Write docs/networks.md from the row of each network."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="write nothing; fail if the page is out of date"
        )

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        path = Path(settings.BASE_DIR) / "docs" / "networks.md"
        networks = registry.networks()
        text = page(networks)
        if check:
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                raise CommandError("docs/networks.md is out of date: run manage.py networks_doc")
            self.stdout.write("docs/networks.md is up to date.")
            return
        path.write_text(text, encoding="utf-8")
        self.stdout.write(f"Wrote {path.name}: {len(networks)} networks.")

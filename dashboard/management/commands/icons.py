"""Write the icons of the installed site into static/img."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from dashboard.installing.icons import ICONS, icon


class Command(BaseCommand):
    help = "Draw the icons of the installed site from the logo into static/img."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        for name in ICONS:
            (Path(settings.BASE_DIR) / "static/img" / name).write_bytes(icon(name))
        self.stdout.write(f"{len(ICONS)} icons")

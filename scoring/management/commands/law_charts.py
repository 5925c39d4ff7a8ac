"""`manage.py law_charts`: draw the laws' scenarios into static/img/laws."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from scoring.drawing import chart
from scoring.laws import SCENARIOS, Scenario


class Command(BaseCommand):
    help = (
        "Play the scenarios of the laws through the roll-up and the walk, without a database, and "
        "draw one chart each into static/img/laws. Exit code 1 with --check where a chart differs."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        names = [scenario.name for scenario in SCENARIOS]
        parser.add_argument("--only", choices=names, help="this scenario, not all")
        parser.add_argument("--check", action="store_true", help="change nothing, only tell")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(settings.BASE_DIR) / "static" / "img" / "laws"
        folder.mkdir(exist_ok=True)
        other = []
        wanted = [one for one in SCENARIOS if options["only"] in (None, one.name)]
        for scenario in wanted:
            path = folder / file_name(scenario)
            drawn = chart(title(scenario), scenario.play(), scenario.across)
            if path.exists() and path.read_text(encoding="utf-8") == drawn:
                continue
            other.append(path.name)
            if not options["check"]:
                path.write_text(drawn, encoding="utf-8")
        if options["check"] and other:
            raise CommandError(f"Not as drawn: {', '.join(other)}.", returncode=1)
        self.stdout.write(f"{len(wanted)} charts, {len(other)} new or changed.")


def file_name(scenario: Scenario) -> str:
    """Return the name of a scenario's chart in static/img/laws."""
    return f"{scenario.law:02}-{scenario.name.replace('_', '-')}.svg"


def title(scenario: Scenario) -> str:
    """Return what stands over a scenario's chart."""
    return f"Law {scenario.law}: {scenario.title}"

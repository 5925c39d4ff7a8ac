"""What attacks on the score gain: `manage.py evaluate --gaming`, which hands its options on."""

import json
import signal
import sys
from argparse import ArgumentParser
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from klout.gaming.run import FULL, QUICK, GamingFailed, Measured, run
from scoring.core.params import CURRENT
from scoring.gaming import report
from scoring.gaming.measures import OURS

BEGIN, END = "<!-- gaming: begin -->", "<!-- gaming: end -->"


class Command(BaseCommand):
    help = (
        "Play attacks on the score through HTTP, sync, roll-up and score, and print what each "
        "gained, here and by other measures. Starts its own servers and makes databases of its own."
    )
    requires_system_checks: tuple[str, ...] = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        add = parser.add_argument
        add("--quick", action="store_true", help="fewer people, days and levels")
        add("--seed", type=int, default=7, help="of the sample network (7)")
        add("--json", type=Path, help="write the rows to a file too")
        add("--write", action="store_true", help="put the table into docs/evaluation.md too")

    def handle(self, *args: Any, **options: Any) -> None:
        # Like Ctrl-C: servers end and databases go.
        signal.signal(signal.SIGTERM, _stop)
        size = QUICK if options["quick"] else FULL
        try:
            found = run(size, seed=options["seed"], now=timezone.now(), say=self._say)
        except GamingFailed as error:
            raise CommandError(str(error)) from None
        if options["json"]:
            options["json"].write_text(_json(found), encoding="utf-8")
        if options["write"]:
            _write(found)
        self.stdout.write(report.plain(found.gains))
        self.stdout.write(_summary(found))
        if found.calm_moved >= report.CALM_POINTS:
            raise CommandError(
                f"Somebody whom nobody attacks moved by {found.calm_moved:.2f} points: the "
                "attacks touch one another, and the gains are not those of single attacks."
            )

    def _say(self, line: str) -> None:
        self.stderr.write(line)


def _stop(number: int, frame: FrameType | None) -> None:
    sys.exit(1)


def _summary(found: Measured) -> str:
    missed = [
        f"{gain.attacked.title} ({gain.attacked.level}): {gain.largest[OURS]:.2f}"
        for gain in found.gains
        if gain.is_met is False
    ]
    laws = "All laws are met." if not missed else "Missed: " + "; ".join(missed) + "."
    return (
        f"{laws}\n{found.calm_count} people whom nobody attacks moved by at most "
        f"{found.calm_moved:.3f} points between the runs."
    )


def _json(found: Measured) -> str:
    answer = {
        "model_version": CURRENT.version,
        "first_day": found.first.isoformat(),
        "last_day": found.last.isoformat(),
        "bystanders": {"count": found.calm_count, "largest_move": found.calm_moved},
        "rows": [gain.as_dict() for gain in found.gains],
    }
    return json.dumps(answer, ensure_ascii=False, indent=2)


def _write(found: Measured) -> None:
    path = Path(settings.BASE_DIR) / "docs" / "evaluation.md"
    before, rest = path.read_text(encoding="utf-8").split(BEGIN)
    after = rest.split(END)[1]
    told = (
        f"Measured on {timezone.now().date().isoformat()}, version {CURRENT.version}.\n\n"
        f"{report.markdown(found.gains)}\n\n{_summary(found)}"
    )
    path.write_text(f"{before}{BEGIN}\n{told}\n{END}{after}", encoding="utf-8")

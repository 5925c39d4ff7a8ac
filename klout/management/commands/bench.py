"""Measure the speed of storing, syncing, rolling up, scoring and writing, as ratios."""

import shutil
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from klout.bench import page
from klout.bench.measure import Result

MILLION = 1_000_000
PAGE = Path("docs") / "benchmarks.md"
# Each runs in a process of its own, so that memory and settings of one do not reach another.
PARTS = (
    "roll-up",
    "scores",
    "history",
    "storing",
    "syncing",
    "searching",
    "topics",
    "engines",
    "perks",
    "pages",
)
MARK = "RESULT "


class Command(BaseCommand):
    help = (
        "Measure the speed of storing, syncing, rolling up, scoring, writing and searching by "
        "yardsticks, in turns. Starts a PostgreSQL of its own and needs nothing else, but Java "
        "and PySpark for the Spark row. On two quiet cores all of it takes about 25 minutes and "
        "10 GB of disk; --up-to 10 leaves out 100 million interactions, and takes about 17 minutes "
        "and 2 GB."
    )
    requires_system_checks: tuple[str, ...] = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--quick", action="store_true", help="small sizes: does it run at all")
        parser.add_argument(
            "--up-to",
            type=int,
            choices=(1, 10, 100),
            default=100,
            help="million interactions in the largest roll-up (100)",
        )
        parser.add_argument(
            "--accounts", type=int, default=1_000, help="accounts synced of Mastodon (1000)"
        )
        parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md")
        parser.add_argument("--only", choices=PARTS, action="append", help="these parts only")
        parser.add_argument("--no-spark", action="store_true", help="leave Spark out")
        parser.add_argument("--rounds", type=int, default=5, help="rounds of each pair (5)")
        parser.add_argument("--folder", type=Path, help="where the data goes, removed afterwards")
        parser.add_argument("--part", choices=PARTS, help="for the command itself: one part, here")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["part"]:
            for result in _measured(options["part"], options):
                self.stdout.write(MARK + result.to_json())
            return
        if options["write"] and (options["only"] or options["quick"]):
            raise CommandError("--write wants all parts at their full sizes.")
        results = []
        with tempfile.TemporaryDirectory(prefix="klout-bench-", dir=options["folder"]) as place:
            # PostgreSQL may run as another user, who must be able to pass.
            Path(place).chmod(0o711)
            for part in options["only"] or PARTS:
                self.stdout.write(f"{part} …")
                for result in _in_own_process(part, Path(place), options):
                    results.append(result)
                    self.stdout.write("  " + page.line(result), ending="")
        if options["write"]:
            text = page.page(results, page.machine())
            (settings.BASE_DIR / PAGE).write_text(text, encoding="utf-8")
            self.stdout.write(f"Written: {PAGE}")
        missed = [result.what for result in results if result.is_met is False]
        self.stdout.write("All goals are met." if not missed else f"Missed: {'; '.join(missed)}")


def _in_own_process(part: str, place: Path, options: dict[str, Any]) -> list[Result]:
    """Return the results of one part, measured by a process with a server of its own."""
    from klout.bench.server import own_server

    given = [f"--{name}" for name in ("quick", "no-spark") if options[name.replace("-", "_")]]
    given += ["--up-to", str(options["up_to"]), "--accounts", str(options["accounts"])]
    with own_server(place) as environment:
        done = subprocess.run(
            [
                *(sys.executable, str(settings.BASE_DIR / "manage.py"), "bench", "--part", part),
                *("--rounds", str(options["rounds"]), "--folder", str(place), *given),
            ],
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
    if done.returncode:
        raise CommandError(f"The part {part} failed:\n{done.stdout}")
    lines = [line for line in done.stdout.splitlines() if line.startswith(MARK)]
    return [Result.from_json(line.removeprefix(MARK)) for line in lines]


def _measured(part: str, options: dict[str, Any]) -> Iterator[Result]:
    """Yield the results of one part, on the database that the environment names."""
    from klout.bench import history, pages, rollup, searching, storing, topics, writing

    quick, rounds = options["quick"], 1 if options["quick"] else options["rounds"]
    place = Path(options["folder"])
    if part in ("scores", "storing", "syncing", "searching", "perks", "pages"):
        call_command("migrate", verbosity=0)
    match part:
        case "roll-up":
            unit = MILLION // 100 if quick else MILLION
            sizes = [unit * n for n in (1, 10, 100) if n <= (10 if quick else options["up_to"])]
            _need_disk(place, rollup.disk_needed_mib(sizes[-1]))
            yield from rollup.at_every_size(place, sizes, rounds)
        case "engines":
            rows = MILLION // 100 if quick else MILLION
            spark = not options["no_spark"]
            yield from rollup.engines(place, rows, rounds, with_spark=spark)
        case "scores":
            people = MILLION // 50 if quick else MILLION
            _need_disk(place, writing.disk_needed_mib(people))
            yield from writing.scored_and_written(place, people, min(rounds, 3))
        case "searching":
            people = MILLION // 100 if quick else MILLION
            _need_disk(place, searching.disk_needed_mib(people))
            call_command("collectstatic", interactive=False, verbosity=0)
            yield from searching.one_million(people)
        case "pages":
            # Addresses of static files are looked up in what was collected, as in production.
            call_command("collectstatic", interactive=False, verbosity=0)
            yield from pages.against_a_bare_view(rounds, 3 if quick else pages.REQUESTS)
        case "syncing":
            from klout.bench import syncing
            from klout.bench.server import own_broker

            most = 4 if quick else options["accounts"]
            with own_broker(place) as broker_url:
                near = 2 if quick else syncing.NEAR_MILLISECONDS
                yield from syncing.against_http_alone(broker_url, most, rounds, near)
        case "history":
            yield from history.ten_times_longer(20 if quick else history.ACCOUNTS, rounds)
        case "topics":
            yield from topics.matching(2_000 if quick else 100_000, rounds)
        case "perks":
            from klout.bench import perks

            yield from perks.estimates(MILLION // 50 if quick else MILLION, rounds)
        case _:
            yield from storing.interactions(10_000 if quick else 200_000, rounds)


def _need_disk(place: Path, mib: int) -> None:
    """Raise a CommandError where the folder's disk has no room for so much."""
    if shutil.disk_usage(place).free >> 20 < mib:
        raise CommandError(f"This part needs {mib:,} MiB of disk; name another by --folder.")

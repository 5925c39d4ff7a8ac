"""`manage.py up`: everything on one machine, with a sample network to try it on."""

import logging
import os
import re
import sys
import time
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from klout.local import DEMO_EMAIL, Machine, Options, whose
from klout.services.binaries import MissingProgram
from klout.services.broker import BrokerFailed
from klout.services.http import port_is_free
from klout.services.lock import AlreadyRunning, Lock
from klout.services.pids import end_leftovers
from klout.services.postgres import PostgresFailed
from klout.services.privileges import CannotDropRoot
from klout.services.supervisor import Failed, Stopped, Supervisor

FAILED, ALREADY_RUNNING, PORT_TAKEN = 1, 3, 4
# Words in a line of PostgreSQL or the broker that belong on the terminal too.
_ALARMING = re.compile(
    r"ERROR|FATAL(?!.*(is starting up|is shutting down|client lost|administrator))|PANIC|[Ee]rror"
)
_EPILOG = """\
exit codes:
  0  stopped by Ctrl-C (or SIGTERM), every process ended
  1  something could not be started; the text says what
  3  another `up` already uses this data folder
  4  a port is taken by another program

DATABASE_URL and REDIS_URL name servers to use instead of own ones; VAR_DIR is the data folder;
SAMPLE_PEOPLE, SAMPLE_DAYS and SAMPLE_SEED shape the sample network.
"""


class Command(BaseCommand):
    """Runs every part of the product as children of this process until Ctrl-C."""

    help = (
        "Bring up PostgreSQL, the broker, the tables, a worker, the schedule, the sample network "
        "and the pages on this machine; keep them running until Ctrl-C."
    )
    # The tables may not exist yet, and `migrate` checks the project.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.epilog = _EPILOG
        parser.add_argument("--port", type=_port, default=8000, help="port of the pages (8000)")
        parser.add_argument(
            "--sample-port", type=_port, default=8010, help="port of the sample network (8010)"
        )
        parser.add_argument(
            "--no-sample", action="store_true", help="neither start nor offer the sample network"
        )
        parser.add_argument(
            "--quiet", action="store_true", help="print the address and problems only"
        )

    def handle(self, *args: Any, **arguments: Any) -> None:
        options = Options(
            root=settings.BASE_DIR,
            var=Path(settings.VAR_DIR).resolve(),
            port=arguments["port"],
            sample_port=arguments["sample_port"],
            sample=not arguments["no_sample"] and settings.SAMPLE_NETWORK,
            sample_people=settings.SAMPLE_PEOPLE,
            sample_days=settings.SAMPLE_DAYS,
            sample_seed=settings.SAMPLE_SEED,
        )
        _make_data_folder(options.var)
        lines = Lines(options.var / "log", quiet=arguments["quiet"])
        try:
            with Lock(options.var / "up.lock") as lock:
                lock.tell(f"process {os.getpid()}, at {options.address}")
                self._run(options, lines)
        except AlreadyRunning as running:
            # Not a fault: the words stand alone, and the exit code tells scripts.
            self.stderr.write(
                f"klout is already running here ({running}); nothing was changed.\n"
                "For a second copy give it a VAR_DIR, a --port and a --sample-port of its own."
            )
            sys.exit(ALREADY_RUNNING)

    def _run(self, options: Options, lines: "Lines") -> None:
        supervisor = Supervisor(lines.say, options.var / "run")
        machine: Machine | None = None
        try:
            with supervisor.until_stopped():
                for name in end_leftovers(options.var / "run"):
                    lines.say("up", f"ended {name}, which a killed start had left")
                _refuse_taken_ports(options)
                machine = Machine(options, supervisor, lambda text: lines.say("up", text))
                machine.bring_up()
                lines.tell(_welcome(options, machine.environment["DEMO_PASSWORD"]))
                supervisor.watch()
        except Stopped:
            lines.tell(["Stopped; every process has ended. The data is kept."])
        except (Failed, PostgresFailed, BrokerFailed, MissingProgram, CannotDropRoot) as failure:
            raise CommandError(str(failure), returncode=FAILED) from None
        finally:
            if machine:
                machine.clean_up()


class Lines:
    """Lines of the services: to the terminal, and whole into var/log/up.log."""

    def __init__(self, folder: Path, *, quiet: bool) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._quiet = quiet
        self._begin = time.monotonic()
        self._log = logging.Logger("up")
        handler = RotatingFileHandler(folder / "up.log", maxBytes=5_000_000, backupCount=1)
        handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
        self._log.addHandler(handler)

    def say(self, name: str, text: str) -> None:
        """Pass a service's line on."""
        line = f"{time.monotonic() - self._begin:7.1f} {name:>8} | {text}"
        self._log.info(line)
        # The servers tell much that only their log needs.
        hidden = name in {"postgres", "broker"} and not _ALARMING.search(text)
        if text and not self._quiet and not hidden:
            _print(line)

    def tell(self, lines: list[str]) -> None:
        """Print lines for the person at the keyboard, also when quiet."""
        for line in lines:
            _print(line)


def _print(line: str) -> None:
    try:
        print(line, flush=True)
    except BrokenPipeError:
        # `up | head` went away: the services go on; a later line must not fail either.
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115


def _port(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 65_535:
        raise ValueError(text)
    return number


def _make_data_folder(var: Path) -> None:
    try:
        # Others may pass through (PostgreSQL may run as another user), and list nothing.
        var.mkdir(parents=True, exist_ok=True, mode=0o711)
        used_by_another = var.stat().st_uid != os.geteuid() and (
            os.geteuid() != 0 or (var / "up.lock").exists()
        )
    except OSError as error:
        raise CommandError(f"VAR_DIR {var} cannot be made: {error.strerror}.") from None
    if used_by_another or not os.access(var, os.W_OK | os.X_OK):
        raise CommandError(
            f"The data folder {var} belongs to {whose(var)}. Start as that user, or set VAR_DIR "
            "to a folder of your own."
        )


def _refuse_taken_ports(options: Options) -> None:
    wanted = {"--port": options.port}
    if options.sample:
        wanted["--sample-port"] = options.sample_port
    if len(set(wanted.values())) < len(wanted):
        raise CommandError("--port and --sample-port must differ.", returncode=PORT_TAKEN)
    for option, port in wanted.items():
        if not port_is_free(port):
            raise CommandError(
                f"Port {port} is taken by another program. Choose another with {option} NUMBER "
                f'(with make: `make run ARGS="{option} {port + 1}"`).',
                returncode=PORT_TAKEN,
            )


def _welcome(options: Options, password: str) -> list[str]:
    lines = ["", f"  The pages are at {options.address}/"]
    if options.sample:
        lines += [
            f"  Sign in as {DEMO_EMAIL} with the password {password}",
            f"  The sample network of invented people is at {options.sample_address}/",
            "  Its first scores take a minute or two; the pages tell how far they are.",
        ]
    return [*lines, "  Ctrl-C stops everything and keeps the data.", ""]

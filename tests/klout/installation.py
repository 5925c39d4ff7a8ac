"""A trial installation of its own, started and ended as a person at the keyboard would."""

import os
import pwd
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import psutil
import psycopg2

from klout.services import privileges
from klout.services.environment import read_variables
from klout.services.http import answers
from klout.services.process import tie_to_this_thread
from tests.workers import ROOT, wait_until

# What a test run's own environment names, and a person's does not.
_OURS = (
    *("DATABASE_URL", "REDIS_URL", "VAR_DIR", "DEBUG", "SAMPLE_NETWORK", "LOG_LEVEL"),
    *("DJANGO_SETTINGS_MODULE", "SITE_URL", "SAMPLE_NETWORK_URL", "LOCAL_ORIGINS"),
)


def free_port() -> int:
    """Return a loopback port that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def clean_environment(**changes: str) -> dict[str, str]:
    """Return the environment of somebody who has just cloned the project."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in _OURS and not name.startswith(("PYTEST", "TESTS_"))
    }
    return {**kept, **changes}


def as_ordinary_user(death_signal: signal.Signals) -> Callable[[], None]:
    """Return a preexec_fn after which the process is not root, whoever runs the tests."""
    if os.geteuid() != 0:
        return tie_to_this_thread(death_signal)
    nobody = pwd.getpwnam("nobody")
    run_as = privileges.RunAs("namespace", nobody.pw_uid, nobody.pw_gid, nobody.pw_name)
    return privileges.before_exec(run_as, death_signal)


def in_background(tie: Callable[[], None]) -> Callable[[], None]:
    """Return a preexec_fn after which keys of the terminal are ignored, as after a shell's `&`."""

    def prepare() -> None:
        tie()
        for number in (signal.SIGINT, signal.SIGQUIT):
            signal.signal(number, signal.SIG_IGN)

    return prepare


class Installation:
    """`manage.py up` on a data folder and ports of its own, with a small sample network."""

    def __init__(self, folder: Path, *, ordinary_user: bool = False, sample: bool = True) -> None:
        self.var = folder / "var"
        self.port, self.sample_port = free_port(), free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self._log = folder / "up.txt"
        self._ordinary_user = ordinary_user
        self._sample = sample
        self.process: subprocess.Popen[bytes] | None = None
        self.environment = clean_environment(
            VAR_DIR=str(self.var), SAMPLE_PEOPLE="40", SAMPLE_DAYS="14"
        )

    def command(self, *arguments: str) -> list[str]:
        """Return the command line of one of this installation's commands."""
        return [sys.executable, str(ROOT / "manage.py"), *arguments]

    def up_command(self) -> list[str]:
        """Return the command line of `up`."""
        ports = ("--port", str(self.port), "--sample-port", str(self.sample_port))
        return self.command("up", *ports, *(() if self._sample else ("--no-sample",)))

    def run(self, *command: str, timeout_seconds: float = 60) -> subprocess.CompletedProcess[str]:
        """Run a command to its end and return what it printed."""
        return subprocess.run(
            command,
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=timeout_seconds,
        )

    def ensure_running(self) -> None:
        """Start it where it does not run, and return when the pages answer."""
        if self.process is None or self.process.poll() is not None:
            tie = as_ordinary_user if self._ordinary_user else tie_to_this_thread
            self._log.unlink(missing_ok=True)
            with self._log.open("wb") as output:
                self.process = subprocess.Popen(
                    self.up_command(),
                    cwd=ROOT,
                    env=self.environment,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    preexec_fn=in_background(tie(signal.SIGTERM)),
                )
        process = self.process

        def is_up() -> bool:
            assert process.poll() is None, self.output()
            return "The pages are at" in self.output() and self.answers()

        wait_until(is_up, 150, "`up`")

    def output(self) -> str:
        """Return what `up` printed since its last start."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    def answers(self, path: str = "/healthz") -> bool:
        """Return True where the address answers 200."""
        return answers(f"{self.address}{path}")

    def password(self) -> str:
        """Return the password that was printed."""
        found = re.search(r"Sign in as demo@example\.org with the password (\S+)", self.output())
        assert found, self.output()
        return found[1]

    def query(self, sql: str) -> list[tuple[object, ...]]:
        """Return the rows of a query to the installation's database."""
        url = read_variables(self.var / "up.env")["DATABASE_URL"]
        connection = psycopg2.connect(url)
        try:
            with connection.cursor() as cursor:
                cursor.execute(sql)
                return list(cursor.fetchall())
        finally:
            connection.close()

    def wait_until_seeded(self) -> None:
        """Return when the sample network is synced and scored."""
        wait_until(lambda: "are scored (" in self.output(), 240, "the sample network")

    def service_pid(self, name: str) -> int:
        """Return the process id of one of its services."""
        return int((self.var / "run" / f"{name}.pid").read_text(encoding="ascii").split()[0])

    def processes(self) -> list[psutil.Process]:
        """Return every process that belongs to it, however it came to be."""
        return [one for one in psutil.process_iter() if self._is_ours(one)]

    def _is_ours(self, process: psutil.Process) -> bool:
        try:
            if process.status() == psutil.STATUS_ZOMBIE or process.pid == os.getpid():
                return False
            inside = process.cwd().startswith(str(self.var))
            return inside or process.environ().get("VAR_DIR") == str(self.var)
        except psutil.Error:
            return False

    def interrupt(self) -> int:
        """Press Ctrl-C and return the exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(60)
        self.process = None
        return code

    def kill(self) -> None:
        """End `up` itself as kill -9 does; its services learn of it from the kernel."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()
        self.process = None

    def wait_until_gone(self) -> None:
        """Return when no process of it lives; a failure names those that do."""
        # PostgreSQL writes what it holds before it ends, which takes as long as the disk is busy.
        wait_until(
            lambda: not self.processes(),
            what=lambda: f"the end of every service {describe(self.processes())}",
        )

    def end(self) -> None:
        """End everything, whatever state it is in."""
        if self.process is not None and self.process.poll() is None:
            self.interrupt()
        for one in self.processes():
            one.kill()


def describe(processes: Sequence[psutil.Process]) -> list[str]:
    """Return what the processes are, for a failed assertion."""
    return [f"{one.pid} {' '.join(one.cmdline())[:120]}" for one in processes]

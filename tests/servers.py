"""A pytest plugin: one PostgreSQL and one broker for the whole run, started before settings load.

xdist's workers inherit the addresses, and each takes a database and a broker number of its own.
DATABASE_URL and REDIS_URL in the environment are used instead where they are set. Runs side by
side do not meet: each has a folder, sockets and servers of its own. The kernel ends the servers of
a killed run (they are tied to its main thread), and the next run removes its folder.
"""

import atexit
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

import pytest

from klout.services import broker, pids, postgres, privileges

_PREFIX = "klout-tests-"
_OWNER = "run.pid"
_started: list[tuple[subprocess.Popen[bytes], signal.Signals]] = []
_folders: list[Path] = []


def _start(
    command: list[str], run_as: privileges.RunAs, stop: signal.Signals, log: Path
) -> subprocess.Popen[bytes]:
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=privileges.before_exec(run_as, stop),
        )
    _started.append((process, stop))
    return process


def _worker_number() -> int:
    return int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))


def _new_folder() -> Path:
    """Return this run's folder; those of killed runs are removed."""
    for left in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        # Without the file its owner is just making it, or it belongs to another user.
        if (left / _OWNER).exists() and pids.remembered(left / _OWNER) is None:
            shutil.rmtree(left, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
    # PostgreSQL may run as another user, who must be able to pass.
    folder.chmod(0o711)
    pids.remember(folder / _OWNER, os.getpid())
    _folders.append(folder)
    return folder


def _start_postgres(folder: Path) -> None:
    server = postgres.prepare(folder / "pg")
    # Nothing of a test run outlives it: no need to wait for the disk.
    options = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
    process = _start(
        server.command(*options, "max_connections=200", "shared_buffers=256MB"),
        server.run_as,
        signal.SIGINT,
        folder / "postgres.log",
    )
    postgres.wait_until_ready(server, process)
    os.environ["DATABASE_URL"] = server.url("postgres")


def _start_broker(folder: Path) -> None:
    valkey = broker.prepare(folder / "broker")
    process = _start(
        valkey.command(), privileges.RunAs("same"), signal.SIGTERM, folder / "broker.log"
    )
    broker.wait_until_ready(valkey, process)
    os.environ["TESTS_BROKER_SOCKET"] = str(valkey.socket_path)


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "klout.settings"
    os.environ.setdefault("DEBUG", "1")
    os.environ.setdefault("SAMPLE_NETWORK", "1")
    # The sync interface of the browser driver runs an event loop in the test's own thread.
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    if "PYTEST_XDIST_WORKER" not in os.environ:
        atexit.register(_end)
        folder = _new_folder()
        os.environ["VAR_DIR"] = str(folder / "var")
        (folder / "var").mkdir(mode=0o711)
        # STATIC_ROOT: its absence is a warning of WhiteNoise's, and warnings are errors.
        (folder / "var" / "static").mkdir()
        if not os.environ.get("DATABASE_URL"):
            _start_postgres(folder)
        if not os.environ.get("REDIS_URL"):
            _start_broker(folder)
    if os.environ.get("TESTS_BROKER_SOCKET"):
        number = _worker_number()
        os.environ["REDIS_URL"] = f"unix://{os.environ['TESTS_BROKER_SOCKET']}?db={number}"


def pytest_unconfigure(config: pytest.Config) -> None:
    _end()


def _end() -> None:
    """End the servers and remove the folder; the second call finds nothing to do."""
    for process, stop in reversed(_started):
        process.send_signal(stop)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    _started.clear()
    for folder in _folders:
        shutil.rmtree(folder, ignore_errors=True)
    _folders.clear()

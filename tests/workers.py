"""A pytest plugin: a real Celery worker process on this test's database and broker.

Ask for `celery_worker` in a test marked `django_db(transaction=True)` (a worker cannot see rows of
a transaction that is never committed). Its tasks run in the worker's processes:

    @pytest.mark.django_db(transaction=True)
    def test_a_worker_syncs(celery_worker: Worker, alice_account: Account) -> None:
        sync_account.delay(alice_account.pk, "2026-03-01")
        wait_until(lambda: FetchState.objects.filter(status="done").exists())

`celery_worker.kill()` ends it as kill -9 does, its pool included; `start()` begins another one.
`worker_factory(concurrency=1, environment={...})` makes workers with settings of their own.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

import pytest

from klout.services.process import tie_to_this_thread

ROOT = Path(__file__).resolve().parent.parent


def wait_until(
    condition: Callable[[], object],
    timeout_seconds: float = 60,
    what: str | Callable[[], str] = "the condition",
) -> None:
    """Return as soon as the condition is true; fail the test when it takes too long.

    `what` names the condition in that failure; a function is asked only then.
    """
    until = time.monotonic() + timeout_seconds
    while not condition():
        if time.monotonic() > until:
            name = what if isinstance(what, str) else what()
            pytest.fail(f"{name} was not true within {timeout_seconds:.0f} s")
        time.sleep(0.05)


def database_url() -> str:
    """Return the DATABASE_URL of the database that this process's tests use."""
    from django.db import connection

    settings = connection.settings_dict
    user = quote(settings["USER"] or "", safe="")
    if settings["PASSWORD"]:
        user += f":{quote(settings['PASSWORD'], safe='')}"
    host = quote(settings["HOST"] or "", safe="")
    port = f":{settings['PORT']}" if settings["PORT"] else ""
    return f"postgresql://{user}@{host}{port}/{settings['NAME']}"


def process_environment(**changes: str) -> dict[str, str]:
    """Return the environment of a process that uses this test's database and broker."""
    from django.conf import settings

    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "REDIS_URL": settings.REDIS_URL,
        "VAR_DIR": str(settings.VAR_DIR),
        "LOG_LEVEL": "INFO",
        **changes,
    }
    environment.pop("PYTEST_CURRENT_TEST", None)
    return environment


class Worker:
    """A Celery worker process (with its pool) that a test may stop, kill and start again."""

    def __init__(self, log: Path, *, concurrency: int, environment: Mapping[str, str]) -> None:
        self._log = log
        self._concurrency = concurrency
        self._environment = dict(environment)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """Process id of the worker's main process; it leads its process group."""
        assert self._process is not None, "the worker was not started"
        return self._process.pid

    def output(self) -> str:
        """Return everything that the worker printed so far."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    def start(self) -> None:
        """Start the worker and return when it is ready to take tasks."""
        begin = self._log.stat().st_size if self._log.exists() else 0
        with self._log.open("ab") as output:
            self._process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "celery", "-A", "klout", "worker"),
                    *("--pool", "prefork", "--concurrency", str(self._concurrency)),
                    *("--loglevel", "info", "--without-gossip", "--without-mingle"),
                    *("--hostname", f"test-{os.getpid()}-{id(self)}@%h"),
                ],
                cwd=ROOT,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=tie_to_this_thread(signal.SIGKILL),
            )
        until = time.monotonic() + 60
        while b" ready." not in self._log.read_bytes()[begin:]:
            if self._process.poll() is not None or time.monotonic() > until:
                pytest.fail(f"the worker did not get ready:\n{self.output()}")
            time.sleep(0.05)

    def kill(self) -> None:
        """End the worker and its pool at once, as the kernel does when memory runs out."""
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._process = None

    def stop(self) -> None:
        """Let the worker finish what it does, at most 20 s, and end it."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(20)
        self.kill()


@pytest.fixture
def worker_factory(transactional_db: None, tmp_path: Path) -> Iterator[Callable[..., Worker]]:
    """Return a function that starts workers; all of them are ended with the test."""
    workers: list[Worker] = []

    def start(*, concurrency: int = 2, environment: Mapping[str, str] | None = None) -> Worker:
        worker = Worker(
            tmp_path / f"worker-{len(workers)}.log",
            concurrency=concurrency,
            environment=process_environment(**(environment or {})),
        )
        workers.append(worker)
        worker.start()
        return worker

    yield start
    # Nothing of a test is worth waiting for; the next one empties the broker.
    for worker in workers:
        worker.kill()


@pytest.fixture
def celery_worker(worker_factory: Callable[..., Worker]) -> Worker:
    """A started worker with two processes, on this test's database and broker."""
    return worker_factory()

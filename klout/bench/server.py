"""PostgreSQL and a broker of a benchmark's own, as `manage.py up` starts them, gone afterwards."""

import base64
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from klout.services import broker, postgres, privileges

# As an operator would set it for bulk work on a machine of this size; durability stays on.
OPTIONS = (
    "shared_buffers=512MB",
    "max_wal_size=8GB",
    "checkpoint_timeout=30min",
    "autovacuum=off",
)


@contextmanager
def own_server(folder: Path) -> Iterator[dict[str, str]]:
    """Start servers with data below `folder`; give the environment of commands that use them."""
    place = Path(tempfile.mkdtemp(prefix="klout-bench-", dir=folder))
    # PostgreSQL may run as another user, who must be able to pass.
    place.chmod(0o711)
    try:
        server, messages = postgres.prepare(place / "pg"), broker.prepare(place / "broker")
        with ExitStack() as running:
            process = running.enter_context(
                _running(
                    server.command(*OPTIONS),
                    place / "postgres.log",
                    privileges.before_exec(server.run_as, signal.SIGINT),
                )
            )
            postgres.wait_until_ready(server, process)
            # Pages keep parts of themselves there.
            process = running.enter_context(_running(messages.command(), place / "broker.log"))
            broker.wait_until_ready(messages, process)
            yield _environment(server, messages, place)
    finally:
        shutil.rmtree(place, ignore_errors=True)


@contextmanager
def _running(
    command: Sequence[str], log: Path, before: Callable[[], None] | None = None
) -> Iterator["subprocess.Popen[bytes]"]:
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=before,
        )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)


@contextmanager
def own_broker(folder: Path) -> Iterator[str]:
    """Start a broker with data below `folder`; give the URL of its first database."""
    place = broker.prepare(Path(tempfile.mkdtemp(prefix="klout-bench-", dir=folder)))
    process = subprocess.Popen(place.command(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    try:
        broker.wait_until_ready(place, process)
        yield place.url()
    finally:
        process.terminate()
        process.wait(60)


def _environment(server: postgres.Postgres, messages: broker.Broker, place: Path) -> dict[str, str]:
    var = place / "var"
    var.mkdir()
    return {
        **os.environ,
        "DATABASE_URL": server.url("postgres"),
        "VAR_DIR": str(var),
        # Developer's mode would keep every statement in memory.
        "DEBUG": "0",
        "LOG_LEVEL": "WARNING",
        "SECRET_KEY": secrets.token_urlsafe(48),
        "OPT_OUT_KEY": secrets.token_urlsafe(48),
        "TOKEN_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "REDIS_URL": messages.url(),
    }

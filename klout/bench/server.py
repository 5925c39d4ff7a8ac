"""A PostgreSQL server of a benchmark's own, as `manage.py up` starts it, gone afterwards."""

import base64
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from klout.services import postgres, privileges

# As an operator would set it for bulk work on a machine of this size; durability stays on.
OPTIONS = (
    "shared_buffers=512MB",
    "max_wal_size=8GB",
    "checkpoint_timeout=30min",
    "autovacuum=off",
)


@contextmanager
def own_server(folder: Path) -> Iterator[dict[str, str]]:
    """Start a server with data below `folder`; give the environment of commands that use it."""
    place = Path(tempfile.mkdtemp(prefix="klout-bench-", dir=folder))
    # PostgreSQL may run as another user, who must be able to pass.
    place.chmod(0o711)
    try:
        server = postgres.prepare(place / "pg")
        with (place / "postgres.log").open("wb") as log:
            process = subprocess.Popen(
                server.command(*OPTIONS),
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=privileges.before_exec(server.run_as, signal.SIGINT),
            )
        try:
            postgres.wait_until_ready(server, process)
            yield _environment(server, place)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(60)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _environment(server: postgres.Postgres, place: Path) -> dict[str, str]:
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
        # Nothing of a benchmark speaks to a broker.
        "REDIS_URL": f"unix://{place}/no-broker",
    }

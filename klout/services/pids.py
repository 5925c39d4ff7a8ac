"""Files that remember which processes are ours, so that a killed start leaves none behind.

A number alone is not enough: it may meanwhile be somebody else's process. The file also holds when
that process started, and nothing is ended whose start differs.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path


def identity(pid: int) -> str | None:
    """Return words that only this process has for this number, or None where it is not alive."""
    if sys.platform == "linux":
        try:
            # The name (field 2) may hold spaces and brackets; the rest follows the last bracket.
            fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
            boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        except OSError:
            return None
        # Field 3 is the state, field 22 the start in clock ticks after the boot.
        return None if fields[0] in (b"Z", b"X") else f"{boot} {int(fields[19])}"
    found = subprocess.run(
        ["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return found.stdout.strip() or None


def remember(file: Path, pid: int) -> None:
    """Write the process's number and start down."""
    file.write_text(f"{pid}\n{identity(pid) or ''}\n", encoding="ascii")


def forget(file: Path) -> None:
    """Remove the file of a process that has ended."""
    file.unlink(missing_ok=True)


def recorded(file: Path) -> tuple[int, str]:
    """Return the file's process number and identity, or (0, "") where it has none."""
    try:
        number, _, start = file.read_text(encoding="ascii").partition("\n")
        return int(number), start.strip()
    except (OSError, ValueError):
        return 0, ""


def remembered(file: Path) -> int | None:
    """Return the number of the process in the file, where that very process still lives."""
    pid, start = recorded(file)
    return pid if start and identity(pid) == start else None


def end_leftovers(folder: Path, patience_seconds: float = 20.0) -> list[str]:
    """End the processes that an earlier, killed start left, and return their services' names.

    They are asked first (PostgreSQL with its signal for a fast shutdown), and their process groups
    are killed when they are not gone in time.
    """
    found = {
        file: pid for file in sorted(folder.glob("*.pid")) if (pid := remembered(file)) is not None
    }
    for file, pid in found.items():
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGINT if file.stem == "postgres" else signal.SIGTERM)
    until = time.monotonic() + patience_seconds
    while time.monotonic() < until and any(remembered(file) for file in found):
        time.sleep(0.05)
    for file, pid in found.items():
        if remembered(file):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)
    for file in folder.glob("*.pid"):
        forget(file)
    return [file.stem for file in found]

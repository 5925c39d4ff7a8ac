"""A small process that outlives a killed supervisor for as long as its services do.

The kernel tells each service that its supervisor died, but a service may then wait for a server
that ended in the same moment: Celery keeps trying to send its last heartbeat, a web server waits
for its workers. What has not ended in time is killed here, with all that it started.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from klout.services.pids import identity, recorded

# So long a service may take for an end in good order.
PATIENCE_SECONDS = 10.0

# It ends by itself once what it holds is written, however busy the disk is.
LEFT_ALONE = frozenset({"postgres"})

# Said before the pipe is closed by a supervisor that has ended its services itself.
ALL_ENDED = b"."


class Guard:
    """The guard's process, as the supervisor holds it; ends with the pipe between the two."""

    def __init__(self, pid_folder: Path) -> None:
        # Not tied to the supervisor's death: that is what it waits for. A session of its own keeps
        # the terminal's Ctrl-C away from it.
        self._process = subprocess.Popen(
            [sys.executable, "-m", "klout.services.guard", str(pid_folder)],
            cwd=Path(__file__).resolve().parent.parent.parent,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )

    def dismiss(self) -> None:
        """Let it go: every service has ended. Returns when it is gone."""
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError), self._process.stdin as pipe:
            pipe.write(ALL_ENDED)
        self._process.wait()


def members(sessions: set[int]) -> dict[int, str]:
    """Return {process id: identity} of the living processes of those sessions (Linux; else {})."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        pid = int(folder.name)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if os.getsid(pid) in sessions and (name := identity(pid)):
                found[pid] = name
    return found


def end(pid_folder: Path, patience_seconds: float = PATIENCE_SECONDS) -> list[int]:
    """Wait for the services' processes to end, kill those that do not, and return their numbers.

    Only what lives at the call is ever killed: a new start may meanwhile have begun.
    """
    sessions = set()
    for file in pid_folder.glob("*.pid"):
        pid, name = recorded(file)
        # A leader that is dead already may have left processes of its session; its number is
        # nobody else's as long as it has.
        if file.stem not in LEFT_ALONE and pid and identity(pid) in (name, None):
            sessions.add(pid)
    theirs = members(sessions)
    until = time.monotonic() + patience_seconds
    while left := [pid for pid, name in theirs.items() if identity(pid) == name]:
        if time.monotonic() > until:
            break
        time.sleep(0.1)
    for pid in left:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return left


def main(pid_folder: Path) -> None:
    """Wait for the pipe's end; what is left then of the services has that long to go."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    if not sys.stdin.buffer.read():
        end(pid_folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]))

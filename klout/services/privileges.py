"""How PostgreSQL, which refuses to run as root, is started by root all the same.

An ordinary user needs nothing. Root tries, in this order: to become `postgres` or `nobody` where
that user can read the programs and the data's folder; a user namespace in which root is mapped to
that user (files stay root's, and folders closed to others still work); else a clear error.
"""

import ctypes
import os
import pwd
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

CLONE_NEWUSER = 0x10000000  # <sched.h>
PR_SET_PDEATHSIG = 1  # <sys/prctl.h>
# By which our services are ended, asked to or by the death of who started them.
ENDING_SIGNALS = (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM)

# How a child ends that finds its parent gone before it has begun.
ORPHANED = 98

# Loaded before any fork: a forked child must not take the loader's lock.
_libc = ctypes.CDLL(None, use_errno=True)


class CannotDropRoot(RuntimeError):
    """Root found no way to start PostgreSQL as somebody else."""


@dataclass(frozen=True, slots=True)
class RunAs:
    """Whom PostgreSQL runs as: `how` is "same", "setuid" or "namespace"."""

    how: str
    uid: int = 0
    gid: int = 0
    name: str = ""


def _other_user() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise CannotDropRoot("Running as root, and this system has no user postgres or nobody.")


def _in_child(question: Callable[[], bool]) -> bool:
    """Ask the kernel in a forked child, which may change who it is and then goes away."""
    pid = os.fork()
    if pid == 0:
        try:
            os._exit(0 if question() else 1)
        except BaseException:
            os._exit(2)
    return os.waitpid(pid, 0)[1] == 0


def choose(programs: Path, parent: Path) -> RunAs:
    """Return how to run PostgreSQL's programs on data below `parent`.

    Raises CannotDropRoot where root has no way.
    """
    if os.geteuid() != 0:
        return RunAs("same")
    user = _other_user()

    def can_read() -> bool:
        os.setgroups([])
        os.setgid(user.pw_gid)
        os.setuid(user.pw_uid)
        paths = (programs, programs / "postgres", parent)
        return all(os.access(path, os.X_OK) for path in paths)

    if _in_child(can_read):
        return RunAs("setuid", user.pw_uid, user.pw_gid, user.pw_name)
    if sys.platform == "linux" and _in_child(lambda: _libc.unshare(CLONE_NEWUSER) == 0):
        return RunAs("namespace", user.pw_uid, user.pw_gid, user.pw_name)
    raise CannotDropRoot(
        f"Running as root, PostgreSQL must run as {user.pw_name}, who cannot read {programs} "
        f"or {parent}. Put the project where others may read, start it as an ordinary user, "
        "or set DATABASE_URL."
    )


def own_data_folder(folder: Path, run_as: RunAs) -> None:
    """Give the data folder to whom PostgreSQL runs as (it refuses any other owner)."""
    if run_as.how == "setuid":
        os.chown(folder, run_as.uid, run_as.gid)
    elif run_as.how == "namespace":
        os.chown(folder, 0, 0)


def before_exec(run_as: RunAs, death_signal: signal.Signals | None) -> Callable[[], None]:
    """Return the function that a child runs between fork and exec.

    `death_signal` is sent to the child by the kernel when its parent dies, even by kill -9
    (None: it outlives us). The signals that end a service act on it from its first moment.
    """
    parent = os.getpid()

    def prepare() -> None:
        # What a shell starts in the background ignores Ctrl-C and SIGQUIT, and so would every
        # process below it, until its program has taken these signals over: a second or more.
        for number in ENDING_SIGNALS:
            signal.signal(number, signal.SIG_DFL)
        if run_as.how == "setuid":
            os.setgroups([])
            os.setgid(run_as.gid)
            os.setuid(run_as.uid)
        elif run_as.how == "namespace":
            if _libc.unshare(CLONE_NEWUSER):
                os._exit(99)
            Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
            Path("/proc/self/uid_map").write_text(f"{run_as.uid} 0 1", encoding="ascii")
            Path("/proc/self/gid_map").write_text(f"{run_as.gid} 0 1", encoding="ascii")
        # After any change of user: the kernel forgets the signal then.
        if death_signal is not None and sys.platform == "linux":
            _libc.prctl(PR_SET_PDEATHSIG, death_signal)
            # It may have died before the kernel knew of the wish.
            if os.getppid() != parent:
                os._exit(ORPHANED)

    return prepare

"""What a killed supervisor leaves is ended, and nothing else."""

import signal
import subprocess
import sys
from pathlib import Path

import psutil

from klout.services import guard, pids
from tests.klout.services.conftest import Start
from tests.workers import wait_until

_DEAF = "from signal import *; signal(SIGTERM, SIG_IGN);"
# Ends when asked, and leaves a child that does not.
_PARENT = (
    "import subprocess, sys, time\n"
    "child = subprocess.Popen([sys.executable, '-c',"
    " 'from signal import *; signal(SIGTERM, SIG_IGN); print(1, flush=True); pause()'],"
    " stdout=subprocess.PIPE)\n"
    "child.stdout.readline()\n"
)


def remembered(folder: Path, name: str, process: subprocess.Popen[bytes]) -> None:
    pids.remember(folder / f"{name}.pid", process.pid)


def test_one_that_does_not_end_is_killed_with_its_children(tmp_path: Path, start: Start) -> None:
    deaf = start(_PARENT + _DEAF)
    remembered(tmp_path, "web", deaf)
    children = psutil.Process(deaf.pid).children()
    assert sorted(guard.end(tmp_path, 0)) == sorted([deaf.pid, *(one.pid for one in children)])
    assert deaf.wait() == -signal.SIGKILL
    wait_until(lambda: not guard.members({deaf.pid}), 10, "the children's end")


def test_children_of_one_that_has_ended_are_killed(tmp_path: Path, start: Start) -> None:
    parent = start(_PARENT)
    remembered(tmp_path, "web", parent)
    (child,) = psutil.Process(parent.pid).children()
    parent.terminate()
    parent.wait()
    assert guard.end(tmp_path, 0) == [child.pid]
    wait_until(lambda: not guard.members({parent.pid}), 10, "the child's end")


def test_one_that_ends_in_time_is_let_be(tmp_path: Path, start: Start) -> None:
    one = start("")
    remembered(tmp_path, "web", one)
    one.terminate()
    assert guard.end(tmp_path, 30) == []
    assert one.wait() == -signal.SIGTERM


def test_the_database_and_those_of_other_numbers_are_left_alone(
    tmp_path: Path, start: Start
) -> None:
    one, another = start(""), start("")
    remembered(tmp_path, "postgres", one)
    (tmp_path / "web.pid").write_text(f"{another.pid}\nsome other boot 1\n", encoding="ascii")
    (tmp_path / "beat.pid").write_text("not a number\n", encoding="ascii")
    assert guard.end(tmp_path, 0) == []
    assert one.poll() is None
    assert another.poll() is None


def test_it_acts_when_the_pipe_breaks_and_not_when_it_is_dismissed(
    tmp_path: Path, start: Start
) -> None:
    one = start("")
    remembered(tmp_path, "web", one)
    guard.Guard(tmp_path).dismiss()
    assert one.poll() is None
    program = (
        "import os, pathlib, signal, sys\n"
        "from klout.services.guard import Guard\n"
        "Guard(pathlib.Path(sys.argv[1]))\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    killed = subprocess.Popen([sys.executable, "-c", program, str(tmp_path)])
    assert killed.wait() == -signal.SIGKILL
    assert one.wait(guard.PATIENCE_SECONDS + 30) == -signal.SIGKILL

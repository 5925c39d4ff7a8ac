import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

from klout.services import guard
from klout.services.process import tie_to_this_thread

Start = Callable[[str], subprocess.Popen[bytes]]

_ON = "print('on', flush=True); import time; time.sleep(600)"


@pytest.fixture
def start() -> Iterator[Start]:
    """Start a process in a session of its own, which runs a program and then waits; all ended."""
    started: list[subprocess.Popen[bytes]] = []

    def start(program: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "-c", program + _ON],
            stdout=subprocess.PIPE,
            start_new_session=True,
            preexec_fn=tie_to_this_thread(signal.SIGKILL),
        )
        started.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == b"on\n"
        return process

    yield start
    for process in started:
        for pid in guard.members({process.pid}):
            os.kill(pid, signal.SIGKILL)
        process.wait()
        assert process.stdout is not None
        process.stdout.close()

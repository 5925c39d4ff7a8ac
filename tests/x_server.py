"""A pytest plugin: a running fake X, one process for each of xdist's workers."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest
from pytest_django.fixtures import Settings

from klout.services.process import tie_to_this_thread
from tests.fake_x.tokens import CLIENT_ID, CLIENT_SECRET


@dataclass(frozen=True, slots=True)
class XServer:
    """The server's address, and the controls that tests need."""

    url: str

    def control(self, **change: Any) -> Any:
        """Change how it behaves; return what it was asked and what it holds."""
        request = Request(
            f"{self.url}/control",
            data=json.dumps(change).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def fault(self, match: str, **fault: Any) -> None:
        """Let requests whose path holds `match` fail once: status=… or mode=…, times=…."""
        self.control(faults=[{"match": match, **fault}])


@pytest.fixture(scope="session")
def x_process() -> Iterator[str]:
    """One running server for all tests of this process."""
    process = subprocess.Popen(
        (sys.executable, "-m", "tests.fake_x"),
        cwd=Path(__file__).resolve().parent.parent,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=tie_to_this_thread(signal.SIGTERM),
    )
    assert process.stdout is not None
    # Written once the port is open: nothing needs to be asked again and again.
    line = process.stdout.readline()
    if " at http" not in line:
        process.wait()
        raise RuntimeError(f"The fake X did not start: {line!r}")
    yield line.rsplit(" at ", 1)[1].strip()
    process.terminate()
    process.wait(20)
    process.stdout.close()


@pytest.fixture
def x_server(x_process: str, settings: Settings) -> Iterator[XServer]:
    """The running server as it was at first, with the settings pointed at it.

    Nothing that our description of X's API does not allow may have been asked.
    """
    settings.X_API_URL = x_process
    settings.X_AUTHORIZE_URL = f"{x_process}/i/oauth2/authorize"
    settings.NETWORK_APPS = {"x": (CLIENT_ID, CLIENT_SECRET)}
    settings.LOCAL_ORIGINS = [*settings.LOCAL_ORIGINS, x_process]
    server = XServer(x_process)
    server.control(reset=True)
    yield server
    assert server.control()["violations"] == []

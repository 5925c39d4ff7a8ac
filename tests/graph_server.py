"""A pytest plugin: a running fake Graph of Meta, one process for each of xdist's workers."""

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
from tests.fake_graph.sign_in import CLIENT_IDS, CLIENT_SECRET


@dataclass(frozen=True, slots=True)
class GraphServer:
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
        """Let requests whose path holds `match` fail once: status=…, code=…, mode=…, times=…."""
        self.control(faults=[{"match": match, **fault}])


@pytest.fixture(scope="session")
def graph_process() -> Iterator[str]:
    """One running server for all tests of this process."""
    process = subprocess.Popen(
        (sys.executable, "-m", "tests.fake_graph"),
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
        raise RuntimeError(f"The fake Graph did not start: {line!r}")
    yield line.rsplit(" at ", 1)[1].strip()
    process.terminate()
    process.wait(20)
    process.stdout.close()


@pytest.fixture
def graph_server(graph_process: str, settings: Settings) -> Iterator[GraphServer]:
    """The running server as it was at first, with the settings pointed at it.

    Nothing that our description of the Graph does not allow may have been asked.
    """
    settings.SITE_URL = "http://testserver"
    for network in ("INSTAGRAM", "THREADS"):
        address = f"{graph_process}/{network.lower()}"
        setattr(settings, f"{network}_GRAPH_URL", address)
        setattr(settings, f"{network}_AUTHORIZE_URL", f"{address}/authorize")
    settings.FACEBOOK_GRAPH_URL = f"{graph_process}/facebook"
    settings.FACEBOOK_AUTHORIZE_URL = f"{graph_process}/facebook"
    settings.INSTAGRAM_TOKEN_URL = f"{graph_process}/instagram"
    apps = {network: (name, CLIENT_SECRET) for network, name in CLIENT_IDS.items()}
    settings.NETWORK_APPS = apps
    settings.LOCAL_ORIGINS = [*settings.LOCAL_ORIGINS, graph_process]
    server = GraphServer(graph_process)
    server.control(reset=True)
    yield server
    assert server.control()["violations"] == []

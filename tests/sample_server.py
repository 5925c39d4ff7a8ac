"""A pytest plugin: a running sample network, one process for each of xdist's workers.

Load it in a conftest with `pytest_plugins = ["tests.sample_server"]`.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from pytest_django.fixtures import Settings

from klout.services.process import tie_to_this_thread

SAMPLE_PEOPLE = 60
SAMPLE_DAYS = 100
CLIENT_SECRET = "sample-network-secret"


@dataclass(frozen=True, slots=True)
class SampleServer:
    """A running server and the controls that tests need."""

    url: str
    process: "subprocess.Popen[str]"

    def get(self, path: str, *, token: str = "") -> Any:
        """Return the JSON at a path; raises HTTPError for a refusal."""
        return self._send("GET", path, token=token)

    def post(self, path: str, body: object = None) -> Any:
        """Return the JSON answer to a JSON body."""
        return self._send("POST", path, body)

    def fault(self, match: str, **fault: object) -> None:
        """Let requests at or below `match` fail: status=…, or mode=…; times=1, retry_after=3."""
        self.post("/control/faults", {"match": match, **fault})

    def clear_faults(self) -> None:
        """Let nothing go wrong any more."""
        self._send("DELETE", "/control/faults")

    def status(self, path: str, *, token: str = "") -> int:
        """Return the status of a GET."""
        try:
            with urlopen(self._request("GET", path, None, token), timeout=30) as answer:
                return int(answer.status)
        except HTTPError as error:
            with error:
                return error.code

    def all_rows(self, path: str, name: str) -> list[dict[str, Any]]:
        """Return the rows of all pages."""
        rows: list[dict[str, Any]] = []
        cursor = ""
        while True:
            joint = "&" if "?" in path else "?"
            page = self.get(f"{path}{joint}cursor={cursor}")
            rows += page[name]
            cursor = page["next_cursor"] or ""
            if not cursor:
                return rows

    def account(self, handle: str) -> str:
        """Return the id of the account with that handle."""
        return str(self.get(f"/api/v1/accounts/lookup?handle={handle}")["id"])

    def _send(self, method: str, path: str, body: object = None, *, token: str = "") -> Any:
        with urlopen(self._request(method, path, body, token), timeout=30) as answer:
            return json.load(answer)

    def _request(self, method: str, path: str, body: object, token: str) -> Request:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        return Request(self.url + path, data=data, headers=headers, method=method)


def start_sample_server(
    *arguments: str, people: int = SAMPLE_PEOPLE, days: int = SAMPLE_DAYS, state: Path | None = None
) -> SampleServer:
    """Return a new server on a free port, ready to answer; stop it with stop_sample_server."""
    command: Sequence[str] = (
        *(sys.executable, "-m", "connectors.samplenet", "--port", "0"),
        *("--people", str(people), "--days", str(days), "--allow-faults"),
        *("--redirect-uri", "http://testserver/"),
        *(("--state", str(state)) if state else ()),
        *arguments,
    )
    process = subprocess.Popen(
        command,
        cwd=Path(__file__).resolve().parent.parent,
        env={**os.environ, "SAMPLE_CLIENT_SECRET": CLIENT_SECRET},
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
        raise RuntimeError(f"The sample network did not start: {line!r}")
    return SampleServer(line.rsplit(" at ", 1)[1].strip().rstrip("/"), process)


def stop_sample_server(server: SampleServer) -> None:
    """Stop the server and wait for its end."""
    server.process.send_signal(signal.SIGTERM)
    server.process.wait(20)
    if server.process.stdout is not None:
        server.process.stdout.close()


@pytest.fixture(scope="session")
def sample_process() -> Iterator[SampleServer]:
    """One running server for all tests of this process."""
    server = start_sample_server()
    yield server
    stop_sample_server(server)


@pytest.fixture
def sample_server(sample_process: SampleServer, settings: Settings) -> Iterator[SampleServer]:
    """The running server, with the settings pointed at it; its faults end with the test."""
    settings.SAMPLE_NETWORK = True
    settings.SAMPLE_NETWORK_URL = sample_process.url
    settings.SAMPLE_CLIENT_ID = "klout"
    settings.SAMPLE_CLIENT_SECRET = CLIENT_SECRET
    settings.LOCAL_ORIGINS = [*settings.LOCAL_ORIGINS, sample_process.url]
    yield sample_process
    sample_process.clear_faults()

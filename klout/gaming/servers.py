"""The servers of a run: the sample network, the invented fediverse and the broker, as children."""

import json
import os
import secrets
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from klout.services import broker, privileges
from klout.services.process import tie_to_this_thread

GRACE_SECONDS = 20
REQUEST_SECONDS = 120


class ServerFailed(RuntimeError):
    """A server of the run did not start; the text says which."""


@dataclass(frozen=True, slots=True)
class SampleServer:
    """A running sample network."""

    url: str
    client_secret: str

    def get(self, path: str) -> Any:
        """Return the JSON at a path."""
        return self._send(path, None)

    def rows(self, path: str, name: str) -> list[dict[str, Any]]:
        """Return the rows of all pages."""
        found: list[dict[str, Any]] = []
        cursor = ""
        while True:
            joint = "&" if "?" in path else "?"
            page = self.get(f"{path}{joint}cursor={cursor}")
            found += page[name]
            cursor = page["next_cursor"] or ""
            if not cursor:
                return found

    def post(self, path: str, body: object) -> Any:
        """Return the JSON answer to a JSON body."""
        return self._send(path, json.dumps(body).encode())

    def _send(self, path: str, data: bytes | None) -> Any:
        request = urllib.request.Request(  # noqa: S310 - an address of this run's own
            self.url + path, data, {"Content-Type": "application/json"}
        )
        # Never through a proxy of the environment: it is on this machine.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=REQUEST_SECONDS) as answer:
            return json.load(answer)


@contextmanager
def sample_network(*, people: int, days: int, seed: int, now: datetime) -> Iterator[SampleServer]:
    """Start a sample network with a present of its own that does not move."""
    secret = secrets.token_urlsafe(32)
    arguments = (
        *("connectors.samplenet", "--port", "0", "--people", str(people), "--days", str(days)),
        *("--seed", str(seed), "--now", now.isoformat(), "--allow-faults"),
        *("--requests-per-minute", "1000000"),
    )
    with _module(arguments, {"SAMPLE_CLIENT_SECRET": secret}) as line:
        yield SampleServer(line.rsplit(" at ", 1)[1].strip().rstrip("/"), secret)


@contextmanager
def fediverse(told: Sequence[Mapping[str, Any]], place: Path) -> Iterator[int]:
    """Start the servers of an invented fediverse; give the port that all of them answer at."""
    file = place / "fediverse.json"
    file.write_text(json.dumps(told), encoding="utf-8")
    with _module(("scoring.gaming.fediverse", str(file)), {}) as line:
        yield int(line.rsplit(" ", 1)[1])


@contextmanager
def own_broker(place: Path) -> Iterator[str]:
    """Start a broker for the budgets of requests; give its REDIS_URL."""
    valkey = broker.prepare(place / "broker")
    with (place / "broker.log").open("wb") as log:
        process = subprocess.Popen(
            valkey.command(),
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=privileges.before_exec(privileges.RunAs("same"), signal.SIGTERM),
        )
    try:
        broker.wait_until_ready(valkey, process)
        yield valkey.url()
    finally:
        _ended(process)


@contextmanager
def _module(arguments: Sequence[str], secret: Mapping[str, str]) -> Iterator[str]:
    """Run a module that writes one line when it is ready; give the line."""
    process = subprocess.Popen(
        (sys.executable, "-m", *arguments),
        cwd=settings.BASE_DIR,
        env={**os.environ, **secret},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=tie_to_this_thread(signal.SIGTERM),
    )
    try:
        line = process.stdout.readline() if process.stdout is not None else ""
        if " at " not in line:
            raise ServerFailed(f"{arguments[0]} did not start.")
        yield line
    finally:
        _ended(process)
        if process.stdout is not None:
            process.stdout.close()


def _ended(process: "subprocess.Popen[Any]") -> None:
    process.terminate()
    try:
        process.wait(GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()

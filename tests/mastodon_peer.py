"""A pytest plugin: a running Mastodon server (mastodon_mock), driven through its API.

What the mock lacks is put straight into its database: `indexable` (its API cannot set it) and
dates in the past.
"""

import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx  # noqa: TID251
import pytest
from pytest_django.fixtures import Settings

from klout.services.process import tie_to_this_thread
from tests.workers import wait_until

NAMES = ("ada", "bo", "cyd", "dan", "eve", "fay", "gil", "hal")


@dataclass(frozen=True, slots=True)
class Peer:
    """The running server, with a signed-in client for each of its people."""

    host: str
    database: Path

    @property
    def url(self) -> str:
        """The server's origin."""
        return f"http://{self.host}"

    def api(self, name: str) -> Any:
        """Return the published client, signed in as one of the people."""
        # Here, so that the many runs without this server need not wait for it.
        from mastodon import Mastodon

        return Mastodon(access_token=f"{name}-token", api_base_url=self.url)

    def handle(self, name: str) -> str:
        """Return the account's handle as a person would type it."""
        return f"@{name}@{self.host}"

    def post(self, name: str, text: str, *, at: datetime | None = None, **more: Any) -> str:
        """Publish as that person, at a time of the past if given, and return the post's id."""
        number = str(self.api(name).status_post(text, **more).id)
        if at is not None:
            self.sql(
                "UPDATE statuses SET created_at = ? WHERE id = ?",
                at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f"),
                int(number),
            )
        return number

    def sql(self, statement: str, *values: object) -> None:
        """Change the server's database by hand."""
        with closing(sqlite3.connect(self.database, timeout=20)) as connection, connection:
            connection.execute(statement, values)

    def tokens_of(self, name: str) -> list[str]:
        """Return the access tokens by which that person can be read."""
        query = "SELECT t.access_token FROM oauth_tokens t JOIN accounts a ON a.id = t.account_id "
        with closing(sqlite3.connect(self.database, timeout=20)) as connection:
            rows = connection.execute(f"{query} WHERE a.username = ?", (name,)).fetchall()
        return [row[0] for row in rows]

    def knows_token(self, token: str) -> bool:
        """Return True if the server takes the token."""
        headers = {"Authorization": f"Bearer {token}"}
        page = f"{self.url}/api/v1/accounts/verify_credentials"
        return httpx.get(page, headers=headers).status_code == 200

    def fault(self, path: str, **effect: object) -> None:
        """Let requests to a path (with *) go wrong until the test ends."""
        rule = {"match": {"path": path}, "effect": effect}
        httpx.post(f"{self.url}/api/v1/_mock/faults", json=rule).raise_for_status()

    def consent(self, page: str, name: str) -> Mapping[str, str]:
        """Say yes on the consent page as that person; return the answer's parameters."""
        asked = httpx.URL(page).params
        shown = httpx.get(page)
        assert shown.status_code == 200
        form = {key: asked[key] for key in ("redirect_uri", "client_id", "scope", "state")}
        answer = httpx.post(f"{self.url}/oauth/authorize", data={**form, "username": name})
        return dict(httpx.URL(answer.headers["location"]).params)


def _free_port() -> int:
    with closing(socket.socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/api/v1/instance").status_code == 200
    except httpx.TransportError:
        return False


def _config(names: Sequence[str], database: Path) -> str:
    people = "".join(
        f'[[seed.accounts]]\nusername = "{name}"\ndisplay_name = "{name.title()}"\n'
        f'access_token = "{name}-token"\n'
        for name in names
    )
    return f'[database]\npath = "{database}"\n{people}'


@pytest.fixture(scope="session")
def peer_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Peer]:
    """One running server for all tests of this process."""
    folder = tmp_path_factory.mktemp("mastodon")
    database, config = folder / "mastodon.sqlite", folder / "mastodon.toml"
    config.write_text(_config(NAMES, database), "utf-8")
    host = f"127.0.0.1:{_free_port()}"
    command = [sys.executable, "-m", "mastodon_mock", "serve", "--config", str(config)]
    with (folder / "mastodon.log").open("wb") as log:
        process = subprocess.Popen(
            [
                *command,
                "--port",
                host.partition(":")[2],
                "--domain",
                host,
                "--log-level",
                "warning",
            ],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            # A killed test run must not leave it behind.
            preexec_fn=tie_to_this_thread(signal.SIGTERM),
        )
    server = Peer(host, database)
    try:
        wait_until(
            lambda: process.poll() is not None or _answers(server.url), what="the server's answer"
        )
        assert process.poll() is None, (folder / "mastodon.log").read_text("utf-8")
        yield server
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture
def peer(peer_process: Peer, settings: Settings) -> Peer:
    """The running server as new: people who may be found and have done nothing yet."""
    httpx.delete(f"{peer_process.url}/api/v1/_mock/faults").raise_for_status()
    httpx.post(f"{peer_process.url}/api/v1/_mock/reset").raise_for_status()
    peer_process.sql("UPDATE accounts SET indexable = 1, discoverable = 1")
    settings.LOCAL_ORIGINS = [*settings.LOCAL_ORIGINS, peer_process.url]
    return peer_process

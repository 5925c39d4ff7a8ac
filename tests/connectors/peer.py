"""A small network of a test's own: a connector that speaks HTTP to a real server on loopback."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from pytest_django.fixtures import Settings

from connectors import registry
from connectors.http import Client, field
from connectors.types import AccountRef, Network, Profile, Record
from tests.connectors.records import NETWORK
from tests.connectors.web import reply, serving


class PeerConnector:
    """Reads profiles of the server at `origin`."""

    NETWORK: Network = NETWORK

    def __init__(self, origin: str) -> None:
        self.origin = origin

    def parse_handle(self, text: str, local_origins: Any = ()) -> AccountRef | None:
        name = text.strip().removeprefix("@")
        return AccountRef("", name) if name.isidentifier() else None

    def fetch_profile(self, client: Client, account: AccountRef) -> Profile:
        answer = client.get(f"{self.origin}/profiles/{account.handle or account.native_id}")
        data = answer.data
        return Profile(
            native_id=field(data, "id", str, path=answer.path),
            handle=field(data, "handle", str, path=answer.path),
            name=field(data, "name", str, path=answer.path),
            url="",
            bio=data.get("bio", ""),
            indexable=data.get("indexable", True),
            states_minor=data.get("minor", False),
        )

    def fetch(
        self, client: Client, account: AccountRef, since: datetime | None
    ) -> Iterator[Record]:
        yield self.fetch_profile(client, account)


class PeerServer:
    """What the server answers, by handle, and the paths that it was asked for."""

    def __init__(self) -> None:
        self.origin = ""
        self.asked: list[str] = []
        # A status, raw bytes, or the fields of a profile.
        self.answers: dict[str, int | bytes | dict[str, Any]] = {}

    def handle(self, request: BaseHTTPRequestHandler) -> None:
        path = unquote(urlsplit(request.path).path)
        self.asked.append(path)
        name = path.rpartition("/")[2]
        answer = self.answers.get(name, 404)
        if isinstance(answer, int):
            reply(request, status=answer)
        elif isinstance(answer, bytes):
            reply(request, answer)
        else:
            body = {"id": f"id-{name}", "handle": name, "name": name.title(), **answer}
            reply(request, json.dumps(body).encode())


@contextmanager
def running_peer(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Iterator[PeerServer]:
    """Yield a running server whose network "testnet" is registered and enabled."""
    peer = PeerServer()
    with serving(peer.handle) as origin:
        peer.origin = origin
        settings.LOCAL_ORIGINS = [*settings.LOCAL_ORIGINS, origin]
        monkeypatch.setitem(registry.CONNECTORS, "testnet", PeerConnector(origin))
        monkeypatch.setattr("connectors.http.PAUSES_SECONDS", (0.0, 0.0))
        yield peer

"""Plays recorded answers to a real client, and remembers what was asked."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import httpx  # noqa: TID251

from connectors.http import Client

PAYLOADS = Path(__file__).parent / "payloads"
# A payload's name, the same with a status, or an answer already made.
Reply = str | tuple[int, str] | httpx.Response


def payload(network: str, name: str) -> Any:
    """Return a recorded answer as Python values."""
    return json.loads((PAYLOADS / network / f"{name}.json").read_text("utf-8"))


# What asks for a page behind the first.
_FURTHER = frozenset(
    {"after", "bookmark", "cursor", "max_id", "page", "pageToken", "pagination_token"}
)


class Player(httpx.BaseTransport):
    """Answers each path with its recorded reply; "path#2" is the page behind the first,
    "path?query" one question alone."""

    def __init__(self, network: str, routes: Mapping[str, Reply]) -> None:
        self.network = network
        self.routes = dict(routes)
        self.asked: list[httpx.Request] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        asked = parse_qs(request.url.query.decode())
        further = bool(asked.keys() & _FURTHER)
        key = request.url.path + ("#2" if further else "")
        exact = f"{request.url.path}?{request.url.query.decode()}"
        reply = self.routes.get(exact, self.routes.get(key))
        assert reply is not None, f"no recorded answer for {key}"
        if isinstance(reply, httpx.Response):
            return reply
        status, name = reply if isinstance(reply, tuple) else (200, reply)
        headers = {}
        if f"{request.url.path}#2" in self.routes and not further:
            following = request.url.copy_merge_params({"max_id": "1"})
            headers["Link"] = f'<{following}>; rel="next", <{request.url}>; rel="prev"'
        return httpx.Response(status, json=payload(self.network, name), headers=headers)

    def paths(self) -> list[str]:
        """Return the paths asked for, in order."""
        return [request.url.path for request in self.asked]

    def client(self, urls: Mapping[str, str] | None = None) -> Client:
        """Return a client of the network that hears this player."""
        return Client(
            self.network,
            contact="ops@example.org",
            spend=lambda requests: None,
            transport=self,
            urls=urls or {},
            key="our-key",
            pause=lambda seconds: None,
        )

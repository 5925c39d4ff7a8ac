"""Sessions for networks' own packages that speak through `requests`, behind our one door.

A package is handed such a session instead of making its own: time-outs, tries, budgets, size
limits, guarded addresses and the words of errors are those of connectors.http, and the token is
put on behind the package, which never sees it.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import requests
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict

from connectors.errors import BadPayload
from connectors.http import Answer, Client


class _Read(requests.Response):
    """An answer whose JSON is read already; it carries no second copy of its bytes."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.status_code = answer.status
        # Only JSON comes through, whatever it calls itself (Meta says text/javascript at times).
        self.headers = CaseInsensitiveDict({**answer.headers, "content-type": "application/json"})
        self.url = answer.url
        self._content = b""
        self._answer = answer

    def json(self, **kwargs: Any) -> Any:
        """Return the answer's JSON; None where it was empty."""
        return self._answer.data


class _Door(BaseAdapter):
    """Sends what a package asks by a client of connectors.http."""

    def __init__(
        self,
        client: Client,
        token: str,
        moved: Mapping[str, str],
        accept: Sequence[int],
        heard: Callable[[Answer], None],
        reworded: Callable[[str], str],
    ) -> None:
        super().__init__()
        self._client, self._token, self._moved = client, token, moved
        self._accept, self._heard, self._reworded = accept, heard, reworded

    def send(
        self, request: requests.PreparedRequest, *args: Any, **kwargs: Any
    ) -> requests.Response:
        """Return the answer, or raise a word of connectors.errors."""
        if request.method != "GET" or request.url is None:
            raise BadPayload(
                "Packages of networks may only read.", network=self._client.network, path=""
            )
        parts = urlsplit(request.url)
        origin = self._moved.get(f"{parts.scheme}://{parts.netloc}")
        if origin is None:
            raise BadPayload(
                f"{self._client.network}'s package asks another host.",
                network=self._client.network,
                path=parts.path,
            )
        target = urlsplit(origin)
        query = self._reworded(parts.query)
        address = urlunsplit((target.scheme, target.netloc, target.path + parts.path, query, ""))
        answer = self._client.get(address, token=self._token, accept=self._accept)
        self._heard(answer)
        return _Read(answer)

    def close(self) -> None:
        """Leave the client open: it is its owner's."""


def session_for(
    client: Client,
    *,
    token: str,
    moved: Mapping[str, str],
    accept: Sequence[int] = (),
    heard: Callable[[Answer], None] = lambda answer: None,
    reworded: Callable[[str], str] = lambda query: query,
) -> requests.Session:
    """Return a session that reads by `client`, and from the origins in `moved` only.

    `moved` says where each origin that the package has built in really answers. `heard` is told
    every answer, also those of the statuses in `accept`, before the package sees it; `reworded`
    may change a query on its way.
    """
    session = requests.Session()
    # .netrc and proxies of the environment would go round the guard.
    session.trust_env = False
    door = _Door(client, token, moved, accept, heard, reworded)
    session.mount("https://", door)
    session.mount("http://", door)
    return session

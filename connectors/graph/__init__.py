"""Meta's Graph: one small client for Instagram, Threads and Facebook, by the package facebook-sdk.

facebook-sdk 3.1 knows versions up to 3.1 of the API and one host. It is given a session of
connectors.sessions, which moves the host and keeps the token to itself: it goes into the header,
never into an address. The version is set behind the check of the package (docs/decisions/0150).
Reference: https://developers.facebook.com/docs/graph-api/changelog/versions/ (read 2026-11).
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import facebook

from connectors.errors import NotAllowed, RateLimited
from connectors.graph.answers import following
from connectors.graph.refusals import NotTold, checked
from connectors.graph.usage import wait_until
from connectors.http import Answer, Client
from connectors.sessions import session_for

__all__ = ["Graph", "NotTold"]

# v26.0 of 29 July 2026 stays until the middle of 2028; Threads has a version of its own.
VERSIONS = {"facebook": "v26.0", "instagram": "v26.0", "threads": "v1.0"}
_BUILT_IN = facebook.FACEBOOK_GRAPH_URL.rstrip("/")


class Graph:
    """Asks one of Meta's networks for one account."""

    def __init__(self, client: Client, token: str, *, proven: bool = False) -> None:
        self._client = client
        self._network = client.network
        # Facebook takes a proof that the token is used by its own application.
        self._proof = client.prove(token) if proven and token else ""
        self._answer: Answer | None = None
        self._resume_at: datetime | None = None
        self._api = facebook.GraphAPI(
            session=session_for(
                client,
                token=token,
                moved={_BUILT_IN: client.urls[client.network]},
                accept=(400, 401, 403, 404),
                heard=self._hear,
            )
        )
        self._api.version = VERSIONS[client.network]

    def ask(self, path: str, **params: Any) -> Answer:
        """Return the answer to a question; raises the words of connectors.errors.

        RateLimited before anything is sent where the answer before said that little is left.
        """
        if self._resume_at is not None:
            raise RateLimited(
                f"{self._network} allows no more for now.",
                resume_at=self._resume_at,
                network=self._network,
            )
        if self._proof:
            params["appsecret_proof"] = self._proof
        self._api.get_object(path, **params)
        assert self._answer is not None
        return self._answer

    def ask_if_told(self, path: str, **params: Any) -> Answer | None:
        """Return the answer; None where this access does not open what is asked."""
        try:
            return self.ask(path, **params)
        except (NotTold, NotAllowed):
            return None

    def pages(self, path: str, *, most: int, **params: Any) -> Iterator[Answer]:
        """Yield the pages of a list: `most` at most, fewer where it ends or turns in a circle."""
        seen: set[str] = set()
        for _ in range(most):
            answer = self.ask(path, **params)
            yield answer
            turn = following(answer.data)
            if not turn or str(turn) in seen:
                return
            seen.add(str(turn))
            params = {**params, **turn}

    def _hear(self, answer: Answer) -> None:
        """Keep an answer, or raise what a refusal means, before the package makes its own of it."""
        now = datetime.now(UTC)
        self._answer = checked(answer, self._network, now)
        self._resume_at = wait_until(answer.headers, now)

"""Questions to Stack Exchange's API: its wrapper, its errors, and the pauses that it asks for."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.errors import BadPayload, Gone, RateLimited, Retry
from connectors.fields import field, objects, optional
from connectors.http import Answer, Client

NETWORK_ID = "stackexchange"
# A throttled address waits so long where the API does not say for how long.
PAUSE = timedelta(minutes=15)
# Errors of the API by number (https://api.stackexchange.com/docs/error-handling, read 2026-11).
_THROTTLED, _UNAVAILABLE = 502, frozenset({500, 503})
_NOTHING = frozenset({404})
_IDS = re.compile(r"/\d+(?:;\d+)*")


@dataclass(slots=True)
class Asking:
    """Asks about one site; `site` is its host."""

    client: Client
    site: str
    # The API's "backoff", by method: that one is not to be asked again before then.
    waits: dict[str, datetime] = dataclass_field(default_factory=dict)

    def ask(self, path: str, params: Mapping[str, str | int]) -> tuple[list[dict[str, Any]], str]:
        """Return the rows of one answer and its path, for errors."""
        answer = self._answer(path, params)
        return objects(answer.data, "items", path=answer.path, network=NETWORK_ID), answer.path

    def rows(
        self, path: str, params: Mapping[str, str | int], max_pages: int
    ) -> Iterator[tuple[dict[str, Any], str]]:
        """Yield the rows of up to `max_pages` pages, each with its path."""
        for page in range(1, max_pages + 1):
            answer = self._answer(path, {**params, **({"page": page} if page > 1 else {})})
            rows = objects(answer.data, "items", path=answer.path, network=NETWORK_ID)
            yield from ((row, answer.path) for row in rows)
            if not rows or not field(
                answer.data, "has_more", bool, path=answer.path, network=NETWORK_ID
            ):
                return

    def _answer(self, path: str, params: Mapping[str, str | int]) -> Answer:
        method = _IDS.sub("/{ids}", path)
        resume_at = self.waits.get(method)
        if resume_at is not None and resume_at > datetime.now(UTC):
            raise RateLimited(
                "Stack Exchange asks us to wait.", resume_at=resume_at, network=NETWORK_ID
            )
        # A key is no secret there: it raises the number of questions, and opens nothing.
        asked = {**params, "site": self.site}
        if self.client.key:
            asked["key"] = self.client.key
        answer = self.client.get(
            f"{self.client.urls['stackexchange']}/2.3/{path}", params=asked, accept=(400, 404)
        )
        if answer.status != 200:
            self._refuse(answer)
        seconds = optional(answer.data, "backoff", int, path=answer.path, network=NETWORK_ID)
        if seconds:
            self.waits[method] = datetime.now(UTC) + timedelta(seconds=max(seconds, 1))
        return answer

    def _refuse(self, answer: Answer) -> None:
        """Raise the word for an error, which may come with any status."""
        where: dict[str, str] = {"network": NETWORK_ID, "path": answer.path}
        told = answer.data if isinstance(answer.data, dict) else {}
        number = told.get("error_id")
        if number == _THROTTLED:
            raise RateLimited(
                "Stack Exchange asks us to wait.", resume_at=datetime.now(UTC) + PAUSE, **where
            )
        if number in _UNAVAILABLE:
            raise Retry("Stack Exchange is not available.", **where)
        if answer.status == 404 or number in _NOTHING:
            raise Gone("Stack Exchange does not show it.", **where)
        raise BadPayload(f"stackexchange refused the question at {answer.path}.", **where)

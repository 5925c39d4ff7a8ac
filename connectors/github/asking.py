"""Questions to GitHub's REST API, with the owner's token, the site's, or none."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from connectors import waiting
from connectors.errors import Gone, RateLimited, Relink
from connectors.fields import objects
from connectors.http import Answer, Client, next_link

NETWORK_ID = "github"
# https://docs.github.com/en/rest/about-the-rest-api/api-versions (read 2026-11)
_VERSION = {"X-GitHub-Api-Version": "2022-11-28"}
_JSON = "application/vnd.github+json"
# With it stargazers come with the date of their star.
DATED_STARS = "application/vnd.github.star+json"
PER_PAGE = 100
# Pages of one's own repositories: beyond 300 the rest is not counted.
REPOSITORY_PAGES = 3
# Of an ETag, and of the question that it belongs to: longer ones are not kept.
LONGEST_ETAG, LONGEST_KEY = 128, 250


class Asking:
    """Asks for one account."""

    def __init__(
        self, client: Client, token: str, validators: Mapping[str, str] | None = None
    ) -> None:
        self._client, self._token = client, token or client.key
        self._known = validators or {}
        # What GitHub compares the next fetch's questions with.
        self.validators: dict[str, str] = {}

    def changed(self, path: str, *, media: str = _JSON, **params: str | int) -> Answer | None:
        """Return an answer, None where it would be the same as in the last fetch.

        Such a question is free: https://docs.github.com/en/rest/using-the-rest-api/
        best-practices-for-using-the-rest-api#use-conditional-requests-if-appropriate (read
        2026-11). Only with a token, and another token has other ETags.
        """
        key = f"{path}?{urlencode(params)}"
        etag = self._known.get(key, "") if self._token else ""
        answer = self.get(path, media=media, etag=etag, **params)
        told = etag if answer.status == 304 else answer.headers.get("etag", "")
        if told and self._token and len(told) <= LONGEST_ETAG and len(key) <= LONGEST_KEY:
            self.validators[key] = told
        return None if answer.status == 304 else answer

    def get(self, path: str, *, media: str = _JSON, etag: str = "", **params: str | int) -> Answer:
        """Return an answer; RateLimited where GitHub says so in a 403."""
        answer = self._client.get(
            f"{self._client.urls['github']}{path}",
            params=params or None,
            token=self._token,
            headers={**_VERSION, "Accept": media},
            accept=(403, 451),
            etag=etag,
        )
        where: dict[str, Any] = {"network": NETWORK_ID, "path": answer.path}
        if answer.status == 451:
            raise Gone("GitHub may not show it.", **where)
        if answer.status == 403:
            spent = answer.headers.get("x-ratelimit-remaining") == "0"
            if spent or "retry-after" in answer.headers:
                raise RateLimited(
                    "GitHub asks us to wait.",
                    resume_at=waiting.resume_at(answer.headers, datetime.now(UTC)),
                    **where,
                )
            raise Relink(f"GitHub answered 403 at {answer.path}.", **where)
        return answer

    def repositories(self, name: str) -> tuple[list[dict[str, Any]], str]:
        """Return the rows of an account's own public repositories, and where they were told."""
        # Reference: https://docs.github.com/en/rest/repos/repos#list-repositories-for-a-user
        # (read 2026-11)
        path, rows = f"/users/{name}/repos", []
        for page in range(1, REPOSITORY_PAGES + 1):
            answer = self.get(path, type="owner", sort="pushed", per_page=PER_PAGE, page=page)
            rows += objects(answer.data, path=answer.path, network=NETWORK_ID)
            if next_link(answer) is None:
                break
        return rows, path

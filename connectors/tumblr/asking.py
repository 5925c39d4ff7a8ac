"""Questions to Tumblr's API: the owner's token or the site's key, and how long it asks us to wait.

Reference: https://www.tumblr.com/docs/en/api/v2 (read 2026-11). Each answer holds what was asked
for in "response", beside "meta" with the status.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors import waiting
from connectors.errors import NotAllowed, RateLimited
from connectors.fields import field
from connectors.http import Client

NETWORK_ID = "tumblr"


@dataclass(frozen=True, slots=True)
class Told:
    """What an answer holds, and of which path it is."""

    data: dict[str, Any]
    path: str
    # False where it is not there; only for questions that say that it may be so.
    there: bool = True


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks: an owner by their token, anybody else by the key of this site."""

    client: Client
    token: str = ""

    def get(self, path: str, *, may_lack: bool = False, **asked: str | int) -> Told:
        """Return what Tumblr says at a path below /v2."""
        if not self.token:
            if not self.client.key:
                raise NotAllowed("This site has no key of Tumblr's.", network=NETWORK_ID)
            asked["api_key"] = self.client.key
        answer = self.client.get(
            f"{self.client.urls['tumblr']}/v2/{path}",
            params=asked or None,
            token=self.token,
            accept=(404, 429) if may_lack else (429,),
        )
        if answer.status == 429:
            raise RateLimited(
                "Tumblr asks us to wait.",
                resume_at=_resume_at(answer.headers, datetime.now(UTC)),
                network=NETWORK_ID,
                path=answer.path,
            )
        if answer.status == 404:
            return Told({}, answer.path, there=False)
        told = field(answer.data, "response", dict, path=answer.path, network=NETWORK_ID)
        return Told(told, answer.path)


def _resume_at(headers: Mapping[str, str], now: datetime) -> datetime:
    """Return when the limit that was hit begins anew: the day's, the hour's, or as elsewhere.

    Reference: https://www.tumblr.com/docs/en/api/v2#rate-limits (read 2026-11): the headers tell
    which one it was.
    """
    for window in ("perday", "perhour"):
        seconds = headers.get(f"x-ratelimit-{window}-reset", "")
        spent = headers.get(f"x-ratelimit-{window}-remaining") == "0"
        if spent and seconds.isascii() and seconds.isdigit():
            wait = timedelta(seconds=max(int(seconds[:8]), 1))
            return now + min(wait, waiting.LONGEST_WAIT)
    return waiting.resume_at(headers, now)

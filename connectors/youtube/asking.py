"""Questions to the Data API: one unit of quota each, with the owner's token or the site's key.

Google's own package is not used (docs/decisions/0156): it brings a second HTTP library, and what is
asked here are five GETs.
"""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from connectors.errors import BadPayload, ConnectorError, Gone, NotAllowed, RateLimited, Relink
from connectors.fields import objects, optional
from connectors.http import Answer, Client

NETWORK_ID = "youtube"
# Reasons of a 400 or 403: https://developers.google.com/youtube/v3/docs/errors (read 2026-11).
_SPENT = frozenset({"quotaExceeded", "dailyLimitExceeded"})
_TOO_FAST = frozenset({"rateLimitExceeded", "userRateLimitExceeded"})
_APPLICATION = frozenset(
    {
        *("accessNotConfigured", "keyInvalid", "keyExpired", "ipRefererBlocked", "badRequestKey"),
        *("API_KEY_INVALID", "SERVICE_DISABLED", "API_KEY_SERVICE_BLOCKED"),
    }
)
_THING = frozenset(
    {
        *("channelClosed", "channelSuspended", "channelNotFound", "playlistForbidden"),
        *("videoNotFound", "commentsDisabled", "playlistNotFound", "playlistItemsNotAccessible"),
    }
)
# The day of the quota ends at midnight there.
_QUOTA_ZONE = ZoneInfo("America/Los_Angeles")


class Asking:
    """Asks for one channel."""

    def __init__(self, client: Client, token: str) -> None:
        self._client, self._token = client, token
        if not token and not client.key:
            raise NotAllowed("This site has no key for YouTube.", network=NETWORK_ID)

    @property
    def is_owner(self) -> bool:
        """Return whether the channel's owner lets us read."""
        return bool(self._token)

    @property
    def has_key(self) -> bool:
        """Return whether what is public can be asked for without the owner."""
        return bool(self._client.key)

    def own(self, resource: str, **params: str | int) -> Answer:
        """Return a list as its owner may see it; as anybody may where the owner gave no token."""
        return self._asked(resource, params, self._token)

    def public(self, resource: str, **params: str | int) -> Answer:
        """Return a list as anybody may see it.

        Comments need no scope this way: with a token they need one that may also write.
        """
        return self._asked(resource, params, "")

    def _asked(self, resource: str, params: dict[str, str | int], token: str) -> Answer:
        answer = self._client.get(
            f"{self._client.urls['youtube']}/youtube/v3/{resource}",
            params=params,
            token=token,
            # Not in the address, which is written down on many ways.
            headers={} if token else {"X-Goog-Api-Key": self._client.key},
            accept=(400, 403),
        )
        if answer.status >= 400:
            raise refusal(answer, datetime.now(UTC))
        return answer


def rows_of(answer: Answer) -> list[dict[str, Any]]:
    """Return the rows of a list; some are left out where there are none, which is told."""
    if (
        isinstance(answer.data, dict)
        and answer.data.get("items") is None
        and "pageInfo" in (answer.data)
    ):
        return []
    return objects(answer.data, "items", path=answer.path, network=NETWORK_ID)


def total_of(answer: Answer) -> int | None:
    """Return how many rows a list has on all its pages."""
    found: dict[str, Any] = {"path": answer.path, "network": NETWORK_ID}
    info = optional(answer.data, "pageInfo", dict, **found)
    return optional(info or {}, "totalResults", int, **found)


def next_page(answer: Answer) -> str | None:
    """Return what asks for the next page; None on the last."""
    return optional(answer.data, "nextPageToken", str, path=answer.path, network=NETWORK_ID)


def refusal(answer: Answer, now: datetime) -> ConnectorError:
    """Return what a 400 or 403 means: the quota, our application, the thing, or the access."""
    where = {"network": NETWORK_ID, "path": answer.path}
    reasons = _reasons(answer.data)
    if reasons & _SPENT:
        return RateLimited(
            "This day's quota of YouTube is used.", resume_at=quota_begins(now), **where
        )
    if reasons & _TOO_FAST:
        return RateLimited(
            "YouTube asks us to wait.", resume_at=now + timedelta(minutes=2), **where
        )
    if reasons & _APPLICATION:
        return NotAllowed("YouTube does not let this site's application read.", **where)
    if reasons & _THING:
        return Gone("YouTube does not show it.", **where)
    if answer.status == 400:
        return BadPayload(f"YouTube refused the question at {answer.path}.", **where)
    return Relink(f"YouTube answered 403 at {answer.path}.", **where)


def quota_begins(now: datetime) -> datetime:
    """Return when the next day of the quota begins (aware, UTC)."""
    there = now.astimezone(_QUOTA_ZONE)
    midnight = datetime(there.year, there.month, there.day, tzinfo=_QUOTA_ZONE) + timedelta(days=1)
    return midnight.astimezone(UTC)


def _reasons(data: object) -> set[str]:
    """Return the words that a refusal gives, in its older and newer shapes."""
    error = data.get("error") if isinstance(data, dict) else None
    if not isinstance(error, dict):
        return set()
    rows = [*_list(error, "errors"), *_list(error, "details")]
    found = [row.get("reason") for row in rows if isinstance(row, dict)]
    return {word for word in found if isinstance(word, str)}


def _list(data: dict[str, Any], name: str) -> list[Any]:
    value = data.get(name)
    return value if isinstance(value, list) else []

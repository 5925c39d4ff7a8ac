"""Questions to MediaWiki's action API, and its refusals, which come with the status 200."""

from datetime import UTC, datetime
from typing import Any

from connectors import waiting
from connectors.errors import BadPayload, Gone, RateLimited
from connectors.fields import optional
from connectors.http import Answer, Client

NETWORK_ID = "wikipedia"
# Seconds that the databases may lag behind before they shall rather refuse us:
# https://www.mediawiki.org/wiki/Manual:Maxlag_parameter (read 2026-11).
MAXLAG = 5
_LATER = frozenset({"maxlag", "ratelimited", "readonly"})
_GONE = frozenset({"missingtitle", "nosuchpageid", "no-such-entity", "invalidtitle"})


def ask(client: Client, address: str, **params: str | int) -> Answer:
    """Return an answer, or raise what a refusal means."""
    common: dict[str, str | int] = {"format": "json", "formatversion": 2, "maxlag": MAXLAG}
    answer = client.get(address, params={**params, **common})
    where: dict[str, Any] = {"network": NETWORK_ID, "path": answer.path}
    error = optional(answer.data, "error", dict, **where) or {}
    code = error.get("code")
    if code in _LATER:
        raise RateLimited(
            "Wikipedia asks us to wait.",
            resume_at=waiting.resume_at(answer.headers, datetime.now(UTC)),
            **where,
        )
    if code in _GONE:
        raise Gone("Wikipedia knows no such article.", **where)
    if error:
        raise BadPayload(f"Wikipedia refused the question at {answer.path}.", **where)
    return answer

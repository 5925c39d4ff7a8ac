"""Questions to version 2 of Foursquare's API, and what its refusals mean."""

from collections.abc import Sequence
from datetime import UTC, datetime

from connectors import waiting
from connectors.errors import BadPayload, RateLimited, Relink
from connectors.foursquare.payloads import NETWORK_ID
from connectors.http import Answer, Client
from connectors.types import AccountRef

# The day whose manner of answering is understood here:
# https://docs.foursquare.com/developer/reference/personalization-apis-usage (read 2026-11).
VERSION = "20231201"
_OFTEN = frozenset({"rate_limit_exceeded", "quota_exceeded"})


def ask(
    client: Client,
    account: AccountRef,
    path: str,
    *,
    accept: Sequence[int] = (),
    **params: str | int,
) -> Answer:
    """Return an answer, also one of the statuses in `accept`, or raise the word for its refusal.

    The token stands in the address, as version 2 has it: addresses are in no log and no error.
    """
    # Reference: https://docs.foursquare.com/developer/reference/v2-authentication (read 2026-11)
    answer = client.get(
        f"{client.urls['foursquare']}/v2/{path}",
        params={**params, "oauth_token": account.token, "v": VERSION},
        accept=(400, 403, *accept),
    )
    if answer.status == 200 or (answer.status in accept and not _too_often(answer)):
        return answer
    where: dict[str, str] = {"network": NETWORK_ID, "path": answer.path}
    if _too_often(answer):
        # Reference: https://docs.foursquare.com/developer/reference/v2-rate-limits (read 2026-11)
        raise RateLimited(
            "Foursquare asks us to wait.",
            resume_at=waiting.resume_at(answer.headers, datetime.now(UTC)),
            **where,
        )
    if answer.status == 403:
        raise Relink("The access that you gave has ended.", **where)
    raise BadPayload(f"foursquare refused the question at {answer.path}.", **where)


def _too_often(answer: Answer) -> bool:
    """Return whether a refusal says "later": too many questions are a 403 there, and empty."""
    meta = answer.data.get("meta") if isinstance(answer.data, dict) else None
    word = meta.get("errorType") if isinstance(meta, dict) else None
    return word in _OFTEN or answer.headers.get("x-ratelimit-remaining", "").strip() == "0"

"""What the errors of Meta's Graph mean: one table from its codes to our words.

Reference: https://developers.facebook.com/docs/graph-api/guides/error-handling (read 2026-11).
"""

from datetime import datetime
from typing import Any

from connectors.errors import (
    BadPayload,
    ConnectorError,
    Gone,
    NotAllowed,
    RateLimited,
    Relink,
    Retry,
)
from connectors.graph.usage import after_refusal
from connectors.http import Answer


class NotTold(BadPayload):
    """A field or list that this access does not open, or that Meta does not have."""


# By code, and by code and subcode where that says more.
_WORDS: dict[int | tuple[int, int], type[ConnectorError]] = {
    # A fault of theirs that passes.
    1: Retry,
    2: Retry,
    # As much as is allowed was asked: of the application, the person, the Page, by one number.
    4: RateLimited,
    17: RateLimited,
    32: RateLimited,
    341: RateLimited,
    613: RateLimited,
    # The access has ended: expired, taken back, the password changed, the person logged out.
    102: Relink,
    190: Relink,
    # The application: not known, not approved, without proof, or blocked for a while.
    3: NotAllowed,
    10: NotAllowed,
    101: NotAllowed,
    104: NotAllowed,
    368: NotAllowed,
    # Not there, or not for this access.
    (100, 33): Gone,
    803: Gone,
    # Anything else about the question itself.
    100: NotTold,
}
# By status, where the error has no code that is known.
_STATUSES: dict[int, type[ConnectorError]] = {401: Relink, 403: Relink, 404: Gone}
_SENTENCES: dict[type[ConnectorError], str] = {
    Retry: "{network} has a fault that passes.",
    RateLimited: "{network} asks us to wait.",
    Relink: "The access that you gave has ended.",
    NotAllowed: "{network} does not let this site's application read it{code}.",
    Gone: "{network} does not show it.",
    NotTold: "{network} does not tell what was asked at {path}{code}.",
    BadPayload: "{network} refused the question at {path}{code}.",
}


def checked(answer: Answer, network: str, now: datetime) -> Answer:
    """Return an answer that is one; raises the word for a refusal, with whatever status it came."""
    error = answer.data.get("error") if isinstance(answer.data, dict) else None
    if answer.status >= 400 or error:
        raise refusal(answer, network, now)
    if not isinstance(answer.data, dict):
        raise BadPayload(
            f"{network}'s answer at {answer.path} is not an object.",
            network=network,
            path=answer.path,
        )
    return answer


def refusal(answer: Answer, network: str, now: datetime) -> ConnectorError:
    """Return what a refusal means. Meta's own sentence can hold anything: only codes are told."""
    code, subcode = codes(answer.data)
    word = _word(code, subcode) or _STATUSES.get(answer.status, BadPayload)
    told = f" (code {code})" if code else ""
    sentence = _SENTENCES[word].format(network=network, path=answer.path, code=told)
    where: dict[str, Any] = {"network": network, "path": answer.path}
    if word is RateLimited:
        return RateLimited(sentence, resume_at=after_refusal(answer.headers, now), **where)
    return word(sentence, **where)


def codes(data: object) -> tuple[int, int]:
    """Return the code and subcode of an error; 0 for what is not told."""
    error = data.get("error") if isinstance(data, dict) else None
    found = error if isinstance(error, dict) else {}
    return _whole(found.get("code")), _whole(found.get("error_subcode"))


def _word(code: int, subcode: int) -> type[ConnectorError] | None:
    if 200 <= code <= 299:
        # A permission that the person or Meta's review has not given.
        return NotAllowed
    if 80_000 <= code <= 80_014:
        # The limits of each kind of business use, Instagram's and the Pages' among them.
        return RateLimited
    return _WORDS.get((code, subcode)) or _WORDS.get(code)


def _whole(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0

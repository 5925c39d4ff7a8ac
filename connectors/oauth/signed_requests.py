"""Meta's signed requests: who took back what they allowed, signed with our application's secret.

Reference: https://developers.facebook.com/docs/development/create-an-app/app-dashboard/
data-deletion-callback/ (read 2026-11).
"""

import binascii
import hmac
import json
import re
from base64 import urlsafe_b64decode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

# Theirs have some hundred signs.
LONGEST = 4096
# By how much two clocks may differ.
SLACK = timedelta(minutes=5)
_PART = re.compile(r"[A-Za-z0-9_-]+={0,2}")


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """What a network asks, in its own numbers."""

    user_id: str
    issued_at: datetime


def opened(text: str, secret: str, now: datetime) -> SignedRequest | None:
    """Return what was signed with that secret; None for anything else, whatever is wrong with it.

    The signature is compared first and in constant time: nothing unsigned is read.
    """
    signature, dot, payload = text.partition(".")
    if not secret or len(text) > LONGEST or not dot or not _PART.fullmatch(payload):
        return None
    given = _decoded(signature)
    expected = hmac.new(secret.encode(), payload.encode(), sha256).digest()
    if given is None or not hmac.compare_digest(given, expected):
        return None
    try:
        told = json.loads(_decoded(payload) or b"")
    except (ValueError, RecursionError):
        return None
    return _read(told, now) if isinstance(told, dict) else None


def _read(told: dict[str, object], now: datetime) -> SignedRequest | None:
    user_id, issued = told.get("user_id"), told.get("issued_at")
    if isinstance(user_id, int) and not isinstance(user_id, bool):
        user_id = str(user_id)
    if told.get("algorithm") != "HMAC-SHA256" or not isinstance(user_id, str):
        return None
    if not 0 < len(user_id) <= 64 or isinstance(issued, bool) or not isinstance(issued, int):
        return None
    try:
        issued_at = datetime.fromtimestamp(issued, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return SignedRequest(user_id, issued_at) if issued_at <= now + SLACK else None


def _decoded(part: str) -> bytes | None:
    """Return the bytes of a part in base64 for addresses, whose padding may be left out."""
    if not _PART.fullmatch(part):
        return None
    bare = part.rstrip("=")
    try:
        return urlsafe_b64decode(bare + "=" * (-len(bare) % 4))
    except (binascii.Error, ValueError):
        return None

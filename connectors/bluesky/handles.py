"""What a person types to mean a Bluesky account: a handle, a DID or the address of a profile."""

import re
from urllib.parse import urlsplit

from connectors.bluesky.payloads import DID
from connectors.types import AccountRef

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
# https://atproto.com/specs/handle
_HANDLE = re.compile(rf"(?:{_LABEL}\.)+(?=[a-z]){_LABEL}")
_NO_HANDLES_UNDER = ("local", "localhost", "internal", "arpa", "onion", "invalid", "alt", "example")
_HINTS = ("bsky:", "bluesky:", "at://")


def parse_handle(text: str) -> AccountRef | None:
    """Return the account that a typed handle, DID or address means; None if it is not Bluesky's.

    A name with dots alone could be any web address: it is understood with a leading "@", under
    bsky.social, or after "bsky:".
    """
    text = text.strip()
    hinted = False
    if "://" in text and not text.startswith("at://"):
        text, hinted = _from_address(text), True
    for hint in _HINTS:
        if text.lower().startswith(hint):
            text, hinted = text[len(hint) :], True
    if DID.fullmatch(text):
        return AccountRef(native_id=text, handle=text)
    hinted = hinted or text.startswith("@")
    handle = text.removeprefix("@").lower().removesuffix(".")
    if not _HANDLE.fullmatch(handle) or len(handle) > 253:
        return None
    if handle.rpartition(".")[2] in _NO_HANDLES_UNDER:
        return None
    if not hinted and not handle.endswith(".bsky.social"):
        return None
    return AccountRef(native_id="", handle=handle)


def _from_address(text: str) -> str:
    """Return handle or DID of "https://bsky.app/profile/…", else ""."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    steps = parts.path.strip("/").split("/")
    if parts.hostname != "bsky.app" or steps[0] != "profile" or len(steps) < 2:
        return ""
    return steps[1]

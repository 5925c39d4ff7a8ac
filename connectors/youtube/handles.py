"""What people type to name a channel of YouTube."""

import re
from urllib.parse import unquote, urlsplit

from connectors.types import AccountRef

# https://support.google.com/youtube/answer/11585688 (read 2026-11): 3 to 30 signs, letters and
# digits of any script, and _ - . · between them. A name with a dot is a domain's elsewhere.
_HANDLE = re.compile(r"\w[\w·-]{1,28}\w")
_CHANNEL = re.compile(r"UC[A-Za-z0-9_-]{22}")
_HOSTS = frozenset({"youtube.com", "www.youtube.com", "m.youtube.com"})


def parse_handle(text: str) -> AccountRef | None:
    """Return the channel meant by "@name" or an address of youtube.com; None otherwise."""
    text = text.strip()
    if text.startswith("@"):
        return _named(text[1:])
    if _CHANNEL.fullmatch(text):
        return AccountRef(text, text)
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or parts.netloc.lower() not in _HOSTS:
        return None
    first, _, rest = unquote(parts.path).strip("/").partition("/")
    if first.startswith("@"):
        return _named(first[1:])
    channel = rest.partition("/")[0]
    if first == "channel" and _CHANNEL.fullmatch(channel):
        return AccountRef(channel, channel)
    return None


def _named(name: str) -> AccountRef | None:
    return AccountRef("", name) if _HANDLE.fullmatch(name) else None

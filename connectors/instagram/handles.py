"""What people type to name an account of Instagram."""

import re
from urllib.parse import urlsplit

from connectors.types import AccountRef

_NAME = re.compile(r"[a-z0-9_](?:[a-z0-9._]{0,28}[a-z0-9_])?")
_HOSTS = frozenset({"instagram.com", "www.instagram.com", "m.instagram.com"})
# First parts of addresses there that are no account.
_PAGES = frozenset(
    {"about", "accounts", "direct", "explore", "p", "reel", "reels", "stories", "tv"}
)


def parse_handle(text: str) -> AccountRef | None:
    """Return the account meant by an address of instagram.com; None otherwise.

    A bare "@name" is not taken: other networks have names of that form, and read them openly.
    """
    text = text.strip()
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or parts.netloc.lower() not in _HOSTS:
        return None
    name = parts.path.strip("/").partition("/")[0].lower()
    if name in _PAGES or not _NAME.fullmatch(name):
        return None
    return AccountRef("", name)

"""What people type to name an account of X."""

import re
from urllib.parse import urlsplit

from connectors.types import AccountRef

# As the vendor's specification has it (GET /2/users/by/username/{username}, read 2026-11).
_NAME = re.compile(r"[A-Za-z0-9_]{1,15}")
_HOSTS = frozenset({"x.com", "www.x.com", "mobile.x.com", "twitter.com", "www.twitter.com"})
# First parts of addresses there that are no account.
_PAGES = frozenset(
    {
        *("compose", "explore", "hashtag", "home", "i", "intent", "jobs", "login", "messages"),
        *("notifications", "privacy", "search", "settings", "share", "signup", "tos"),
    }
)


def parse_handle(text: str) -> AccountRef | None:
    """Return the account meant by "@name" or an address of x.com or twitter.com; None otherwise.

    A bare word is nobody's: too many networks would claim it.
    """
    text = text.strip()
    if text.startswith("@"):
        name = text[1:]
    else:
        try:
            parts = urlsplit(text if "://" in text else f"https://{text}")
        except ValueError:
            return None
        if parts.scheme not in {"http", "https"} or parts.netloc.lower() not in _HOSTS:
            return None
        name = parts.path.strip("/").partition("/")[0].removeprefix("@")
        if name.lower() in _PAGES:
            return None
    return AccountRef("", name) if _NAME.fullmatch(name) else None

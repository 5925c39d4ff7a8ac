"""What people type to name a Page of Facebook."""

import re
from urllib.parse import urlsplit

from connectors.types import AccountRef

_NAME = re.compile(r"[a-z0-9.]{5,50}")
_HOSTS = frozenset({"facebook.com", "www.facebook.com", "m.facebook.com"})
# First parts of addresses there that are no Page.
_PAGES = frozenset(
    {
        *("events", "gaming", "groups", "hashtag", "login", "marketplace", "pages", "people"),
        *("permalink.php", "photo", "photo.php", "profile.php", "reel", "share", "sharer"),
        *("story.php", "watch"),
    }
)


def parse_handle(text: str) -> AccountRef | None:
    """Return the Page meant by an address of facebook.com; None otherwise."""
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

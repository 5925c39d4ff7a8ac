"""What people type to name an account of GitHub."""

import re
from urllib.parse import urlsplit

from connectors.types import AccountRef

# Letters, digits and single hyphens between them, 39 at most
# (https://docs.github.com/en/enterprise-cloud@latest/admin/…/username-considerations, 2026-11).
_NAME = re.compile(r"[A-Za-z0-9](?:-?[A-Za-z0-9]){0,38}")
_HOSTS = frozenset({"github.com", "www.github.com"})
# First parts of addresses there that are no account.
_PAGES = frozenset(
    {
        *("about", "apps", "collections", "contact", "customer-stories", "enterprise", "events"),
        *("explore", "features", "issues", "join", "login", "marketplace", "new", "notifications"),
        *("orgs", "pricing", "pulls", "search", "security", "settings", "signup", "site"),
        *("sponsors", "stars", "team", "topics", "trending", "users"),
    }
)


def parse_handle(text: str) -> AccountRef | None:
    """Return the account meant by "gh:name" or an address of github.com; None otherwise."""
    text = text.strip()
    for sign in ("gh:", "@gh:"):
        if text.startswith(sign):
            return _named(text.removeprefix(sign))
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or parts.netloc.lower() not in _HOSTS:
        return None
    name = parts.path.strip("/").partition("/")[0]
    return None if name.lower() in _PAGES else _named(name)


def _named(name: str) -> AccountRef | None:
    return AccountRef("", name) if _NAME.fullmatch(name) else None

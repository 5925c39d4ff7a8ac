"""What people type to name an account of Threads."""

import re
from urllib.parse import urlsplit

from connectors.types import AccountRef

_NAME = re.compile(r"@[a-z0-9_](?:[a-z0-9._]{0,28}[a-z0-9_])?")
_HOSTS = frozenset({"threads.com", "www.threads.com", "threads.net", "www.threads.net"})


def parse_handle(text: str) -> AccountRef | None:
    """Return the account meant by an address of threads.com or threads.net; None otherwise.

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
    return AccountRef("", name[1:]) if _NAME.fullmatch(name) else None

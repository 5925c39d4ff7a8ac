"""What people type to name an article of Wikipedia: its address. Kept as "en:Ada Lovelace"."""

import re
from urllib.parse import unquote, urlsplit

from connectors.types import AccountRef

_HOST = re.compile(r"([a-z]{2,3}(?:-[a-z]{2,12})?)(?:\.m)?\.wikipedia\.org")
# What no title may hold: https://www.mediawiki.org/wiki/Manual:$wgLegalTitleChars (read 2026-11).
_BAD = re.compile(r"[#<>\[\]|{}\x00-\x1f\x7f]")


def parse_handle(text: str) -> AccountRef | None:
    """Return the article that an address means; None for anything else, also pages of users."""
    text = text.strip()
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
    except ValueError:
        return None
    host = _HOST.fullmatch(parts.netloc.lower())
    if parts.scheme not in {"http", "https"} or host is None:
        return None
    folder, _, rest = parts.path.removeprefix("/").partition("/")
    title = unquote(rest).replace("_", " ").strip()
    # Other namespaces (User:, Talk:, …) have a colon without a space behind it.
    if folder != "wiki" or not title or len(title.encode()) > 240 or _BAD.search(title):
        return None
    if re.search(r":\S", title):
        return None
    return AccountRef("", f"{host[1]}:{title}")


def split(handle: str) -> tuple[str, str]:
    """Return the language and the title of a kept handle."""
    language, _, title = handle.partition(":")
    return language, title

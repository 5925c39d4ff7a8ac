"""Strict reading of Pinterest's answers: the account, Pins with their counts, boards, a month.

References: https://developers.pinterest.com/docs/api/v5/ and its description at
https://github.com/pinterest/api-description (read 2026-11).
"""

import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from connectors import bios
from connectors.errors import BadPayload
from connectors.fields import field, objects, optional
from connectors.http import Answer
from connectors.types import AccountRef, Post, Profile, ProfileLink, TextFeatures

NETWORK_ID = "pinterest"
SITE = "https://www.pinterest.com"
LONGEST_TEXT = 20_000
_NAME = re.compile(r"[a-z0-9_]{3,30}")
# Each country has an address of its own: no.pinterest.com, www.pinterest.co.uk.
_HOST = re.compile(r"(?:www\.|[a-z]{2}\.)?pinterest\.(?:com|[a-z]{2}|co\.[a-z]{2}|com\.[a-z]{2})")
# First steps of addresses that are pages of the site, and no account.
_PAGES = frozenset({"pin", "search", "ideas", "today", "settings", "business", "categories"})
_HASHTAG = re.compile(r"#(\w+)")
# Where the totals of Pins stand, the better first: of their whole life, else of 90 days.
_TOTALS = ("lifetime_metrics", "90d")


def parse_handle(text: str) -> AccountRef | None:
    """Return the account that the address of a profile means; None for anything else."""
    text = text.strip()
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not _HOST.fullmatch(parts.hostname or ""):
        return None
    name = parts.path.strip("/").split("/")[0].lower()
    if name in _PAGES or not _NAME.fullmatch(name):
        return None
    return AccountRef(native_id="", handle=name)


def parse_account(answer: Answer) -> tuple[Profile, dict[str, int | None], bool]:
    """Return the token's owner, their counts, and whether it is an account for business."""
    data, path = answer.data, answer.path
    name = text_of(data, "username", path)
    bio = _words(data, "about", path)
    site = _words(data, "website_url", path)
    profile = Profile(
        native_id=text_of(data, "id", path),
        handle=name,
        name=(_words(data, "business_name", path) or name)[:200],
        url=f"{SITE}/{name}/",
        bio=bio[:LONGEST_TEXT],
        states_minor=bios.states_minor(bio),
        links=(ProfileLink(site),) if site else (),
    )
    counts = {
        "followers": _count(data, "follower_count", path),
        "following": _count(data, "following_count", path),
        "posts": _count(data, "pin_count", path),
        "boards": _count(data, "board_count", path),
        "month_views": _count(data, "monthly_views", path),
    }
    return profile, counts, _words(data, "account_type", path) == "BUSINESS"


def parse_pin(pin: dict[str, Any], path: str) -> Post:
    """Return a Pin as a post; its words are read for their features alone."""
    words = (_words(pin, name, path) for name in ("title", "description"))
    text = "\n".join(words).strip()[:LONGEST_TEXT]
    name = text_of(pin, "id", path)
    host = _host(_words(pin, "link", path))
    return Post(
        native_id=name,
        created_at=moment_of(pin, path),
        url=f"{SITE}/pin/{name}/",
        text=text,
        features=TextFeatures(
            hashtags=tuple(dict.fromkeys(tag.lower() for tag in _HASHTAG.findall(text))),
            link_hosts=(host,) if host else (),
            length=len(text),
        ),
        counts=_totals(pin, path),
    )


def moment_of(pin: dict[str, Any], path: str) -> datetime:
    """Return when a Pin was made; without a zone it is told in UTC."""
    told = text_of(pin, "created_at", path)
    try:
        at = datetime.fromisoformat(told)
        return at.replace(tzinfo=at.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadPayload(
            f"pinterest's answer at {path}: the field created_at is not a time.",
            network=NETWORK_ID,
            path=path,
        ) from None


def month_of(answer: Answer) -> dict[str, int | None]:
    """Return what a month of the account's analytics came to."""
    whole = field(answer.data, "all", dict, path=answer.path, network=NETWORK_ID)
    told = optional(whole, "summary_metrics", dict, path=answer.path, network=NETWORK_ID) or {}
    return {
        "saves_month": _count(told, "SAVE", answer.path),
        "outbound_clicks": _count(told, "OUTBOUND_CLICK", answer.path),
        "engaged_actions": _count(told, "ENGAGEMENT", answer.path),
    }


def followers_of(board: dict[str, Any], path: str) -> int:
    """Return how many follow a board."""
    return _count(board, "follower_count", path) or 0


def rows_of(answer: Answer) -> list[dict[str, Any]]:
    """Return the rows of a page."""
    return objects(answer.data, "items", path=answer.path, network=NETWORK_ID)


def next_page(answer: Answer) -> dict[str, str] | None:
    """Return what is asked for the next page; None at the end."""
    mark = optional(answer.data, "bookmark", str, path=answer.path, network=NETWORK_ID)
    return {"bookmark": mark} if mark else None


def text_of(data: object, name: str, path: str) -> str:
    """Return a text that must be there."""
    return field(data, name, str, path=path, network=NETWORK_ID)


def _totals(pin: dict[str, Any], path: str) -> dict[str, int | None]:
    """Return the counts of a Pin; unknown where they are not told, or were paid for."""
    found: dict[str, Any] = {"path": path, "network": NETWORK_ID}
    metrics = optional(pin, "pin_metrics", dict, **found) or {}
    told: dict[str, Any] = {}
    if not optional(pin, "has_been_promoted", bool, **found):
        told = next(filter(None, (optional(metrics, name, dict, **found) for name in _TOTALS)), {})
    clicks = _count(told, "outbound_click", path)
    return {
        "likes": _count(told, "reaction", path),
        "comments": _count(told, "comment", path),
        "saves": _count(told, "save", path),
        "views": _count(told, "impression", path),
        # The older name for the same.
        "link_clicks": _count(told, "clickthrough", path) if clicks is None else clicks,
        "detail_views": _count(told, "pin_click", path),
    }


def _words(data: object, name: str, path: str) -> str:
    return optional(data, name, str, path=path, network=NETWORK_ID) or ""


def _count(data: object, name: str, path: str) -> int | None:
    # Sums of analytics are told as 12.0.
    count = optional(data, name, float, path=path, network=NETWORK_ID)
    return None if count is None or count < 0 else int(count)


def _host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""

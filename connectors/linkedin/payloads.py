"""Strict reading of LinkedIn's answers: the member, and the member's own posts."""

import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote, urlsplit

from connectors.errors import BadPayload
from connectors.fields import field, optional
from connectors.types import Post, Profile, TextFeatures

NETWORK_ID = "linkedin"
_URN = re.compile(r"urn:li:(?:share|ugcPost|activity):\d{1,25}")
_HASHTAG = re.compile(r"(?<!\w)#(\w{1,100})")


def parse_profile(data: object, path: str) -> Profile:
    """Return a member as OpenID Connect tells; neither handle nor address are among it."""
    native_id = field(data, "sub", str, path=path, network=NETWORK_ID)
    name = optional(data, "name", str, path=path, network=NETWORK_ID) or native_id
    return Profile(native_id=native_id, handle=name[:255], name=name[:200], url="")


def urn_of(address: str) -> str | None:
    """Return the post's own name in the address of a share; None where there is none."""
    found = _URN.search(unquote(address))
    return found[0] if found else None


def parse_post(row: dict[str, Any], path: str) -> Post | None:
    """Return a row of the member's shares; None for one that only its author or friends see.

    Its text is only measured. Dates are told in UTC, without a zone.
    """
    address = _told(row, "ShareLink", path)
    urn = urn_of(address)
    if urn is None or _told(row, "Visibility", path) not in {"", "MEMBER_NETWORK", "PUBLIC"}:
        return None
    try:
        at = datetime.strptime(_told(row, "Date", path), "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    except ValueError:
        raise BadPayload(
            f"LinkedIn's answer at {path}: the field Date is not a time.",
            network=NETWORK_ID,
            path=path,
        ) from None
    text = _told(row, "ShareCommentary", path)
    tags = dict.fromkeys(tag.lower() for tag in _HASHTAG.findall(text))
    host = _host(_told(row, "SharedUrl", path))
    return Post(
        native_id=urn,
        created_at=at,
        url=address,
        features=TextFeatures(
            hashtags=tuple(tags), link_hosts=(host,) if host else (), length=len(text)
        ),
    )


def _told(row: object, name: str, path: str) -> str:
    return optional(row, name, str, path=path, network=NETWORK_ID) or ""


def _host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""

"""Strict reading of TikTok's answers: the user, and videos with their counts.

References: https://developers.tiktok.com/doc/tiktok-api-v2-get-user-info and
…/tiktok-api-v2-video-object (read 2026-11).
"""

import re
from typing import Any
from urllib.parse import urlsplit

from connectors import bios
from connectors.fields import epoch, field, optional
from connectors.types import AccountRef, Post, Profile, TextFeatures

NETWORK_ID = "tiktok"
LONGEST_TEXT = 20_000
_NAME = re.compile(r"[a-z0-9_.]{2,24}")
_HASHTAG = re.compile(r"#(\w+)")
_MENTION = re.compile(r"(?<!\w)@([\w.]{2,24})")
_HOSTS = frozenset({"tiktok.com", "www.tiktok.com", "m.tiktok.com"})


def parse_handle(text: str) -> AccountRef | None:
    """Return the account that the address of a profile means; None for anything else."""
    text = text.strip()
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
    except ValueError:
        return None
    name = parts.path.strip("/").split("/")[0]
    if parts.scheme not in {"http", "https"} or parts.hostname not in _HOSTS:
        return None
    name = name.removeprefix("@").lower() if name.startswith("@") else ""
    return AccountRef(native_id="", handle=name) if _NAME.fullmatch(name) else None


def parse_user(data: object, path: str) -> tuple[Profile, dict[str, int | None]]:
    """Return the token's owner and their counts."""
    user = field(child(data, path), "user", dict, path=path, network=NETWORK_ID)
    bio = _text(user, "bio_description", path)
    name = field(user, "username", str, path=path, network=NETWORK_ID)
    profile = Profile(
        # Known to this site's application alone, and the same for as long as it exists.
        native_id=field(user, "open_id", str, path=path, network=NETWORK_ID),
        handle=name,
        name=(_text(user, "display_name", path) or name)[:200],
        url=f"https://www.tiktok.com/@{name}",
        bio=bio[:LONGEST_TEXT],
        states_minor=bios.states_minor(bio),
    )
    return profile, {
        "followers": _count(user, "follower_count", path),
        "following": _count(user, "following_count", path),
        "likes_ever": _count(user, "likes_count", path),
        "videos": _count(user, "video_count", path),
    }


def parse_video(video: dict[str, Any], path: str) -> Post:
    """Return a video as a post; its description is read for its features alone."""
    text = _text(video, "video_description", path)[:LONGEST_TEXT]
    return Post(
        native_id=field(video, "id", str, path=path, network=NETWORK_ID),
        created_at=epoch(video, "create_time", path=path, network=NETWORK_ID),
        url=_text(video, "share_url", path),
        text=text,
        features=TextFeatures(
            hashtags=tuple(dict.fromkeys(tag.lower() for tag in _HASHTAG.findall(text))),
            mentions=tuple(dict.fromkeys(name.lower() for name in _MENTION.findall(text))),
            length=len(text),
        ),
        counts={
            "likes": _count(video, "like_count", path),
            "comments": _count(video, "comment_count", path),
            "shares": _count(video, "share_count", path),
            "views": _count(video, "view_count", path),
        },
    )


def child(data: object, path: str) -> dict[str, Any]:
    """Return what an answer tells, beside its "error", which is there with every answer."""
    return field(data, "data", dict, path=path, network=NETWORK_ID)


def _text(data: object, name: str, path: str) -> str:
    return optional(data, name, str, path=path, network=NETWORK_ID) or ""


def _count(data: object, name: str, path: str) -> int | None:
    count = optional(data, name, int, path=path, network=NETWORK_ID)
    return None if count is None or count < 0 else count

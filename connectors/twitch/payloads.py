"""Strict reading of Helix's answers: the user, videos with their views, clips, who follows whom.

Reference: https://dev.twitch.tv/docs/api/reference (read 2026-11).
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from connectors import bios
from connectors.errors import BadPayload
from connectors.fields import field, moment, objects, optional
from connectors.http import Answer
from connectors.types import AccountRef, Actor, Post, Profile, TextFeatures

NETWORK_ID = "twitch"
SITE = "https://www.twitch.tv"
LONGEST_TEXT = 20_000
_NAME = re.compile(r"[a-z0-9][a-z0-9_]{2,24}")
_HOSTS = frozenset({"twitch.tv", "www.twitch.tv", "m.twitch.tv"})
# First steps of addresses that are pages of the site, and no channel.
_PAGES = frozenset({"directory", "videos", "settings", "subscriptions", "search", "jobs", "store"})
_HASHTAG = re.compile(r"#(\w+)")
_DURATION = re.compile(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?")


@dataclass(frozen=True, slots=True)
class Clip:
    """A piece of a broadcast that somebody made to pass it on."""

    native_id: str
    by: Actor
    at: datetime
    views: int
    # None where the video of the broadcast is gone.
    video_id: str | None


def parse_handle(text: str) -> AccountRef | None:
    """Return the account that the address of a channel means; None for anything else."""
    text = text.strip()
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or parts.hostname not in _HOSTS:
        return None
    name = parts.path.strip("/").split("/")[0].lower()
    if name in _PAGES or not _NAME.fullmatch(name):
        return None
    return AccountRef(native_id="", handle=name)


def parse_user(answer: Answer) -> tuple[Profile, bool]:
    """Return the token's owner, and whether they are a partner of Twitch."""
    rows = rows_of(answer)
    if len(rows) != 1:
        raise BadPayload(
            "twitch does not say whose token it is.", network=NETWORK_ID, path=answer.path
        )
    (user,) = rows
    login = text_of(user, "login", answer.path)
    bio = _optional_text(user, "description", answer.path)
    profile = Profile(
        native_id=text_of(user, "id", answer.path),
        handle=login,
        name=(_optional_text(user, "display_name", answer.path) or login)[:200],
        url=f"{SITE}/{login}",
        bio=bio[:LONGEST_TEXT],
        states_minor=bios.states_minor(bio),
        created_at=moment(user, "created_at", path=answer.path, network=NETWORK_ID),
    )
    return profile, _optional_text(user, "broadcaster_type", answer.path) == "partner"


def parse_video(video: dict[str, Any], path: str) -> Post:
    """Return a video as a post; its words are read for their features alone."""
    words = (_optional_text(video, name, path) for name in ("title", "description"))
    text = "\n".join(words).strip()[:LONGEST_TEXT]
    return Post(
        native_id=text_of(video, "id", path),
        created_at=moment(video, "published_at", path=path, network=NETWORK_ID),
        url=_optional_text(video, "url", path),
        text=text,
        features=TextFeatures(
            hashtags=tuple(dict.fromkeys(tag.lower() for tag in _HASHTAG.findall(text))),
            language=_language(_optional_text(video, "language", path)),
            length=len(text),
        ),
        counts={"views": number_of(video, "view_count", path)},
    )


def is_public(video: dict[str, Any], path: str) -> bool:
    """Return whether everybody may see a video."""
    return _optional_text(video, "viewable", path) != "private"


def time_on_air(video: dict[str, Any], path: str) -> timedelta | None:
    """Return how long the broadcast was that a video is of; None for what was uploaded."""
    if text_of(video, "type", path) != "archive":
        return None
    told = text_of(video, "duration", path)
    found = _DURATION.fullmatch(told)
    if found is None:
        raise BadPayload(
            f"twitch's answer at {path}: the field duration is not a duration.",
            network=NETWORK_ID,
            path=path,
        )
    hours, minutes, seconds = (min(int(part or 0), 10**6) for part in found.groups())
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)


def parse_follow(row: dict[str, Any], prefix: str, path: str) -> tuple[Actor, datetime]:
    """Return who follows ("user") or is followed ("broadcaster"), and since when."""
    login = text_of(row, f"{prefix}_login", path)
    actor = Actor(
        native_id=text_of(row, f"{prefix}_id", path),
        handle=login,
        name=(_optional_text(row, f"{prefix}_name", path) or login)[:200],
        url=f"{SITE}/{login}",
    )
    return actor, moment(row, "followed_at", path=path, network=NETWORK_ID)


def parse_clip(clip: dict[str, Any], path: str) -> Clip:
    """Return a clip; who made it is told by number and shown name."""
    name = _optional_text(clip, "creator_name", path)
    handle = name.lower()
    return Clip(
        native_id=text_of(clip, "id", path),
        by=Actor(
            native_id=_optional_text(clip, "creator_id", path),
            handle=handle,
            name=name[:200],
            # A name in another script is not the one in the address.
            url=f"{SITE}/{handle}" if _NAME.fullmatch(handle) else "",
        ),
        at=moment(clip, "created_at", path=path, network=NETWORK_ID),
        views=number_of(clip, "view_count", path),
        video_id=_optional_text(clip, "video_id", path) or None,
    )


def rows_of(answer: Answer) -> list[dict[str, Any]]:
    """Return the objects of an answer."""
    return objects(answer.data, "data", path=answer.path, network=NETWORK_ID)


def total_of(answer: Answer) -> int:
    """Return of how many rows an answer is a page."""
    return number_of(answer.data, "total", answer.path)


def next_page(answer: Answer) -> dict[str, str] | None:
    """Return what is asked for the next page; None at the end."""
    found: dict[str, Any] = {"path": answer.path, "network": NETWORK_ID}
    paging = optional(answer.data, "pagination", dict, **found) or {}
    cursor = optional(paging, "cursor", str, **found)
    return {"after": cursor} if cursor else None


def text_of(data: object, name: str, path: str) -> str:
    """Return a text that must be there."""
    return field(data, name, str, path=path, network=NETWORK_ID)


def number_of(data: object, name: str, path: str) -> int:
    """Return a number that must be there."""
    return field(data, name, int, path=path, network=NETWORK_ID)


def _optional_text(data: object, name: str, path: str) -> str:
    return optional(data, name, str, path=path, network=NETWORK_ID) or ""


def _language(told: str) -> str:
    # "other" is chosen for what is in no language, or in none of the list.
    return "" if told == "other" else told

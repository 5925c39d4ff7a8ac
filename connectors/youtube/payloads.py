"""Strict reading of YouTube's objects: channels, videos, comments.

Reference: https://developers.google.com/youtube/v3/docs (read 2026-11). Counts are whole numbers
in text (uint64).
"""

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from connectors import bios
from connectors.fields import field, moment, optional, optional_moment
from connectors.types import Actor, Post, Profile, TextFeatures
from connectors.youtube.asking import NETWORK_ID

_HASHTAG = re.compile(r"(?<!\w)#(\w{1,100})")
_ADDRESS = re.compile(r"https?://[^\s<>\"]+")
# A tag of somebody's own may be a whole sentence.
_MOST_TAGS = 30


def text_of(data: object, name: str, path: str) -> str:
    """Return a text that must be there."""
    return field(data, name, str, path=path, network=NETWORK_ID)


def part_of(data: object, name: str, path: str) -> dict[str, Any]:
    """Return a part of a resource that was asked for."""
    return field(data, name, dict, path=path, network=NETWORK_ID)


def parse_profile(row: object, path: str) -> Profile:
    """Return a channel as a profile."""
    native_id, snippet = text_of(row, "id", path), part_of(row, "snippet", path)
    custom = optional(snippet, "customUrl", str, path=path, network=NETWORK_ID) or ""
    bio = optional(snippet, "description", str, path=path, network=NETWORK_ID) or ""
    return Profile(
        native_id=native_id,
        handle=custom.removeprefix("@") or native_id,
        name=text_of(snippet, "title", path)[:200],
        url=f"https://www.youtube.com/channel/{native_id}",
        bio=bio,
        indexable=not bios.asks_to_stay_away(bio),
        states_minor=bios.states_minor(bio),
        created_at=optional_moment(snippet, "publishedAt", path=path, network=NETWORK_ID),
    )


def parse_audience(row: object, path: str) -> dict[str, int | None]:
    """Return a channel's counts, by the names of Snapshot; hidden ones are unknown."""
    told = part_of(row, "statistics", path)
    hidden = optional(told, "hiddenSubscriberCount", bool, path=path, network=NETWORK_ID)
    return {
        "followers": None if hidden else count(told, "subscriberCount", path),
        "videos": count(told, "videoCount", path),
        "views_ever": count(told, "viewCount", path),
    }


def uploads_of(row: object, path: str) -> str | None:
    """Return the id of the playlist of everything that a channel has published."""
    lists = optional(
        part_of(row, "contentDetails", path),
        "relatedPlaylists",
        dict,
        path=path,
        network=NETWORK_ID,
    )
    return optional(lists or {}, "uploads", str, path=path, network=NETWORK_ID) or None


def is_public(row: object, path: str) -> bool:
    """Return whether everybody may see a video, now."""
    status, snippet = part_of(row, "status", path), part_of(row, "snippet", path)
    upcoming = optional(snippet, "liveBroadcastContent", str, path=path, network=NETWORK_ID)
    return text_of(status, "privacyStatus", path) == "public" and upcoming != "upcoming"


def parse_post(row: object, path: str) -> Post:
    """Return a video; its title and description are only measured."""
    native_id, snippet = text_of(row, "id", path), part_of(row, "snippet", path)
    told = part_of(row, "statistics", path)
    return Post(
        native_id=native_id,
        created_at=moment(snippet, "publishedAt", path=path, network=NETWORK_ID),
        url=f"https://www.youtube.com/watch?v={native_id}",
        features=_features(snippet, path),
        # Left out where their owner does not show them.
        counts={
            "likes": count(told, "likeCount", path),
            "comments": count(told, "commentCount", path),
            "views": count(told, "viewCount", path),
        },
    )


def parse_author(comment: object, path: str) -> Actor | None:
    """Return who wrote a comment; None where their channel is gone."""
    told = optional(comment, "authorChannelId", dict, path=path, network=NETWORK_ID) or {}
    native_id = optional(told, "value", str, path=path, network=NETWORK_ID)
    if not native_id:
        return None
    name = optional(comment, "authorDisplayName", str, path=path, network=NETWORK_ID) or ""
    return Actor(
        native_id=native_id,
        handle=name.removeprefix("@")[:255] or native_id,
        name=name[:200],
        url=f"https://www.youtube.com/channel/{native_id}",
    )


def count(data: object, name: str, path: str) -> int | None:
    """Return a count, which comes as text; None where it is not told."""
    text = optional(data, name, str, path=path, network=NETWORK_ID)
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 20 else None


def _features(snippet: object, path: str) -> TextFeatures:
    found: dict[str, Any] = {"path": path, "network": NETWORK_ID}
    title, about = (optional(snippet, n, str, **found) or "" for n in ("title", "description"))
    tags = optional(snippet, "tags", list, **found) or []
    words = [tag.lower() for tag in tags if isinstance(tag, str)][:_MOST_TAGS]
    text = f"{title}\n{about}"
    language = optional(snippet, "defaultAudioLanguage", str, **found) or optional(
        snippet, "defaultLanguage", str, **found
    )
    return TextFeatures(
        hashtags=_distinct([*(tag.lower() for tag in _HASHTAG.findall(text)), *words]),
        link_hosts=_distinct(map(_host, _ADDRESS.findall(about))),
        language=(language or "").partition("-")[0][:16],
        length=len(title) + len(about),
    )


def _distinct(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(word for word in dict.fromkeys(words) if word)


def _host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""

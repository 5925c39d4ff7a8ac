"""Strict reading of Instagram's objects: the account, its media, comments, media that tag it.

Reference: https://developers.facebook.com/docs/instagram-platform/reference (read 2026-11).
"""

from typing import Any

from connectors.fields import moment
from connectors.graph.answers import (
    count_of,
    features_of,
    insights_of,
    nested,
    text_of,
    whole,
    words_of,
)
from connectors.types import Actor, Post, Profile

NETWORK_ID = "instagram"


def parse_profile(data: object, path: str) -> Profile:
    """Return the token's owner as a profile."""
    handle = text_of(data, "username", path, NETWORK_ID)
    return Profile(
        native_id=text_of(data, "user_id", path, NETWORK_ID),
        handle=handle,
        name=words_of(data, "name", path, NETWORK_ID)[:200],
        url=f"https://www.instagram.com/{handle}/",
    )


def parse_audience(data: object, path: str) -> dict[str, int | None]:
    """Return the account's counts, by the names of Snapshot."""
    return {
        "followers": count_of(data, "followers_count", path, NETWORK_ID),
        "following": count_of(data, "follows_count", path, NETWORK_ID),
        "posts": count_of(data, "media_count", path, NETWORK_ID),
    }


def parse_post(row: dict[str, Any], path: str) -> Post:
    """Return one of the account's own posts."""
    text = words_of(row, "caption", path, NETWORK_ID)
    insights, _ = nested(row, "insights", path, NETWORK_ID)
    told = insights_of(insights)
    return Post(
        native_id=text_of(row, "id", path, NETWORK_ID),
        created_at=moment(row, "timestamp", path=path, network=NETWORK_ID),
        url=words_of(row, "permalink", path, NETWORK_ID),
        text=text,
        features=features_of(text),
        counts={
            # Left out where the owner hides them.
            "likes": count_of(row, "like_count", path, NETWORK_ID),
            "comments": count_of(row, "comments_count", path, NETWORK_ID),
            "views": whole(told, "views"),
            "saves": whole(told, "saved"),
            "shares": whole(told, "shares"),
            "reach": whole(told, "reach"),
        },
    )


def parse_actor(row: object, path: str) -> Actor | None:
    """Return who commented, or whose post tags the account; None where Instagram does not say.

    Their id differs from list to list and is often left out; the name is always the same, so
    people are known by it here (Network.reactors_by_name).
    """
    name = words_of(row, "username", path, NETWORK_ID)
    if not name and isinstance(row, dict):
        name = words_of(row.get("from") or {}, "username", path, NETWORK_ID)
    if not name:
        return None
    return Actor(native_id=name.lower(), handle=name, url=f"https://www.instagram.com/{name}/")

"""Strict reading of Facebook's objects: a Page, its posts, comments, posts that tag it.

Reference: https://developers.facebook.com/docs/graph-api/reference/page-post (read 2026-11).
"""

from collections.abc import Mapping
from typing import Any

from connectors.fields import moment, optional
from connectors.graph.answers import (
    count_of,
    features_of,
    insights_of,
    nested,
    text_of,
    total_of,
    whole,
    words_of,
)
from connectors.types import Actor, Post, Profile

NETWORK_ID = "facebook"
# Kinds of reactions besides the plain like, by our names for their counts.
_KINDS = {"loves": "love", "wows": "wow", "hahas": "haha", "sorrys": "sorry", "angers": "anger"}


def parse_profile(data: object, path: str) -> Profile:
    """Return a Page as a profile; one without a name of its own goes by its number."""
    native_id = text_of(data, "id", path, NETWORK_ID)
    handle = words_of(data, "username", path, NETWORK_ID) or native_id
    return Profile(
        native_id=native_id,
        handle=handle,
        name=text_of(data, "name", path, NETWORK_ID)[:200],
        url=words_of(data, "link", path, NETWORK_ID) or f"https://www.facebook.com/{handle}",
        is_brand=True,
    )


def parse_audience(data: object, path: str) -> dict[str, int | None]:
    """Return a Page's counts, by the names of Snapshot."""
    return {
        "followers": count_of(data, "followers_count", path, NETWORK_ID),
        "page_likes": count_of(data, "fan_count", path, NETWORK_ID),
        "talking": count_of(data, "talking_about_count", path, NETWORK_ID),
        "were_here": count_of(data, "were_here_count", path, NETWORK_ID),
        "checkins_here": count_of(data, "checkins", path, NETWORK_ID),
        "ratings": count_of(data, "rating_count", path, NETWORK_ID),
    }


def parse_post(row: dict[str, Any], path: str) -> Post:
    """Return one of the Page's own posts."""
    text = words_of(row, "message", path, NETWORK_ID)
    attached, _ = nested(row, "attachments", path, NETWORK_ID)
    links = [words_of(item, "unshimmed_url", path, NETWORK_ID) for item in attached]
    return Post(
        native_id=text_of(row, "id", path, NETWORK_ID),
        created_at=moment(row, "created_time", path=path, network=NETWORK_ID),
        url=words_of(row, "permalink_url", path, NETWORK_ID),
        text=text,
        features=features_of(text, links=links),
        counts=_counts(row, path),
    )


def _counts(row: dict[str, Any], path: str) -> dict[str, int | None]:
    insights, _ = nested(row, "insights", path, NETWORK_ID)
    told = insights_of(insights)
    by_kind = told.get("post_reactions_by_type_total")
    kinds = by_kind if isinstance(by_kind, Mapping) else None
    return {
        # All reactions together; which ones they are is told beside it.
        "likes": total_of(row, "reactions", path, NETWORK_ID),
        "comments": total_of(row, "comments", path, NETWORK_ID),
        "reshares": _shares(row, path),
        "reach": whole(told, "post_total_media_view_unique"),
        "link_clicks": whole(told, "post_clicks"),
        # A kind that nobody chose is left out of those that are told.
        **{
            name: None if kinds is None else whole({kind: 0, **kinds}, kind)
            for name, kind in _KINDS.items()
        },
    }


def _shares(row: dict[str, Any], path: str) -> int:
    """Return how often a post was shared; Facebook leaves the field out where never."""
    shares = optional(row, "shares", dict, path=path, network=NETWORK_ID) or {}
    return count_of(shares, "count", path, NETWORK_ID) or 0


def parse_actor(row: object, path: str) -> Actor | None:
    """Return who commented, or whose post tags the Page; None where Facebook does not say."""
    who = optional(row, "from", dict, path=path, network=NETWORK_ID)
    if who is None:
        return None
    native_id = text_of(who, "id", path, NETWORK_ID)
    name = words_of(who, "name", path, NETWORK_ID)[:200]
    return Actor(native_id=native_id, handle=native_id, name=name)

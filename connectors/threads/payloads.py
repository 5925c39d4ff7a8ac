"""Strict reading of Threads' objects: the account, its posts, replies and mentions.

Reference: https://developers.facebook.com/documentation/threads/reference (read 2026-11).
"""

from typing import Any

from connectors.fields import moment
from connectors.graph.answers import features_of, text_of, whole, words_of
from connectors.types import Actor, Post, Profile

NETWORK_ID = "threads"
# Somebody else's post that the account passed on; it has no counts of its own.
REPOST = "REPOST_FACADE"


def parse_profile(data: object, path: str) -> Profile:
    """Return the token's owner as a profile."""
    handle = text_of(data, "username", path, NETWORK_ID)
    return Profile(
        native_id=text_of(data, "id", path, NETWORK_ID),
        handle=handle,
        name=words_of(data, "name", path, NETWORK_ID)[:200],
        url=f"https://www.threads.com/@{handle}",
    )


def parse_post(row: dict[str, Any], told: dict[str, Any], path: str) -> Post:
    """Return one of the account's own posts, with the insights that were told of it."""
    text = words_of(row, "text", path, NETWORK_ID)
    topic = words_of(row, "topic_tag", path, NETWORK_ID)
    link = words_of(row, "link_attachment_url", path, NETWORK_ID)
    return Post(
        native_id=text_of(row, "id", path, NETWORK_ID),
        created_at=moment(row, "timestamp", path=path, network=NETWORK_ID),
        url=words_of(row, "permalink", path, NETWORK_ID),
        text=text,
        features=features_of(text, hashtags=(topic,), links=(link,)),
        counts={
            "likes": whole(told, "likes"),
            "reshares": whole(told, "reposts"),
            "comments": whole(told, "replies"),
            "quotes": whole(told, "quotes"),
            "views": whole(told, "views"),
        },
    )


def parse_actor(row: object, path: str) -> Actor | None:
    """Return who replied or mentioned; None where Threads does not say: their account is private.

    They are told by name only (Network.reactors_by_name).
    """
    name = words_of(row, "username", path, NETWORK_ID)
    if not name:
        return None
    return Actor(native_id=name.lower(), handle=name, url=f"https://www.threads.com/@{name}")

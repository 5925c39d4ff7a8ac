"""Strict reading of Foursquare's answers: the user, check-ins, who liked them and commented.

References: https://docs.foursquare.com/developer/reference/personalization-api-overview and the
pages of version 2 below it (read 2026-11). No place is read, neither its name nor where it is.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from connectors import bios
from connectors.fields import epoch, field, objects, optional
from connectors.types import AccountRef, Actor, Post, Profile, ProfileLink, TextFeatures

NETWORK_ID = "foursquare"
LONGEST_TEXT = 20_000
_ID = re.compile(r"[1-9][0-9]{0,17}")
_HASHTAG = re.compile(r"#(\w+)")
_X_NAME = re.compile(r"[A-Za-z0-9_]{1,15}")
_HOSTS = frozenset(
    {
        *("foursquare.com", "www.foursquare.com", "app.foursquare.com"),
        *("swarmapp.com", "www.swarmapp.com"),
    }
)
_ADULT_YEARS = 18


def parse_handle(text: str) -> AccountRef | None:
    """Return the account that the address of a user means; None for anything else."""
    text = text.strip()
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
    except ValueError:
        return None
    folder, _, name = parts.path.strip("/").partition("/")
    if parts.scheme not in {"http", "https"} or parts.hostname not in _HOSTS or folder != "user":
        return None
    name = name.partition("/")[0]
    return AccountRef(native_id=name, handle=name) if _ID.fullmatch(name) else None


def response_of(data: object, path: str) -> dict[str, Any]:
    """Return what an answer tells, beside its "meta", which is there with every answer."""
    return field(data, "response", dict, path=path, network=NETWORK_ID)


def parse_user(data: object, path: str, now: datetime) -> tuple[Profile, dict[str, int | None]]:
    """Return the token's owner and their counts; address, e-mail and gender are not read."""
    user = field(response_of(data, path), "user", dict, path=path, network=NETWORK_ID)
    actor = parse_actor(user, path)
    bio = _text(user, "bio", path)
    profile = Profile(
        native_id=actor.native_id,
        handle=actor.handle,
        name=(actor.name or actor.handle)[:200],
        url=f"https://foursquare.com/user/{actor.native_id}",
        bio=bio[:LONGEST_TEXT],
        indexable=not optional(user, "privateProfile", bool, path=path, network=NETWORK_ID),
        states_minor=bios.states_minor(bio) or _is_minor(user, path, now),
        links=_links(user, path),
    )
    return profile, {
        "friends": count_of(user, "friends", path),
        "checkins": count_of(user, "checkins", path),
        "tips": count_of(user, "tips", path),
        "mayorships": count_of(user, "mayorships", path),
        "photos": count_of(user, "photos", path),
        "lists_made": _lists_made(user, path),
    }


def parse_actor(user: dict[str, Any], path: str) -> Actor:
    """Return somebody who is told as a user."""
    native_id = field(user, "id", str, path=path, network=NETWORK_ID)
    names = (_text(user, "firstName", path), _text(user, "lastName", path))
    return Actor(
        native_id=native_id,
        handle=_text(user, "handle", path) or native_id,
        name=" ".join(name for name in names if name)[:200],
    )


def is_shown(checkin: dict[str, Any], path: str) -> bool:
    """Return False for a check-in that only its author sees ("off the grid")."""
    if optional(checkin, "private", bool, path=path, network=NETWORK_ID):
        return False
    return _text(checkin, "visibility", path) != "private"


def parse_checkin(checkin: dict[str, Any], path: str) -> Post:
    """Return a check-in as a post: when, what was said, how often others acted; not where."""
    text = _text(checkin, "shout", path)[:LONGEST_TEXT]
    return Post(
        native_id=field(checkin, "id", str, path=path, network=NETWORK_ID),
        created_at=epoch(checkin, "createdAt", path=path, network=NETWORK_ID),
        text=text,
        features=TextFeatures(
            hashtags=tuple(dict.fromkeys(tag.lower() for tag in _HASHTAG.findall(text))),
            length=len(text),
        ),
        counts={
            "likes": count_of(checkin, "likes", path),
            "comments": count_of(checkin, "comments", path),
        },
    )


def likers_of(checkin: dict[str, Any], path: str) -> Iterator[Actor]:
    """Yield who liked a check-in: friends and others come in groups."""
    likes = optional(checkin, "likes", dict, path=path, network=NETWORK_ID) or {}
    if likes.get("groups") is None:
        return
    for group in objects(likes, "groups", path=path, network=NETWORK_ID):
        for user in objects(group, "items", path=path, network=NETWORK_ID):
            yield parse_actor(user, path)


def comments_of(checkin: dict[str, Any], path: str) -> Iterator[tuple[str, datetime, Actor]]:
    """Yield the id, the time and the author of each comment; what it says is not read."""
    comments = optional(checkin, "comments", dict, path=path, network=NETWORK_ID) or {}
    if comments.get("items") is None:
        return
    for comment in objects(comments, "items", path=path, network=NETWORK_ID):
        user = field(comment, "user", dict, path=path, network=NETWORK_ID)
        yield (
            field(comment, "id", str, path=path, network=NETWORK_ID),
            epoch(comment, "createdAt", path=path, network=NETWORK_ID),
            parse_actor(user, path),
        )


def count_of(data: object, name: str, path: str) -> int | None:
    """Return the "count" of what is told by that name; None where it is not told."""
    told = optional(data, name, dict, path=path, network=NETWORK_ID)
    count = optional(told, "count", int, path=path, network=NETWORK_ID) if told else None
    return None if count is None or count < 0 else count


def _lists_made(user: dict[str, Any], path: str) -> int | None:
    """Return how many lists are the user's own; those that they follow are in other groups."""
    lists = optional(user, "lists", dict, path=path, network=NETWORK_ID)
    if lists is None or lists.get("groups") is None:
        return None
    for group in objects(lists, "groups", path=path, network=NETWORK_ID):
        if group.get("type") == "created":
            count = optional(group, "count", int, path=path, network=NETWORK_ID)
            return None if count is None or count < 0 else count
    return None


def _links(user: dict[str, Any], path: str) -> tuple[ProfileLink, ...]:
    """Return the account at X that the user names beside their address and telephone."""
    contact = optional(user, "contact", dict, path=path, network=NETWORK_ID) or {}
    name = contact.get("twitter")
    if not isinstance(name, str) or not _X_NAME.fullmatch(name):
        return ()
    return (ProfileLink(f"https://x.com/{name}"),)


def _is_minor(user: dict[str, Any], path: str, now: datetime) -> bool:
    """Return whether a birthday that is told is less than 18 years ago; it is not kept."""
    if optional(user, "birthday", int, path=path, network=NETWORK_ID) is None:
        return False
    born = epoch(user, "birthday", path=path, network=NETWORK_ID)
    years = now.year - born.year - ((now.month, now.day) < (born.month, born.day))
    return 0 <= years < _ADULT_YEARS


def _text(data: object, name: str, path: str) -> str:
    return optional(data, name, str, path=path, network=NETWORK_ID) or ""

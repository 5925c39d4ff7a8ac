"""Strict reading of Reddit's things: the account, links with their counts, comments.

References: https://www.reddit.com/dev/api/ and https://github.com/reddit-archive/reddit/wiki/JSON
(read 2026-11). A name is never given to somebody else, and is the same in every spelling.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from connectors import bios
from connectors.errors import BadPayload
from connectors.fields import epoch, field, objects, optional
from connectors.types import AccountRef, Actor, Post, Profile, TextFeatures

NETWORK_ID = "reddit"
SITE = "https://www.reddit.com"
LONGEST_TEXT = 20_000
NAME = re.compile(r"[A-Za-z0-9_-]{3,20}")
_HOSTS = frozenset({"reddit.com", "www.reddit.com", "old.reddit.com", "new.reddit.com"})
# Who wrote something that was deleted, and the site's own machine.
_NOBODY = frozenset({"[deleted]", "[removed]", "automoderator"})


def parse_handle(text: str) -> AccountRef | None:
    """Return the account that "u/name" or the address of a user means; None for anything else."""
    text = text.strip()
    if "://" in text:
        try:
            parts = urlsplit(text)
        except ValueError:
            return None
        steps = parts.path.strip("/").split("/")
        if parts.hostname not in _HOSTS or steps[0] not in {"u", "user"} or len(steps) < 2:
            return None
        name = steps[1]
    else:
        head, slash, name = text.removeprefix("/").partition("/")
        if not slash or head.lower() not in {"u", "user"}:
            return None
    return AccountRef(name.lower(), name) if NAME.fullmatch(name) else None


def parse_me(data: object, path: str) -> tuple[Profile, dict[str, int | None]]:
    """Return the token's owner and their counts."""
    name = field(data, "name", str, path=path, network=NETWORK_ID)
    if not NAME.fullmatch(name):
        raise BadPayload("reddit answers with a name that is none.", network=NETWORK_ID)
    own = optional(data, "subreddit", dict, path=path, network=NETWORK_ID) or {}
    bio = optional(own, "public_description", str, path=path, network=NETWORK_ID) or ""
    profile = Profile(
        native_id=name.lower(),
        handle=name,
        name=(optional(own, "title", str, path=path, network=NETWORK_ID) or name)[:200],
        url=f"{SITE}/user/{name}",
        bio=bio[:LONGEST_TEXT],
        states_minor=bios.states_minor(bio),
        created_at=moment_of(data, "created_utc", path),
    )
    return profile, {
        # Who follows the person's own page.
        "followers": _optional_count(own, "subscribers", path),
        "link_karma": _count(data, "link_karma", path),
        "comment_karma": _count(data, "comment_karma", path),
        "award_karma": _optional_count(data, "awardee_karma", path),
    }


def things_of(data: object, kind: str, path: str) -> Iterator[dict[str, Any]]:
    """Yield the things of a listing that are of a kind ("t1" comments, "t3" links)."""
    listing = field(data, "data", dict, path=path, network=NETWORK_ID)
    for child in objects(listing, "children", path=path, network=NETWORK_ID):
        if field(child, "kind", str, path=path, network=NETWORK_ID) == kind:
            yield field(child, "data", dict, path=path, network=NETWORK_ID)


def after_of(data: object, path: str) -> str | None:
    """Return what the next page of a listing begins after; None at the end."""
    listing = field(data, "data", dict, path=path, network=NETWORK_ID)
    return optional(listing, "after", str, path=path, network=NETWORK_ID)


def parse_link(link: dict[str, Any], path: str) -> Post:
    """Return a link or text as a post."""
    title = field(link, "title", str, path=path, network=NETWORK_ID)
    said = optional(link, "selftext", str, path=path, network=NETWORK_ID) or ""
    text = f"{title}\n{said}".strip()[:LONGEST_TEXT]
    is_text = optional(link, "is_self", bool, path=path, network=NETWORK_ID) or False
    domain = optional(link, "domain", str, path=path, network=NETWORK_ID) or ""
    return Post(
        native_id=field(link, "name", str, path=path, network=NETWORK_ID),
        created_at=moment_of(link, "created_utc", path),
        url=SITE + field(link, "permalink", str, path=path, network=NETWORK_ID),
        text=text,
        features=TextFeatures(
            link_hosts=() if is_text or not domain else (domain.removeprefix("www."),),
            length=len(text),
        ),
        counts={
            # The author's own vote is not somebody's.
            "votes": max(_signed(link, "score", path) - 1, 0),
            "comments": _count(link, "num_comments", path),
            "crossposts": _optional_count(link, "num_crossposts", path),
        },
    )


def is_shown(link: dict[str, Any], path: str) -> bool:
    """Return False where its author, a moderator or Reddit took it away."""
    removed = optional(link, "removed_by_category", str, path=path, network=NETWORK_ID)
    return removed is None and actor_named(link, "author", path) is not None


def actor_named(thing: dict[str, Any], name: str, path: str) -> Actor | None:
    """Return whom a field names; None for deleted accounts and the site's own machine."""
    author = optional(thing, name, str, path=path, network=NETWORK_ID) or ""
    if author.lower() in _NOBODY or not NAME.fullmatch(author):
        return None
    return Actor(native_id=author.lower(), handle=author, url=f"{SITE}/user/{author}")


def moment_of(thing: object, name: str, path: str) -> datetime:
    """Return a time that is told in seconds since 1970."""
    return epoch(thing, name, path=path, network=NETWORK_ID, kind=float)


def _signed(thing: object, name: str, path: str) -> int:
    return field(thing, name, int, path=path, network=NETWORK_ID)


def _count(thing: object, name: str, path: str) -> int:
    return max(_signed(thing, name, path), 0)


def _optional_count(thing: object, name: str, path: str) -> int | None:
    count = optional(thing, name, int, path=path, network=NETWORK_ID)
    return None if count is None else max(count, 0)

"""Strict reading of Hacker News: users of its own API, hits and threads of its search.

References: https://github.com/HackerNews/API and https://hn.algolia.com/api (read 2026-11). What
was deleted keeps its place in a thread without an author.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from connectors import bios
from connectors.errors import BadPayload, Gone
from connectors.fields import epoch, field, objects, optional
from connectors.markup import plain_text
from connectors.types import AccountRef, Actor, Post, Profile, TextFeatures

NETWORK_ID = "hackernews"
SITE = "https://news.ycombinator.com"
LONGEST_TEXT = 20_000
# Letters, digits, - and _ (https://github.com/HackerNews/API, "case-sensitive"); the site's own
# form takes 2 to 15 of them, and older names are no longer than 25.
NAME = re.compile(r"[A-Za-z0-9_-]{2,25}")
_HINTS = ("hn:", "hackernews:")
_HOSTS = frozenset({"news.ycombinator.com"})


def parse_handle(text: str) -> AccountRef | None:
    """Return the account that "hn:name" or the address of a user means; None for anything else.

    A bare name could be anybody's anywhere.
    """
    text = text.strip()
    name = ""
    for hint in _HINTS:
        if text.lower().startswith(hint):
            name = text[len(hint) :].removeprefix("@")
    if "://" in text:
        try:
            parts = urlsplit(text)
        except ValueError:
            return None
        if parts.hostname in _HOSTS and parts.path == "/user":
            name = parts.query.removeprefix("id=")
    return AccountRef(native_id=name, handle=name) if NAME.fullmatch(name) else None


def actor_of(name: str) -> Actor:
    """Return who wrote something; Hacker News knows no followers."""
    return Actor(native_id=name, handle=name, url=f"{SITE}/user?id={name}")


def parse_user(data: object, path: str) -> tuple[Profile, dict[str, int | None]]:
    """Return a user's profile and counts; raises Gone for null, which stands for nobody."""
    if data is None:
        raise Gone("Hacker News knows no such user.", network=NETWORK_ID, path=path)
    name = field(data, "id", str, path=path, network=NETWORK_ID)
    if not NAME.fullmatch(name):
        raise BadPayload("hackernews answers with a name that is none.", network=NETWORK_ID)
    bio = plain_text(optional(data, "about", str, path=path, network=NETWORK_ID) or "")[0]
    profile = Profile(
        native_id=name,
        handle=name,
        name=name,
        url=f"{SITE}/user?id={name}",
        bio=bio[:LONGEST_TEXT],
        indexable=not bios.asks_to_stay_away(bio),
        states_minor=bios.states_minor(bio),
        created_at=_moment(data, "created", path),
    )
    submitted = optional(data, "submitted", list, path=path, network=NETWORK_ID) or []
    karma = field(data, "karma", int, path=path, network=NETWORK_ID)
    # Votes against can bring it below zero, which is told as none.
    return profile, {"karma": max(karma, 0), "posts": len(submitted)}


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that an account wrote, as the search lists it."""

    native_id: str
    # The thread it stands in: its own id for a story.
    thread: str
    created_at: datetime
    # None for a comment, whose votes are nobody's business but its author's.
    post: Post | None
    comments: int | None


def parse_hits(data: object, path: str) -> list[Hit]:
    """Return the hits of a page of the search."""
    return [_hit(row, path) for row in objects(data, "hits", path=path, network=NETWORK_ID)]


def pages_of(data: object, path: str) -> int:
    """Return how many pages the search has."""
    return field(data, "nbPages", int, path=path, network=NETWORK_ID)


def _hit(row: dict[str, Any], path: str) -> Hit:
    native_id = field(row, "objectID", str, path=path, network=NETWORK_ID)
    at = _moment(row, "created_at_i", path)
    thread = optional(row, "story_id", int, path=path, network=NETWORK_ID)
    comment = optional(row, "comment_text", str, path=path, network=NETWORK_ID)
    if comment is not None:
        return Hit(native_id, str(thread or native_id), at, None, None)
    title = optional(row, "title", str, path=path, network=NETWORK_ID) or ""
    said = optional(row, "story_text", str, path=path, network=NETWORK_ID) or ""
    link = optional(row, "url", str, path=path, network=NETWORK_ID) or ""
    votes = optional(row, "points", int, path=path, network=NETWORK_ID)
    comments = _count(optional(row, "num_comments", int, path=path, network=NETWORK_ID))
    words, hosts = plain_text(said)
    text = f"{title}\n{words}".strip()[:LONGEST_TEXT]
    post = Post(
        native_id=native_id,
        created_at=at,
        url=f"{SITE}/item?id={native_id}",
        text=text,
        features=TextFeatures(link_hosts=(*_host(link), *hosts), length=len(text)),
        # A story begins with its author's own point.
        counts={"votes": None if votes is None else max(votes - 1, 0), "comments": comments},
    )
    return Hit(native_id, native_id, at, post, comments)


@dataclass(frozen=True, slots=True)
class Node:
    """One story or comment of a thread."""

    native_id: str
    # "" where it was deleted.
    author: str
    created_at: datetime
    text: str
    hosts: tuple[str, ...]
    # None for the story itself.
    parent: str | None
    is_comment: bool


def nodes_of(data: object, path: str) -> Iterator[Node]:
    """Yield a thread's story and comments, parents before children; no depth is too deep."""
    waiting: list[tuple[object, str | None]] = [(data, None)]
    while waiting:
        row, parent = waiting.pop()
        node = _node(row, parent, path)
        yield node
        children = objects(row, "children", path=path, network=NETWORK_ID)
        waiting.extend((child, node.native_id) for child in reversed(children))


def _node(row: object, parent: str | None, path: str) -> Node:
    native_id = field(row, "id", int, path=path, network=NETWORK_ID)
    words, hosts = plain_text(optional(row, "text", str, path=path, network=NETWORK_ID) or "")
    author = optional(row, "author", str, path=path, network=NETWORK_ID) or ""
    return Node(
        native_id=str(native_id),
        author=author if NAME.fullmatch(author) else "",
        created_at=_moment(row, "created_at_i", path),
        text=words[:LONGEST_TEXT],
        hosts=hosts,
        parent=parent,
        is_comment=parent is not None,
    )


def _moment(row: object, name: str, path: str) -> datetime:
    return epoch(row, name, path=path, network=NETWORK_ID)


def _host(address: str) -> tuple[str, ...]:
    try:
        host = urlsplit(address).hostname
    except ValueError:
        host = None
    return (host.removeprefix("www."),) if host else ()


def _count(value: int | None) -> int | None:
    return None if value is None else max(value, 0)

"""Strict reading of Tumblr's answers: blogs, posts in the Neue Post Format, and notes.

References: https://www.tumblr.com/docs/en/api/v2 and https://www.tumblr.com/docs/npf (read
2026-11). A blog is known by its uuid ("t:…"), which stays when its name changes.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from connectors import bios
from connectors.errors import BadPayload
from connectors.fields import epoch, field, objects, optional
from connectors.markup import plain_text
from connectors.tumblr.asking import NETWORK_ID, Told
from connectors.types import AccountRef, Actor, Kind, Post, Profile, TextFeatures

SITE = "https://www.tumblr.com"
LONGEST_TEXT = 20_000
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?")
_UUID = re.compile(r"t:[A-Za-z0-9_-]{4,40}")
# First steps of addresses that are pages of the site, and no blog.
_PAGES = frozenset(
    {
        *("about", "api", "apps", "developers", "docs", "explore", "help", "jobs", "likes"),
        *("login", "oauth2", "policy", "privacy", "register", "search", "settings", "tagged"),
    }
)
# What notes are, in the words of the model; others (who posted it first) are nobody's act.
_KINDS = {"like": Kind.LIKE, "reblog": Kind.RESHARE, "reply": Kind.COMMENT}


def parse_handle(text: str) -> AccountRef | None:
    """Return the blog that "name.tumblr.com" or its address means; None for anything else."""
    text = text.strip()
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
    except ValueError:
        return None
    host, steps = parts.hostname or "", parts.path.strip("/").lower().split("/")
    if parts.scheme not in {"http", "https"}:
        return None
    if host in {"tumblr.com", "www.tumblr.com"}:
        name = (steps[1] if steps[0] == "blog" and len(steps) > 1 else steps[0]).removeprefix("@")
    else:
        name, _, rest = host.partition(".")
        if rest != "tumblr.com":
            return None
    if name in _PAGES or name == "blog" or not _NAME.fullmatch(name):
        return None
    return AccountRef(native_id="", handle=name)


def parse_blog(blog: object, path: str) -> Profile:
    """Return a blog as a profile."""
    name = text_of(blog, "name", path)
    bio, _hosts = plain_text(words_of(blog, "description", path))
    return Profile(
        native_id=_uuid(text_of(blog, "uuid", path), path),
        handle=name,
        name=(words_of(blog, "title", path) or name)[:200],
        url=words_of(blog, "url", path) or f"{SITE}/{name}",
        bio=bio[:LONGEST_TEXT],
        indexable=not bios.asks_to_stay_away(bio),
        states_minor=bios.states_minor(bio),
    )


def own_blogs(told: Told) -> list[tuple[dict[str, Any], Profile]]:
    """Return the public blogs that the token's owner may write to, the primary one first."""
    user = field(told.data, "user", dict, path=told.path, network=NETWORK_ID)
    rows = objects(user, "blogs", path=told.path, network=NETWORK_ID)
    public = [row for row in rows if words_of(row, "type", told.path) != "private"]
    public.sort(key=lambda row: not is_primary(row, told.path))
    return [(row, parse_blog(row, told.path)) for row in public]


def is_primary(blog: dict[str, Any], path: str) -> bool:
    """Return whether a blog is the one by which its owner likes and follows."""
    return optional(blog, "primary", bool, path=path, network=NETWORK_ID) or False


def parse_post(post: dict[str, Any], path: str) -> Post:
    """Return an own post, with how many notes it has."""
    words, hosts, mentions = [], [], []
    for block in objects(post, "content", path=path, network=NETWORK_ID):
        words.append(words_of(block, "text", path))
        hosts += list(_hosts_of(block, path))
        mentions += list(_mentions_of(block, path))
    text = "\n".join(filter(None, words))[:LONGEST_TEXT]
    tags = optional(post, "tags", list, path=path, network=NETWORK_ID) or []
    return Post(
        native_id=name_of(post, path),
        created_at=moment_of(post, path),
        url=words_of(post, "post_url", path),
        text=text,
        features=TextFeatures(
            hashtags=tuple(dict.fromkeys(tag.lower() for tag in tags if isinstance(tag, str))),
            mentions=tuple(dict.fromkeys(mentions)),
            link_hosts=tuple(dict.fromkeys(hosts)),
            length=len(text),
        ),
        counts={"notes": count_of(post, "note_count", path)},
    )


def reblogged(post: dict[str, Any], path: str) -> Actor | None:
    """Return from whom a post was reblogged; None for one's own, or where that is not told."""
    return _actor(post, "reblogged_from_uuid", "reblogged_from_name", path)


def is_reblog(post: dict[str, Any], path: str) -> bool:
    """Return whether a post is somebody else's, passed on: its notes are not its own."""
    names = ("reblogged_from_name", "reblogged_from_uuid", "parent_post_url")
    return any(words_of(post, name, path) for name in names)


def is_shown(post: dict[str, Any], path: str) -> bool:
    """Return whether a post is public: drafts and private ones are told to their owner."""
    return words_of(post, "state", path) in {"", "published"}


def parse_note(
    note: dict[str, Any], post: str, path: str
) -> tuple[Kind, Actor, str, datetime] | None:
    """Return how who acted on a post when, with an id of its own; None for what is no act."""
    kind = _KINDS.get(text_of(note, "type", path))
    actor = _actor(note, "blog_uuid", "blog_name", path) if kind else None
    if kind is None or actor is None:
        return None
    at = moment_of(note, path)
    name = f"{kind.name.lower()}:{post}:{actor.native_id}"
    if kind is Kind.RESHARE:
        name = f"reshare:{words_of(note, 'post_id', path) or f'{post}:{actor.native_id}'}"
    elif kind is Kind.COMMENT:
        # One may reply several times; a like is there or not.
        name = f"{name}:{int(at.timestamp())}"
    return kind, actor, name, at


def moment_of(thing: dict[str, Any], path: str) -> datetime:
    """Return when a post was published, or a note made."""
    return epoch(thing, "timestamp", path=path, network=NETWORK_ID)


def name_of(post: dict[str, Any], path: str) -> str:
    """Return a post's id as the text that holds it exactly."""
    return text_of(post, "id_string", path)


def following(told: Told, name: str) -> int | None:
    """Return a parameter of the next page that an answer links to; None at the end."""
    found: dict[str, Any] = {"path": told.path, "network": NETWORK_ID}
    links = told.data.get("_links")
    if not isinstance(links, dict):
        # None are an empty list.
        return None
    link = optional(links, "next", dict, **found) or {}
    asked = optional(link, "query_params", dict, **found) or {}
    value = asked.get(name)
    if isinstance(value, str) and value.isascii() and value.isdigit():
        return int(value[:16])
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def text_of(data: object, name: str, path: str) -> str:
    """Return a text that must be there."""
    return field(data, name, str, path=path, network=NETWORK_ID)


def words_of(data: object, name: str, path: str) -> str:
    """Return a text, "" where it is missing."""
    return optional(data, name, str, path=path, network=NETWORK_ID) or ""


def count_of(data: object, name: str, path: str) -> int | None:
    """Return a count, None where it is not told."""
    count = optional(data, name, int, path=path, network=NETWORK_ID)
    return None if count is None or count < 0 else count


def _uuid(text: str, path: str) -> str:
    """Return a blog's uuid, which becomes a part of addresses."""
    if not _UUID.fullmatch(text):
        raise BadPayload(
            f"tumblr's answer at {path}: the field uuid is not one.", network=NETWORK_ID, path=path
        )
    return text


def _actor(thing: dict[str, Any], uuid: str, name: str, path: str) -> Actor | None:
    native_id, handle = words_of(thing, uuid, path), words_of(thing, name, path)
    if not native_id or not handle:
        return None
    return Actor(_uuid(native_id, path), handle, name=handle, url=f"{SITE}/{handle}")


def _formats(block: dict[str, Any], kind: str, path: str) -> Iterator[dict[str, Any]]:
    """Yield what a block marks in its text: links, mentions."""
    if block.get("formatting") is not None:
        for mark in objects(block, "formatting", path=path, network=NETWORK_ID):
            if mark.get("type") == kind:
                yield mark


def _hosts_of(block: dict[str, Any], path: str) -> Iterator[str]:
    shown = [block] if block.get("type") == "link" else []
    for thing in (*shown, *_formats(block, "link", path)):
        try:
            host = urlsplit(words_of(thing, "url", path)).hostname
        except ValueError:
            continue
        if host:
            yield host.removeprefix("www.")


def _mentions_of(block: dict[str, Any], path: str) -> Iterator[str]:
    for mark in _formats(block, "mention", path):
        blog = optional(mark, "blog", dict, path=path, network=NETWORK_ID) or {}
        if name := words_of(blog, "name", path):
            yield name.lower()

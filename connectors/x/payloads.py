"""Strict reading of X's objects: users, posts, who acted.

The vendor's specification 2.167 says "post" where 2.165 and the prose say "tweet": fields are read
under either name. Reference: https://docs.x.com/x-api/fundamentals/data-dictionary (read 2026-11).
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from connectors import bios
from connectors.fields import field, moment, objects, optional, optional_moment
from connectors.types import Actor, Kind, Post, Profile, TextFeatures

NETWORK_ID = "x"
# X's words for a text whose language it could not tell.
_NO_LANGUAGE = frozenset({"und", "zxx", "qam", "qct", "qht", "qme", "qst", "art"})
# Ids hold the milliseconds since this moment above their lowest 22 bits.
# https://docs.x.com/resources/fundamentals/x-ids (read 2026-11)
_FIRST_MILLISECOND = 1_288_834_974_657


def text_of(data: object, name: str, path: str) -> str:
    """Return a text that must be there."""
    return field(data, name, str, path=path, network=NETWORK_ID)


def rows_of(data: Any, path: str) -> list[dict[str, Any]]:
    """Return the rows of a list; X leaves `data` out where there are none but tells so in `meta`.

    A list whose every row was withheld has only `errors`.
    """
    empty = isinstance(data, Mapping) and data.get("data") is None
    if empty and (isinstance(data.get("meta"), dict) or isinstance(data.get("errors"), list)):
        return []
    return objects(data, "data", path=path, network=NETWORK_ID)


def next_token(data: object, path: str) -> str | None:
    """Return what asks for the next page; None on the last."""
    meta = optional(data, "meta", dict, path=path, network=NETWORK_ID) or {}
    return optional(meta, "next_token", str, path=path, network=NETWORK_ID)


def posted_at(post_id: str) -> datetime | None:
    """Return when a post was written, which its id tells; None for an id that is no number."""
    if not post_id.isascii() or not post_id.isdigit() or len(post_id) > 19:
        return None
    milliseconds = (int(post_id) >> 22) + _FIRST_MILLISECOND
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def parse_profile(data: object, path: str) -> Profile:
    """Return a user as a profile."""
    handle = text_of(data, "username", path)
    bio = optional(data, "description", str, path=path, network=NETWORK_ID) or ""
    protected = optional(data, "protected", bool, path=path, network=NETWORK_ID)
    return Profile(
        native_id=text_of(data, "id", path),
        handle=handle,
        name=text_of(data, "name", path)[:200],
        url=f"https://x.com/{handle}",
        bio=bio,
        is_brand=optional(data, "verified_type", str, path=path, network=NETWORK_ID) == "business",
        indexable=not protected and not bios.asks_to_stay_away(bio),
        states_minor=bios.states_minor(bio),
        created_at=optional_moment(data, "created_at", path=path, network=NETWORK_ID),
    )


def parse_audience(data: object, path: str) -> dict[str, int | None]:
    """Return a user's counts, by the names of Snapshot."""
    metrics = field(data, "public_metrics", dict, path=path, network=NETWORK_ID)
    return {
        "followers": _count(metrics, path, "followers_count"),
        "following": _count(metrics, path, "following_count"),
        "posts": _count(metrics, path, "post_count", "tweet_count"),
        "lists": _count(metrics, path, "listed_count"),
    }


def parse_actor(data: object, path: str) -> Actor:
    """Return who acted, with their followers where the answer tells them."""
    handle = text_of(data, "username", path)
    metrics = optional(data, "public_metrics", dict, path=path, network=NETWORK_ID) or {}
    return Actor(
        native_id=text_of(data, "id", path),
        handle=handle,
        name=text_of(data, "name", path)[:200],
        url=f"https://x.com/{handle}",
        followers=_count(metrics, path, "followers_count"),
        following=_count(metrics, path, "following_count"),
    )


def authors_of(data: object, path: str) -> dict[str, Actor]:
    """Return the users that an answer includes, by id."""
    included = optional(data, "includes", dict, path=path, network=NETWORK_ID) or {}
    if included.get("users") is None:
        return {}
    users = objects(included, "users", path=path, network=NETWORK_ID)
    return {actor.native_id: actor for actor in (parse_actor(user, path) for user in users)}


def parse_post(row: object, own: Profile, path: str) -> Post:
    """Return one of the account's own posts; its text is only measured."""
    native_id = text_of(row, "id", path)
    metrics = field(row, "public_metrics", dict, path=path, network=NETWORK_ID)
    return Post(
        native_id=native_id,
        created_at=moment(row, "created_at", path=path, network=NETWORK_ID),
        url=f"https://x.com/{own.handle}/status/{native_id}",
        features=_features(row, path),
        counts={
            "likes": _count(metrics, path, "like_count"),
            "reshares": _count(metrics, path, "repost_count", "retweet_count"),
            "comments": _count(metrics, path, "reply_count"),
            "quotes": _count(metrics, path, "quote_count"),
            "saves": _count(metrics, path, "bookmark_count"),
            "views": _count(metrics, path, "impression_count"),
        },
        reply_to=_answered(row, own, path),
    )


def _answered(row: object, own: Profile, path: str) -> Actor | None:
    """Return whom a post answers; None for no answer, and for one's own thread."""
    named = _entities(row, "mentions", path)
    told = optional(row, "in_reply_to_user_id", str, path=path, network=NETWORK_ID)
    if told is None:
        # Where asking for it would be charged, the name that an answer begins with tells.
        first = next((name for name in named if name.get("start") == 0), None)
        told = _lenient(first, "id") if first is not None else ""
    if not told or told == own.native_id:
        return None
    handles = {_lenient(name, "id"): _lenient(name, "username") for name in named}
    handle = handles.get(told) or told
    return Actor(
        native_id=told,
        handle=handle,
        url=f"https://x.com/{handle}" if told in handles else "",
    )


def referenced(row: object, path: str) -> dict[str, str]:
    """Return the posts that a post refers to, by how: "replied_to", "quoted", "retweeted"."""
    for name in ("referenced_posts", "referenced_tweets"):
        found = optional(row, name, list, path=path, network=NETWORK_ID)
        if found is not None:
            rows = objects(row, name, path=path, network=NETWORK_ID)
            return {text_of(ref, "type", path): text_of(ref, "id", path) for ref in rows}
    return {}


def kind_of_mention(row: object, own_id: str, path: str) -> tuple[Kind, str | None] | None:
    """Return how a post that names the account acts, and on which of its posts; None: not at all.

    Somebody's copy of a third person's post names the account as well, and says nothing of it.
    """
    refers = referenced(row, path)
    if "retweeted" in refers:
        return None
    answers = optional(row, "in_reply_to_user_id", str, path=path, network=NETWORK_ID)
    if answers == own_id and "replied_to" in refers:
        return Kind.COMMENT, refers["replied_to"]
    return Kind.MENTION, None


def withheld(data: object, path: str) -> frozenset[str]:
    """Return the ids that an answer says it does not show: deleted, protected or suspended."""
    found = optional(data, "errors", list, path=path, network=NETWORK_ID) or []
    ids = set()
    for problem in found:
        kind = _lenient(problem, "type").rpartition("/")[2]
        if kind in _GONE:
            ids.add(_lenient(problem, "resource_id") or _lenient(problem, "value"))
    return frozenset(ids - {""})


_GONE = frozenset(
    {
        "resource-not-found",
        "not-authorized-for-resource",
        "resource-unavailable",
        "disallowed-resource",
    }
)


def _count(metrics: object, path: str, *names: str) -> int | None:
    """Return the first of these counts that is told; None where none is."""
    for name in names:
        count = optional(metrics, name, int, path=path, network=NETWORK_ID)
        if count is not None:
            return count if count >= 0 else None
    return None


def _features(row: object, path: str) -> TextFeatures:
    language = optional(row, "lang", str, path=path, network=NETWORK_ID) or ""
    return TextFeatures(
        hashtags=_distinct(
            _lenient(tag, "tag").lower() for tag in _entities(row, "hashtags", path)
        ),
        mentions=_distinct(_lenient(who, "username") for who in _entities(row, "mentions", path)),
        link_hosts=_distinct(
            _host(_lenient(url, "expanded_url") or _lenient(url, "url"))
            for url in _entities(row, "urls", path)
        ),
        language="" if language in _NO_LANGUAGE else language[:16],
        length=len(text_of(row, "text", path)),
    )


def _entities(row: object, name: str, path: str) -> list[dict[str, Any]]:
    entities = optional(row, "entities", dict, path=path, network=NETWORK_ID) or {}
    found = entities.get(name)
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def _lenient(data: object, name: str) -> str:
    value = data.get(name) if isinstance(data, Mapping) else None
    return value if isinstance(value, str) else ""


def _distinct(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(word for word in dict.fromkeys(words) if word)


def _host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""

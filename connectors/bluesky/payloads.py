"""Strict reading of the AppView's views: profiles, posts, likes, threads.

Lexicons: app.bsky.actor.defs, app.bsky.feed.defs, app.bsky.feed.getLikes (read 2026-11). A record
inside a view was written by the person's own software, so it is read leniently: what it lacks or
misspells is taken from the view, which the AppView made.
"""

import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from connectors import bios
from connectors.fields import field, moment, objects, optional, optional_moment
from connectors.types import Actor, Post, Profile, TextFeatures

NETWORK_ID = "bluesky"
LONGEST_TEXT = 20_000
EARLIEST_YEAR = 1995
# https://atproto.com/specs/did: the two methods that the network uses.
DID = re.compile(r"did:(?:plc:[a-z2-7]{24}|web:[a-zA-Z0-9._:%-]{1,240})")
# The AppView's word for a handle that no longer leads back to its account.
INVALID_HANDLE = "handle.invalid"
# Labels that an account gives itself, or moderation gives it: not for people who are not signed in.
_NOT_FOR_ALL = frozenset({"!no-unauthenticated", "!hide", "!takedown", "!suspend"})


def text_of(data: object, name: str, path: str) -> str:
    """Return a text that must be there."""
    return field(data, name, str, path=path, network=NETWORK_ID)


def child_of(data: object, name: str, path: str) -> dict[str, Any]:
    """Return a view inside a view, which must be there."""
    return field(data, name, dict, path=path, network=NETWORK_ID)


def views_of(data: object, name: str, path: str) -> list[dict[str, Any]]:
    """Return a list of views that must be there."""
    return objects(data, name, path=path, network=NETWORK_ID)


def count_of(data: object, name: str, path: str) -> int | None:
    """Return a count, or None where the AppView leaves it out."""
    count = optional(data, name, int, path=path, network=NETWORK_ID)
    return None if count is None or count < 0 else count


def parse_profile(view: object, path: str) -> Profile:
    """Return a profileViewDetailed as a profile."""
    did = text_of(view, "did", path)
    handle = _handle(view, path)
    bio = optional(view, "description", str, path=path, network=NETWORK_ID) or ""
    return Profile(
        native_id=did,
        handle=handle,
        name=_name(view, path),
        url=f"https://bsky.app/profile/{handle}",
        bio=bio,
        indexable=not (_labels(view, path) & _NOT_FOR_ALL) and not bios.asks_to_stay_away(bio),
        states_minor=bios.states_minor(bio),
        created_at=optional_moment(view, "createdAt", path=path, network=NETWORK_ID),
    )


def parse_counts(view: object, path: str) -> dict[str, int | None]:
    """Return an account's counts, by the names of Snapshot."""
    return {
        "followers": count_of(view, "followersCount", path),
        "following": count_of(view, "followsCount", path),
        "posts": count_of(view, "postsCount", path),
    }


def parse_actor(view: object, path: str) -> Actor:
    """Return who acted; followers are known only from a profileViewDetailed."""
    handle = _handle(view, path)
    return Actor(
        native_id=text_of(view, "did", path),
        handle=handle,
        name=_name(view, path),
        url=f"https://bsky.app/profile/{handle}",
        followers=count_of(view, "followersCount", path),
        following=count_of(view, "followsCount", path),
    )


def _handle(view: object, path: str) -> str:
    handle = text_of(view, "handle", path).lower()
    return text_of(view, "did", path) if handle == INVALID_HANDLE else handle


def _name(view: object, path: str) -> str:
    return (optional(view, "displayName", str, path=path, network=NETWORK_ID) or "")[:200]


def _labels(view: object, path: str) -> frozenset[str]:
    found = optional(view, "labels", list, path=path, network=NETWORK_ID) or []
    # A label with neg=true takes an earlier one back.
    return frozenset(
        str(label.get("val")) for label in found if isinstance(label, dict) and not label.get("neg")
    )


def parse_post(view: dict[str, Any], parent: Actor | None, path: str) -> Post:
    """Return a postView as a post; `parent` is whom it answers, if anybody else."""
    uri = text_of(view, "uri", path)
    record = child_of(view, "record", path)
    text = _lenient(record, "text")
    author, key = author_of(uri, path), uri.rpartition("/")[2]
    return Post(
        native_id=uri,
        created_at=written_at(view, record, path),
        url=f"https://bsky.app/profile/{author}/post/{key}",
        text=text[:LONGEST_TEXT],
        features=_features(record, text),
        counts={
            "likes": count_of(view, "likeCount", path),
            "reshares": count_of(view, "repostCount", path),
            "comments": count_of(view, "replyCount", path),
            "quotes": count_of(view, "quoteCount", path),
            "saves": count_of(view, "bookmarkCount", path),
        },
        reply_to=parent,
    )


def written_at(view: object, stated: object, path: str) -> datetime:
    """Return when it was written: what its author states, but not after the AppView saw it.

    Software may state any time; the AppView itself sorts by the earlier of the two.
    """
    seen = moment(view, "indexedAt", path=path, network=NETWORK_ID)
    text = stated.get("createdAt") if isinstance(stated, dict) else None
    try:
        told = datetime.fromisoformat(text) if isinstance(text, str) else seen
        told = told.replace(tzinfo=told.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        return seen
    # A zero or a guess of some software, not the date of an imported post.
    return seen if told.year < EARLIEST_YEAR else min(told, seen)


def acted_at(view: object, stated: object, path: str, *, earliest: datetime) -> datetime:
    """Return when somebody acted on a post of `earliest`; earlier statements are not believed."""
    at = written_at(view, stated, path)
    return at if at >= earliest else moment(view, "indexedAt", path=path, network=NETWORK_ID)


def author_of(uri: str, path: str) -> str:
    """Return the DID in "at://did/collection/key"; raises BadPayload for another address."""
    scheme, _, rest = uri.partition("at://")
    did = rest.split("/", 1)[0]
    if scheme or not DID.fullmatch(did):
        # The same words as for any field that is not what the lexicon says.
        field({}, "uri (at://did/…)", str, path=path, network=NETWORK_ID)
    return did


def parent_of(item: dict[str, Any], own_did: str, path: str) -> Actor | None:
    """Return whom a feedViewPost answers: None for no reply, and for one's own thread."""
    reply = child_of(item, "post", path).get("record", {}).get("reply")
    parent_uri = reply.get("parent", {}).get("uri") if isinstance(reply, dict) else None
    if not isinstance(parent_uri, str):
        return None
    did = author_of(parent_uri, path)
    if did == own_did:
        return None
    shown = item.get("reply")
    parent = shown.get("parent") if isinstance(shown, dict) else None
    author = parent.get("author") if isinstance(parent, dict) else None
    # A blocked or removed parent has no author with a handle; its address still names the DID.
    if isinstance(author, dict) and author.get("did") == did and author.get("handle"):
        return parse_actor(author, path)
    return Actor(native_id=did, handle=did, url=f"https://bsky.app/profile/{did}")


def _lenient(record: dict[str, Any], name: str) -> str:
    value = record.get(name)
    return value if isinstance(value, str) else ""


def _features(record: dict[str, Any], text: str) -> TextFeatures:
    tags: list[str] = [tag for tag in _list(record, "tags") if isinstance(tag, str)]
    mentions: list[str] = []
    hosts: list[str] = []
    for facet in _list(record, "facets"):
        for feature in _list(facet, "features"):
            kind = feature.get("$type") if isinstance(feature, dict) else None
            if kind == "app.bsky.richtext.facet#tag":
                tags.append(_lenient(feature, "tag"))
            elif kind == "app.bsky.richtext.facet#mention":
                mentions.append(_lenient(feature, "did"))
            elif kind == "app.bsky.richtext.facet#link":
                hosts.append(_host(_lenient(feature, "uri")))
    languages = [language for language in _list(record, "langs") if isinstance(language, str)]
    return TextFeatures(
        hashtags=_distinct(tag.lower() for tag in tags),
        mentions=_distinct(mentions),
        link_hosts=_distinct(hosts),
        language=languages[0][:16] if languages else "",
        length=len(text),
    )


def _distinct(words: Any) -> tuple[str, ...]:
    return tuple(word for word in dict.fromkeys(words) if word)


def _list(data: object, name: str) -> list[Any]:
    value = data.get(name) if isinstance(data, dict) else None
    return value if isinstance(value, list) else []


def _host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""

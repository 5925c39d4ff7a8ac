"""Facebook: the JSON of "Download your information"."""

import re
from collections.abc import Iterator
from functools import partial
from typing import IO, Any

from connectors.archives.container import Container, Damaged
from connectors.archives.reading import (
    each,
    features_of,
    from_seconds,
    head_of,
    invented_id,
    mended,
    mended_all,
    named,
    objects,
    small_json,
    text_at,
)
from connectors.archives.understood import Act, Format, Owner, OwnPost, Unclear, Understood
from connectors.types import Direction, Kind

# https://www.facebook.com/help/212802592074644, read 2026-11. Names of files are in the language
# of the account, names of the outermost lists are not: those are gone by.
FORMAT = Format(
    id="facebook_json",
    network="facebook",
    name="Facebook information (zip, JSON)",
    holds_received=True,
    help_url="https://www.facebook.com/help/212802592074644",
)
_LISTS: tuple[tuple[re.Pattern[str], Kind, Direction], ...] = (
    (re.compile(r"comments_v\d+"), Kind.COMMENT, Direction.SENT),
    (re.compile(r"reactions_v\d+"), Kind.LIKE, Direction.SENT),
    (re.compile(r"following_v\d+"), Kind.FOLLOW, Direction.SENT),
    # A friendship is of two: who became a friend is one more who reads.
    (re.compile(r"friends_v\d+"), Kind.FOLLOW, Direction.RECEIVED),
    (re.compile(r"followers_v\d+"), Kind.FOLLOW, Direction.RECEIVED),
)
_MARKS = re.compile(rb'"(comments|reactions|friends|following|followers|profile)_v\d"')
_PRIVATE = re.compile(
    r"messages|inbox|messenger|login|security|device|search|ads_|advert|payment|location|contact|"
    r"marketplace|meldinger|nachrichten|berichten|mensajes",
    re.IGNORECASE,
)


def fits(files: Container) -> bool:
    """Return whether it holds lists that Facebook makes."""
    if named(files, r"(your_posts\w*|your_friends|profile_information|who_you\w+followed)\.json"):
        return True
    some = [name for name in files.names if name.lower().endswith(".json")][:40]
    return any(_MARKS.search(head_of(files, name)) for name in some)


def read(files: Container) -> Iterator[Understood]:
    """Yield the owner, posts and acts."""
    for name in files.names:
        if not name.lower().endswith(".json"):
            continue
        if _PRIVATE.search(name):
            yield Unclear(name, "private")
        elif b'"profile_v' in head_of(files, name):
            yield from each(files, name, _owner)
        else:
            yield from each(files, name, partial(_member, name=name))


def _owner(stream: IO[bytes]) -> Iterator[Understood]:
    data = small_json(stream)
    profile = next((v for k, v in data.items() if k.startswith("profile_v")), None)
    if not isinstance(profile, dict):
        raise Damaged("no profile")
    profile = mended_all({key: profile.get(key) for key in ("name", "username", "profile_uri")})
    handle = text_at(profile, "username") or text_at(profile, "profile_uri").rpartition("/")[2]
    yield Owner(handle=handle, name=text_at(profile, "name", "full_name"))


def _member(stream: IO[bytes], name: str) -> Iterator[Understood]:
    known = passed = 0
    for path, item in objects(stream):
        found = list(_item(path, item))
        known += bool(found)
        passed += not found
        yield from found
    if passed and not known:
        yield Unclear(name, "unknown")


def _item(path: str, item: dict[str, Any]) -> Iterator[Understood]:
    at = from_seconds(item.get("timestamp"))
    for pattern, kind, direction in _LISTS:
        if pattern.fullmatch(path):
            yield Act(kind, direction, at)
            return
    if path != "" or not isinstance(item.get("data"), list):
        return
    if _reaction(item):
        yield Act(Kind.LIKE, Direction.SENT, at)
    elif at is None:
        yield Unclear("posts", "broken")
    else:
        text = mended(next((text_at(p, "post") for p in item["data"] if text_at(p, "post")), ""))
        yield OwnPost(
            native_id=invented_id(int(at.timestamp()), text, text_at(item, "title")),
            created_at=at,
            text=text,
            features=features_of(text),
        )


def _reaction(item: dict[str, Any]) -> bool:
    return any(isinstance(part, dict) and "reaction" in part for part in item["data"])

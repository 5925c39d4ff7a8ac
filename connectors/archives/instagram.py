"""Instagram: the JSON of "Download your information"."""

import re
from collections.abc import Iterator
from functools import partial
from typing import IO, Any

from connectors.archives.container import Container
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
    text_at,
)
from connectors.archives.understood import Act, Format, Owner, OwnPost, Unclear, Understood
from connectors.types import Direction, Kind

# https://help.instagram.com/181231772500920, read 2026-11. Names of files and keys are in the
# language of the account, the names of the outermost lists are not: those are gone by, and where
# there is no name (posts, followers, comments), the shape.
FORMAT = Format(
    id="instagram_json",
    network="instagram",
    name="Instagram information (zip, JSON)",
    holds_received=True,
    help_url="https://help.instagram.com/181231772500920",
)
_LISTS: tuple[tuple[str, Kind, Direction], ...] = (
    ("relationships_followers", Kind.FOLLOW, Direction.RECEIVED),
    ("relationships_following", Kind.FOLLOW, Direction.SENT),
    ("likes_media_likes", Kind.LIKE, Direction.SENT),
    ("likes_comment_likes", Kind.LIKE, Direction.SENT),
    ("comments_media_comments", Kind.COMMENT, Direction.SENT),
    ("comments_reels_comments", Kind.COMMENT, Direction.SENT),
)
_POSTS = ("ig_reels_media", "ig_igtv_media", "ig_stories", "ig_archived_post_media")
_MARKS = re.compile(
    rb'"(relationships_follow|likes_media_likes|comments_media_comments|ig_\w+_media)'
)
# Letters, places, purchases and what the network thinks of its people are read by nobody here.
_PRIVATE = re.compile(
    r"messages|inbox|login|security|device|search|ads_|advert|payment|shopping|location|contact|"
    r"meldinger|nachrichten|berichten|mensajes",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"^[a-z0-9._]{1,30}$")
# Keys under which the profile has the name of the account, in the languages met so far.
_NAMES = (
    "username",
    "brukernavn",
    "gebruikersnaam",
    "benutzername",
    "nom d’utilisateur",
    "nom d'utilisateur",
    "nombre de usuario",
    "användarnamn",
    "brugernavn",
    "nome utente",
)


def fits(files: Container) -> bool:
    """Return whether it holds lists that Instagram makes."""
    if named(files, r"(followers_\d+|liked_posts|post_comments_\d+)\.json"):
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
            continue
        yield from each(files, name, partial(_member, name=name))


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
    for start, kind, direction in _LISTS:
        if path == start:
            yield Act(kind, direction, _time_of(item))
            return
    if path == "profile_user":
        yield _owner(item)
    elif path in _POSTS or (path == "" and isinstance(item.get("media"), list)):
        yield from _post(item)
    elif path == "" and isinstance(item.get("string_list_data"), list):
        yield Act(Kind.FOLLOW, Direction.RECEIVED, _time_of(item))
    elif path == "" and isinstance(item.get("string_map_data"), dict):
        yield Act(Kind.COMMENT, Direction.SENT, _time_of(item))


def _time_of(item: dict[str, Any]) -> Any:
    """Return the first time in an item's list or map of values."""
    values = item.get("string_list_data") or item.get("string_map_data")
    if isinstance(values, dict):
        values = list(values.values())
    for value in values if isinstance(values, list) else []:
        at = from_seconds(value.get("timestamp")) if isinstance(value, dict) else None
        if at is not None and at.year > 1995:
            return at
    return None


def _owner(item: dict[str, Any]) -> Owner:
    values = mended_all(item.get("string_map_data") or {})
    told = {str(key).casefold(): text_at(value, "value") for key, value in values.items()}
    handle = next((told[key] for key in _NAMES if _HANDLE.match(told.get(key, ""))), "")
    name = next((told[key] for key in ("name", "navn", "naam", "nom", "nombre") if key in told), "")
    return Owner(handle=handle, name=name)


def _post(item: dict[str, Any]) -> Iterator[Understood]:
    media = item.get("media")
    first = media[0] if isinstance(media, list) and media and isinstance(media[0], dict) else item
    at = from_seconds(item.get("creation_timestamp")) or from_seconds(
        first.get("creation_timestamp")
    )
    if at is None:
        yield Unclear("posts", "broken")
        return
    text = mended(text_at(item, "title") or text_at(first, "title"))
    yield OwnPost(
        native_id=invented_id(int(at.timestamp()), text_at(first, "uri")),
        created_at=at,
        text=text,
        features=features_of(text),
    )

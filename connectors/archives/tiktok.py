"""TikTok: the JSON of "Download your data", one file for everything."""

from collections.abc import Iterator
from typing import IO, Any

from connectors.archives.container import Container
from connectors.archives.reading import (
    each,
    features_of,
    from_text,
    invented_id,
    named,
    objects,
    scalar_at,
    text_at,
)
from connectors.archives.understood import Act, Format, Owner, OwnPost, Unclear, Understood
from connectors.types import Direction, Kind

# https://support.tiktok.com/en/account-and-privacy/personalized-ads-and-data/requesting-your-data,
# read 2026-11. The sections were renamed more than once; the lists in them were not.
FORMAT = Format(
    id="tiktok_json",
    network="tiktok",
    name="TikTok data (zip, JSON)",
    holds_received=True,
    help_url="https://support.tiktok.com/en/account-and-privacy/personalized-ads-and-data/requesting-your-data",
)
_FILES = r"(user_data(_tiktok)?|tiktok_data)\.json"
# The last two keys of a list's path, and what its items are.
_ACTS = {
    "FansList": (Kind.FOLLOW, Direction.RECEIVED),
    "Following": (Kind.FOLLOW, Direction.SENT),
    "ItemFavoriteList": (Kind.LIKE, Direction.SENT),
    "CommentsList": (Kind.COMMENT, Direction.SENT),
    "ShareHistoryList": (Kind.RESHARE, Direction.SENT),
}
_PRIVATE = ("Direct Message", "Chat", "Login", "Search", "Status", "Purchase", "Browsing", "Watch")
_MOST_SECTIONS = 50


def fits(files: Container) -> bool:
    """Return whether it has the one file."""
    return bool(named(files, _FILES))


def read(files: Container) -> Iterator[Understood]:
    """Yield the owner, videos and acts."""
    for name in named(files, _FILES):
        yield from each(files, name, _owner)
        yield from each(files, name, _lists)


def _owner(stream: IO[bytes]) -> Iterator[Understood]:
    handle = scalar_at(stream, ".ProfileMap.userName")
    if handle:
        yield Owner(handle=handle)


def _lists(stream: IO[bytes]) -> Iterator[Understood]:
    unknown: dict[str, None] = {}
    for path, item in objects(stream):
        told = {key.lower(): value for key, value in item.items()}
        last = path.rpartition(".")[2]
        # A list of favourites is one of videos liked only in the section of likes.
        if last in _ACTS and (last != "ItemFavoriteList" or "Like List" in path):
            kind, direction = _ACTS[last]
            yield Act(kind, direction, from_text(text_at(told, "date")))
        elif last == "VideoList" and ("Videos" in path or "Post" in path):
            yield from _video(told)
        elif len(unknown) < _MOST_SECTIONS:
            unknown.setdefault(path)
    for path in unknown:
        private = any(word in path for word in _PRIVATE)
        yield Unclear(path[:200], "private" if private else "unknown")


def _video(told: dict[str, Any]) -> Iterator[Understood]:
    at = from_text(text_at(told, "date"))
    if at is None:
        yield Unclear("VideoList", "broken")
        return
    text = text_at(told, "title") or text_at(told, "alternatetext")
    yield OwnPost(
        # The link leads to the file and changes each time.
        native_id=invented_id(at, text_at(told, "title")),
        created_at=at,
        text=text,
        features=features_of(text),
    )

"""X: the archive that one asks for in the settings; JavaScript files that each assign a list."""

import re
from collections.abc import Iterator
from functools import partial
from typing import IO, Any

from connectors.archives.container import Container, Damaged
from connectors.archives.reading import each, features_of, from_text, items, named, text_at
from connectors.archives.understood import Act, Format, Owner, OwnPost, Unclear, Understood
from connectors.types import Direction, Kind

# https://help.x.com/managing-your-account/how-to-download-your-x-archive, read 2026-11. Names of
# files as found in archives of 2019 to 2026; likes and followers carry no dates.
FORMAT = Format(
    id="x_archive",
    network="x",
    name="X archive (zip)",
    holds_received=True,
    help_url="https://help.x.com/managing-your-account/how-to-download-your-x-archive",
)
_POSTS = r"data/(?:tweets?(?:-part\d+)?|note-tweets?)\.js"
_WRITTEN = "%a %b %d %H:%M:%S %z %Y"
# The assignment in front of the list: "window.YTD.tweets.part0 = ".
_MOST_PROLOGUE_BYTES = 200
_ACTS = (
    (r"data/like(?:-part\d+)?\.js", Kind.LIKE, Direction.SENT),
    (r"data/following(?:-part\d+)?\.js", Kind.FOLLOW, Direction.SENT),
    (r"data/follower(?:-part\d+)?\.js", Kind.FOLLOW, Direction.RECEIVED),
)
# Read by nobody here: letters to others, and what X thinks of its people.
_PRIVATE = re.compile(
    r"data/(direct-message|deleted|ad-|ads-|personalization|block|mute|ip-audit|phone|email|"
    r"device|contact|grok|user-link-clicks|saved-search|lists-|community|spaces)",
    re.IGNORECASE,
)
_RETOLD = re.compile(r"^RT @\w+:")


def fits(files: Container) -> bool:
    """Return whether it holds the lists of an archive."""
    return bool(named(files, _POSTS) or named(files, r"data/account\.js"))


def read(files: Container) -> Iterator[Understood]:
    """Yield the owner, then posts, then acts."""
    known = set()
    for name in named(files, r"data/account\.js"):
        known.add(name)
        yield from each(files, name, _owner)
    for name in named(files, _POSTS):
        known.add(name)
        yield from each(files, name, _posts)
    for pattern, kind, direction in _ACTS:
        for name in named(files, pattern):
            known.add(name)
            yield from each(files, name, partial(_acts, kind=kind, direction=direction))
    for name in files.names:
        if name in known or "/" not in name or not name.endswith(".js"):
            continue
        yield Unclear(name, "private" if _PRIVATE.search(name) else "unknown")


def _listed(stream: IO[bytes]) -> Iterator[Any]:
    """Yield the items of the list behind the assignment."""
    start = stream.read(1)
    seen = start
    while start and start != b"[":
        start = stream.read(1)
        seen += start
        if len(seen) > _MOST_PROLOGUE_BYTES:
            raise Damaged("no list")
    if start != b"[":
        raise Damaged("no list")
    yield from items(_From(b"[", stream), "")  # type: ignore[arg-type]


class _From:
    """A stream with what was already read of it put back in front."""

    def __init__(self, start: bytes, stream: IO[bytes]) -> None:
        self._start = start
        self._stream = stream

    def read(self, size: int = -1) -> bytes:
        if self._start and size:
            start, self._start = self._start, b""
            return start
        return self._stream.read(size)


def _owner(stream: IO[bytes]) -> Iterator[Understood]:
    for item in _listed(stream):
        yield Owner(
            native_id=text_at(item, "account", "accountId"),
            handle=text_at(item, "account", "username"),
            name=text_at(item, "account", "accountDisplayName"),
        )


def _posts(stream: IO[bytes]) -> Iterator[Understood]:
    for item in _listed(stream):
        row = item
        for wrapper in ("tweet", "noteTweet"):
            if isinstance(item, dict) and isinstance(item.get(wrapper), dict):
                row = item[wrapper]
        yield from _post(row)


def _post(row: Any) -> Iterator[Understood]:
    native_id = text_at(row, "id_str") or text_at(row, "id") or text_at(row, "noteTweetId")
    at = from_text(text_at(row, "created_at") or text_at(row, "createdAt"), _WRITTEN)
    if not native_id.isdigit() or at is None:
        yield Unclear("tweet", "broken")
        return
    text = text_at(row, "full_text") or text_at(row, "text") or text_at(row, "core", "text")
    if _RETOLD.match(text):
        yield Act(Kind.RESHARE, Direction.SENT, at)
        return
    is_reply = bool(
        text_at(row, "in_reply_to_status_id_str") or text_at(row, "in_reply_to_status_id")
    )
    yield OwnPost(
        native_id=native_id,
        created_at=at,
        url=f"https://x.com/i/status/{native_id}",
        text=text,
        features=features_of(text, text_at(row, "lang")),
        is_reply=is_reply,
    )
    if is_reply:
        yield Act(Kind.COMMENT, Direction.SENT, at)


def _acts(stream: IO[bytes], kind: Kind, direction: Direction) -> Iterator[Understood]:
    for item in _listed(stream):
        if isinstance(item, dict):
            yield Act(kind, direction)

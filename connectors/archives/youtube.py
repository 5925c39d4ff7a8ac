"""YouTube: its folder of Google Takeout; tables of videos, comments and subscriptions."""

import json
import re
from collections.abc import Iterator
from typing import IO

from connectors.archives.container import Container
from connectors.archives.reading import each, features_of, from_text, rows
from connectors.archives.understood import Act, Format, Owner, OwnPost, Unclear, Understood
from connectors.types import Direction, Kind

# https://support.google.com/youtube/answer/9315727, read 2026-11. Folders, files and columns are
# in the language of the account: files go by their names in the languages below, columns by what
# stands in them.
FORMAT = Format(
    id="youtube_takeout",
    network="youtube",
    name="YouTube Takeout (zip)",
    help_url="https://support.google.com/youtube/answer/9315727",
)
_FOLDER = re.compile(r"(^|/)YouTube[^/]*/", re.IGNORECASE)
_KINDS = {
    "channel": r"channel|kanal|kanaal|chaîne|canal|canale",
    "videos": r"videos?|videoer|video's|vidéos|vídeos|video",
    "comments": r"comments?|kommentarer|kommentare|reacties|commentaires|comentarios|commenti",
    "subscriptions": r"subscriptions?|abonnementer|abonnementen|abos|abonnements|suscripciones|"
    r"prenumerationer|iscrizioni",
}
_PRIVATE = re.compile(
    r"history|historikk|geschiedenis|verlauf|historique|historial|live.?chat|purchase|memberships",
    re.IGNORECASE,
)
_CHANNEL = re.compile(r"^UC[\w-]{22}$")
_VIDEO = re.compile(r"^[\w-]{11}$")


def fits(files: Container) -> bool:
    """Return whether it holds tables in a folder of YouTube."""
    return any(_kind(name) for name in files.names)


def _kind(name: str) -> str:
    """Return what a file's table is of, "" for others."""
    if not _FOLDER.search(name) or not name.lower().endswith(".csv"):
        return ""
    stem = name.rpartition("/")[2][:-4].casefold()
    for kind, words in _KINDS.items():
        if re.fullmatch(rf"({words})(\s?\(?\d+\)?)?", stem):
            return kind
    return ""


def read(files: Container) -> Iterator[Understood]:
    """Yield the owner, videos and acts."""
    readers = {
        "channel": _owner,
        "videos": _videos,
        "comments": _comments,
        "subscriptions": _subscriptions,
    }
    for name in files.names:
        kind = _kind(name)
        if kind:
            yield from each(files, name, readers[kind])
        elif _FOLDER.search(name) and name.lower().endswith((".csv", ".json", ".html")):
            yield Unclear(name, "private" if _PRIVATE.search(name) else "unknown")


def _cells(stream: IO[bytes]) -> Iterator[list[str]]:
    """Yield the cells of each row below the head."""
    for row in rows(stream, lambda head: len(head) > 1):
        yield list(row.values())


def _owner(stream: IO[bytes]) -> Iterator[Understood]:
    for cells in _cells(stream):
        channel = next((cell for cell in cells if _CHANNEL.match(cell)), "")
        if channel:
            titles = [cell for cell in cells if cell and cell != channel and "/" not in cell]
            yield Owner(native_id=channel, name=titles[0] if titles else "")
            return


def _videos(stream: IO[bytes]) -> Iterator[Understood]:
    for cells in _cells(stream):
        video = next((cell for cell in cells if _VIDEO.match(cell)), "")
        times = [at for cell in cells if (at := from_text(cell)) is not None]
        if not video or not times:
            yield Unclear("videos.csv", "broken")
            continue
        texts = [c for c in cells if c != video and not _CHANNEL.match(c) and from_text(c) is None]
        text = max(texts, key=len, default="")
        yield OwnPost(
            native_id=video,
            created_at=times[0],
            url=f"https://www.youtube.com/watch?v={video}",
            text=text,
            features=features_of(text),
        )


def _comments(stream: IO[bytes]) -> Iterator[Understood]:
    for cells in _cells(stream):
        at = next((at for cell in cells if (at := from_text(cell)) is not None), None)
        if at is None and not any(_is_json(cell) for cell in cells):
            yield Unclear("comments.csv", "broken")
            continue
        yield Act(Kind.COMMENT, Direction.SENT, at)


def _is_json(cell: str) -> bool:
    try:
        return isinstance(json.loads(cell), dict | list)
    except (ValueError, RecursionError):
        return False


def _subscriptions(stream: IO[bytes]) -> Iterator[Understood]:
    for cells in _cells(stream):
        if any(_CHANNEL.match(cell) for cell in cells):
            yield Act(Kind.FOLLOW, Direction.SENT)

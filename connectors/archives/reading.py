"""Reading members a piece at a time: JSON, CSV and lines that are never whole in memory; texts."""

import csv
import hashlib
import io
import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import IO, Any
from urllib.parse import urlsplit

import ijson

from connectors.archives.container import Container, Damaged
from connectors.archives.understood import Unclear, Understood
from connectors.types import TextFeatures

# Of one object, one line and one whole small member: what fits no such thing is no post.
MOST_OBJECT_BYTES = 8 * 2**20
MOST_LINE_BYTES = 2**20
MOST_SMALL_BYTES = 4 * 2**20
# Scalars in one object.
MOST_EVENTS = 200_000
_HASHTAG = re.compile(r"(?<![\w&/])#(\w*[^\W\d_]\w*)")
_MENTION = re.compile(r"(?<![\w@/])@([A-Za-z0-9_](?:[\w.-]*\w)?(?:@[\w.-]+\w)?)")
_ADDRESS = re.compile(r"https?://[^\s<>\"')\]]+")
_EARLIEST_YEAR = 1995


class _Fed:
    """A stream of which only so much may be read between two objects."""

    def __init__(self, stream: IO[bytes], most: int = MOST_OBJECT_BYTES) -> None:
        self._stream = stream
        self._most = most
        self.since = 0

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(2**16 if size < 0 else size)
        self.since += len(data)
        if self.since > self._most:
            raise Damaged("an object is too large")
        return data


def items(stream: IO[bytes], path: str) -> Iterator[Any]:
    """Yield the items of the list at a path ("" for a list that is all), built one at a time.

    Raises Damaged where the JSON breaks off or one item is too large.
    """
    fed = _Fed(stream)
    prefix = f"{path}.item" if path else "item"
    try:
        for item in ijson.items(fed, prefix, use_float=True):
            fed.since = 0
            yield item
    except _BROKEN:
        raise Damaged("broken JSON") from None


def objects(stream: IO[bytes]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each object that is an item of an outermost list, with the path of that list.

    For files whose keys are in the language of their owner. Raises Damaged like items().
    """
    fed = _Fed(stream)
    builder: Any = None
    depth = count = 0
    where = ""
    try:
        for path, event, value in ijson.parse(fed, use_float=True):
            if builder is None:
                fed.since = 0
                if event == "start_map" and (path == "item" or path.endswith(".item")):
                    builder = ijson.ObjectBuilder()
                    where = path[: -len("item")].rstrip(".")
                    depth = count = 0
                else:
                    continue
            count += 1
            if count > MOST_EVENTS:
                raise Damaged("an object is too large")
            builder.event(event, value)
            depth += event in _OPENS
            depth -= event in _CLOSES
            if depth == 0:
                yield where, builder.value
                builder = None
    except _BROKEN:
        raise Damaged("broken JSON") from None


_OPENS = frozenset({"start_map", "start_array"})
_CLOSES = frozenset({"end_map", "end_array"})
_BROKEN = (ijson.JSONError, ijson.IncompleteJSONError, UnicodeDecodeError, ValueError)


def scalar_at(stream: IO[bytes], ending: str) -> str:
    """Return the first text whose path of keys has that ending, "" for none; raises Damaged."""
    fed = _Fed(stream)
    try:
        for path, event, value in ijson.parse(fed, use_float=True):
            fed.since = 0
            if event == "string" and path.endswith(ending):
                return str(value)
    except _BROKEN:
        raise Damaged("broken JSON") from None
    return ""


def head_of(files: Container, name: str, most_bytes: int = 2048) -> bytes:
    """Return the beginning of a member, b"" where it cannot be read."""
    try:
        with files.open(name) as stream:
            return stream.read(most_bytes)
    except Damaged:
        return b""


def small_json(stream: IO[bytes]) -> Any:
    """Return the JSON of a small member; raises Damaged."""
    data = stream.read(MOST_SMALL_BYTES + 1)
    if len(data) > MOST_SMALL_BYTES:
        raise Damaged("too large")
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        raise Damaged("broken JSON") from None


def lines(stream: IO[bytes]) -> Iterator[str]:
    """Yield the lines of a text, each with its end; raises Damaged for an endless one."""
    text = io.TextIOWrapper(io.BufferedReader(_Raw(stream)), "utf-8-sig", errors="replace")
    while line := text.readline(MOST_LINE_BYTES):
        if len(line) >= MOST_LINE_BYTES:
            raise Damaged("an endless line")
        yield line.replace("\0", "")


class _Raw(io.RawIOBase):
    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def rows(stream: IO[bytes], is_head: Callable[[list[str]], bool]) -> Iterator[dict[str, str]]:
    """Yield the rows of a CSV below the first line that is its head; raises Damaged.

    What stands above the head (LinkedIn's notes) is passed over. Names of columns in lower case.
    """
    head: list[str] | None = None
    try:
        for row in csv.reader(lines(stream)):
            if head is None:
                cells = [cell.strip().lower() for cell in row]
                head = cells if is_head(cells) else None
            elif any(row):
                yield dict(zip(head, row, strict=False))
    except csv.Error:
        raise Damaged("broken CSV") from None


def each(
    files: Container, name: str, read: Callable[[IO[bytes]], Iterator[Understood]]
) -> Iterator[Understood]:
    """Yield what `read` understands of a member; where it is damaged, what came before and that."""
    try:
        with files.open(name) as stream:
            yield from read(stream)
    except Damaged:
        yield Unclear(name, "broken")


def invented_id(*parts: object) -> str:
    """Return the id of a post that the file gives none: the same for the same post."""
    return hashlib.sha256("\0".join(map(str, parts)).encode(errors="replace")).hexdigest()[:32]


# --- Times ---------------------------------------------------------------------------------------
def from_seconds(value: object) -> datetime | None:
    """Return the time of a Unix timestamp (seconds, or milliseconds), None where it is none."""
    if isinstance(value, str) and value.strip().lstrip("-").isdigit():
        value = int(value.strip())
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    seconds = value / 1000 if value > 10**11 else value
    try:
        return _sane(datetime.fromtimestamp(seconds, UTC))
    except (OverflowError, OSError, ValueError):
        return None


def from_text(value: object, *formats: str) -> datetime | None:
    """Return the UTC time of a text: ISO 8601 or one of the formats; without a zone it is UTC."""
    if not isinstance(value, str) or len(value) > 64:
        return None
    text = value.strip().removesuffix(" UTC").strip()
    for form in (None, *formats):
        try:
            at = datetime.fromisoformat(text) if form is None else datetime.strptime(text, form)  # noqa: DTZ007
        except ValueError:
            continue
        try:
            return _sane(at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC))
        except (OverflowError, ValueError):
            return None
    return None


def _sane(at: datetime) -> datetime | None:
    """Return the time if a post can be of it: not before the networks, not in the future."""
    return at if at.year >= _EARLIEST_YEAR and at <= datetime.now(UTC) else None


# --- Texts ---------------------------------------------------------------------------------------
def mended(text: str) -> str:
    """Return a text of Meta's exports as it was: its UTF-8 is written there byte by byte."""
    try:
        return text.encode("latin-1").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return text


def mended_all(value: Any) -> Any:
    """Return an object with all its texts and keys mended."""
    if isinstance(value, str):
        return mended(value)
    if isinstance(value, list):
        return [mended_all(item) for item in value]
    if isinstance(value, dict):
        return {mended(str(key)): mended_all(item) for key, item in value.items()}
    return value


def text_at(value: object, *path: str) -> str:
    """Return the text at a path of keys, "" where there is none."""
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, str) else ""


def features_of(text: str, language: str = "") -> TextFeatures:
    """Return what is kept of a text."""
    hosts = []
    for address in _ADDRESS.findall(text)[:50]:
        try:
            hosts.append(urlsplit(address).hostname or "")
        except ValueError:
            continue
    return TextFeatures(
        hashtags=tuple(dict.fromkeys(tag.lower() for tag in _HASHTAG.findall(text)))[:50],
        mentions=tuple(dict.fromkeys(_MENTION.findall(text)))[:50],
        link_hosts=tuple(dict.fromkeys(host for host in hosts if host)),
        language=language[:16],
        length=len(text),
    )


def named(files: Container, pattern: str) -> list[str]:
    """Return the names whose path matches the pattern, whatever folder the file begins with."""
    expression = re.compile(rf"(?:^|/){pattern}$", re.IGNORECASE)
    return [name for name in files.names if expression.search(name)]

"""Google+: its folder of an old Google Takeout, which was to be had until April 2019."""

import re
from collections.abc import Iterator
from functools import partial
from html.parser import HTMLParser
from typing import IO

from connectors.archives.container import Container, Damaged
from connectors.archives.reading import (
    MOST_SMALL_BYTES,
    each,
    features_of,
    from_text,
    invented_id,
    small_json,
    text_at,
)
from connectors.archives.understood import Act, Format, Owner, OwnPost, Unclear, Understood
from connectors.types import Direction, Kind

# As found in exports of 2018 and 2019: a file for each post, as JSON or (the default) HTML.
FORMAT = Format(
    id="googleplus_takeout",
    network="googleplus",
    name="Google+ Takeout (zip)",
    holds_received=True,
)
_FOLDER = re.compile(r"(^|/)Google\+[^/]*/", re.IGNORECASE)
_DATED = re.compile(r"(^|/)(\d{8}) - [^/]*$")
_WRITTEN = "%Y-%m-%d %H:%M:%S%z"
# What others did, in lists of the JSON.
_RECEIVED = (("plusOnes", Kind.LIKE), ("reshares", Kind.RESHARE), ("comments", Kind.COMMENT))


def fits(files: Container) -> bool:
    """Return whether it has a folder of Google+."""
    return any(_FOLDER.search(name) and name.endswith((".json", ".html")) for name in files.names)


def read(files: Container) -> Iterator[Understood]:
    """Yield the owner, posts and what others did."""
    seen_owner = False
    for name in files.names:
        if not _FOLDER.search(name):
            continue
        if name.lower().endswith(".json"):
            for found in each(files, name, partial(_json, name=name)):
                if isinstance(found, Owner):
                    if seen_owner:
                        continue
                    seen_owner = True
                yield found
        elif name.lower().endswith(".html"):
            yield from each(files, name, partial(_html, name=name))


def _json(stream: IO[bytes], name: str) -> Iterator[Understood]:
    post = small_json(stream)
    at = from_text(text_at(post, "creationTime"), _WRITTEN)
    if at is None or not isinstance(post, dict):
        yield Unclear(name, "unknown")
        return
    author = text_at(post, "author", "resourceName").rpartition("/")[2]
    if author:
        yield Owner(native_id=author, name=text_at(post, "author", "displayName"))
    address = text_at(post, "url")
    text = _text(text_at(post, "content"))
    yield OwnPost(
        native_id=address.rpartition("/")[2] or invented_id(at, text),
        created_at=at,
        url=address if address.startswith("https://plus.google.com/") else "",
        text=text,
        features=features_of(text),
    )
    for key, kind in _RECEIVED:
        acts = post.get(key)
        for act in acts if isinstance(acts, list) else []:
            when = from_text(text_at(act, "creationTime"), _WRITTEN)
            yield Act(kind, Direction.RECEIVED, when)


def _html(stream: IO[bytes], name: str) -> Iterator[Understood]:
    dated = _DATED.search(name)
    at = from_text(dated[2], "%Y%m%d") if dated else None
    data = stream.read(MOST_SMALL_BYTES + 1)
    if len(data) > MOST_SMALL_BYTES:
        raise Damaged("too large")
    if at is None:
        yield Unclear(name, "unknown")
        return
    text = _text(data.decode("utf-8", "replace"))
    yield OwnPost(
        native_id=invented_id(name.rpartition("/")[2]),
        created_at=at,
        text=text[:5000],
        features=features_of(text),
    )


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hidden += tag in {"style", "script", "title"}

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in {"style", "script", "title"} and self.hidden > 0

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.parts.append(data)


def _text(html: str) -> str:
    parser = _Words()
    parser.feed(html)
    parser.close()
    return " ".join(" ".join(parser.parts).split())

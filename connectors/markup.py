"""The words of the small HTML in which some networks give texts and bios."""

import re
from collections.abc import Mapping
from html import unescape
from html.parser import HTMLParser
from urllib.parse import urlsplit

# As nearly all such texts are: paragraphs, breaks, links and spans, written as servers write them.
# What is read by this shape alone is read ten times as quickly.
_PIECE = re.compile(r'([^<]+)|<(/?)(p|br|a|span)((?: [a-z-]+="[^"<>]*")*) ?/?>')
_ATTRIBUTE = re.compile(r' ([a-z-]+)="([^"<>]*)"')


def plain_text(html: str) -> tuple[str, tuple[str, ...]]:
    """Return the words of a text or bio, and the hosts that it links to."""
    reader = _Words()
    if not _PIECE.sub("", html):
        _read_small(html, reader)
    else:
        reader.feed(html)
        reader.close()
    return "".join(reader.words).strip(), tuple(dict.fromkeys(reader.hosts))


def _read_small(html: str, reader: "_Words") -> None:
    """Tell the reader what its parser would tell it."""
    for text, is_end, tag, attributes in _PIECE.findall(html):
        if text:
            reader.handle_data(unescape(text))
        elif not is_end:
            found = _ATTRIBUTE.findall(attributes) if tag == "a" else []
            reader.handle_starttag(tag, [(name, unescape(value)) for name, value in found])


class _Words(HTMLParser):
    """Collects text and link hosts of the small HTML that networks send."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.hosts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br" or (tag == "p" and self.words):
            self.words.append("\n")
        elif tag == "a":
            self._link(dict(attrs))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def _link(self, attributes: Mapping[str, str | None]) -> None:
        classes = (attributes.get("class") or "").split()
        if "mention" in classes or "hashtag" in classes:
            return
        try:
            host = urlsplit(attributes.get("href") or "").hostname
        except ValueError:
            return
        if host:
            self.hosts.append(host.removeprefix("www."))

"""The words of the small HTML in which some networks give texts and bios."""

from collections.abc import Mapping
from html.parser import HTMLParser
from urllib.parse import urlsplit


def plain_text(html: str) -> tuple[str, tuple[str, ...]]:
    """Return the words of a text or bio, and the hosts that it links to."""
    reader = _Words()
    reader.feed(html)
    reader.close()
    return "".join(reader.words).strip(), tuple(dict.fromkeys(reader.hosts))


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

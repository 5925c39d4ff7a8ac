"""Mastodon: the archive of posts that one asks for in the settings, as ActivityStreams 2.0."""

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import IO, Any
from urllib.parse import urlsplit

from connectors.archives.container import Container, Damaged
from connectors.archives.reading import (
    each,
    features_of,
    from_text,
    items,
    named,
    small_json,
    text_at,
)
from connectors.archives.understood import Act, Format, Owner, OwnPost, Unclear, Understood
from connectors.types import Direction, Kind, TextFeatures

# https://docs.joinmastodon.org/user/moving/#export, read 2026-11: posts, boosts, favourites;
# nothing of what others did.
FORMAT = Format(
    id="mastodon_archive",
    network="mastodon",
    name="Mastodon archive (zip)",
    help_url="https://docs.joinmastodon.org/user/moving/#export",
)
_PUBLIC = frozenset({"https://www.w3.org/ns/activitystreams#Public", "as:Public", "Public"})


def fits(files: Container) -> bool:
    """Return whether it holds an outbox in the manner of Mastodon."""
    return bool(named(files, r"outbox\.json"))


def read(files: Container) -> Iterator[Understood]:
    """Yield the owner, posts and boosts, favourites."""
    known: set[str] = set()
    for name in named(files, r"actor\.json"):
        known.add(name)
        yield from each(files, name, _owner)
    for name in named(files, r"outbox\.json"):
        known.add(name)
        yield from each(files, name, _outbox)
    for name in named(files, r"likes\.json"):
        known.add(name)
        yield from each(files, name, _likes)
    for name in files.names:
        if name not in known and name.lower().endswith((".json", ".csv")):
            private = "bookmarks" in name.lower()
            yield Unclear(name, "private" if private else "unknown")


def _owner(stream: IO[bytes]) -> Iterator[Understood]:
    actor = small_json(stream)
    name = text_at(actor, "preferredUsername")
    try:
        host = urlsplit(text_at(actor, "id")).hostname or ""
    except ValueError:
        host = ""
    if not name or not host:
        raise Damaged("no actor")
    yield Owner(f"{name}@{host}".lower(), f"{name}@{host}", text_at(actor, "name"))


def _outbox(stream: IO[bytes]) -> Iterator[Understood]:
    for activity in items(stream, "orderedItems"):
        kind = text_at(activity, "type")
        at = from_text(text_at(activity, "published"))
        if kind == "Announce":
            yield Act(Kind.RESHARE, Direction.SENT, at)
        elif kind == "Create" and isinstance(activity.get("object"), dict):
            yield from _post(activity["object"], at)
        elif kind:
            yield Unclear(f"outbox: {kind[:40]}", "unknown")


def _post(note: dict[str, Any], published: Any) -> Iterator[Understood]:
    at = from_text(text_at(note, "published")) or published
    native_id = text_at(note, "id").rpartition("/")[2][:255]
    if at is None or not native_id:
        yield Unclear("outbox: Create", "broken")
        return
    if not _is_public(note):
        # Letters to few are not what influence is about, and not ours to read.
        yield Unclear("outbox: posts to followers or single people", "private")
        return
    text, hosts = plain(text_at(note, "content"))
    found = features_of(text, next(iter(_map(note.get("contentMap"))), ""))
    tags = [
        text_at(tag, "name").lstrip("#").lower()
        for tag in (note.get("tag") or [])[:100]
        if text_at(tag, "type") == "Hashtag"
    ]
    is_reply = bool(text_at(note, "inReplyTo"))
    address = text_at(note, "url")
    yield OwnPost(
        native_id=native_id,
        created_at=at,
        url=address if address.startswith("https://") else "",
        text=text,
        features=TextFeatures(
            tuple(dict.fromkeys(tags)) or found.hashtags,
            found.mentions,
            hosts or found.link_hosts,
            found.language,
            len(text),
        ),
        is_reply=is_reply,
    )
    if is_reply:
        yield Act(Kind.COMMENT, Direction.SENT, at)


def _is_public(note: dict[str, Any]) -> bool:
    told = [note.get("to"), note.get("cc")]
    flat = [x for part in told for x in (part if isinstance(part, list) else [part])]
    return any(isinstance(one, str) and one in _PUBLIC for one in flat)


def _map(value: object) -> list[str]:
    return [str(key) for key in value] if isinstance(value, dict) else []


def _likes(stream: IO[bytes]) -> Iterator[Understood]:
    for item in items(stream, "orderedItems"):
        if isinstance(item, str | dict):
            yield Act(Kind.LIKE, Direction.SENT)


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.hosts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"p", "br"} and self.parts:
            self.parts.append("\n")
        given = dict(attrs)
        classes = given.get("class") or ""
        if tag == "a" and "mention" not in classes and "hashtag" not in classes:
            try:
                host = urlsplit(given.get("href") or "").hostname
            except ValueError:
                return
            if host:
                self.hosts.append(host)

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


def plain(html: str) -> tuple[str, tuple[str, ...]]:
    """Return the text of a post's HTML, and the hosts that it links to."""
    parser = _Text()
    parser.feed(html[:100_000])
    parser.close()
    return "".join(parser.parts).strip(), tuple(dict.fromkeys(parser.hosts))[:50]

"""Foursquare (Swarm): the JSON of "Initiate Data Download Request", files for each kind of it."""

from collections.abc import Iterator
from typing import IO, Any

from connectors.archives.container import Container
from connectors.archives.reading import (
    each,
    features_of,
    from_seconds,
    from_text,
    invented_id,
    named,
    objects,
    text_at,
)
from connectors.archives.understood import Format, Owner, OwnPost, Unclear, Understood

# https://app.foursquare.com/settings/privacy (read 2026-11) is where one asks for it. Check-ins
# come in numbered files; how often others acted is told without who and when, and not read.
FORMAT = Format(
    id="foursquare_json",
    network="foursquare",
    name="Swarm data (zip, JSON)",
    help_url="https://app.foursquare.com/settings/privacy",
)
_CHECKINS, _TIPS, _USERS = r"checkins\d*\.json", r"tips\d*\.json", r"users\d*\.json"
# Where somebody was without having said so, and what they told nobody.
_PRIVATE = ("visits", "ratings", "plans", "pings", "messages", "search", "location")


def fits(files: Container) -> bool:
    """Return whether it has check-ins in the manner of Foursquare."""
    return bool(named(files, _CHECKINS))


def read(files: Container) -> Iterator[Understood]:
    """Yield the owner, check-ins and tips; no place is told, neither its name nor where it is."""
    known: set[str] = set()
    for pattern, reader in ((_USERS, _owner), (_CHECKINS, _checkins), (_TIPS, _tips)):
        for name in named(files, pattern):
            known.add(name)
            yield from each(files, name, reader)
    for name in files.names:
        if name not in known and name.lower().endswith((".json", ".csv")):
            private = any(word in name.lower() for word in _PRIVATE)
            yield Unclear(name, "private" if private else "unknown")


def _owner(stream: IO[bytes]) -> Iterator[Understood]:
    for _, user in objects(stream):
        names = (text_at(user, "firstName"), text_at(user, "lastName"))
        native_id = text_at(user, "id")
        yield Owner(
            native_id=native_id,
            handle=text_at(user, "handle") or native_id,
            name=" ".join(name for name in names if name),
        )
        return


def _checkins(stream: IO[bytes]) -> Iterator[Understood]:
    for _, checkin in objects(stream):
        yield _post(checkin, "shout", "checkins")


def _tips(stream: IO[bytes]) -> Iterator[Understood]:
    for _, tip in objects(stream):
        yield _post(tip, "text", "tips")


def _post(item: dict[str, Any], words: str, where: str) -> Understood:
    # Seconds in older files, a text without a zone in newer ones: UTC in both.
    at = from_seconds(item.get("createdAt")) or from_text(item.get("createdAt"))
    if at is None:
        return Unclear(where, "broken")
    text = text_at(item, words)
    return OwnPost(
        native_id=text_at(item, "id") or invented_id(at, text),
        created_at=at,
        text=text,
        features=features_of(text),
    )

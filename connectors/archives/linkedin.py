"""LinkedIn: the CSV files of the complete or basic data export."""

import re
from collections.abc import Iterator
from functools import partial
from typing import IO

from connectors.archives.container import Container
from connectors.archives.reading import each, features_of, from_text, invented_id, named, rows
from connectors.archives.understood import Act, Format, Owner, OwnPost, Unclear, Understood
from connectors.types import Direction, Kind

# https://www.linkedin.com/help/linkedin/answer/a1339364, read 2026-11: no counts of reactions.
FORMAT = Format(
    id="linkedin_csv",
    network="linkedin",
    name="LinkedIn data export (zip, CSV)",
    holds_received=True,
    help_url="https://www.linkedin.com/help/linkedin/answer/a1339364",
)
# File, a column of its head, the column of the date, what it tells.
_ACTS = (
    (r"Connections\.csv", "first name", "connected on", Kind.FOLLOW, Direction.RECEIVED),
    (r"Member_Follows\.csv", "fullname", "date", Kind.FOLLOW, Direction.SENT),
    (r"Comments(?:_\d+)?\.csv", "link", "date", Kind.COMMENT, Direction.SENT),
    (r"Reactions(?:_\d+)?\.csv", "type", "date", Kind.LIKE, Direction.SENT),
)
_SHARES = r"Shares(?:_\d+)?\.csv"
_DAYS = ("%d %b %Y", "%m/%d/%y, %I:%M %p", "%a %b %d %H:%M:%S %Z %Y")
_PRIVATE = re.compile(
    r"messages|invitations|email|phone|login|security|ad_?targeting|search|receipts|inferences|"
    r"jobs|salary|registration",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(\d{15,})")


def fits(files: Container) -> bool:
    """Return whether it holds LinkedIn's tables."""
    found = named(files, rf"({_SHARES}|Connections\.csv|Reactions\.csv|Member_Follows\.csv)")
    return bool(found)


def read(files: Container) -> Iterator[Understood]:
    """Yield the owner, posts and acts."""
    known: set[str] = set()
    for name in named(files, r"Profile\.csv"):
        known.add(name)
        yield from each(files, name, _owner)
    for name in named(files, _SHARES):
        known.add(name)
        yield from each(files, name, _shares)
    for pattern, column, dated, kind, direction in _ACTS:
        for name in named(files, pattern):
            known.add(name)
            yield from each(
                files,
                name,
                partial(_acts, column=column, dated=dated, kind=kind, direction=direction),
            )
    for name in files.names:
        if name not in known and name.lower().endswith(".csv"):
            yield Unclear(name, "private" if _PRIVATE.search(name) else "unknown")


def _owner(stream: IO[bytes]) -> Iterator[Understood]:
    for row in rows(stream, lambda head: "first name" in head):
        yield Owner(name=f"{row.get('first name', '')} {row.get('last name', '')}".strip())
        return


def _shares(stream: IO[bytes]) -> Iterator[Understood]:
    for row in rows(stream, lambda head: "sharelink" in head):
        at = from_text(row.get("date"), *_DAYS)
        if at is None:
            yield Unclear("Shares.csv", "broken")
            continue
        address = row.get("sharelink", "")
        number = _NUMBER.search(address)
        text = row.get("sharecommentary", "").strip('"').replace('"\n"', "\n")
        yield OwnPost(
            native_id=number[1] if number else invented_id(at, text),
            created_at=at,
            url=address if address.startswith("https://www.linkedin.com/") else "",
            text=text,
            features=features_of(text),
        )


def _acts(
    stream: IO[bytes], column: str, dated: str, kind: Kind, direction: Direction
) -> Iterator[Understood]:
    for row in rows(stream, lambda head: column in head and dated in head):
        yield Act(kind, direction, from_text(row.get(dated), *_DAYS))

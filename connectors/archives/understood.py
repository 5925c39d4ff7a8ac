"""What an importer yields: whose file it is, posts, what was done, and what is unclear."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from connectors.archives.container import Container
from connectors.types import Direction, Kind, TextFeatures


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose file it is, as the file says; an archive proves nothing."""

    native_id: str = ""
    handle: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class OwnPost:
    """Something that the owner published."""

    native_id: str
    created_at: datetime
    url: str = ""
    # For the preview only: it is not kept.
    text: str = ""
    features: TextFeatures = field(default_factory=TextFeatures)
    is_reply: bool = False


@dataclass(frozen=True, slots=True)
class Act:
    """Somebody acted on the owner (received), or the owner on somebody (sent); nobody is named."""

    kind: Kind
    direction: Direction
    # None where the file does not say when.
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Unclear:
    """A part of the file that was not read."""

    what: str
    # "unknown", "broken", "unsafe", "nested", "private", "large".
    why: str


Understood = Owner | OwnPost | Act | Unclear


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of file."""

    id: str
    # The network that it is of: an id of connectors.registry, whether or not it has a row there.
    network: str
    # What people call it, e.g. "X archive (zip)".
    name: str
    # Whether it holds what others did, with dates or without.
    holds_received: bool = False
    # How people get it, as an address of the vendor's help.
    help_url: str = ""


class Importer(Protocol):
    """A module of this package that reads one format."""

    FORMAT: Format

    def fits(self, files: Container) -> bool:
        """Return whether this is such a file, by the names in it and a look at a beginning."""

    def read(self, files: Container) -> Iterator[Understood]:
        """Yield what is understood, a member after the other."""

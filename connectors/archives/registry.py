"""Every format that can be imported, spelled out, and which of them a file is."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from connectors.archives import (
    bluesky,
    facebook,
    foursquare,
    googleplus,
    instagram,
    linkedin,
    mastodon,
    tiktok,
    x,
    youtube,
)
from connectors.archives.container import Container, Refused, opened
from connectors.archives.understood import Format, Importer

# In the order in which they are asked: those that go by names of their own first.
IMPORTERS: dict[str, Importer] = {
    module.FORMAT.id: module
    for module in (
        bluesky,
        x,
        mastodon,
        linkedin,
        tiktok,
        foursquare,
        googleplus,
        youtube,
        instagram,
        facebook,
    )
}


def formats() -> list[Format]:
    """Return all formats, by name."""
    return sorted((module.FORMAT for module in IMPORTERS.values()), key=lambda form: form.name)


def formats_of(network_id: str) -> list[Format]:
    """Return the formats of a network's files."""
    return [form for form in formats() if form.network == network_id]


@dataclass(frozen=True, slots=True)
class Detected:
    """A file that is understood: what reads it, and its streams."""

    importer: Importer
    files: Container


@contextmanager
def detected(path: Path | str, name: str) -> Iterator[Detected]:
    """Yield what a file on disk is; `name` is what its owner called it. Raises Refused."""
    with open(os.fspath(path), "rb") as file, opened(file, name) as files:
        for importer in IMPORTERS.values():
            if importer.fits(files):
                yield Detected(importer, files)
                return
        raise Refused("unknown")

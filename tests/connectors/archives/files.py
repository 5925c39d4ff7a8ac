"""What a file comes to, for tests: its format, and what was understood of it, counted."""

import io
import zipfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from connectors.archives import registry
from connectors.archives.understood import Act, Owner, OwnPost, Unclear
from connectors.types import Direction


@dataclass
class Told:
    """Everything that an importer yielded."""

    format: str
    owners: list[Owner] = field(default_factory=list)
    posts: list[OwnPost] = field(default_factory=list)
    acts: Counter[str] = field(default_factory=Counter)
    undated: int = 0
    unclear: dict[str, str] = field(default_factory=dict)

    @property
    def counts(self) -> dict[str, int]:
        return {"posts": len(self.posts), **self.acts}


def told(folder: Path, content: bytes, name: str = "file.zip") -> Told:
    """Return what a file of that content is and holds; raises Refused."""
    path = folder / "upload"
    path.write_bytes(content)
    with registry.detected(path, name) as found:
        answer = Told(found.importer.FORMAT.id)
        for record in found.importer.read(found.files):
            if isinstance(record, Owner):
                answer.owners.append(record)
            elif isinstance(record, OwnPost):
                answer.posts.append(record)
            elif isinstance(record, Act):
                way = "got" if record.direction is Direction.RECEIVED else "sent"
                answer.acts[f"{record.kind.name.lower()} {way}"] += 1
                answer.undated += record.at is None
            else:
                assert isinstance(record, Unclear)
                answer.unclear[record.what] = record.why
    return answer


def changed(content: bytes, **members: bytes | str | None) -> bytes:
    """Return a zip with some members replaced, added or (None) taken out; "__" stands for "/"."""
    wanted = {name.replace("__", "/"): value for name, value in members.items()}
    return rezipped(content, wanted)


def rezipped(content: bytes, members: dict[str, bytes | str | None]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            if info.filename not in members:
                new.writestr(info.filename, old.read(info), zipfile.ZIP_DEFLATED)
        for name, value in members.items():
            if value is not None:
                new.writestr(name, value, zipfile.ZIP_DEFLATED)
    return out.getvalue()

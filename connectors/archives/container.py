"""A dropped file as a container of named streams, guarded against files that are made to harm.

Nothing is extracted: members are read as streams, by the names that they have, and no name is
ever a path of this machine.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import IO, Protocol, cast

# The list of members is read as a whole: so much of it is some hundred thousand names, and the
# memory for it some ten times as much.
MOST_DIRECTORY_BYTES = 8 * 2**20
MOST_MEMBERS = 100_000
# All that is unpacked of one file, and of it by one member for each byte packed: texts come to
# thirty for one, a bomb to a thousand.
MOST_UNPACKED_BYTES = 8 * 2**30
MOST_RATIO = 200
# Below this a ratio says nothing.
SMALL_BYTES = 2**20
_PACKED_WITH = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_NESTED = re.compile(r"\.(zip|tgz|tar|gz|bz2|xz|7z|rar|zst)$", re.IGNORECASE)
_DRIVE = re.compile(r"^[A-Za-z]:")


class Refused(Exception):
    """A file that is not read at all. `why` is a word that the page turns into a sentence.

    "empty", "broken" (no zip and no other file that is known), "encrypted", "members" (too many),
    "bomb" (unpacks to too much), "overlap" (members share their bytes), "unknown" (no format fits).
    """

    REASONS = ("empty", "broken", "encrypted", "members", "bomb", "overlap", "unknown")

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Damaged(Exception):
    """A member that breaks off, or is not what it says; the others may still be read."""


class Container(Protocol):
    """Named streams."""

    @property
    def names(self) -> tuple[str, ...]:
        """The safe names, in the order of the file."""

    @property
    def unsafe(self) -> tuple[tuple[str, str], ...]:
        """The names that are never opened, each with a word of Unclear."""

    def open(self, name: str) -> IO[bytes]:
        """Return the stream of a member; reading it raises Damaged or Refused."""


class Single:
    """A file that is no archive: one stream under the name that it was given."""

    def __init__(self, file: IO[bytes], name: str) -> None:
        self._file = file
        self.names: tuple[str, ...] = (PurePosixPath(name.replace("\\", "/")).name or "file",)
        self.unsafe: tuple[tuple[str, str], ...] = ()

    def open(self, name: str) -> IO[bytes]:
        """Return the file, from its beginning."""
        self._file.seek(0)
        return cast("IO[bytes]", _Unclosed(self._file))


class Zip:
    """The members of a zip file that are safe to be read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._zip = _opened(file)
        self._unpacked = 0
        members = self._zip.infolist()
        if len(members) > MOST_MEMBERS:
            raise Refused("members")
        if any(member.flag_bits & 0x1 for member in members):
            raise Refused("encrypted")
        _refuse_overlap(members)
        self._members: dict[str, zipfile.ZipInfo] = {}
        unsafe: list[tuple[str, str]] = []
        for member in members:
            if member.is_dir():
                continue
            why = _unsafe(member)
            if why:
                unsafe.append((member.filename, why))
            else:
                self._members[member.filename] = member
        self.names: tuple[str, ...] = tuple(self._members)
        self.unsafe: tuple[tuple[str, str], ...] = tuple(unsafe)

    def open(self, name: str) -> IO[bytes]:
        """Return the member's stream; what is unpacked of all members together is counted."""
        member = self._members[name]
        if member.file_size > SMALL_BYTES and member.file_size > MOST_RATIO * max(
            member.compress_size, 1
        ):
            raise Refused("bomb")
        try:
            stream = self._zip.open(member)
        except (zipfile.BadZipFile, OSError, RuntimeError, ValueError, NotImplementedError):
            raise Damaged(name) from None
        return cast("IO[bytes]", io.BufferedReader(_Member(self, stream), 2**16))

    def count(self, read_bytes: int) -> None:
        """Count what was unpacked; raises Refused beyond the limit."""
        self._unpacked += read_bytes
        if self._unpacked > MOST_UNPACKED_BYTES:
            raise Refused("bomb")


def _opened(file: IO[bytes]) -> zipfile.ZipFile:
    guarded = _Guarded(file)
    try:
        opened = zipfile.ZipFile(cast("IO[bytes]", guarded))
    except Refused:
        raise
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, OverflowError, EOFError):
        raise Refused("broken") from None
    except Exception as error:
        # Of hostile lists of members zipfile raises struct.error and others.
        if type(error).__module__ in {"struct", "builtins", "zipfile"}:
            raise Refused("broken") from None
        raise
    guarded.limit = None
    return opened


def _refuse_overlap(members: list[zipfile.ZipInfo]) -> None:
    """Raise Refused where two members share bytes: a way to unpack the same ones many times."""
    end = 0
    for member in sorted(members, key=lambda member: member.header_offset):
        if member.header_offset < end:
            raise Refused("overlap")
        end = member.header_offset + member.compress_size


def _unsafe(member: zipfile.ZipInfo) -> str:
    """Return why a member is never opened, "" where it may be."""
    name = member.filename
    parts = name.replace("\\", "/").split("/")
    if ".." in parts or name.startswith(("/", "\\")) or _DRIVE.match(name) or "\0" in name:
        return "unsafe"
    # A link in a zip is a member whose content is a path.
    if (member.external_attr >> 16) & 0o170000 == 0o120000:
        return "unsafe"
    if _NESTED.search(name):
        return "nested"
    if member.compress_type not in _PACKED_WITH:
        return "unknown"
    return ""


@contextmanager
def opened(file: IO[bytes], name: str) -> Iterator[Container]:
    """Yield the container of a file; raises Refused for one that is not to be read."""
    file.seek(0, io.SEEK_END)
    if file.tell() == 0:
        raise Refused("empty")
    file.seek(0)
    start = file.read(4)
    file.seek(0)
    if start[:2] == b"PK" or name.lower().endswith(".zip"):
        yield Zip(file)
    else:
        yield Single(file, name)


class _Guarded:
    """The file as zipfile sees it: while it opens, no read of the list may be larger than ours."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.limit: int | None = MOST_DIRECTORY_BYTES

    def read(self, size: int = -1) -> bytes:
        if self.limit is None:
            return self._file.read(size)
        if size > self.limit:
            raise Refused("members")
        data = self._file.read(size if size >= 0 else self.limit + 1)
        if len(data) > self.limit:
            raise Refused("broken")
        return data

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def seekable(self) -> bool:
        return True

    def close(self) -> None:
        """Left to whoever opened the file."""


class _Member(io.RawIOBase):
    """A member's bytes, counted; what zlib and zipfile raise becomes Damaged."""

    def __init__(self, owner: Zip, stream: IO[bytes]) -> None:
        self._owner = owner
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(cast("bytearray", buffer))
        try:
            data = self._stream.read(len(view))
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
            raise Damaged(type(error).__name__) from None
        self._owner.count(len(data))
        view[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._stream.close()
        super().close()


class _Unclosed(io.RawIOBase):
    """A file that its reader does not close."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(cast("bytearray", buffer))
        data = self._file.read(len(view))
        view[: len(data)] = data
        return len(data)

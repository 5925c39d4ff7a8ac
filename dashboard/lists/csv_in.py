"""Handles out of a file that somebody exported somewhere; pure: no request, no database."""

import codecs
import csv
from collections import Counter
from dataclasses import dataclass

MOST_BYTES = 512 * 1024
MOST_LINES = 20_000
# Titles of the column that holds handles, in the languages of the pages and of other tools' files.
TITLES = frozenset(
    {
        *("handle", "handles", "account", "accounts", "account address", "profile", "profile url"),
        *("address", "url", "username", "user", "@", "acct"),
        *("brukernavn", "konto", "profil", "adresse"),
    }
)
DELIMITERS = (",", ";", "\t")


class NotCsv(Exception):
    """A file that is no table of text: "size", "empty" or "binary"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Cell:
    """One handle as written, and the line of the file that it stands on."""

    line: int
    text: str


def decoded(data: bytes) -> str:
    """Return the file's text: UTF-8, UTF-16 with its mark or without, else Latin-1."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    # Text in Latin letters has every second byte zero in UTF-16, and none in the others.
    if data and data[:4_000].count(0) > len(data[:4_000]) // 4:
        even = data[0:4_000:2].count(0)
        return data.decode(
            "utf-16-be" if even > data[1:4_000:2].count(0) else "utf-16-le", "replace"
        )
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        # Every byte is a sign there.
        return data.decode("latin-1")


def delimiter_of(text: str) -> str:
    """Return what parts the columns: the sign that most of the first lines hold equally often."""
    lines = [line for line in text.splitlines()[:50] if line.strip()]
    best, share = ",", 0.0
    for sign in DELIMITERS:
        counts = Counter(line.count(sign) for line in lines)
        counts.pop(0, None)
        most = max(counts.values(), default=0)
        if most > share:
            best, share = sign, most
    return best


def handles_in(data: bytes) -> list[Cell]:
    """Return the handles of a file, each with its line; raises NotCsv.

    They stand in the column whose title says so, else in the first one. Empty lines are nothing.
    """
    if len(data) > MOST_BYTES:
        raise NotCsv("size")
    text = decoded(data)
    if "\0" in text:
        raise NotCsv("binary")
    reader = csv.reader(text.splitlines(keepends=True), delimiter=delimiter_of(text))
    column, is_first = 0, True
    found: list[Cell] = []
    try:
        for row in reader:
            if not any(value.strip() for value in row):
                continue
            titles = [value.strip().lower() for value in row]
            if is_first and TITLES & set(titles):
                column = next(n for n, title in enumerate(titles) if title in TITLES)
                is_first = False
                continue
            is_first = False
            if len(found) >= MOST_LINES:
                raise NotCsv("size")
            value = row[column] if column < len(row) else ""
            # Our own files put an apostrophe before what a spreadsheet would compute.
            found.append(Cell(reader.line_num, value.strip().removeprefix("'")))
    except csv.Error as error:
        raise NotCsv("binary") from error
    if not found:
        raise NotCsv("empty")
    return found

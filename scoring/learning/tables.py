"""Reads tables that people give: CSV with declared columns, errors that name column and row."""

import csv
import hashlib
import io
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

# A file of judgements or reactions is far smaller; beyond it, something else was given.
MAX_BYTES = 500 * 1024 * 1024


class BadTable(ValueError):
    """A file is not in the stated format; the text names the file, and the column or the row."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a format, as docs/evaluation.md lists it."""

    name: str
    # What a cell holds, with its unit.
    meaning: str
    # "number", "text" or "day" (ISO 8601 date, or time of which the UTC day is taken).
    kind: str = "number"
    low: float = 0.0
    high: float = math.inf
    # An empty cell is read as NaN or "".
    may_be_empty: bool = False


class Rows(NamedTuple):
    """The cells of a table by column, and what identifies the file."""

    numbers: dict[str, list[float]]
    texts: dict[str, list[str]]
    days: dict[str, list[date]]
    row_count: int
    sha256: str


def read(path: Path, columns: Sequence[Column]) -> Rows:
    """Return the declared columns of a CSV file (UTF-8, commas, one header row).

    Other columns are ignored. Raises BadTable for a file that cannot be read, a column that is
    missing or there twice, a row of another length, and a value that is none; rows are numbered as
    an editor shows them, the header being row 1.
    """
    content, sha256 = _content(path)
    rows = _rows(content, path)
    header = [name.strip() for name in next(rows, (0, list[str]()))[1]]
    places = _places(header, columns, path)
    found = Rows(
        {c.name: [] for c in columns if c.kind == "number"},
        {c.name: [] for c in columns if c.kind == "text"},
        {c.name: [] for c in columns if c.kind == "day"},
        0,
        sha256,
    )
    count = 0
    for line, cells in rows:
        if len(cells) != len(header):
            raise BadTable(
                f"{path.name}, row {line}: {len(cells)} cells under {len(header)} columns."
            )
        for column, place in zip(columns, places, strict=True):
            _keep(found, column, cells[place].strip(), f"{path.name}, row {line}")
        count += 1
    if not count:
        raise BadTable(f"{path.name}: there are no rows below the header.")
    return found._replace(row_count=count)


def header_of(path: Path) -> list[str]:
    """Return the names of a file's columns."""
    content, _ = _content(path)
    return [name.strip() for name in next(_rows(content, path), (0, list[str]()))[1]]


def _content(path: Path) -> tuple[str, str]:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise BadTable(f"{path.name}: larger than {MAX_BYTES // 1024**2} MiB.")
        raw = path.read_bytes()
    except OSError as error:
        raise BadTable(f"{path}: {error.strerror or 'cannot be read'}.") from None
    try:
        return raw.decode("utf-8-sig"), hashlib.sha256(raw).hexdigest()
    except UnicodeDecodeError as error:
        raise BadTable(f"{path.name}: not UTF-8 (byte {error.start}).") from None


def _rows(content: str, path: Path) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(content, newline=""), strict=True)
    try:
        for cells in reader:
            if cells:
                yield reader.line_num, cells
    except csv.Error as error:
        raise BadTable(f"{path.name}, row {reader.line_num}: {error}.") from None


def _places(header: list[str], columns: Sequence[Column], path: Path) -> list[int]:
    missing = [column.name for column in columns if column.name not in header]
    if missing:
        there = ", ".join(header[:30]) or "nothing"
        raise BadTable(
            f"{path.name}: column {missing[0]!r} is missing"
            + (f" (and {len(missing) - 1} more)" if len(missing) > 1 else "")
            + f"; the header has: {there}."
        )
    twice = [column.name for column in columns if header.count(column.name) > 1]
    if twice:
        raise BadTable(f"{path.name}: column {twice[0]!r} is there twice.")
    return [header.index(column.name) for column in columns]


def _keep(found: Rows, column: Column, cell: str, where: str) -> None:
    if not cell and not column.may_be_empty:
        raise BadTable(f"{where}: {column.name} is empty.")
    if column.kind == "number":
        found.numbers[column.name].append(_number(cell, column, where) if cell else math.nan)
    elif column.kind == "day":
        found.days[column.name].append(_day(cell, column, where) if cell else date.min)
    else:
        found.texts[column.name].append(cell)


def _number(cell: str, column: Column, where: str) -> float:
    try:
        value = float(cell)
    except ValueError:
        raise BadTable(f"{where}: {column.name} is {_short(cell)}, not a number.") from None
    if not column.low <= value <= column.high or math.isinf(value):
        limit = "" if math.isinf(column.high) else f" to {column.high:g}"
        raise BadTable(
            f"{where}: {column.name} is {_short(cell)}; it must be from {column.low:g}{limit}."
        )
    return value


def _day(cell: str, column: Column, where: str) -> date:
    try:
        moment = datetime.fromisoformat(cell)
        # A time without a zone is taken as UTC.
        return (moment - (moment.utcoffset() or moment - moment)).date()
    except (ValueError, OverflowError):
        raise BadTable(
            f"{where}: {column.name} is {_short(cell)}, not a day as 2026-01-31 (ISO 8601)."
        ) from None


def _short(cell: str) -> str:
    return repr(cell if len(cell) <= 30 else cell[:29] + "…")

"""Bulk rows into PostgreSQL by COPY, in its text format."""

import io
import json
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection

_NULL = "\\N"
# So much is handed over at once: the server is not woken for each page of it.
_PIECE = 1 << 20
# Bytes that a staging table may keep from before.
_MOST_LEFT = 1 << 20


def clean(text: str, length: int | None = None) -> str:
    """Return text that PostgreSQL takes: no NUL, no lone surrogate; cut to `length` signs."""
    if "\0" in text:
        text = text.replace("\0", "")
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode(errors="replace").decode()
    return text if length is None else text[:length]


# Made once: there are two such texts in each post.
_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def json_text(value: object) -> str:
    """Return JSON for a jsonb column; every text inside must have gone through clean()."""
    return _json.encode(value)


def _text(value: str) -> str:
    if "\\" in value:
        value = value.replace("\\", "\\\\")
    if "\n" in value or "\t" in value or "\r" in value:
        value = value.replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")
    return value


# By exact type: the look-up is a third of the time of a chain of isinstance, and this is the
# innermost loop of a sync.
_ENCODERS: dict[type, Callable[[Any], str]] = {
    type(None): lambda value: _NULL,
    str: _text,
    bool: lambda value: "t" if value else "f",
    int: str,
    datetime: datetime.isoformat,
    date: date.isoformat,
    bytes: lambda value: "\\\\x" + value.hex(),
}


def lines(rows: Iterable[Sequence[object]]) -> str:
    """Return the rows in COPY's text format, escaped; None is NULL."""
    encoders = _ENCODERS
    try:
        return "".join(
            ["\t".join([encoders[type(value)](value) for value in row]) + "\n" for row in rows]
        )
    except KeyError as unknown:
        raise TypeError(f"COPY of a {unknown.args[0].__name__} is not known.") from None


def copy_rows(
    cursor: Any, table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]
) -> None:
    """Append rows to a table by COPY; table and columns are names of ours."""
    text = io.StringIO(lines(rows))
    cursor.copy_expert(f"COPY {table} ({', '.join(columns)}) FROM STDIN", text, _PIECE)


def copy_binary(cursor: Any, table: str, columns: Sequence[str], rows: bytes) -> None:
    """Append rows in COPY's binary format (connectors.binary); names are of ours."""
    how = "FROM STDIN (FORMAT binary)"
    cursor.copy_expert(f"COPY {table} ({', '.join(columns)}) {how}", io.BytesIO(rows), _PIECE)


def staged(cursor: Any, name: str, definition: str) -> str:
    """Return the name of an empty temporary table of this session with that definition."""
    cursor.execute(
        f"CREATE TEMP TABLE IF NOT EXISTS {name} ({definition}); DELETE FROM {name}; "  # noqa: S608
        "SELECT pg_relation_size(%s::regclass)",
        [name],
    )
    # TRUNCATE gives it a new file, which takes longer than storing a small batch; deleted rows are
    # read over until then.
    if cursor.fetchone()[0] > _MOST_LEFT:
        cursor.execute(f"TRUNCATE {name}")
    return name


def existing_months(table: str, months: Iterable[date]) -> set[date]:
    """Return those of the months whose partition of `table` exists. One query."""
    names = {f"{table}_y{month:%Y}m{month:%m}": month for month in months}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM unnest(%s::text[]) AS name WHERE to_regclass(name) IS NOT NULL",
            [list(names)],
        )
        return {names[name] for (name,) in cursor.fetchall()}

"""Rows to PostgreSQL and back are the same rows."""

import math
from collections.abc import Iterator
from datetime import date

import pyarrow as pa
import pytest
from django.db import connection

from scoring import transfer

pytestmark = pytest.mark.django_db

COLUMNS = pa.schema(
    [
        ("n", pa.int64()),
        ("day", pa.date32()),
        ("small", pa.int16()),
        ("amount", pa.float64()),
        ("yes", pa.bool_()),
        ("said", pa.string()),
    ]
)
HARD = ["", "\\N", "a\tb", "a\nb\r", "\\.", 'say "hi", \\', "blåbær 🫐", None, "NULL", "\\\\n"]


@pytest.fixture
def table() -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE moved (n bigint, day date, small smallint, amount float8, "
            "yes boolean, said text)"
        )
    return "moved"


def some(number: int) -> pa.Table:
    amounts = [0.1 + 0.2, -1e-300, 1e300, None, math.pi]
    return pa.table(
        {
            "n": [None if i % 7 == 3 else i * 2**40 for i in range(number)],
            "day": [None if i % 5 == 4 else date(2028, 2, 29) for i in range(number)],
            "small": [i % 3 for i in range(number)],
            "amount": [amounts[i % len(amounts)] for i in range(number)],
            "yes": [[True, False, None][i % 3] for i in range(number)],
            "said": [HARD[i % len(HARD)] for i in range(number)],
        },
        schema=COLUMNS,
    )


def moved(table: str, rows: pa.Table) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        transfer.append(cursor.cursor, table, rows)
        cursor.execute(f"SELECT {', '.join(COLUMNS.names)} FROM {table}")  # noqa: S608 - ours
        return list(cursor.fetchall())


def as_tuples(rows: pa.Table) -> list[tuple[object, ...]]:
    return [tuple(row.values()) for row in rows.to_pylist()]


@pytest.mark.parametrize("number", [0, 1, 100])
def test_every_value_arrives(table: str, number: int) -> None:
    rows = some(number)
    assert moved(table, rows) == as_tuples(rows)


def test_slices_and_chunks_arrive(table: str) -> None:
    rows = pa.concat_tables([some(30).slice(7, 11), some(50).slice(3)])
    assert moved(table, rows) == as_tuples(rows)


def test_many_pieces_arrive_in_order(table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transfer, "PIECE_ROWS", 3)
    monkeypatch.setattr(transfer, "READ_BYTES", 5)
    rows = some(100)
    assert moved(table, rows) == as_tuples(rows)


def test_what_fails_while_the_rows_are_made_is_raised(table: str) -> None:
    def broken() -> Iterator[pa.Table]:
        yield some(10)
        raise ArithmeticError("no more rows")

    with connection.cursor() as cursor, pytest.raises(Exception, match="no more rows"):
        transfer.copy(cursor.cursor, table, COLUMNS.names, broken())


def test_what_is_written_is_read(table: str) -> None:
    rows = some(100).drop_columns("said")
    with connection.cursor() as cursor:
        transfer.append(cursor.cursor, table, rows)
    found = transfer.read("SELECT n, day, small, amount, yes FROM moved", [], rows.schema)
    assert found.equals(rows)

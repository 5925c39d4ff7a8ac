"""Rows sent in COPY's binary format are the same rows in PostgreSQL."""

import io
import math
from datetime import date

import pyarrow as pa
import pytest
from django.db import connection

from scoring import binary

COLUMNS = pa.schema(
    [
        ("n", pa.int64()),
        ("day", pa.date32()),
        ("small", pa.int16()),
        ("said", pa.string()),
        ("amount", pa.float64()),
        ("version", pa.string()),
        ("yes", pa.bool_()),
        binary.jsonb("body"),
        ("count", pa.int32()),
    ]
)
HARD = ["", "\\N", "a\tb", "a\nb\r", "\\.", 'say "hi", \\', "blåbær 🫐", "NULL"]
AMOUNTS = [0.1 + 0.2, -1e-300, 1e300, 0.0, math.pi]


def some(number: int, *, version: str = "2026.11") -> pa.RecordBatch:
    return pa.record_batch(
        [
            pa.array([(-1) ** i * i * 2**40 for i in range(number)], pa.int64()),
            pa.array([date(1969 + i, 2, 28) for i in range(number)], pa.date32()),
            pa.array([i % 9 - 4 for i in range(number)], pa.int16()),
            pa.array([HARD[i % len(HARD)] for i in range(number)], pa.string()),
            pa.array([AMOUNTS[i % len(AMOUNTS)] for i in range(number)], pa.float64()),
            pa.array([version] * number, pa.string()),
            pa.array([i % 3 == 0 for i in range(number)], pa.bool_()),
            pa.array([f'{{"i": {i}, "å": [{i}.5, null]}}' for i in range(number)], pa.string()),
            pa.array([i * 1000 for i in range(number)], pa.int32()),
        ],
        schema=COLUMNS,
    )


def stored(*batches: pa.RecordBatch) -> list[tuple[object, ...]]:
    """Return what PostgreSQL has after a COPY of the batches, in the order of `count`."""
    text = b"".join([binary.HEAD, *(bytes(binary.rows(one)) for one in batches), binary.TAIL])
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE binary_rows (n bigint, day date, small smallint, said text, "
            "amount float8, version varchar(32), yes boolean, body jsonb, count integer) "
            "ON COMMIT DROP"
        )
        cursor.copy_expert("COPY binary_rows FROM STDIN (FORMAT binary)", io.BytesIO(text))
        cursor.execute(
            "SELECT n, day, small, said, amount, version, yes, body->'i', body->'å'->>0, count "
            "FROM binary_rows ORDER BY count"
        )
        return list(cursor.fetchall())


def expected(batch: pa.RecordBatch) -> list[tuple[object, ...]]:
    names = ("n", "day", "small", "said", "amount", "version", "yes")
    return [
        (*(row[name] for name in names), str(i), f"{i}.5", row["count"])
        for i, row in enumerate(batch.to_pylist())
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("version", ["2026.11", "", "blåbær"])
def test_every_value_arrives(version: str) -> None:
    batch = some(100, version=version)
    assert stored(batch) == expected(batch)


@pytest.mark.django_db
def test_pieces_of_a_table_arrive_in_turn() -> None:
    batch = some(90)
    assert stored(batch[:1], batch[1:1], batch[1:40], batch[40:]) == expected(batch)


@pytest.mark.django_db
def test_rows_without_a_text_arrive() -> None:
    batch = some(5).select(["n", "day"])
    text = b"".join([binary.HEAD, bytes(binary.rows(batch)), binary.TAIL])
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE two (n bigint, day date) ON COMMIT DROP")
        cursor.copy_expert("COPY two FROM STDIN (FORMAT binary)", io.BytesIO(text))
        cursor.execute("SELECT n, day FROM two ORDER BY day")
        assert cursor.fetchall() == [tuple(row.values()) for row in batch.to_pylist()]


def test_a_null_is_refused_by_name() -> None:
    batch = pa.record_batch({"n": pa.array([1, None], pa.int64())})
    with pytest.raises(ValueError, match="n has a null"):
        binary.rows(batch)


def test_a_type_that_is_not_known_is_refused_by_name() -> None:
    batch = pa.record_batch({"ratio": pa.array([1.0], pa.float32())})
    with pytest.raises(TypeError, match="ratio: COPY of float is not known"):
        binary.rows(batch)

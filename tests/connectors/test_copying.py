"""Rows through COPY come back as they went in."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection

from connectors.copying import clean, copy_rows, lines, staged

ROWS = [
    (1, "tab\t newline\n return\r backslash\\ \\N \\. \\x41", True, None),
    (-(2**63), "", False, b"\x00\\\xff"),
    (None, None, None, b""),
]


@pytest.mark.django_db
def test_every_kind_of_value_comes_back() -> None:
    moment = datetime(2024, 2, 29, 23, 59, 59, 999999, UTC)
    with connection.cursor() as cursor:
        definition = "n bigint, t text, b boolean, y bytea, d date, m timestamptz"
        table = staged(cursor, "stage_test", definition)
        rows = [(*row, date(2024, 2, 29), moment) for row in ROWS]
        copy_rows(cursor, table, ("n", "t", "b", "y", "d", "m"), rows)
        cursor.execute("SELECT n, t, b, y, d, m FROM stage_test")
        back = [
            (*row[:3], None if row[3] is None else bytes(row[3]), *row[4:])
            for row in cursor.fetchall()
        ]
        assert back == rows
        assert staged(cursor, "stage_test", definition) == table
        cursor.execute("SELECT count(*) FROM stage_test")
        assert cursor.fetchone() == (0,)


def test_an_unknown_kind_of_value_is_an_error_of_ours() -> None:
    with pytest.raises(TypeError, match="float"):
        lines([(1.5,)])


def test_text_is_cleaned_and_cut() -> None:
    assert clean("a\0b\ud800c") == "ab?c"
    assert clean("abc", 2) == "ab"
    assert clean("æøå") == "æøå"

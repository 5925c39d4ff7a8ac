"""Columns of numbers through COPY's binary format come back as they went in."""

import io

import numpy as np
import pytest
from django.db import connection

from connectors.binary import BIGINT, DATE, SMALLINT, Column, copied


@pytest.mark.django_db
@pytest.mark.parametrize("count", [0, 1, 7])
def test_rows_with_and_without_their_fields_come_back(count: int) -> None:
    numbers = np.array([-(2**63), -1, 0, 1, 5, 2**40, 2**63 - 1])[:count]
    first = np.array([False, True, False, True, False, False, True])[:count]
    second = np.array([False, True, True, False, False, True, False])[:count]
    columns = [
        Column(SMALLINT, 3),
        Column(BIGINT, numbers),
        Column(BIGINT, numbers, first),
        Column(DATE, np.arange(count), second),
    ]
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE numbers (a smallint, b bigint, c bigint, d date)")
        rows = io.BytesIO(copied(columns, count))
        cursor.copy_expert("COPY numbers FROM STDIN (FORMAT binary)", rows)
        cursor.execute("SELECT a, b, c, d - date '2000-01-01' FROM numbers ORDER BY b")
        back = cursor.fetchall()
    assert back == [
        (3, number, None if first[row] else number, None if second[row] else row)
        for row, number in enumerate(numbers.tolist())
    ]

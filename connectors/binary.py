"""Columns of numbers as rows of COPY's binary format: they go over as they are in memory. Pure.

Reference: https://www.postgresql.org/docs/18/sql-copy.html#SQL-COPY-BINARY-FORMAT (a header, then
for each row the number of its fields and for each field its length and bytes, big-endian; a length
of -1 is NULL).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

HEAD = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TAIL = b"\xff\xff"
# PostgreSQL's days and times begin with 2000, ours with 1970.
DAYS_TO_2000 = 10_957
MICROS_TO_2000 = DAYS_TO_2000 * 86_400_000_000

SMALLINT, DATE, BIGINT = ">i2", ">i4", ">i8"

Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Column:
    """The values of a column as its table has them; one number means the same in every row."""

    type: str
    values: Integers | int
    # Where there is no value; None: nowhere.
    missing: Flags | None = None


def copied(columns: Sequence[Column], count: int) -> bytes:
    """Return `count` rows as COPY … (FORMAT binary) takes them; their order may change.

    Rows that lack the same fields are alike to the byte but for their values, so they go together.
    """
    alike = np.zeros(count, dtype=np.int64)
    for place, column in enumerate(columns):
        if column.missing is not None:
            alike += column.missing.astype(np.int64) << place
    patterns = np.unique(alike).tolist()
    blocks = [_block(columns, alike == pattern, pattern) for pattern in patterns]
    return b"".join([HEAD, *blocks, TAIL])


def _block(columns: Sequence[Column], chosen: Flags, pattern: int) -> bytes:
    """Return the chosen rows; the bits of `pattern` say which of their fields are missing."""
    fields: list[tuple[str, str]] = [("fields", SMALLINT)]
    for place, column in enumerate(columns):
        fields.append((f"length{place}", ">i4"))
        if not pattern >> place & 1:
            fields.append((f"value{place}", column.type))
    block = np.empty(int(chosen.sum()), dtype=np.dtype(fields))
    block["fields"] = len(columns)
    for place, column in enumerate(columns):
        if pattern >> place & 1:
            block[f"length{place}"] = -1
            continue
        values = column.values
        block[f"length{place}"] = np.dtype(column.type).itemsize
        block[f"value{place}"] = values if isinstance(values, int) else values[chosen]
    return block.tobytes()

"""Rows of Arrow in COPY's binary format: numbers go over as they are in memory, not as text.

Reference: https://www.postgresql.org/docs/18/sql-copy.html#SQL-COPY-BINARY-FORMAT (a header, then
for each row the number of its fields and for each field its length and bytes, big-endian).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

HEAD = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TAIL = b"\xff\xff"
# Days from 1970, where ours begin, to 2000, where PostgreSQL's do.
_DAYS_TO_2000 = 10_957
_JSONB = {b"postgresql": b"jsonb"}
_WIDE = {
    pa.int16(): ">i2",
    pa.int32(): ">i4",
    pa.int64(): ">i8",
    pa.float64(): ">f8",
    pa.date32(): ">i4",
    pa.bool_(): "u1",
}

Numbers = npt.NDArray[np.generic]


def jsonb(name: str) -> pa.Field:
    """Return a column of JSON texts that the table has as jsonb."""
    return pa.field(name, pa.string(), metadata=_JSONB)


@dataclass(frozen=True, slots=True)
class _Part:
    """Some bytes that every row has: one number of it, or the same bytes for all."""

    type: str
    value: Numbers | bytes | int


def rows(batch: pa.RecordBatch) -> memoryview:
    """Return the rows in COPY's binary format, without its head and tail.

    The columns must be of the very types of the table's, in whole: smallint is int16, integer
    int32, bigint int64, double precision float64, date, boolean, text, and `jsonb`. Raises
    ValueError for a null and TypeError for another type.
    """
    if not batch.num_rows:
        return memoryview(b"")
    parts = [_Part(">i2", batch.num_columns)]
    texts: list[pa.Array] = []
    for field, column in zip(batch.schema, batch.columns, strict=True):
        if column.null_count:
            raise ValueError(f"{field.name} has a null")
        if not pa.types.is_string(field.type):
            parts += [_Part(">i4", np.dtype(_wide(field)).itemsize), _number(field, column)]
            continue
        is_json = field.metadata == _JSONB
        extra = [_Part("u1", 1)] if is_json else []
        same = None if is_json else _same(column)
        if same is not None:
            parts += [_Part(">i4", len(same)), _Part(f"S{max(len(same), 1)}", same)]
            continue
        lengths = pc.binary_length(column).to_numpy() + len(extra)
        parts += [_Part(">i4", lengths), *extra]
        texts += [_block(parts, batch.num_rows), column]
        parts = []
    if parts:
        texts.append(_block(parts, batch.num_rows))
    if len(texts) == 1:
        return memoryview(texts[0].buffers()[1])
    joined = pc.binary_join_element_wise(*(text.cast(pa.binary()) for text in texts), b"")
    _validity, offsets, data = joined.buffers()
    end = np.frombuffer(offsets, dtype=np.int32)[len(joined)]
    return memoryview(data)[:end]


def _wide(field: pa.Field) -> str:
    try:
        return _WIDE[field.type]
    except KeyError:
        raise TypeError(f"{field.name}: COPY of {field.type} is not known.") from None


def _number(field: pa.Field, column: pa.Array) -> _Part:
    """Return the numbers of a column as PostgreSQL has them."""
    if pa.types.is_date32(field.type):
        return _Part(">i4", column.cast(pa.int32()).to_numpy() - _DAYS_TO_2000)
    return _Part(_wide(field), column.to_numpy(zero_copy_only=False))


def _same(column: pa.Array) -> bytes | None:
    """Return the text that all rows have, None where they differ, or where it is empty."""
    first: Any = column[0]
    text: str = first.as_py()
    # NumPy's fixed bytes end at a zero; PostgreSQL's texts have none.
    return text.encode() if text and pc.all(pc.equal(column, first)).as_py() else None


def _block(parts: list[_Part], rows_count: int) -> pa.Array:
    """Return the parts side by side, packed, as one binary value a row."""
    kinds = np.dtype([(str(place), part.type) for place, part in enumerate(parts)])
    block = np.empty(rows_count, dtype=kinds)
    for place, part in enumerate(parts):
        block[str(place)] = part.value
    return pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(kinds.itemsize), rows_count, [None, pa.py_buffer(block)]
    )

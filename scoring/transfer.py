"""Rows between PostgreSQL and Arrow, by COPY: millions of them, and none passes through Python."""

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from itertools import chain
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
from django.db import connection, transaction

from scoring import binary

Rows = Any  # an Arrow table or record batch

# Rows made into text at once, and bytes of it handed to the client library at once.
PIECE_ROWS = 50_000
READ_BYTES = 1 << 18

_SPELLING = {"true_values": ["t"], "false_values": ["f"], "null_values": [""]}


def read(query: str, parameters: Sequence[Any] | Mapping[str, Any], schema: pa.Schema) -> pa.Table:
    """Return the query's rows as an Arrow table of the schema; the columns in the same order.

    The query is one of ours; whatever varies comes in through the parameters.
    """
    text = io.BytesIO()
    with connection.cursor() as wrapped:
        cursor = wrapped.cursor
        selected = cursor.mogrify(query, parameters).decode()
        cursor.copy_expert(f"COPY ({selected}) TO STDOUT (FORMAT csv)", text)
    if not text.tell():
        return schema.empty_table()
    return pyarrow.csv.read_csv(
        pa.py_buffer(text.getbuffer()),
        read_options=pyarrow.csv.ReadOptions(use_threads=False, column_names=schema.names),
        convert_options=pyarrow.csv.ConvertOptions(
            column_types=schema, strings_can_be_null=False, **_SPELLING
        ),
        parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True),
    )


def replace(
    table: str,
    rows: pa.Table,
    *,
    key: Sequence[str],
    scope: Mapping[str, Any],
) -> int:
    """Make the table's rows within the scope equal to `rows`; return how many differ from before.

    The scope maps columns to a value or to a list of values: rows of it that are not among
    `rows` go. A second call with the same rows writes nothing. Runs in a transaction of its own
    or in the caller's.
    """
    columns = rows.column_names
    values = [name for name in columns if name not in key]
    named = ", ".join(columns)
    where, parameters = _within(scope)
    same_key = " AND ".join(f"old.{name} = new.{name}" for name in key)
    changed = " OR ".join(f"old.{name} IS DISTINCT FROM excluded.{name}" for name in values)
    update = ", ".join(f"{name} = excluded.{name}" for name in values)
    with transaction.atomic(), connection.cursor() as wrapped:
        cursor = wrapped.cursor
        cursor.execute(f"CREATE TEMP TABLE _new (LIKE {table}) ON COMMIT DROP")
        append(cursor, "_new", rows)
        cursor.execute(
            f"DELETE FROM {table} AS old WHERE {where} "  # noqa: S608
            f"AND NOT EXISTS (SELECT FROM _new AS new WHERE {same_key})",
            parameters,
        )
        gone: int = cursor.rowcount
        # Always in the order of the key: two writers wait for one another, never both.
        cursor.execute(
            f"INSERT INTO {table} AS old ({named}) SELECT {named} FROM _new "  # noqa: S608
            f"ORDER BY {', '.join(key)} "
            f"ON CONFLICT ({', '.join(key)}) DO UPDATE SET {update} WHERE {changed}"
        )
        written: int = cursor.rowcount
        cursor.execute("DROP TABLE _new")
    return gone + written


def stage(
    table: str,
    partition: str,
    day: date,
    columns: Sequence[str],
    pieces: Iterable[Rows],
    scope: Mapping[str, Any],
) -> int:
    """Load and index what shall take a partition's place; return how many rows it holds.

    It holds the rows of the pieces and those of the old one that are outside the scope. Nobody
    waits for this; `exchange` in the same transaction puts it in place. The pieces are record
    batches whose columns have the very types of the table's (scoring.binary).
    """
    new = f"{partition}_new"
    where, parameters = _within(scope)
    end = day + timedelta(days=1)
    with transaction.atomic(), connection.cursor() as wrapped:
        cursor = wrapped.cursor
        cursor.execute(
            f"CREATE TABLE {new} (LIKE {table} INCLUDING DEFAULTS INCLUDING CONSTRAINTS)"
        )
        # Known to hold this day only, the table is attached without a look at every row.
        cursor.execute(f"ALTER TABLE {new} ADD CHECK (day >= '{day}' AND day < '{end}')")
        _copy_binary(cursor, new, columns, pieces)
        rows: int = cursor.rowcount
        cursor.execute(f"SELECT EXISTS (SELECT FROM {partition})")  # noqa: S608 - a name of ours
        # A scope of a million people is worth sending only where it is needed.
        if cursor.fetchone()[0]:
            names = ", ".join(columns)
            cursor.execute(
                f"INSERT INTO {new} ({names}) SELECT {names} FROM {partition} AS old "  # noqa: S608
                f"WHERE NOT ({where})",
                parameters,
            )
            rows += cursor.rowcount
        _index(cursor, new, like=table)
    return rows


def exchange(table: str, partition: str, day: date) -> None:
    """Put what was staged in the place of a day's partition: readers wait for the commit only."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DETACH PARTITION {partition}")
        cursor.execute(f"DROP TABLE {partition}")
        cursor.execute(f"ALTER TABLE {partition}_new RENAME TO {partition}")
        cursor.execute(
            f"ALTER TABLE {table} ATTACH PARTITION {partition} "
            f"FOR VALUES FROM ('{day}') TO ('{day + timedelta(days=1)}')"
        )


# What follows USING in an index of the partitioned table is the same for one of its partitions.
_INDEXES = """
SELECT indisprimary, indisunique, substring(pg_get_indexdef(indexrelid) FROM ' USING (.*)$')
  FROM pg_index WHERE indrelid = %s::regclass ORDER BY indisprimary DESC
"""


def _index(cursor: Any, new: str, *, like: str) -> None:
    """Give a loaded table the indexes of another: sorting once is quicker than row by row."""
    cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")
    cursor.execute(_INDEXES, [like])
    for is_primary, is_unique, definition in cursor.fetchall():
        if is_primary:
            columns = definition[definition.index("(") :]
            cursor.execute(f"ALTER TABLE {new} ADD PRIMARY KEY {columns}")
        else:
            unique = "UNIQUE" if is_unique else ""
            cursor.execute(f"CREATE {unique} INDEX ON {new} USING {definition}")


def append(cursor: Any, table: str, rows: pa.Table) -> None:
    """Add the rows to a table of ours by COPY."""
    copy(cursor, table, rows.column_names, rows.to_batches(PIECE_ROWS))


def copy(cursor: Any, table: str, columns: Sequence[str], pieces: Iterable[Rows]) -> None:
    """Add the pieces, one after the other, to a table of ours by one COPY.

    The next piece is made while the server takes the one before.
    """
    named = ", ".join(columns)
    with _Ahead(lines(piece) for piece in pieces) as text:
        cursor.copy_expert(f"COPY {table} ({named}) FROM STDIN", text, READ_BYTES)


def _copy_binary(
    cursor: Any, table: str, columns: Sequence[str], pieces: Iterable[pa.RecordBatch]
) -> None:
    """Add the pieces to a table that was made in this transaction: neither side handles text."""
    named = ", ".join(columns)
    parts = chain([memoryview(binary.HEAD)], map(binary.rows, pieces), [memoryview(binary.TAIL)])
    with _Ahead(parts) as bytes_:
        options = "WITH (FORMAT binary, FREEZE)"
        cursor.copy_expert(f"COPY {table} ({named}) FROM STDIN {options}", bytes_, READ_BYTES)


def lines(rows: Rows) -> memoryview:
    """Return the rows in COPY's text format, at most 2 GiB of it."""
    texts: list[Any] = []
    for column in rows.columns:
        whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
        texts += [_escaped(whole), pa.scalar("\t")]
    if not rows.num_rows or not texts:
        return memoryview(b"")
    texts[-1] = pa.scalar("\n")
    joined = pc.binary_join_element_wise(
        *texts, "", null_handling="replace", null_replacement="\\N"
    )
    _validity, offsets, text = joined.buffers()
    end = np.frombuffer(offsets, dtype=np.int32)[len(joined)]
    return memoryview(text)[:end]


def _escaped(column: pa.Array) -> pa.Array:
    """Return the column as text that COPY reads back."""
    if not pa.types.is_string(column.type):
        # Neither numbers nor days nor truth values have a sign that means something to COPY.
        return column.cast(pa.string())
    _validity, offsets, text = column.buffers()
    if text is None:
        return column
    bounds = np.frombuffer(offsets, dtype=np.int32)[column.offset : column.offset + len(column) + 1]
    # Looking through all texts at once costs little, and is nearly always in vain.
    signs = bytes(memoryview(text)[bounds[0] : bounds[-1]])
    for sign, written in (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r")):
        if sign.encode() in signs:
            column = pc.replace_substring(column, sign, written)
    return column


class _Ahead:
    """A file to read from that makes one piece ahead of the reader, in a thread of its own."""

    def __init__(self, pieces: Iterator[memoryview]) -> None:
        self._pieces = pieces
        self._thread = ThreadPoolExecutor(1)
        self._next = self._thread.submit(next, self._pieces, None)
        self._piece = memoryview(b"")
        self._ended = False

    def __enter__(self) -> "_Ahead":
        return self

    def read(self, size: int) -> bytes:
        """Return the next bytes, at most `size`; none at the end."""
        while not self._piece and not self._ended:
            piece = self._next.result()
            if piece is None:
                self._ended = True
            else:
                self._piece = piece
                self._next = self._thread.submit(next, self._pieces, None)
        part = bytes(self._piece[:size])
        self._piece = self._piece[size:]
        return part

    def __exit__(self, *_: object) -> None:
        self._thread.shutdown()


def _within(scope: Mapping[str, Any]) -> tuple[str, list[Any]]:
    """Return the condition of the scope and its parameters."""
    conditions, parameters = [], []
    for name, value in scope.items():
        if isinstance(value, list) and all(isinstance(item, int) for item in value):
            # One literal: a million values apart would each be parsed as an expression.
            conditions.append(f"old.{name} = ANY(%s::bigint[])")
            parameters.append("{" + ",".join(map(str, value)) + "}")
        else:
            conditions.append(
                f"old.{name} = ANY(%s)" if isinstance(value, list) else f"old.{name} = %s"
            )
            parameters.append(value)
    return " AND ".join(conditions), parameters

"""Rows between PostgreSQL and Arrow, by COPY: millions of them, and none passes through Python."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.csv
from django.db import connection, transaction

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


def append(cursor: Any, table: str, rows: pa.Table) -> None:
    """Add the rows to a table of ours by COPY."""
    text = io.BytesIO()
    # An empty first chunk would come out as zero bytes.
    rows = rows.combine_chunks()
    pyarrow.csv.write_csv(rows, text, pyarrow.csv.WriteOptions(include_header=False))
    text.seek(0)
    named = ", ".join(rows.column_names)
    cursor.copy_expert(f"COPY {table} ({named}) FROM STDIN (FORMAT csv)", text)


def _within(scope: Mapping[str, Any]) -> tuple[str, list[Any]]:
    """Return the condition of the scope and its parameters."""
    conditions = [
        f"old.{name} = ANY(%s)" if isinstance(value, list) else f"old.{name} = %s"
        for name, value in scope.items()
    ]
    return " AND ".join(conditions), list(scope.values())

"""Finds a person's traces: in every column of every table, in the broker, in files."""

import os
from pathlib import Path

import redis
from django.conf import settings
from django.db import connection

# Types that can hold a text, and their arrays.
_TEXTUAL = ("text", "character varying", "character", "bytea", "json", "jsonb", "ARRAY", "uuid")


def columns() -> list[tuple[str, str, str]]:
    """Return table, column and type of every column that can hold a text, partitions included."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name, data_type FROM information_schema.columns"
            " WHERE table_schema = current_schema() AND data_type = ANY(%s)"
            " ORDER BY table_name, column_name",
            [list(_TEXTUAL)],
        )
        return [(str(t), str(c), str(d)) for t, c, d in cursor.fetchall()]


def in_tables(marker: str) -> set[str]:
    """Return "table.column" wherever the marker stands, whatever its case."""
    found = set()
    with connection.cursor() as cursor:
        for table, column, kind in columns():
            name = connection.ops.quote_name
            text = (
                f"encode({name(column)}, 'escape')" if kind == "bytea" else f"{name(column)}::text"
            )
            query = f"SELECT 1 FROM {name(table)} WHERE {text} ILIKE %s LIMIT 1"  # noqa: S608
            cursor.execute(query, [f"%{marker}%"])
            if cursor.fetchone():
                found.add(f"{table}.{column}")
    return found


def in_broker(marker: str) -> set[str]:
    """Return the keys of the broker that hold the marker in their name or their value."""
    needle = marker.lower().encode()
    found = set()
    with redis.Redis.from_url(settings.REDIS_URL) as broker:
        for key in broker.scan_iter():
            if needle in key.lower() or needle in (broker.dump(key) or b"").lower():
                found.add(key.decode(errors="replace"))
    return found


def in_files(marker: str) -> set[str]:
    """Return the files below VAR_DIR that hold the marker in their name or their content."""
    needle = marker.lower().encode()
    found = set()
    for folder, _, names in os.walk(settings.VAR_DIR):
        for name in names:
            path = Path(folder, name)
            if path.is_file() and (
                needle in str(path).lower().encode() or needle in path.read_bytes().lower()
            ):
                found.add(str(path.relative_to(settings.VAR_DIR)))
    return found

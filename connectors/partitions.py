"""Monthly partitions of the big tables, created before a row needs them."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import connection, transaction


def months_between(first: date, last: date) -> list[date]:
    """Return the first days of the months from first to last, both included."""
    month, months = first.replace(day=1), []
    while month <= last:
        months.append(month)
        month = (month + timedelta(days=32)).replace(day=1)
    return months


def ensure_partitions(table: str, first: date, last: date) -> list[str]:
    """Create the partitions of `table` that hold first to last; return the new ones' names.

    `table` is one of ours, never a person's text. Safe beside other workers.
    """
    created: list[str] = []
    with transaction.atomic(), connection.cursor() as cursor:
        for month in months_between(first, last):
            name = f"{table}_y{month:%Y}m{month:%m}"
            cursor.execute("SELECT to_regclass(%s)", [name])
            if cursor.fetchone()[0] is not None:
                continue
            end = (month + timedelta(days=32)).replace(day=1)
            # Held until the transaction ends: a second worker waits here, then finds the partition.
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [name])
            cursor.execute(
                f'CREATE TABLE IF NOT EXISTS "{name}" PARTITION OF "{table}" '
                f"FOR VALUES FROM ('{month}') TO ('{end}')"
            )
            created.append(name)
    return created


def ensure_days(tables: Iterable[str], days: Iterable[date]) -> None:
    """Create the partitions of every table for exactly the months in which the days lie."""
    firsts = sorted({day.replace(day=1) for day in days})
    for table in tables:
        for month in firsts:
            ensure_partitions(table, month, month)

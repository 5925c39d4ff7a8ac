"""Partitions of the big tables by month, or by day, created before a row needs them."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

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
            name = _name(table, month)
            cursor.execute("SELECT to_regclass(%s)", [name])
            if cursor.fetchone()[0] is not None:
                continue
            _lock(cursor, name)
            _create(cursor, table, name, month, (month + timedelta(days=32)).replace(day=1))
            created.append(name)
    return created


def ensure_days(tables: Iterable[str], days: Iterable[date], *, by_day: bool = False) -> None:
    """Create the partitions of every table that are missing for exactly these days.

    A partition is a month, or a day where `by_day` is true or the month has days already: the
    day of a large table is then replaced as a whole. Both may lie side by side in one table.
    """
    wanted = sorted(set(days))
    for table in tables:
        there = _partitions(table)
        for month in sorted({day.replace(day=1) for day in wanted}):
            of_month = [day for day in wanted if day.replace(day=1) == month]
            if not _missing(table, month, of_month, there, by_day=by_day):
                continue
            with transaction.atomic(), connection.cursor() as cursor:
                _lock(cursor, _name(table, month))
                for name, first, end in _missing(
                    table, month, of_month, _partitions(table), by_day=by_day
                ):
                    _create(cursor, table, name, first, end)


def day_partition(table: str, day: date) -> str:
    """Return the name of the partition that holds one day alone, where there is one."""
    return f"{_name(table, day)}d{day:%d}"


def _name(table: str, day: date) -> str:
    return f"{table}_y{day:%Y}m{day:%m}"


def _missing(
    table: str, month: date, days: list[date], there: set[str], *, by_day: bool
) -> list[tuple[str, date, date]]:
    """Return name, first day and end of the partitions that the days of a month lack."""
    name = _name(table, month)
    if name in there:
        return []
    if not by_day and not any(other.startswith(f"{name}d") for other in there):
        return [(name, month, (month + timedelta(days=32)).replace(day=1))]
    names = [(day_partition(table, day), day, day + timedelta(days=1)) for day in days]
    return [missing for missing in names if missing[0] not in there]


def _partitions(table: str) -> set[str]:
    """Return the names of the table's partitions. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid "
            "WHERE i.inhparent = %s::regclass",
            [table],
        )
        return {name for (name,) in cursor.fetchall()}


def _lock(cursor: Any, month: str) -> None:
    # Held until the transaction ends: a second worker waits here, then finds the partition.
    cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [month])


def _create(cursor: Any, table: str, name: str, first: date, end: date) -> None:
    cursor.execute(
        f'CREATE TABLE IF NOT EXISTS "{name}" PARTITION OF "{table}" '
        f"FOR VALUES FROM ('{first}') TO ('{end}')"
    )

"""The days that take no more rows, read so that none closes while rows are being stored."""

from datetime import date
from typing import Any


def closed_from(cursor: Any, first: date) -> frozenset[date]:
    """Return the closed days from `first` on; until this transaction ends no other closes.

    A day that closes meanwhile waits for the transaction, and the next one sees it closed.
    """
    # Two statements, sent at once: the second sees what was there once the lock was given.
    cursor.execute(
        "LOCK TABLE connectors_closedday IN SHARE MODE; "
        "SELECT day FROM connectors_closedday WHERE day >= %s",
        [first],
    )
    return frozenset(day for (day,) in cursor.fetchall())

"""The days that take no more rows, read so that none closes while rows are being stored."""

from datetime import date
from typing import Any


def closed_from(cursor: Any, first: date) -> frozenset[date]:
    """Return the closed days from `first` on; until this transaction ends no other closes.

    A day that closes meanwhile waits for the transaction, and the next one sees it closed.
    """
    cursor.execute("LOCK TABLE connectors_closedday IN SHARE MODE")
    cursor.execute("SELECT day FROM connectors_closedday WHERE day >= %s", [first])
    return frozenset(day for (day,) in cursor.fetchall())

"""Reactions that were seen after their day had closed, put back where they belong.

A closed day takes no rows, so late ones count on the first open day. Who recomputes a range
of days moves them to the day on which they happened.
"""

from datetime import date

from django.db import connection, transaction

from connectors.partitions import ensure_partitions
from connectors.store import TABLE

# Only what the network dated: where a reaction was placed by estimate, the place stays.
_BACK = f"""
WITH moved AS (
    UPDATE {TABLE} SET day = (happened_at AT TIME ZONE 'UTC')::date
     WHERE (happened_at AT TIME ZONE 'UTC')::date BETWEEN %(first)s AND %(last)s
       AND day > (happened_at AT TIME ZONE 'UTC')::date
       AND day >= %(first)s
    RETURNING seen_at)
SELECT (max(seen_at) AT TIME ZONE 'UTC')::date FROM moved
"""  # noqa: S608 - a table of ours


def back_to_their_days(first: date, last: date) -> date | None:
    """Move late reactions of the range to their own days; return the last day they had been on.

    That is at most the day on which the last of them was seen; None where there were none.
    """
    ensure_partitions(TABLE, first, last)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_BACK, {"first": first, "last": last})
        found: date | None = cursor.fetchone()[0]
        return found

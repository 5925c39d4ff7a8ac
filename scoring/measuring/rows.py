"""Rows of a query, as numbers."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection

# Days that reactions, and posts, are looked at.
REACTION_DAYS, POST_DAYS = 28, 90
# Newest rows of an account that are read: a year of a post every two hours, and as many reactions
# as PostgreSQL groups within a second.
MOST_POSTS, MOST_ACTS = 5_000, 200_000


def rows(query: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Return all rows of a query."""
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return list(cursor.fetchall())


def together(
    queries: Sequence[tuple[str, int]], parameters: Mapping[str, Any]
) -> list[list[list[Any]]]:
    """Return the rows of several queries, each given with its number of columns, by one question.

    Numbers come as int or float: they go through JSON.
    """
    parts = []
    for place, (query, width) in enumerate(queries):
        columns = ", ".join(f"c{number}" for number in range(width))
        parts.append(
            f"SELECT {place}, json_build_array({columns})::text"  # noqa: S608 - texts of ours
            f" FROM ({query}) AS q ({columns})"
        )
    found: list[list[list[Any]]] = [[] for _ in queries]
    for place, body in rows(" UNION ALL ".join(parts), parameters):
        found[place].append(json.loads(body))
    return found


def number(value: object) -> float | None:
    """Return a number as a float; None stays None."""
    return None if value is None else float(value)  # type: ignore[arg-type]


def ratio(above: float | None, below: float | None) -> float | None:
    """Return a quotient; None where one of them is unknown, or nothing is there to divide by."""
    return None if above is None or not below else above / below

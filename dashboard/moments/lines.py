"""Moments as lists show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dashboard.catalogue import network_name
from scoring.queries import MomentRow
from scoring.reactors import ReactorRow

# People named under a moment.
REACTORS = 6


@dataclass(frozen=True, slots=True)
class MomentLine:
    """A post that moved people, as a list shows it."""

    post_id: int
    text: str
    url: str
    created_at: datetime
    network_name: str
    points: float
    people_count: int
    reactors: list[ReactorRow]
    more_count: int


def moment_lines(rows: Sequence[MomentRow], reactors: int = REACTORS) -> list[MomentLine]:
    """Return the moments with the names of their networks and the first of who reacted."""
    return [
        MomentLine(
            post_id=row.post_id,
            text=row.text,
            url=row.url,
            created_at=row.created_at,
            network_name=network_name(row.network),
            points=row.points,
            people_count=row.people_count,
            reactors=row.reactors[:reactors],
            more_count=row.more_count + len(row.reactors[reactors:]),
        )
        for row in rows
    ]

"""The scores of some people over some days, and where one's own history begins and ends."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection

from scoring.queries import ScoreDay


@dataclass(frozen=True, slots=True)
class Histories:
    """Scores by person and day, and the ends of one person's history."""

    by_person: Mapping[int, Mapping[date, ScoreDay]]
    # None where the person has no score at all.
    earliest: date | None
    newest: ScoreDay | None

    def days(self, person_id: int, first: date, last: date) -> list[ScoreDay]:
        """Return every day from first to last, those without a score empty."""
        found = self.by_person.get(person_id, {})
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        return [found.get(day, ScoreDay(day)) for day in days]


_HISTORIES = """
(SELECT person_id, day, value, low, high, provisional FROM scoring_score
  WHERE person_id = ANY(%(people)s) AND shown AND day BETWEEN %(first)s AND %(last)s)
UNION ALL
(SELECT person_id, day, value, low, high, provisional FROM scoring_score
  WHERE person_id = %(person)s AND shown ORDER BY day LIMIT 1)
UNION ALL
(SELECT person_id, day, value, low, high, provisional FROM scoring_score
  WHERE person_id = %(person)s AND shown ORDER BY day DESC LIMIT 1)
"""


def histories(person_id: int, others: Iterable[int], first: date, last: date) -> Histories:
    """Return the shown scores of a person and others from first to last. One query."""
    people = [person_id, *others]
    found: dict[int, dict[date, ScoreDay]] = {one: {} for one in people}
    with connection.cursor() as cursor:
        cursor.execute(
            _HISTORIES, {"people": people, "person": person_id, "first": first, "last": last}
        )
        for row in cursor.fetchall():
            found[row[0]][row[1]] = ScoreDay(*row[1:])
    own = found[person_id]
    return Histories(found, min(own, default=None), own[max(own)] if own else None)

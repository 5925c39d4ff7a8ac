"""What the newest score of a person is made of: what sub-scores and what-if are computed from."""

from dataclasses import dataclass
from datetime import date

from django.db import connection

from scoring.core.model import Model
from scoring.core.params import by_version
from scoring.core.parts import Parts


@dataclass(frozen=True, slots=True)
class Newest:
    """The parts of a person's newest shown score."""

    day: date
    parts: Parts

    @property
    def model(self) -> Model:
        """The version that gave the score."""
        return Model(by_version(self.parts.version))


# The index by person finds the newest score; its explanation has the same key.
_NEWEST = """
SELECT e.day, e.body::text
  FROM (SELECT day, person_id, model_version FROM scoring_score
         WHERE person_id = %s AND shown ORDER BY day DESC LIMIT 1) AS s
  JOIN scoring_explanation e USING (day, person_id, model_version)
"""


def newest_parts(person_id: int) -> Newest | None:
    """Return what the person's newest score is made of, None without one. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST, [person_id])
        row = cursor.fetchone()
    return None if row is None else Newest(row[0], Parts.from_json(row[1]))

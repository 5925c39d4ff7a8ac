"""What an evaluation reads of the own rows: scores, audiences, reactions per post, stability."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from django.db import connection

from connectors.types import Direction, Provenance
from scoring import loading, transfer
from scoring.learning.windows import GATHER_DAYS, Stability, same_quarter
from scoring.models import ScoreRun

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

SAMPLE = "sample"
STABILITY_DAYS = 28


@dataclass(frozen=True, slots=True)
class People:
    """The people with a score on a day, of sample accounts or of real ones, shape (P,)."""

    person_ids: Integers
    score: Floats
    # Sum over the person's accounts, as last known on that day.
    followers: Floats

    def rows_of(self, person_ids: Integers) -> Integers:
        """Return the position of each person, −1 for those without a score."""
        return loading.positions(self.person_ids, person_ids)


def last_scored_day() -> date | None:
    """Return the newest day that is scored for everybody, None where there is none. One query."""
    done = ScoreRun.objects.filter(status=ScoreRun.Status.DONE)
    return done.order_by("-day").values_list("day", flat=True).first()


_PEOPLE = """
SELECT s.person_id, s.value, coalesce(sum(f.followers), 0)::float8
  FROM scoring_score s
  JOIN connectors_account a ON a.person_id = s.person_id AND a.status IN ('linked', 'open')
  LEFT JOIN LATERAL (SELECT (counts->>'followers')::float8 AS followers FROM connectors_snapshot
                      WHERE account_id = a.id AND counts->>'followers' IS NOT NULL
                      ORDER BY day > %(day)s, abs(day - %(day)s) LIMIT 1) AS f ON true
 WHERE s.day = %(day)s AND s.shown
 GROUP BY s.person_id, s.value HAVING bool_or(a.network = %(sample)s) = %(synthetic)s
 ORDER BY s.person_id
"""


def people(day: date, *, synthetic: bool) -> People:
    """Return the people scored on a day: invented ones (the sample network's) or real. One query.

    Followers as the score takes them: the last known ones, before the first known ones those.
    """
    rows = transfer.read(
        _PEOPLE,
        {"day": day, "sample": SAMPLE, "synthetic": synthetic},
        pa.schema(
            [("person_id", pa.int64()), ("value", pa.float64()), ("followers", pa.float64())]
        ),
    )
    return People(
        loading.integers(rows, "person_id"),
        loading.floats(rows, "value"),
        loading.floats(rows, "followers"),
    )


_PER_POST = """
WITH posts AS (
    SELECT p.id, a.person_id, (p.created_at AT TIME ZONE 'UTC')::date AS day
      FROM connectors_post p JOIN connectors_account a ON a.id = p.account_id
     WHERE a.status IN ('linked', 'open')
       AND (p.created_at AT TIME ZONE 'UTC')::date BETWEEN %(first)s AND %(last_post)s
), reactions AS (
    SELECT posts.id, count(DISTINCT i.reactor_key) AS people
      FROM posts JOIN connectors_interaction i ON i.post_id = posts.id
     WHERE i.direction = %(received)s AND i.provenance <> %(own_file)s
       AND i.day BETWEEN %(first)s AND %(last)s
       AND i.day < posts.day + %(gather)s
     GROUP BY posts.id
)
SELECT posts.person_id, avg(coalesce(reactions.people, 0))::float8
  FROM posts LEFT JOIN reactions ON reactions.id = posts.id
 GROUP BY posts.person_id ORDER BY posts.person_id
"""


def reactions_per_post(first: date, last: date) -> tuple[Integers, Floats]:
    """Return each author's mean number of people who reacted to a post. One query.

    Of the posts from `first` on whose counted days (the first three) end by `last`; people
    ascending, without those who published nothing.
    """
    rows = transfer.read(
        _PER_POST,
        {
            "first": first,
            "last": last,
            "last_post": last - timedelta(days=GATHER_DAYS - 1),
            "gather": GATHER_DAYS,
            "received": int(Direction.RECEIVED),
            "own_file": int(Provenance.OWN_FILE),
        },
        pa.schema([("person_id", pa.int64()), ("mean", pa.float64())]),
    )
    return loading.integers(rows, "person_id"), loading.floats(rows, "mean")


_CHANGE = """
SELECT avg(abs(s.value - before.value))::float8, count(*)
  FROM scoring_score s
  JOIN scoring_score before ON before.person_id = s.person_id AND before.day = s.day - 1
                           AND before.shown
 WHERE s.shown AND s.day > %s AND s.day <= %s AND s.person_id = ANY(%s)
"""


def stability(last: date, *, synthetic: bool) -> Stability | None:
    """Return how scores moved in the days up to `last`; None without people scored at both ends.

    Three queries.
    """
    first = last - timedelta(days=STABILITY_DAYS)
    at_start, at_end = (people(day, synthetic=synthetic) for day in (first, last))
    both, start, end = np.intersect1d(
        at_start.person_ids, at_end.person_ids, assume_unique=True, return_indices=True
    )
    if not both.size:
        return None
    with connection.cursor() as cursor:
        cursor.execute(_CHANGE, [first, last, both.tolist()])
        change, _ = cursor.fetchone()
    return Stability(
        both.size,
        STABILITY_DAYS,
        float("nan") if change is None else change,
        same_quarter(at_start.score[start], at_end.score[end]),
    )


_NATIVE = """
SELECT native_id, person_id FROM connectors_account
 WHERE network = %s AND status IN ('linked', 'open')
"""


def sample_accounts() -> dict[str, int]:
    """Return the person of each account of the sample network by its id there. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_NATIVE, [SAMPLE])
        return dict(cursor.fetchall())

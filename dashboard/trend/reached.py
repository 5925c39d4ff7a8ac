"""Goals that a newly scored day has reached."""

import structlog
from django.db import connection

log = structlog.get_logger(__name__)

# Goals of one statement: its locks are short.
BATCH = 5_000

# A goal is looked at once for each scored day of its time, by the index of open ones; the score as
# pages round it decides. A day that is scored later than this ran is one of the next days.
_REACHED = """
WITH newest AS (
    SELECT max(day) AS day FROM scoring_scorerun WHERE status = 'done'
), due AS (
    SELECT g.id, g.person_id, g.target, g.until, newest.day AS newest,
           coalesce(g.checked_on + 1, (g.created_at AT TIME ZONE 'UTC')::date) AS since
      FROM people_goal g CROSS JOIN newest
     WHERE g.reached_on IS NULL
       AND (g.checked_on IS NULL OR g.checked_on < least(g.until, newest.day))
       AND newest.day >= (g.created_at AT TIME ZONE 'UTC')::date
     LIMIT %(batch)s
       FOR UPDATE OF g SKIP LOCKED
), found AS (
    SELECT due.id, due.newest, s.day, s.value
      FROM due LEFT JOIN LATERAL (
           SELECT day, value FROM scoring_score
            WHERE person_id = due.person_id AND shown AND value >= due.target - 0.5
              AND day BETWEEN due.since AND least(due.until, due.newest)
            ORDER BY day LIMIT 1) AS s ON true
)
UPDATE people_goal g SET checked_on = found.newest, reached_on = found.day,
       reached_value = found.value
  FROM found WHERE g.id = found.id
RETURNING g.reached_on IS NOT NULL
"""


def note_reached_goals() -> int:
    """Note the goals that finished days have reached; return how many. Again changes nothing."""
    reached = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_REACHED, {"batch": BATCH})
            rows = cursor.fetchall()
        reached += sum(bool(row[0]) for row in rows)
        if len(rows) < BATCH:
            break
    log.info("goals_noted", reached=reached)
    return reached

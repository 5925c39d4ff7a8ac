"""The versions of the rows behind the pages of a score (people.row_versions says what that is).

Which rows they are stands in migration 0009; scoring.profiles asks for a profile's.
"""

from datetime import UTC, date, datetime, timedelta

from django.db import connection

# Runs are of days; pages that are kept show ninety of them, and days are done again rarely.
RUNS_DAYS = 100


def own_score_version(person_id: int) -> str:
    """Return the version of what My score shows of its owner's rows. One query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT scoring_own_version(%s, %s)", [person_id, runs_since()])
        return str(cursor.fetchone()[0])


def runs_since() -> date:
    """Return the first day whose runs count for a version."""
    return datetime.now(UTC).date() - timedelta(days=RUNS_DAYS)

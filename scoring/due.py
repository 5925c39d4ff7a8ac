"""What is to be scored now: asked of the rows each minute, so that a lost message loses nothing."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from django.db import connection

from connectors.due import GIVE_UP_AT, due_day
from connectors.models import Lookup
from scoring.models import ScoreRun

# A first score that is not there so long after the sync was lost with its worker.
LOST_AFTER = timedelta(minutes=3)
LOOKUP_LOST_AFTER = timedelta(minutes=1)
# The pages say that a look-up of this age is lost; nobody waits for it any more.
LOOKUP_GIVEN_UP_AFTER = timedelta(minutes=10)
# Fetches end (done or given up) by this time of the day after; then scoring waits no longer.
WAIT_UNTIL = time(GIVE_UP_AT.hour, 30, tzinfo=UTC)
# After an outage, so many days are made good at once.
MOST_DAYS = 400

# First synced, in the last days, and in no explanation since.
_WITHOUT_SCORE = """
SELECT DISTINCT a.person_id FROM connectors_account a
 WHERE a.status IN ('linked', 'open') AND a.first_synced_at BETWEEN %(since)s AND %(until)s
   AND NOT EXISTS (
       SELECT FROM scoring_explanation e
        WHERE e.day >= (a.first_synced_at AT TIME ZONE 'UTC')::date - 1
          AND e.person_id = a.person_id
          AND (e.body->'networks' ? a.id::text OR e.body->'apart' ? a.id::text
               OR e.body->'also' ? a.id::text))
 ORDER BY 1 LIMIT %(most)s
"""
_UNFETCHED = """
SELECT count(*) FROM connectors_account a
 WHERE a.status IN ('linked', 'open') AND a.state <> 'relink'
   AND a.first_synced_at < %(end)s
   AND NOT EXISTS (SELECT FROM connectors_fetchstate f
                    WHERE f.account_id = a.id AND f.day = %(day)s
                      AND f.status IN ('done', 'given_up'))
"""
_SYNCED_BEFORE = "SELECT EXISTS (SELECT FROM connectors_account WHERE first_synced_at < %s)"


@dataclass(frozen=True, slots=True)
class Due:
    """Days to be scored now, in order, and the fetches that the next one still waits for."""

    days: list[date]
    waiting_for_count: int


def people_without_score(now: datetime, *, most: int = 50) -> list[int]:
    """Return people whose newly synced account is in no score yet. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            _WITHOUT_SCORE,
            {
                "since": now - timedelta(days=2),
                "until": now - LOST_AFTER,
                "most": most,
            },
        )
        return [person_id for (person_id,) in cursor.fetchall()]


def lost_lookups(now: datetime) -> list[UUID]:
    """Return look-ups that nobody seems to be at. One query."""
    return list(
        Lookup.objects.filter(
            created_at__range=(now - LOOKUP_GIVEN_UP_AFTER, now - LOOKUP_LOST_AFTER)
        )
        .exclude(state__in=Lookup.FINISHED)
        .values_list("pk", flat=True)
    )


def days_due(now: datetime) -> Due:
    """Return the closed days that are not scored and whose fetches are done or given up.

    From the last scored day on, or from the first one that a killed run left begun, at most 400;
    where nothing was ever begun, the last closed day, once there are accounts that were synced
    before it ended. Four queries at most.
    """
    last = due_day(now)
    first = _first_undone(last)
    if first > last:
        return Due([], 0)
    first = max(first, last - timedelta(days=MOST_DAYS - 1))
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    if now < datetime.combine(last + timedelta(days=1), WAIT_UNTIL):
        missing = _unfetched(last)
        if missing:
            # Earlier days were given up when the last one became due.
            return Due(days[:-1], missing)
    return Due(days, 0)


def _first_undone(last: date) -> date:
    """Return the first day to be scored; one after `last` where there is none."""
    runs = ScoreRun.objects.filter(day__lte=last)
    begun = runs.exclude(status=ScoreRun.Status.DONE).order_by("day").first()
    if begun is not None:
        # Only a killed run leaves it so: a live one holds the lock that its successor waits for.
        return begun.day
    done = runs.order_by("-day").first()
    if done is not None:
        return done.day + timedelta(days=1)
    return last if _synced_before(_end_of(last)) else last + timedelta(days=1)


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(0, tzinfo=UTC))


def _synced_before(moment: datetime) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_SYNCED_BEFORE, [moment])
        return bool(cursor.fetchone()[0])


def _unfetched(day: date) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_UNFETCHED, {"day": day, "end": _end_of(day)})
        return int(cursor.fetchone()[0])

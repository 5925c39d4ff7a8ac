"""Which letters are due: rows written before anything is sent, and handed out to workers.

A plan's next moment moves on in the transaction that writes the letter, and (person, kind, period)
is unique: however many beats or workers run, a period has one row.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q

from people.models import Goal, Letter, LetterPlan
from people.mornings import is_morning, next_letter, next_morning, period_of, zone_of

# In one transaction, and so long they are kept from others.
BATCH = 1000
# A minute's work at most: what is left is due in the next minute too.
MOST_A_MINUTE = 5000
# Letters of one task, which share a connection to the mail server.
TASK_SIZE = 50
# A task that did not come to a letter by then is taken for lost.
HANDED_MINUTES = 15
# A reminder comes so many days before the goal's day.
GOAL_DAYS = 7
# Reached longer ago, it is no news.
REACHED_DAYS = 3


def plan_digests(now: datetime) -> int:
    """Write the digests that are due at `now`; return how many. Bounded by MOST_A_MINUTE."""
    count = 0
    while count < MOST_A_MINUTE:
        planned, looked_at = _plan_batch(now)
        count += planned
        if looked_at < BATCH:
            break
    return count


@transaction.atomic
def _plan_batch(now: datetime) -> tuple[int, int]:
    plans = list(
        LetterPlan.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("person__owner")
        .filter(next_at__lte=now)
        .order_by("next_at")[:BATCH]
    )
    letters = []
    for plan in plans:
        due, owner = plan.next_at, plan.person.owner
        assert due is not None
        if owner is None:
            plan.next_at = None
            continue
        zone = zone_of(owner.time_zone)
        if not is_morning(due, now):
            # Nothing ran in the morning: the next one is better than the night.
            plan.next_at = next_morning(zone, plan.person_id, now)
            continue
        period = period_of(plan.rhythm, zone, due)
        letters.append(
            Letter(person_id=plan.person_id, kind=plan.rhythm, period=period, try_at=now)
        )
        plan.next_at = next_letter(plan.rhythm, zone, plan.person_id, now)
    Letter.objects.bulk_create(letters, ignore_conflicts=True)
    LetterPlan.objects.bulk_update(plans, ["next_at"])
    return len(letters), len(plans)


def plan_reminders(now: datetime) -> int:
    """Write the reminders of goals that are near or were reached; return how many goals."""
    today = now.date()
    near = Q(reached_on__isnull=True, until__range=(today, today + timedelta(days=GOAL_DAYS)))
    reached = Q(reached_on__gte=today - timedelta(days=REACHED_DAYS))
    goals = (
        Goal.objects.filter(near | reached, person__letter_plan__goals=True)
        .select_related("person__owner")
        .order_by("pk")
    )
    letters: list[Letter] = []
    count = 0
    for goal in goals.iterator(chunk_size=BATCH):
        if goal.person.owner is None:
            continue
        zone = zone_of(goal.person.owner.time_zone)
        kind = Letter.Kind.GOAL_NEAR if goal.reached_on is None else Letter.Kind.GOAL_REACHED
        morning = next_morning(zone, goal.person_id, now)
        letters.append(
            Letter(person_id=goal.person_id, kind=kind, period=str(goal.pk), try_at=morning)
        )
        count += 1
        if len(letters) == BATCH:
            Letter.objects.bulk_create(letters, ignore_conflicts=True)
            letters = []
    Letter.objects.bulk_create(letters, ignore_conflicts=True)
    return count


# At most one letter in so many hours.
NEWS_HOURS = 20
_NEWS = """
INSERT INTO people_letter (person_id, kind, period, state, tries, try_at, created_at)
SELECT p.person_id, 'answers', %(period)s, 'waiting', 0, %(now)s, %(now)s
  FROM people_letterplan p
 WHERE p.answers AND p.refused_at IS NULL
   AND EXISTS (SELECT 1 FROM questions_notice n
                WHERE n.person_id = p.person_id AND n.told_at IS NULL)
   AND NOT EXISTS (SELECT 1 FROM people_letter l WHERE l.person_id = p.person_id
                      AND l.kind = 'answers' AND l.created_at > %(since)s)
 ORDER BY p.person_id LIMIT %(limit)s
ON CONFLICT DO NOTHING
"""


def plan_news(now: datetime) -> int:
    """Write the letters about questions and answers, a day's news in one; return how many."""
    values: dict[str, datetime | int | str] = {
        "now": now,
        "since": now - timedelta(hours=NEWS_HOURS),
        "period": now.date().isoformat(),
        "limit": MOST_A_MINUTE,
    }
    with connection.cursor() as cursor:
        cursor.execute(_NEWS, values)
        return int(cursor.rowcount)


_HAND_OUT = """
UPDATE people_letter SET try_at = %(again)s WHERE id IN (
    SELECT id FROM people_letter WHERE state = 'waiting' AND try_at <= %(now)s
     ORDER BY try_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
RETURNING id
"""


def hand_out(now: datetime) -> Iterator[list[int]]:
    """Yield the waiting letters in batches for a task each; theirs for HANDED_MINUTES."""
    values: dict[str, datetime | int] = {
        "now": now,
        "again": now + timedelta(minutes=HANDED_MINUTES),
        "limit": MOST_A_MINUTE,
    }
    with connection.cursor() as cursor:
        cursor.execute(_HAND_OUT, values)
        ids = sorted(row[0] for row in cursor.fetchall())
    for start in range(0, len(ids), TASK_SIZE):
        yield ids[start : start + TASK_SIZE]

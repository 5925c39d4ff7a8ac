"""Finds what people are influential about, from the posts that moved people: after each scored day.

Only whom somebody acted on since the last round, and each seventh of the others, are gone through:
shares of a person's topics do not move by themselves, but for posts that leave the window.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import structlog
from django.db import connection, transaction
from django.utils import timezone

from connectors.copying import staged
from connectors.models import Account
from scoring.models import ScoreRun
from scoring.topics import listing, plus_k
from scoring.topics.models import PersonTopic, TopicDue, TopicRun
from scoring.topics.ontology import ensure_own_topics

log = structlog.get_logger(__name__)

# Reactions of so many days count; an interest of last spring is no longer one.
WINDOW_DAYS = 90
# A reaction counts half as much after this many days: slower than in the score, for what somebody
# is about changes less than how many look.
HALF_LIFE_DAYS = 30.0
# One post is no topic of a person, nor are two people.
LEAST_POSTS, LEAST_PEOPLE = 2, 3
MOST_TOPICS = 20
EVIDENCE_POSTS = 3
# People at a time: a transaction of a second or two.
CHUNK = 2_000
# Whoever is asked beside the daily round, at a time.
DUE_AT_ONCE = 500
# New accounts are looked at again and again for so long: reactions come in over minutes.
NEW_FOR = timedelta(hours=1)
# Advisory lock: one round at a time.
LOCK = 0x746F_7069_6373

_ANCESTORS = """
WITH RECURSIVE up (topic, ancestor) AS (
    SELECT id, id FROM topics_topic WHERE is_active
    UNION
    SELECT u.topic, e.parent_id FROM up u JOIN topics_topicedge e ON e.child_id = u.ancestor
)
INSERT INTO stage_ancestor SELECT u.topic, u.ancestor FROM up u
  JOIN topics_topic t ON t.id = u.ancestor AND t.is_active
"""
# A post counts by the logarithm of the people whom it moved: one that went far is not all that
# somebody is about. A post about a topic is about what the topic is part of as well.
_FIND = """
WITH reached AS (
    SELECT a.person_id, d.post_id, sum(d.people) AS people
      FROM connectors_account a JOIN scoring_postday d ON d.account_id = a.id
     WHERE a.person_id = ANY(%(people)s) AND d.day > %(after)s AND d.day <= %(day)s
       AND d.post_id > 0
     GROUP BY a.person_id, d.post_id
), rated AS (
    SELECT r.person_id, r.post_id, r.people, p.features -> 'topics' AS topics,
           ln(1 + r.people) * power(0.5, greatest(%(day)s - p.created_at::date, 0) / %(half_life)s)
               AS pull
      FROM reached r JOIN connectors_post p ON p.id = r.post_id
), whole AS (
    SELECT person_id, sum(pull) AS pull FROM rated GROUP BY person_id
), about AS (
    SELECT DISTINCT r.person_id, r.post_id, r.people, r.pull, s.ancestor AS topic_id
      FROM rated r
     CROSS JOIN LATERAL jsonb_array_elements_text(
           CASE jsonb_typeof(r.topics) WHEN 'array' THEN r.topics ELSE '[]' END) AS t (topic)
      JOIN stage_ancestor s ON s.topic = t.topic
), summed AS (
    SELECT person_id, topic_id, sum(pull) AS pull, sum(people)::int AS people,
           count(*)::int AS posts,
           (array_agg(jsonb_build_array(post_id, people) ORDER BY people DESC, post_id DESC))
               [1:%(evidence)s] AS evidence
      FROM about GROUP BY person_id, topic_id
    HAVING count(*) >= %(least_posts)s AND sum(people) >= %(least_people)s
), ranked AS (
    SELECT s.*, least(s.pull / w.pull, 1) AS weight,
           row_number() OVER (PARTITION BY s.person_id ORDER BY s.pull DESC, s.topic_id) AS place
      FROM summed s JOIN whole w USING (person_id) WHERE w.pull > 0
)
INSERT INTO topics_persontopic
    (person_id, topic_id, weight, people_count, posts_count, evidence, day, is_listed)
SELECT person_id, topic_id, weight, people, posts, to_jsonb(evidence), %(day)s, false
  FROM ranked WHERE place <= %(most)s
"""


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a call of refresh() did."""

    due_people: int
    round_day: date | None
    round_people: int


def refresh() -> Refreshed:
    """Find the topics of people who are due, and of everybody after a newly scored day.

    Killed at any point, the next call goes on. Does nothing where another one is at it.
    """
    ensure_own_topics()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return Refreshed(0, None, 0)
    try:
        plus_k.expire()
        last = _last_scored_day()
        if last is None:
            return Refreshed(0, None, 0)
        due = _due(last)
        day, count = _round(last)
        return Refreshed(due, day, count)
    finally:
        if connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def find_topics(person_ids: Sequence[int], day: date) -> None:
    """Find the topics of some people anew, by what was counted up to the day."""
    with transaction.atomic(), connection.cursor() as cursor:
        staged(cursor, "stage_ancestor", "topic text, ancestor text")
        cursor.execute(_ANCESTORS)
        cursor.execute("ANALYZE stage_ancestor")
        _find(list(person_ids), day)


def _find(person_ids: list[int], day: date) -> None:
    with connection.cursor() as cursor:
        # In the order of their numbers, so that two who do it at once wait and do not block.
        PersonTopic.objects.filter(person_id__in=person_ids).delete()
        cursor.execute(
            _FIND,
            {
                "people": person_ids,
                "day": day,
                "after": day - timedelta(days=WINDOW_DAYS),
                "half_life": HALF_LIFE_DAYS,
                "evidence": EVIDENCE_POSTS,
                "least_posts": LEAST_POSTS,
                "least_people": LEAST_PEOPLE,
                "most": MOST_TOPICS,
            },
        )
    listing.refresh(person_ids, day)


def _last_scored_day() -> date | None:
    return (
        ScoreRun.objects.filter(status=ScoreRun.Status.DONE)
        .order_by("-day")
        .values_list("day", flat=True)
        .first()
    )


def _due(last: date) -> int:
    """Find the topics of who is due or new, a bounded number; return how many people."""
    asked = list(
        TopicDue.objects.order_by("since").values_list("person_id", flat=True)[:DUE_AT_ONCE]
    )
    new = list(
        Account.objects.filter(first_synced_at__gt=timezone.now() - NEW_FOR)
        .order_by("-first_synced_at")
        .values_list("person_id", flat=True)[:DUE_AT_ONCE]
    )
    people = sorted({*asked, *new})
    if people:
        # First scores of new people include today, which no round has seen.
        find_topics(people, max(last, timezone.now().date()))
        TopicDue.objects.filter(person_id__in=asked).delete()
    return len(people)


def _round(last: date) -> tuple[date | None, int]:
    """Go through everybody after the last scored day; return the day and how many were found."""
    run, _ = TopicRun.objects.get_or_create(day=last)
    if run.finished_at is not None:
        return None, 0
    before = (
        TopicRun.objects.filter(day__lt=last, finished_at__isnull=False)
        .order_by("-day")
        .values_list("day", flat=True)
        .first()
    )
    total = run.people_count
    for people, until in _chunks(run.done_until_person, before, last):
        with transaction.atomic():
            if people:
                find_topics(people, last)
            total += len(people)
            TopicRun.objects.filter(day=last).update(done_until_person=until, people_count=total)
    TopicRun.objects.filter(day=last).update(finished_at=timezone.now())
    log.info("topics_found", day=str(last), people=total)
    return last, total


# Whom somebody acted on since the last round; each seventh of the rest who have topics, and the
# listed ones, whose places move by the scores of others.
_CHUNK = """
WITH chunk AS (SELECT id FROM people_person WHERE id > %(after)s ORDER BY id LIMIT %(size)s)
SELECT c.id,
       (%(before)s::date IS NULL
        OR EXISTS (SELECT 1 FROM connectors_account a JOIN scoring_postday d ON d.account_id = a.id
                    WHERE a.person_id = c.id AND d.day > %(before)s AND d.day <= %(day)s)
        OR (c.id %% 7 = %(turn)s
            AND EXISTS (SELECT 1 FROM topics_persontopic t WHERE t.person_id = c.id))),
       EXISTS (SELECT 1 FROM topics_persontopic t WHERE t.person_id = c.id AND t.is_listed)
  FROM chunk c ORDER BY c.id
"""


def _chunks(after: int, before: date | None, day: date) -> Iterator[tuple[list[int], int]]:
    """Yield who is to be gone through and up to which person, some thousand people at a time."""
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                _CHUNK,
                {
                    "after": after,
                    "size": CHUNK,
                    "before": before,
                    "day": day,
                    "turn": day.toordinal() % 7,
                },
            )
            rows = cursor.fetchall()
        if not rows:
            return
        after = rows[-1][0]
        yield [row[0] for row in rows if row[1]], after
        kept = [row[0] for row in rows if row[2] and not row[1]]
        if kept:
            listing.refresh(kept, day)

"""What happened on the days of a person's chart: their notes, goals, networks and moments."""

import json
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from connectors import crypto
from connectors.errors import Relink
from people.notes import MOST_NOTES

# Moments that are marked on the line, and reached goals that are told of.
MOST_MOMENTS, MOST_GOALS = 5, 3
# Moments worth less are not told of.
LEAST_POINTS = 0.05


@dataclass(frozen=True, slots=True)
class NoteMark:
    """A note of the person's own."""

    note_id: int
    day: date
    text: str


@dataclass(frozen=True, slots=True)
class GoalMark:
    """A goal, open where `reached_on` is None."""

    goal_id: int
    target: int
    until: date
    created_on: date
    start_value: float | None
    reached_on: date | None
    reached_value: float | None


@dataclass(frozen=True, slots=True)
class LinkMark:
    """A network that was linked or unlinked."""

    network: str
    day: date
    linked: bool


@dataclass(frozen=True, slots=True)
class MomentMark:
    """A post that moved the score within the days, and by how much in them."""

    post_id: int
    network: str
    url: str
    # "" where it may not be kept.
    text: str
    created_at: datetime
    # The day of the range on which it brought most.
    day: date
    points: float
    people_count: int
    # Until when the text may be shown; None without a text.
    text_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Marks:
    """All of it, each in the order of time but the moments, which are greatest first."""

    notes: list[NoteMark] = field(default_factory=list)
    goals: list[GoalMark] = field(default_factory=list)
    links: list[LinkMark] = field(default_factory=list)
    moments: list[MomentMark] = field(default_factory=list)


# One question, because the page has eight for everything. The points of a moment are kept by day,
# and days as ISO texts sort as days do.
_MARKS = """
(SELECT 'note' AS what, jsonb_build_object('id', id, 'day', day, 'text', text)::text AS body
   FROM people_note WHERE person_id = %(person)s AND day BETWEEN %(first)s AND %(last)s
  ORDER BY day, id LIMIT %(notes)s)
UNION ALL
(SELECT 'goal', jsonb_build_object('id', id, 'target', target, 'until', until,
        'created_on', (created_at AT TIME ZONE 'UTC')::date, 'start_value', start_value,
        'reached_on', reached_on, 'reached_value', reached_value)::text
   FROM people_goal WHERE person_id = %(person)s
  ORDER BY reached_on IS NULL DESC, created_at DESC LIMIT %(goals)s)
UNION ALL
(SELECT 'link', jsonb_build_object('network', substr(what, 6), 'given', given,
        'day', (at AT TIME ZONE 'UTC')::date)::text
   FROM people_consentevent WHERE person_id = %(person)s AND what LIKE 'link:%%'
    AND at >= %(first)s AND at < %(after)s
  ORDER BY at, id LIMIT %(notes)s)
UNION ALL
(SELECT 'moment', jsonb_build_object('id', post.id, 'network', a.network, 'url', post.url,
        'text', CASE WHEN post.text_until > %(now)s THEN convert_from(post.text, 'UTF8') END,
        'created_at', post.created_at, 'day', m.day, 'points', m.points,
        'people', m.people_count, 'text_until', post.text_until)::text
   FROM (SELECT post_id, least(sum(d.value::float8), 100) AS points,
                (array_agg(d.key ORDER BY d.value::float8 DESC, d.key))[1] AS day,
                max(people_count) AS people_count
           FROM scoring_moment CROSS JOIN LATERAL jsonb_each_text(days) AS d
          WHERE person_id = %(person)s AND d.key BETWEEN %(first_day)s AND %(last_day)s
          GROUP BY post_id) AS m
   JOIN connectors_post post ON post.id = m.post_id
   JOIN connectors_account a ON a.id = post.account_id
  WHERE m.points >= %(least)s
  ORDER BY m.points DESC, m.post_id DESC LIMIT %(moments)s)
"""


def marks_of(person_id: int, first: date, last: date, *, moments: int = MOST_MOMENTS) -> Marks:
    """Return what happened from first to last, and the newest goals. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            _MARKS,
            {
                "person": person_id,
                "first": first,
                "last": last,
                "after": last + timedelta(days=1),
                "first_day": first.isoformat(),
                "last_day": last.isoformat(),
                "now": timezone.now(),
                "notes": MOST_NOTES,
                "goals": MOST_GOALS + 1,
                "moments": moments,
                "least": LEAST_POINTS,
            },
        )
        rows = [(what, json.loads(body)) for what, body in cursor.fetchall()]
    return Marks(
        [NoteMark(row["id"], _day(row["day"]), row["text"]) for row in _of("note", rows)],
        [_goal(row) for row in _of("goal", rows)],
        [LinkMark(row["network"], _day(row["day"]), row["given"]) for row in _of("link", rows)],
        [_moment(row) for row in _of("moment", rows)],
    )


def _of(what: str, rows: list[tuple[str, dict[str, Any]]]) -> list[dict[str, Any]]:
    return [body for kind, body in rows if kind == what]


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _goal(row: dict[str, Any]) -> GoalMark:
    return GoalMark(
        row["id"],
        row["target"],
        _day(row["until"]),
        _day(row["created_on"]),
        row["start_value"],
        _day(row["reached_on"]) if row["reached_on"] else None,
        row["reached_value"],
    )


def _moment(row: dict[str, Any]) -> MomentMark:
    return MomentMark(
        row["id"],
        row["network"],
        row["url"],
        read_text(row["text"]),
        datetime.fromisoformat(row["created_at"]),
        _day(row["day"]),
        row["points"],
        row["people"],
        datetime.fromisoformat(row["text_until"]) if row["text_until"] else None,
    )


def read_text(stored: str | None) -> str:
    """Return a post's text; "" where there is none, or it was encrypted under a key now gone."""
    if not stored:
        return ""
    try:
        return crypto.decrypt_text(stored.encode())
    except Relink:
        return ""

"""What pages ask about scores: complete answers, so that a template queries nothing.

Who may see them is asked before (people.visibility); what is shown of other people – the reactors
of a moment – is decided in scoring.reactors.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from connectors import crypto
from connectors.errors import Relink
from connectors.models import Account, Post
from people.models import Person
from scoring.models import Score, ScoreRun
from scoring.reactors import ReactorRow, opted_out, people_counts, reactors_of

# Closed days are scored from this time on (the schedule's score-closed-days).
UPDATE_AT = time(1, tzinfo=UTC)
# Moments worth less are not told of.
LEAST_POINTS = 0.05


@dataclass(frozen=True, slots=True)
class ScoreDay:
    """A day of a history; all None on a day without a score."""

    day: date
    # 1–100, unrounded, and the 80 % band around it.
    value: float | None = None
    low: float | None = None
    high: float | None = None
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class MomentRow:
    """A post that moved a score, and who acted on it."""

    post_id: int
    network: str
    url: str
    # "" where it may not be kept.
    text: str
    created_at: datetime
    # The day on which it brought most.
    day: date
    points: float
    people_count: int
    # Those whose score may be shown, highest first, a few.
    reactors: list[ReactorRow]
    # People beside them, in no order.
    more_count: int
    # Until when the text may be shown; None without a text.
    text_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the scoring of days is."""

    days_done: int
    days_total: int


@dataclass(frozen=True, slots=True)
class ScoredPerson:
    """A public person with their newest score."""

    person_id: int
    slug: str
    name: str
    value: float
    provisional: bool
    network: str
    handle: str


def score_history(person_id: int, first: date, last: date) -> list[ScoreDay]:
    """Return every day from first to last, those without a score empty. One query."""
    rows = Score.objects.filter(
        person_id=person_id, day__range=(first, last), shown=True
    ).values_list("day", "value", "low", "high", "provisional")
    found = {row[0]: ScoreDay(*row) for row in rows}
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return [found.get(day, ScoreDay(day)) for day in days]


def first_scored_day(person_id: int) -> date | None:
    """Return the first day of which the person has a score. One query."""
    return (
        Score.objects.filter(person_id=person_id, shown=True)
        .order_by("day")
        .values_list("day", flat=True)
        .first()
    )


def latest_score(person_id: int) -> ScoreDay | None:
    """Return the person's newest score, None without any. One query."""
    return latest_scores([person_id]).get(person_id)


_LATEST = """
SELECT p.id, s.day, s.value, s.low, s.high, s.provisional
  FROM unnest(%s::bigint[]) AS p (id) CROSS JOIN LATERAL (
       SELECT day, value, low, high, provisional FROM scoring_score
        WHERE person_id = p.id AND shown ORDER BY day DESC LIMIT 1) AS s
"""


def latest_scores(person_ids: Iterable[int]) -> dict[int, ScoreDay]:
    """Return the newest score of each person who has one. One query."""
    return {row[0]: ScoreDay(*row[1:]) for row in _rows(_LATEST, [list(person_ids)])}


_MOMENTS = """
SELECT post.*, m.day AS moment_day, m.points, a.network
  FROM (SELECT post_id, (array_agg(day ORDER BY points DESC, day))[1] AS day,
               least(sum(points), 100) AS points
          FROM scoring_moment WHERE person_id = %(person)s GROUP BY post_id) AS m
  JOIN connectors_post post ON post.id = m.post_id
  JOIN connectors_account a ON a.id = post.account_id
 WHERE m.points >= %(least)s
 ORDER BY m.points DESC, m.post_id DESC LIMIT %(limit)s
"""


def moments_for(person_id: int, limit: int = 20, *, with_names: bool = True) -> list[MomentRow]:
    """Return the posts that moved the person's score most, greatest first.

    A post that moved it under several versions of the model is one moment. Three queries; two
    without names, where nobody is named and all people are counted alone.
    """
    posts = list(
        Post.objects.raw(
            _MOMENTS,
            {
                "person": person_id,
                "least": LEAST_POINTS,
                "limit": limit,
            },
        )
    )
    if with_names:
        people = reactors_of(posts)
    else:
        people = {post_id: (count, []) for post_id, count in people_counts(posts).items()}
    rows = []
    for post in posts:
        count, named = people[post.pk]
        # What the query adds to the columns of a post.
        added = vars(post)
        rows.append(
            MomentRow(
                post_id=post.pk,
                network=added["network"],
                url=post.url,
                text=_text(post),
                created_at=post.created_at,
                day=added["moment_day"],
                points=added["points"],
                people_count=count,
                reactors=named,
                more_count=count - len(named) if with_names else 0,
                text_until=post.text_until,
            )
        )
    return rows


def _text(post: Post) -> str:
    if post.text_until is None or post.text_until <= timezone.now():
        return ""
    try:
        return crypto.decrypt_text(post.text)
    except Relink:
        # Encrypted under a key that is no longer there.
        return ""


def next_update_at(now: datetime) -> datetime:
    """Return when the next day is scored: the next 01:00 UTC."""
    today = datetime.combine(now.astimezone(UTC).date(), UPDATE_AT)
    return today if now < today else today + timedelta(days=1)


def scoring_progress() -> Progress:
    """Return how many days are scored, of those begun. One query."""
    states = list(ScoreRun.objects.values_list("status", flat=True))
    return Progress(states.count(ScoreRun.Status.DONE), len(states))


_TOP = """
SELECT p.id, p.slug, p.name, s.value, s.provisional, a.network, a.handle, a.native_id
  FROM scoring_score s JOIN people_person p ON p.id = s.person_id
  JOIN LATERAL (SELECT network, handle, native_id FROM connectors_account
                 WHERE person_id = p.id AND status <> 'unlinked' ORDER BY id LIMIT 1) AS a ON true
 WHERE s.day = (SELECT max(day) FROM scoring_scorerun WHERE status = 'done') AND s.shown
   AND p.visibility = 'public' AND (p.hidden_until IS NULL OR p.hidden_until <= %(now)s)
   AND (p.expires_at IS NULL OR p.expires_at > %(now)s)
   AND (%(network)s = '' OR a.network = %(network)s)
 ORDER BY s.value DESC, p.id LIMIT %(limit)s
"""


def top_people(limit: int = 10, *, network: str = "") -> list[ScoredPerson]:
    """Return the public people with the highest scores of the last scored day.

    Two queries.
    """
    # Some more than wanted: a few may have opted out.
    values = {"limit": limit * 2, "network": network, "now": timezone.now()}
    rows = [(ScoredPerson(*row[:-1]), row[-1]) for row in _rows(_TOP, values)]
    return _willing(rows)[:limit]


def _willing(rows: Iterable[tuple[ScoredPerson, str]]) -> list[ScoredPerson]:
    """Return the people, given with their native ids, who have not opted out."""
    rows = list(rows)
    hidden = opted_out({(person.network, native, person.handle) for person, native in rows})
    return [person for person, native in rows if (person.network, native) not in hidden]


def person_for_account(network: str, native_id: str) -> Person | None:
    """Return the person of a linked or open account, None where there is none. One query."""
    account = (
        Account.objects.select_related("person")
        .filter(network=network, native_id=native_id)
        .exclude(status=Account.Status.UNLINKED)
        .first()
    )
    return account.person if account else None


def _rows(query: str, parameters: list[Any] | dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return list(cursor.fetchall())

"""What a digest tells: asked of finished rows, in the reader's language; no text of any post."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from connectors.queries import OwnAccount, own_accounts
from dashboard.charts import Point
from dashboard.describe import Change, band_words, day_words, one_decimal, rounded, signed
from dashboard.moments.lines import moment_lines
from dashboard.score_page import PartLine, points_of, why_of
from people.goals import open_goal
from people.models import Goal, Person
from scoring import queries, why
from scoring.queries import ScoreDay

# The trend in the letter.
TREND_DAYS = 90
# Days that a digest looks back upon.
DAYS = {"weekly": 7, "monthly": 30}
MOST_PARTS, MOST_MOMENTS, LOOKED_AT_MOMENTS = 3, 3, 50


@dataclass(frozen=True, slots=True)
class Line:
    """Something with an address; "" where there is none."""

    words: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Digest:
    """All that the letter's templates read."""

    name: str
    days: int
    # None of it without a score.
    number: str
    band: str
    day: date | None
    provisional: bool
    # Of the period, in words with both values and both dates; "" with fewer than two days.
    change: str
    points: str
    parts: list[PartLine]
    moments: list[Line]
    goal: str
    steps: list[Line]
    trend: list[Point]


def site(name: str, *args: object, query: str = "") -> str:
    """Return the full address of a page."""
    return settings.SITE_URL + reverse(name, args=args) + query


def digest_of(person: Person, rhythm: str, now: datetime) -> Digest:
    """Return what the digest of a week or a month tells. About eight queries."""
    days = DAYS[rhythm]
    today = now.astimezone(UTC).date()
    history = queries.score_history(person.pk, today - timedelta(days=TREND_DAYS), today)
    if history[-1].value is None:
        history.pop()
    newest = next((row for row in reversed(history) if row.value is not None), None)
    accounts = own_accounts(person.pk)
    goal = open_goal(person)
    if newest is None or newest.value is None:
        return Digest(
            person.name or person.slug, days, "", "", None, False, "", "", [], [], "",
            next_steps(accounts, None, goal), [],
        )  # fmt: skip
    first = newest.day - timedelta(days=days)
    change = _change([row for row in history if first <= row.day <= newest.day])
    told = why_of(why.explained(person.pk, first, newest.day).change) if change else None
    return Digest(
        name=person.name or person.slug,
        days=days,
        number=rounded(newest.value),
        band=band_words(newest.low or newest.value, newest.high or newest.value),
        day=newest.day,
        provisional=newest.provisional,
        change=_change_words(change),
        points=signed(change.points) if change else "",
        parts=told.parts[:MOST_PARTS] if told else [],
        moments=_moments(person.pk, first),
        goal=goal_words(goal, newest.value),
        steps=next_steps(accounts, newest, goal),
        trend=points_of(history),
    )


def _change(rows: Sequence[ScoreDay]) -> Change | None:
    scored = [point for point in points_of(rows) if point.value is not None]
    if len(scored) < 2:
        return None
    first, last = scored[0], scored[-1]
    assert first.value is not None
    assert last.value is not None
    return Change(first, last, last.value - first.value)


def _change_words(change: Change | None) -> str:
    if change is None or change.first.value is None or change.last.value is None:
        return ""
    return _("%(points)s points: from %(first)s on %(first_day)s to %(last)s on %(last_day)s.") % {
        "points": signed(change.points),
        "first": one_decimal(change.first.value),
        "first_day": day_words(change.first.day),
        "last": one_decimal(change.last.value),
        "last_day": day_words(change.last.day),
    }


def _moments(person_id: int, first: date) -> list[Line]:
    rows = [row for row in queries.moments_for(person_id, LOOKED_AT_MOMENTS) if row.day >= first]
    return [
        Line(
            _("A post of %(day)s on %(network)s: %(points)s points.")
            % {
                "day": day_words(line.created_at.date(), year=False),
                "network": line.network_name,
                "points": signed(line.points),
            },
            line.url,
        )
        for line in moment_lines(rows[:MOST_MOMENTS])
    ]


def goal_words(goal: Goal | None, value: float) -> str:
    """Return how far the goal is, "" without one."""
    if goal is None:
        return ""
    left = goal.target - round(value)
    words = {
        "target": rounded(goal.target),
        "day": day_words(goal.until),
        "left": rounded(max(left, 0)),
    }
    if left <= 0:
        return _("Your goal of %(target)s by %(day)s is reached.") % words
    return _("Your goal: %(target)s by %(day)s; %(left)s to go.") % words


def next_steps(
    accounts: Sequence[OwnAccount], newest: ScoreDay | None, goal: Goal | None
) -> list[Line]:
    """Return what the reader might do next, at most two things."""
    networks = site("dashboard:networks")
    if not accounts:
        return [Line(_("Link a network: without one there is nothing to measure."), networks)]
    if newest is None:
        return [Line(_("Your first score is on its way; nothing to do."), site("dashboard:score"))]
    steps = []
    if len({account.network for account in accounts}) == 1:
        steps.append(
            Line(_("Link another network, and what you do there counts as well."), networks)
        )
    steps.append(Line(_("See when your posts are answered most."), site("dashboard:times")))
    if goal is None:
        steps.append(Line(_("Set yourself a goal."), site("dashboard:score")))
    return steps[:2]

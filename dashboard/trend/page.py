"""My score as its owner sees it: the days asked for, against what, what happened, and goals."""

from datetime import UTC, datetime
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode

from connectors.types import Kind
from dashboard.charts import Against, Aim
from dashboard.describe import change_over, history_words
from dashboard.history_chart import HistoryChart, history_chart
from dashboard.score_page import (
    Shown,
    head_of,
    parts_of,
    points_of,
    shown_of,
    texts_end,
    why_of,
    without_score,
)
from dashboard.trend.comparison import Comparison, compared, comparison_of
from dashboard.trend.events import most_telling, own_events, version_events
from dashboard.trend.goals import aim_of, goals_of
from dashboard.trend.period import Period, asked_of, range_choices, step_days
from dashboard.trend.stack import stack_of
from people.models import Person, User
from scoring.marks import Marks, marks_of
from scoring.why import ChangePart

NETWORKS = "networks"
# The reactions behind a measure; those behind the others are of all kinds.
KINDS_OF: dict[str, tuple[Kind, ...]] = {
    "likes": (Kind.LIKE,),
    "reshares": (Kind.RESHARE,),
    "comments": (Kind.COMMENT,),
    "quotes": (Kind.QUOTE,),
    "quality": (),
    "top_posts": (),
    "anonymous": (),
}


def my_score_context(person: Person, viewer: User, query: QueryDict) -> dict[str, Any]:
    """Return what the page of one's own score reads.

    `query` may hold range, from, to, compare, with and show; words that make no sense are told of
    and left out. Three queries, and two at most to find whom to compare with.
    """
    now = datetime.now(UTC)
    comparison = comparison_of(query, viewer)
    shown = shown_of(person.pk, asked_of(query), comparison.others, now)
    if shown is None:
        return without_score(person.pk, now.date())
    period = shown.period
    marks = marks_of(person.pk, period.first, period.last)
    all_points = points_of(shown.history)
    against = compared(comparison, period, shown.found, shown.history, shown.points)
    change = against.change or change_over(all_points)
    as_networks = query.get("show") == NETWORKS
    kept = comparison.query() | ({"show": NETWORKS} if as_networks else {})
    stack = (
        stack_of([row.day for row in shown.rows], shown.explained.by_day) if as_networks else None
    )
    assert shown.newest.value is not None
    return {
        "head": head_of(shown.newest, change, now),
        "own": True,
        "notices": [notice for notice in (period.notice, against.notice) if notice],
        "ranges": range_choices(period.code, kept),
        "arrows": arrows(period, kept),
        "comparison": comparison,
        "links": links(period, comparison, as_networks=as_networks),
        "as_networks": as_networks,
        "stack": stack,
        "chart": _chart(
            shown, marks, against.against, aim_of(marks.goals, period.first, now.date())
        ),
        "why": why_of(shown.explained.change, lambda part: moments_url(part, period)),
        "goals": goals_of(marks.goals, shown.newest.value, now.date()),
        "notes_count": len(marks.notes),
        "top_moments": marks.moments,
        "today": now.date(),
        "days_query": urlencode(period.query()),
        "back": urlencode(period.query() | kept),
        "kept_until": texts_end(marks.moments),
        **parts_of(shown),
    }


def _chart(shown: Shown, marks: Marks, against: Against | None, aim: Aim | None) -> HistoryChart:
    period = shown.period
    events = [
        *version_events(shown.explained.change.new_versions, shown.history),
        *own_events(marks, shown.history),
    ]
    query = urlencode(period.query())
    return history_chart(
        shown.points,
        words=history_words(points_of(shown.history)),
        events=most_telling(events),
        against=against,
        # The way to a goal leads on from the newest day only.
        aim=aim if period.is_newest else None,
        step_days=step_days(len(shown.history)),
        downloads=[
            (name.upper(), f"{reverse('dashboard:score_file', args=[name])}?{query}")
            for name in ("csv", "json")
        ],
        picture_name=f"score-{period.first.isoformat()}-{period.last.isoformat()}",
    )


def arrows(period: Period, kept: dict[str, str]) -> dict[str, str]:
    """Return the addresses of the days before and after; "" where there are none."""
    return {
        name: urlencode(other.query() | kept) if other else ""
        for name, other in (("earlier", period.earlier()), ("later", period.later()))
    }


def links(period: Period, comparison: Comparison, *, as_networks: bool) -> dict[str, Any]:
    """Return the other addresses around the chart, and what its forms keep."""
    days = period.query()
    show = {"show": NETWORKS} if as_networks else {}
    return {
        "line": urlencode(days | comparison.query()),
        "networks": urlencode(days | comparison.query() | {"show": NETWORKS}),
        "alone": urlencode(days | show),
        "previous": urlencode(days | {"compare": "previous"} | show),
        "kept_days": days | show,
        "kept_comparison": comparison.query() | show,
    }


def moments_url(part: ChangePart, period: Period) -> str:
    """Return where the posts behind a part of a change are; "" where there are none."""
    if part.measure not in KINDS_OF or not part.network:
        return ""
    words = {
        "network": part.network,
        "from": period.first.isoformat(),
        "to": period.last.isoformat(),
    }
    kinds = KINDS_OF[part.measure]
    if kinds:
        words["kind"] = kinds[0].name.lower()
    return f"{reverse('dashboard:moments')}?{urlencode(words)}"

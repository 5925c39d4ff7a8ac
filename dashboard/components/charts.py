"""Invented histories, drawn by the builders of the pages."""

import math
from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from dashboard.charts import Against, Aim, Event, EventKind
from dashboard.compare.page import compared, side_by_side
from dashboard.describe import change_over
from dashboard.heat_map import Week, week_of
from dashboard.history_chart import HistoryChart, history_chart
from dashboard.score_page import Head, head_of, points_of
from dashboard.sides import SideLine, side_lines
from dashboard.trend.stack import Stack, stack_of
from people.models import Person
from scoring.core.subscores import Amounts, Subscores
from scoring.core.timing import Timing
from scoring.queries import ScoreDay
from scoring.why import DayShares

LAST = date(2026, 3, 1)
# As few as show everything: each day is a row of a table too.
DAYS = 30
GAP = frozenset({9, 20, 21})
# One of another script, because pages meet them.
NAMES = ("Mara Ek", "Bente & Co", "ليلى حداد 🌊")


def _days() -> list[date]:
    return [LAST - timedelta(days=back) for back in range(DAYS - 1, -1, -1)]


def _history(
    level: float, swing: float, gap: Collection[int] = (), *, provisional: bool = False
) -> list[ScoreDay]:
    rows = []
    for day in _days():
        back = (LAST - day).days
        value = level + swing * math.sin(back / 5) - back / 15
        known = ScoreDay(day, value, value - 3.4, value + 3.1, provisional)
        rows.append(ScoreDay(day) if back in gap else known)
    return rows


def head() -> Head | None:
    """Return a provisional score that rose."""
    rows = _history(62.2, 3.0, GAP, provisional=True)
    return head_of(rows[-1], change_over(points_of(rows)), datetime(2026, 3, 1, 12, tzinfo=UTC))


def trend() -> HistoryChart:
    """Return a line with its band, gaps, an event, a goal, and another history beside it."""
    own = points_of(_history(62.2, 3.0, GAP))
    linked = own[-17]
    words = _("%(network)s was linked") % {"network": "Bluesky"}
    return history_chart(
        own,
        events=[Event(linked.day, EventKind.NETWORK, words, value=linked.value)],
        against=Against(NAMES[1], points_of(_history(52.0, 2.0))),
        aim=Aim(66.0, own[-11].day, LAST, _("Goal")),
    )


def stack() -> Stack | None:
    """Return the shares of three networks, one of them very small, with gaps."""
    rows = []
    for number, day in enumerate(_days()):
        second = 0.2 + 0.2 * number / DAYS
        shares = {"mastodon": 0.997 - second, "bluesky": second, "github": 0.003}
        rows.append(DayShares(day, {} if (LAST - day).days in GAP else shares))
    return stack_of(_days(), rows)


def comparison() -> dict[str, Any]:
    """Return what templates/compare/ read: two with a score, and one without."""
    rows = [
        _history(62.2, 3.0, GAP, provisional=True),
        _history(52.0, 2.0),
        _history(0.0, 0.0, range(DAYS)),
    ]
    lines = []
    for number, (name, history) in enumerate(zip(NAMES, rows, strict=True), start=1):
        person = Person(name=name, slug="example", kind="brand" if number == 2 else "person")
        shown = sides() if number == 1 else []
        lines.append(compared(number, person, history, shown, "#comparison"))
    series = [points_of(history) for history in rows]
    return {"people": lines, **side_by_side(lines, series, _days()[0], LAST)}


def sides() -> list[SideLine]:
    """Return the three sides of a score, one of them not told."""
    amounts = Amounts(412.0, 61.0, 0.0, True, True, False)
    return side_lines(Subscores(64.3, 58.2, None, amounts))


def week() -> Week:
    """Return a week in which evenings are best."""
    quarters = np.arange(672)
    lift = 0.3 * np.sin((quarters % 96 - 52) / 96 * 2 * np.pi) + 0.1 * np.cos(quarters / 107)
    return week_of(Timing(4_120, 310, lift, (), 95.0))

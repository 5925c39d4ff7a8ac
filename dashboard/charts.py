"""Figures of score histories, as plotly's dictionaries; pure: no request, no database.

Colours are names of tokens (`meta.colour`), which static/js/charts.js turns into the values of
the page's light or dark theme.
"""

import html
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

LOWEST, HIGHEST = 0.0, 100.0
# A chart never shows less than this many points of the scale: a change of one point must not
# look like a cliff.
SMALLEST_SPAN = 30.0
# Size of a dot, in pixels.
DOT = 6
EVENT = 11


# A trace of plotly's.
Trace = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Point:
    """A score on a UTC day; all three values are None on a day without a score."""

    day: date
    value: float | None
    low: float | None = None
    high: float | None = None


class EventKind(StrEnum):
    """What an event on the line is; each has a mark of its own."""

    VERSION = "version"
    NETWORK = "network"
    MOMENT = "moment"
    NOTE = "note"
    GOAL = "goal"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened on a day, as plain words, and where it leads ("" nowhere)."""

    day: date
    kind: EventKind
    words: str
    url: str = ""
    # Height of the mark: the score of the day, or the nearest; None where there is none.
    value: float | None = None


@dataclass(frozen=True, slots=True)
class Aim:
    """A goal as the chart draws it: a level from a day on, and the day by which to reach it."""

    target: float
    since: date
    until: date
    words: str


@dataclass(frozen=True, slots=True)
class Against:
    """Another history in the same chart; its days are laid over those of the first, in order."""

    name: str
    points: Sequence[Point]


def runs(points: Sequence[Point]) -> Iterator[list[Point]]:
    """Yield the longest stretches of days that have a score; gaps lie between them."""
    run: list[Point] = []
    for point in points:
        if point.value is None:
            if run:
                yield run
            run = []
        else:
            run.append(point)
    if run:
        yield run


def axis_range(points: Sequence[Point], *more: float) -> tuple[float, float]:
    """Return the lower and upper end of the score axis, multiples of ten within 0–100."""
    values = [
        value
        for point in points
        for value in (point.value, point.low, point.high)
        if value is not None
    ]
    values += more
    if not values:
        return LOWEST, HIGHEST
    low = max(LOWEST, 10 * (min(values) // 10))
    high = min(HIGHEST, -10 * (-max(values) // 10))
    while high - low < SMALLEST_SPAN:
        low, high = max(LOWEST, low - 10), min(HIGHEST, high + 10)
    return low, high


def outline(
    points: Sequence[Point], thin: Callable[[list[Point]], list[Point]] = list
) -> tuple[list[str | None], list[float | None]]:
    """Return the outline of the band: one closed polygon for each run, apart by a None.

    `thin` may leave points of a run out.
    """
    x: list[str | None] = []
    y: list[float | None] = []
    for run in map(thin, runs(points)):
        known = [point for point in run if point.low is not None and point.high is not None]
        if not known:
            continue
        if x:
            x.append(None)
            y.append(None)
        forth, back = known, known[::-1]
        x += [point.day.isoformat() for point in (*forth, *back)]
        y += [rounded(point.high) for point in forth] + [rounded(point.low) for point in back]
    return x, y


# plotly's symbol for each kind of event; templates/parts/chart.html has the same as text.
_SYMBOLS = {
    EventKind.VERSION: "diamond",
    EventKind.NETWORK: "circle",
    EventKind.MOMENT: "star",
    EventKind.NOTE: "square",
    EventKind.GOAL: "triangle-up",
}
# Characters of an event's words that fit a small screen.
HOVER_CHARACTERS = 40


def plain_words(words: str) -> str:
    """Return words as plotly shows them literally: it reads some HTML, and people write anything.

    Short enough for a small screen.
    """
    short = words if len(words) <= HOVER_CHARACTERS else words[: HOVER_CHARACTERS - 1] + "…"
    return html.escape(short, quote=False)


def _events(events: Sequence[Event]) -> list[Trace]:
    """Return marks on the line where something happened, as a trace of their own."""
    marked = [event for event in events if event.value is not None]
    if not marked:
        return []
    return [
        scatter(
            x=[event.day.isoformat() for event in marked],
            y=[rounded(event.value) for event in marked],
            text=[plain_words(event.words) for event in marked],
            mode="markers",
            marker={"size": EVENT, "symbol": [_SYMBOLS[event.kind] for event in marked]},
            hovertemplate="%{text}<extra></extra>",
            meta={"colour": "--ink-2"},
        )
    ]


def rounded(value: float | None) -> float | None:
    """Return a value as charts carry it: finer than a pixel, and short."""
    return None if value is None else round(value, 2)


def _against(points: Sequence[Point], against: Against | None) -> list[Trace]:
    """Return the other history, laid day by day over the first; the hover names its own days."""
    if against is None:
        return []
    both = list(zip(points, against.points, strict=False))
    name = plain_words(against.name)
    return [
        scatter(
            x=[own.day.isoformat() for own, _ in both],
            y=[rounded(other.value) for _, other in both],
            customdata=[other.day.isoformat() for _, other in both],
            mode="lines",
            connectgaps=False,
            line={"width": 2, "dash": "dash"},
            hovertemplate=f"{name}<br>%{{customdata|%-d %b %Y}} <b>%{{y:.1f}}</b><extra></extra>",
            name=name,
            meta={"colour": "--series-2"},
        )
    ]


def _aim(aim: Aim | None, first: date, end: date) -> list[Trace]:
    """Return the goal as a dotted level that ends on its day, or at the edge of the chart."""
    if aim is None:
        return []
    days = [max(first, aim.since), min(end, aim.until)]
    return [
        scatter(
            x=[day.isoformat() for day in days],
            y=[aim.target, aim.target],
            text=[plain_words(aim.words)] * 2,
            mode="lines+markers",
            marker={"size": [0, EVENT], "symbol": "triangle-up"},
            line={"width": 2, "dash": "dot"},
            hovertemplate="%{text}<extra></extra>",
            meta={"colour": "--series-4"},
        )
    ]


def chart_end(points: Sequence[Point], aim: Aim | None) -> date:
    """Return the right edge: the last day, or that of the goal where half as much again fits it."""
    first, last = points[0].day, points[-1].day
    if aim is None or aim.until <= last:
        return last
    return min(aim.until, last + timedelta(days=max((last - first).days // 2, 14)))


def history_figure(
    points: Sequence[Point],
    *,
    score_name: str,
    band_name: str,
    events: Sequence[Event] = (),
    against: Against | None = None,
    aim: Aim | None = None,
) -> dict[str, Any]:
    """Return the figure of a history: a line with its band, days without a score left open."""
    band_x, band_y = outline(points)
    alone = {run[0].day for run in runs(points) if len(run) == 1}
    traces = [
        scatter(
            x=band_x,
            y=band_y,
            mode="lines",
            fill="toself",
            line={"width": 0},
            hoverinfo="skip",
            name=band_name,
            meta={"colour": "--band"},
        ),
        scatter(
            x=[point.day.isoformat() for point in points],
            y=[rounded(point.value) for point in points],
            customdata=[[rounded(point.low), rounded(point.high)] for point in points],
            mode="lines+markers",
            # A line cannot show a day alone between two gaps.
            marker={"size": [DOT if point.day in alone else 0 for point in points]},
            connectgaps=False,
            line={"width": 2.5},
            hovertemplate=(
                f"%{{x|%-d %b %Y}}<br>{score_name} <b>%{{y:.1f}}</b>"
                "<br>%{customdata[0]:.1f}–%{customdata[1]:.1f}<extra></extra>"
            ),
            name=score_name,
            meta={"colour": "--series-1"},
        ),
        *_against(points, against),
        *_aim(aim, points[0].day, chart_end(points, aim)),
        *_events(events),
    ]
    low, high = axis_range([*points, *(against.points if against else ())], *_targets(aim))
    return figure(
        traces,
        showlegend=False,
        hovermode="x",
        dragmode=False,
        margin={"l": 36, "r": 12, "t": 12, "b": 48},
        xaxis={
            "type": "date",
            "range": [points[0].day.isoformat(), chart_end(points, aim).isoformat()],
            "fixedrange": True,
            "showgrid": False,
        },
        yaxis={"range": [low, high], "fixedrange": True, "dtick": 10, "zeroline": False},
    )


def _targets(aim: Aim | None) -> tuple[float, ...]:
    return () if aim is None else (aim.target,)


def scatter(**values: Any) -> Trace:
    """Return a trace of points or a line."""
    return {"type": "scatter", **values}


def figure(traces: Sequence[Trace], **layout: Any) -> dict[str, Any]:
    """Return a figure as the page carries it.

    Written by hand: plotly's own classes check each value, which takes longer than the whole rest
    of the page. Tests let them check the figures instead.
    """
    return {"data": list(traces), "layout": layout}

"""Figures of score histories, as plotly's dictionaries; pure: no request, no database.

Colours are names of tokens (`meta.colour`), which static/js/charts.js turns into the values of
the page's light or dark theme.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import plotly.graph_objects as go

LOWEST, HIGHEST = 0.0, 100.0
# A chart never shows less than this many points of the scale: a change of one point must not
# look like a cliff.
SMALLEST_SPAN = 30.0
# Size of a dot, in pixels.
DOT = 6
EVENT = 11


@dataclass(frozen=True, slots=True)
class Point:
    """A score on a UTC day; all three values are None on a day without a score."""

    day: date
    value: float | None
    low: float | None = None
    high: float | None = None
    # What happened to the measure on the day, such as another version of the model; "" on most.
    event: str = ""


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


def axis_range(points: Sequence[Point]) -> tuple[float, float]:
    """Return the lower and upper end of the score axis, multiples of ten within 0–100."""
    values = [
        value
        for point in points
        for value in (point.value, point.low, point.high)
        if value is not None
    ]
    if not values:
        return LOWEST, HIGHEST
    low = max(LOWEST, 10 * (min(values) // 10))
    high = min(HIGHEST, -10 * (-max(values) // 10))
    while high - low < SMALLEST_SPAN:
        low, high = max(LOWEST, low - 10), min(HIGHEST, high + 10)
    return low, high


def _band(points: Sequence[Point]) -> tuple[list[str | None], list[float | None]]:
    """Return the outline of the band: one closed polygon for each run, apart by a None."""
    x: list[str | None] = []
    y: list[float | None] = []
    for run in runs(points):
        known = [point for point in run if point.low is not None and point.high is not None]
        if not known:
            continue
        if x:
            x.append(None)
            y.append(None)
        forth, back = known, known[::-1]
        x += [point.day.isoformat() for point in (*forth, *back)]
        y += [point.high for point in forth] + [point.low for point in back]
    return x, y


def _events(points: Sequence[Point]) -> list[go.Scatter]:
    """Return marks on the line where something happened, as a trace of their own."""
    marked = [point for point in points if point.event and point.value is not None]
    if not marked:
        return []
    return [
        go.Scatter(
            x=[point.day.isoformat() for point in marked],
            y=[point.value for point in marked],
            text=[point.event for point in marked],
            mode="markers",
            marker={"size": EVENT, "symbol": "diamond"},
            hovertemplate="%{text}<extra></extra>",
            meta={"colour": "--ink-2"},
        )
    ]


def history_figure(points: Sequence[Point], *, score_name: str, band_name: str) -> dict[str, Any]:
    """Return the figure of a history: a line with its band, days without a score left open."""
    band_x, band_y = _band(points)
    alone = {run[0].day for run in runs(points) if len(run) == 1}
    figure = go.Figure(
        [
            go.Scatter(
                x=band_x,
                y=band_y,
                mode="lines",
                fill="toself",
                line={"width": 0},
                hoverinfo="skip",
                name=band_name,
                meta={"colour": "--band"},
            ),
            go.Scatter(
                x=[point.day.isoformat() for point in points],
                y=[point.value for point in points],
                customdata=[[point.low, point.high] for point in points],
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
            *_events(points),
        ]
    )
    low, high = axis_range(points)
    figure.update_layout(
        showlegend=False,
        hovermode="x",
        dragmode=False,
        margin={"l": 36, "r": 12, "t": 12, "b": 48},
        xaxis={
            "type": "date",
            "range": [points[0].day.isoformat(), points[-1].day.isoformat()],
            "fixedrange": True,
            "showgrid": False,
        },
        yaxis={"range": [low, high], "fixedrange": True, "dtick": 10, "zeroline": False},
    )
    # The default template is 7 kB of colours that the tokens replace.
    figure.update_layout(template="none")
    drawn: dict[str, Any] = json.loads(figure.to_json())
    drawn["layout"].pop("template", None)
    return drawn

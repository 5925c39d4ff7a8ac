"""Several histories in one picture: plotly's figure and the drawing for pages without scripts."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import plotly.graph_objects as go

from dashboard.charts import DOT, Point, axis_range, runs

# Beside the colours, so that nobody needs them; as plotly names them.
DASHES = ("solid", "dash", "dot", "dashdot", "longdash")
SIZE = 100.0


@dataclass(frozen=True, slots=True)
class Drawn:
    """One person's line; `number` is of the colour and the dashes, from 1."""

    number: int
    path: str
    dots: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """All lines on a 100 × 100 canvas; y grows downwards."""

    lines: list[Drawn]
    low: float
    high: float
    first: date
    last: date


def drawing(histories: Sequence[Sequence[Point]]) -> Drawing | None:
    """Return the lines under one scale; None where no day of anybody has a score."""
    every = [point for points in histories for point in points]
    if not any(point.value is not None for point in every):
        return None
    low, high = axis_range([Point(point.day, point.value) for point in every])
    first, last = min(p.day for p in every), max(p.day for p in every)
    days = max((last - first).days, 1)
    lines = []
    for number, points in enumerate(histories, start=1):
        path, dots = [], []
        for run in runs(points):
            steps = [
                (
                    round(SIZE * (point.day - first).days / days, 2),
                    round(SIZE * (high - point.value) / (high - low), 2),
                )
                for point in run
                if point.value is not None
            ]
            if len(steps) == 1:
                dots.append(steps[0])
            else:
                path.append("M" + "L".join(f"{x:g} {y:g}" for x, y in steps))
        lines.append(Drawn(number, " ".join(path), tuple(dots)))
    return Drawing(lines, low, high, first, last)


def figure(names: Sequence[str], histories: Sequence[Sequence[Point]]) -> dict[str, Any]:
    """Return plotly's figure: a line for each person, days without a score left open."""
    made = go.Figure(
        [
            _line(name, number, points)
            for number, (name, points) in enumerate(zip(names, histories, strict=True))
        ]
    )
    every = [Point(point.day, point.value) for points in histories for point in points]
    low, high = axis_range(every)
    made.update_layout(
        showlegend=False,
        hovermode="x unified",
        dragmode=False,
        margin={"l": 36, "r": 12, "t": 12, "b": 48},
        xaxis={
            "type": "date",
            "range": [every[0].day.isoformat(), every[-1].day.isoformat()],
            "fixedrange": True,
            "showgrid": False,
        },
        yaxis={"range": [low, high], "fixedrange": True, "dtick": 10, "zeroline": False},
    )
    made.update_layout(template="none")
    drawn: dict[str, Any] = json.loads(made.to_json())
    drawn["layout"].pop("template", None)
    return drawn


def _line(name: str, number: int, points: Sequence[Point]) -> go.Scatter:
    alone = {run[0].day for run in runs(points) if len(run) == 1}
    # plotly reads some HTML in names.
    plain = name.replace("<", "‹").replace(">", "›").replace("%{", "% {")
    return go.Scatter(
        x=[point.day.isoformat() for point in points],
        y=[point.value for point in points],
        mode="lines+markers",
        marker={"size": [DOT if point.day in alone else 0 for point in points]},
        connectgaps=False,
        line={"width": 2.5, "dash": DASHES[number % len(DASHES)]},
        hovertemplate="%{y:.1f}",
        name=plain,
        meta={"colour": f"--series-{number + 1}"},
    )

"""Several histories in one picture: plotly's figure and the drawing for pages without scripts."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import plotly.graph_objects as go

from dashboard.charts import DOT, Point, axis_range, outline, runs

# Beside the colours, so that nobody needs them; as plotly names them.
DASHES = ("solid", "dash", "dot", "dashdot", "longdash")
SIZE = 100.0
# How much of its colour a band has, as two hexadecimal digits: five lie over one another.
SHADE = "1f"
# Points of a line or an edge that is drawn small or softly: more would make the page heavy.
MOST_DRAWN = 90
# Days of the time axis, as plotly counts them.
DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Drawn:
    """One person's line; `number` is of the colour and the dashes, from 1."""

    number: int
    path: str
    # Outline of the band, a closed shape for each run; "" where no day has one.
    band: str
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
    low, high = axis_range(every)
    first, last = min(p.day for p in every), max(p.day for p in every)
    days = max((last - first).days, 1)

    def place(day: date, value: float) -> tuple[float, float]:
        """Return where a value is drawn."""
        return (
            round(SIZE * (day - first).days / days, 1),
            round(SIZE * (high - value) / (high - low), 1),
        )

    lines = []
    for number, points in enumerate(histories, start=1):
        path, dots = [], []
        for run in runs(points):
            steps = [place(p.day, p.value) for p in thinned(run) if p.value is not None]
            if len(steps) == 1:
                dots.append(steps[0])
            else:
                path.append(_path(steps))
        shapes = [_path(shape) + "Z" for shape in _shapes(points, place)]
        lines.append(Drawn(number, " ".join(path), " ".join(shapes), tuple(dots)))
    return Drawing(lines, low, high, first, last)


def thinned(run: Sequence[Point], most: int = MOST_DRAWN) -> list[Point]:
    """Return about `most` points of a run at most, its first and its last among them."""
    step = max(1, -(-len(run) // most))
    return [*run[:-1:step], run[-1]]


def _path(steps: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in steps)


def _shapes(
    points: Sequence[Point], place: Callable[[date, float], tuple[float, float]]
) -> Iterator[list[tuple[float, float]]]:
    """Yield the outline of the band of each run: its upper edge forth, its lower edge back."""
    for run in map(thinned, runs(points)):
        upper = [place(p.day, p.high) for p in run if p.high is not None]
        lower = [place(p.day, p.low) for p in run if p.low is not None]
        if len(upper) > 1 and len(lower) > 1:
            yield upper + lower[::-1]


def figure(names: Sequence[str], histories: Sequence[Sequence[Point]]) -> dict[str, Any]:
    """Return plotly's figure: a line with its band for each person, days without a score open."""
    made = go.Figure(
        [_shade(number, points) for number, points in enumerate(histories)]
        + [
            _line(name, number, points)
            for number, (name, points) in enumerate(zip(names, histories, strict=True))
        ]
    )
    every = [point for points in histories for point in points]
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


def _shade(number: int, points: Sequence[Point]) -> go.Scatter:
    x, y = outline(points, lambda run: thinned(run, MOST_DRAWN // 2))
    return go.Scatter(
        x=x,
        y=y,
        mode="lines",
        fill="toself",
        line={"width": 0},
        hoverinfo="skip",
        meta={"colour": f"--series-{number + 1}", "alpha": SHADE},
    )


def _line(name: str, number: int, points: Sequence[Point]) -> go.Scatter:
    alone = {run[0].day for run in runs(points) if len(run) == 1}
    # plotly reads some HTML in names.
    plain = name.replace("<", "‹").replace(">", "›").replace("%{", "% {")
    return go.Scatter(
        # Every day has a place in the list: a first day and a step say them all.
        x0=points[0].day.isoformat(),
        dx=DAY_MS,
        y=[None if point.value is None else round(point.value, 1) for point in points],
        # A line cannot show a day alone between two gaps.
        mode="lines+markers" if alone else "lines",
        marker={"size": [DOT if p.day in alone else 0 for p in points] if alone else DOT},
        connectgaps=False,
        line={"width": 2.5, "dash": DASHES[number % len(DASHES)]},
        hovertemplate="%{y:.1f}",
        name=plain,
        meta={"colour": f"--series-{number + 1}"},
    )

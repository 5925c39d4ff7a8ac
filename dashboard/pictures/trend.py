"""A score history drawn into a picture, in pixels; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dashboard.charts import Point, axis_range, runs


@dataclass(frozen=True, slots=True)
class Box:
    """Where the drawing goes, in pixels."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Trend:
    """Paths of a history within a box; days without a score are gaps."""

    line: str
    band: str
    # Runs of a single day, and the end of the line: (x, y).
    dots: tuple[tuple[float, float], ...]
    end: tuple[float, float]
    low: float
    high: float
    first: date
    last: date


def trend(points: Sequence[Point], box: Box) -> Trend | None:
    """Return the drawing; None where no day has a score."""
    if not any(point.value is not None for point in points):
        return None
    low, high = axis_range(points)
    first, last = points[0].day, points[-1].day
    days = max((last - first).days, 1)

    def place(day: date, value: float) -> tuple[float, float]:
        across = box.x + box.width * (day - first).days / days
        return round(across, 1), round(box.y + box.height * (high - value) / (high - low), 1)

    line, band, dots = [], [], []
    end = (box.x, box.y)
    for run in runs(points):
        steps = [place(point.day, point.value) for point in run if point.value is not None]
        end = steps[-1]
        if len(steps) == 1:
            dots.append(end)
            continue
        line.append(path(steps))
        known = [
            (point.day, point.low, point.high)
            for point in run
            if point.low is not None and point.high is not None
        ]
        upper = [place(day, top) for day, _, top in known]
        lower = [place(day, bottom) for day, bottom, _ in known]
        if known:
            band.append(path([*upper, *lower[::-1]]) + "Z")
    return Trend(" ".join(line), " ".join(band), tuple(dots), end, low, high, first, last)


def path(steps: Sequence[tuple[float, float]]) -> str:
    """Return the path of a broken line."""
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in steps)

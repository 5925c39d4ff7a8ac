"""The chart that needs no JavaScript: paths of an inline SVG on a 100 × 100 canvas; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dashboard.charts import Point, axis_range, runs

SIZE = 100.0


@dataclass(frozen=True, slots=True)
class Sparkline:
    """What parts/sparkline.html draws; y grows downwards, as in SVG."""

    line: str
    band: str
    # Runs of a single day, which a line cannot show: (x, y).
    dots: tuple[tuple[float, float], ...]
    # Where something happened: x.
    events: tuple[float, ...]
    low: float
    high: float
    first: date
    last: date


def sparkline(points: Sequence[Point]) -> Sparkline | None:
    """Return the drawing of a history; None where no day has a score."""
    if not any(point.value is not None for point in points):
        return None
    low, high = axis_range(points)
    first, last = points[0].day, points[-1].day
    days = max((last - first).days, 1)

    def x(day: date) -> float:
        return round(SIZE * (day - first).days / days, 2)

    def y(value: float) -> float:
        return round(SIZE * (high - value) / (high - low), 2)

    line, band, dots = [], [], []
    for run in runs(points):
        steps = [(x(point.day), y(point.value)) for point in run if point.value is not None]
        if len(steps) == 1:
            dots.append(steps[0])
        else:
            line.append("M" + "L".join(f"{across:g} {down:g}" for across, down in steps))
        known = [point for point in run if point.low is not None and point.high is not None]
        upper = [f"{x(point.day):g} {y(point.high):g}" for point in known if point.high is not None]
        lower = [f"{x(point.day):g} {y(point.low):g}" for point in known if point.low is not None]
        if len(known) > 1:
            band.append("M" + "L".join([*upper, *lower[::-1]]) + "Z")
    return Sparkline(
        line=" ".join(line),
        band=" ".join(band),
        dots=tuple(dots),
        events=tuple(x(point.day) for point in points if point.event),
        low=low,
        high=high,
        first=first,
        last=last,
    )

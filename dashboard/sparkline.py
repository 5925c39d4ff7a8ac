"""The chart that needs no JavaScript: paths of an inline SVG on a 100 × 100 canvas; pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from dashboard.charts import Against, Aim, Event, Point, axis_range, chart_end, runs

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
    # The line of another history, laid over this one; "" without one.
    against: str = ""
    # The level of a goal: from x, to x, y.
    aim: tuple[float, float, float] | None = None


def sparkline(
    points: Sequence[Point],
    *,
    events: Sequence[Event] = (),
    against: Against | None = None,
    aim: Aim | None = None,
) -> Sparkline | None:
    """Return the drawing of a history; None where no day has a score."""
    others = list(against.points) if against else []
    if not any(point.value is not None for point in (*points, *others)):
        return None
    low, high = axis_range([*points, *others], *([aim.target] if aim else []))
    first, last = points[0].day, chart_end(points, aim)
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
        events=tuple(x(event.day) for event in events if first <= event.day <= last),
        low=low,
        high=high,
        first=first,
        last=last,
        against=_line(
            [Point(own.day, other.value) for own, other in zip(points, others, strict=False)],
            x,
            y,
        ),
        aim=(x(max(first, aim.since)), x(min(last, aim.until)), y(aim.target)) if aim else None,
    )


def _line(points: Sequence[Point], x: Callable[[date], float], y: Callable[[float], float]) -> str:
    """Return the path through the days that have a score; a day alone is no line."""
    found = []
    for run in runs(points):
        steps = [f"{x(p.day):g} {y(p.value):g}" for p in run if p.value is not None]
        if len(steps) > 1:
            found.append("M" + "L".join(steps))
    return " ".join(found)

"""A score history as templates/parts/chart.html shows it: figure, drawing, table, sentence."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from dashboard.charts import Against, Aim, Event, Point, history_figure
from dashboard.describe import history_words
from dashboard.sparkline import Sparkline, sparkline


@dataclass(frozen=True, slots=True)
class TableRow:
    """A day of the table, with the other history's day beside it where there is one."""

    point: Point
    other: Point | None
    events: list[str]


@dataclass(frozen=True, slots=True)
class HistoryChart:
    """All that the chart's template reads."""

    id: str
    words: str
    first: date
    last: date
    # None where no day has a score: there is nothing to draw.
    drawing: Sparkline | None
    # plotly's data and layout.
    figure: dict[str, Any]
    newest_first: list[TableRow]
    # In the order of time.
    events: list[Event]
    # Days that a point stands for.
    step_days: int = 1
    against: Against | None = None
    aim: Aim | None = None
    # Names of the formats and where they are downloaded; the picture is made in the browser.
    downloads: list[tuple[str, str]] = field(default_factory=list)
    picture_name: str = ""


def history_chart(
    points: Sequence[Point],
    *,
    id: str = "history",
    words: str = "",
    events: Sequence[Event] = (),
    against: Against | None = None,
    aim: Aim | None = None,
    step_days: int = 1,
    downloads: Sequence[tuple[str, str]] = (),
    picture_name: str = "",
) -> HistoryChart:
    """Return the chart of a history of one day or more.

    `points` may be fewer than there are days (`step_days`); `words` tells all of them then.
    """
    return HistoryChart(
        id=id,
        words=words or history_words(points),
        first=points[0].day,
        last=points[-1].day,
        drawing=sparkline(points, events=events, against=against, aim=aim),
        figure=history_figure(
            points,
            score_name=_("Score"),
            band_name=_("Most likely"),
            events=events,
            against=against,
            aim=aim,
        ),
        newest_first=_rows(points, events, against)[::-1],
        events=list(events),
        step_days=step_days,
        against=against,
        aim=aim,
        downloads=list(downloads),
        picture_name=picture_name,
    )


def _rows(
    points: Sequence[Point], events: Sequence[Event], against: Against | None
) -> list[TableRow]:
    others: list[Point | None] = [None] * len(points)
    if against is not None:
        others[: len(against.points)] = against.points[: len(points)]
    rows = []
    left = list(events)
    for point, other in zip(points, others, strict=True):
        # What happened since the point before, where a point stands for several days.
        told = [event.words for event in left if event.day <= point.day]
        left = [event for event in left if event.day > point.day]
        rows.append(TableRow(point, other, told))
    return rows

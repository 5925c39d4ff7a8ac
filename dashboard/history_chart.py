"""A score history as templates/parts/chart.html shows it: figure, drawing, table, sentence."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from dashboard.charts import Point, history_figure
from dashboard.describe import history_words
from dashboard.sparkline import Sparkline, sparkline


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
    newest_first: list[Point]
    # Days on which something happened, in the order of time.
    events: list[Point]


def history_chart(points: Sequence[Point], *, id: str = "history") -> HistoryChart:
    """Return the chart of a history of one day or more."""
    return HistoryChart(
        id=id,
        words=history_words(points),
        first=points[0].day,
        last=points[-1].day,
        drawing=sparkline(points),
        figure=history_figure(points, score_name=_("Score"), band_name=_("Most likely")),
        newest_first=list(points[::-1]),
        events=[point for point in points if point.event],
    )

"""The rows of a chart's table, which a page has by the hundred."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from django.utils.translation import gettext

from dashboard.charts import Point
from dashboard.describe import day_words, one_decimal
from dashboard.history_chart import HistoryChart, TableRow

register = template.Library()

_LONGEST_EVENT = 40


@register.simple_tag
def score_rows(chart: HistoryChart) -> SafeString:
    """Return the table's rows, newest first: day and events, score, band, and the other's score.

    Written without a template's loop, which takes ten times as long for each cell.
    """
    no_score = format_html('<td class="muted" colspan="3">{}</td>', gettext("no score"))
    compared = chart.against is not None
    rows = (
        (_head(row), _numbers(row.point) or no_score, _other(row.other) if compared else "")
        for row in chart.newest_first
    )
    # Each part is safe by itself.
    lines = [f"<tr>{head}{numbers}{other}</tr>" for head, numbers, other in rows]
    return mark_safe("\n".join(lines))  # noqa: S308


def _head(row: TableRow) -> SafeString:
    events = [
        format_html(
            '<span class="explained muted" dir="auto">{}</span>',
            Truncator(words).chars(_LONGEST_EVENT),
        )
        for words in row.events
    ]
    day = day_words(row.point.day)
    return format_html('<th scope="row">{}{}</th>', day, mark_safe("".join(events)))  # noqa: S308


def _numbers(point: Point) -> SafeString:
    """Return score and band, "" for a day without a score."""
    if point.value is None:
        return SafeString()
    low, high = ("" if value is None else one_decimal(value) for value in (point.low, point.high))
    return format_html("<td>{}</td><td>{}</td><td>{}</td>", one_decimal(point.value), low, high)


def _other(point: Point | None) -> SafeString:
    value = None if point is None else point.value
    return format_html("<td>{}</td>", "–" if value is None else one_decimal(value))

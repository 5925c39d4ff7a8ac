"""The table beside a chart: a row for each day, newest first."""

from datetime import date

from django.utils import translation

from dashboard.charts import Event, EventKind, Point
from dashboard.history_chart import history_chart
from dashboard.templatetags.score_rows import score_rows

POINTS = [
    Point(date(2026, 1, 1), 50.04, 47.0, 53.0),
    Point(date(2026, 1, 2), None),
    Point(date(2026, 1, 3), 56.0),
]


def test_days_are_rows_newest_first_with_gaps_as_words_and_no_band_as_nothing() -> None:
    assert score_rows(history_chart(POINTS)).splitlines() == [
        '<tr><th scope="row">3 January 2026</th><td>56.0</td><td></td><td></td></tr>',
        '<tr><th scope="row">2 January 2026</th><td class="muted" colspan="3">no score</td></tr>',
        '<tr><th scope="row">1 January 2026</th><td>50.0</td><td>47.0</td><td>53.0</td></tr>',
    ]


def test_events_stand_by_their_day_cut_and_never_as_markup() -> None:
    words = "<script>alert(1)</script> " + "x" * 60
    event = Event(date(2026, 1, 3), EventKind.NOTE, words)
    newest, *_ = score_rows(history_chart(POINTS, events=[event])).splitlines()
    shown = "&lt;script&gt;alert(1)&lt;/script&gt; " + "x" * 13 + "…"
    assert f'<span class="explained muted" dir="auto">{shown}</span>' in newest
    assert "<script" not in newest


def test_numbers_are_the_visitors() -> None:
    with translation.override("nb"):
        *_, oldest = score_rows(history_chart(POINTS)).splitlines()
    assert oldest.startswith('<tr><th scope="row">1. januar 2026</th><td>50,0</td>')

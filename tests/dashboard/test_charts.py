"""Figures and drawings of score histories."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.charts import Point, axis_range, history_figure, runs
from dashboard.sparkline import sparkline

FIRST = date(2026, 1, 1)


def history(*values: float | None) -> list[Point]:
    """Return a history from FIRST on, each band two points to either side."""
    return [
        Point(
            FIRST + timedelta(days=number),
            value,
            None if value is None else value - 2,
            None if value is None else value + 2,
        )
        for number, value in enumerate(values)
    ]


def test_days_without_a_score_end_a_run() -> None:
    lengths = [len(run) for run in runs(history(50, 51, None, None, 52, None))]
    assert lengths == [2, 1]


def test_the_line_keeps_gaps_as_gaps_and_the_band_is_one_polygon_for_each_run() -> None:
    figure = history_figure(history(50, 51, None, 52, 53), score_name="Score", band_name="Band")
    band, line = figure["data"]
    assert line["y"] == [50, 51, None, 52, 53]
    assert line["connectgaps"] is False
    assert band["fill"] == "toself"
    assert band["x"].count(None) == 1
    assert band["x"][0] == band["x"][3] == "2026-01-01"
    assert band["y"][:4] == [52, 53, 49, 48]


def test_a_day_alone_between_gaps_is_a_dot_that_can_be_seen() -> None:
    figure = history_figure(history(50, None, 51, None, 52), score_name="S", band_name="B")
    assert all(size > 0 for size in figure["data"][1]["marker"]["size"][::2])
    drawing = sparkline(history(50, None, 51))
    assert drawing is not None
    assert [x for x, _ in drawing.dots] == [0, 100]
    assert drawing.line == ""


def test_figures_name_colours_as_tokens_and_carry_no_template() -> None:
    figure = history_figure(history(50, 51), score_name="Score", band_name="Band")
    assert [trace["meta"]["colour"] for trace in figure["data"]] == ["--band", "--series-1"]
    assert "template" not in figure["layout"]


@given(st.lists(st.one_of(st.none(), st.floats(1, 100, allow_nan=False)), min_size=1, max_size=40))
def test_every_value_lies_on_an_axis_of_thirty_points_or_more(values: list[float | None]) -> None:
    points = [Point(FIRST + timedelta(days=i), value) for i, value in enumerate(values)]
    low, high = axis_range(points)
    assert 0 <= low < high <= 100
    assert high - low >= 30
    assert all(low <= value <= high for value in values if value is not None)
    drawing = sparkline(points)
    assert (drawing is None) == all(value is None for value in values)


@pytest.mark.parametrize(("values", "expected"), [((52.0, 58.0), (40, 70)), ((2.0,), (0, 30))])
def test_a_small_change_does_not_fill_the_chart(
    values: tuple[float, ...], expected: tuple[float, float]
) -> None:
    assert axis_range(history(*values)) == expected


def test_the_drawing_puts_the_highest_on_top_and_the_first_day_left() -> None:
    drawing = sparkline(history(50, 60))
    assert drawing is not None
    start, end = drawing.line.removeprefix("M").split("L")
    assert start.split()[0] == "0"
    assert end.split()[0] == "100"
    assert float(start.split()[1]) > float(end.split()[1])

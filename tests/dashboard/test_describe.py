"""Scores, bands and changes in words."""

from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from dashboard import describe
from dashboard.charts import Point


@pytest.mark.parametrize(
    ("points", "words"), [(1.24, "+1.2"), (-0.44, "−0.4"), (0.04, "0.0"), (-0.01, "0.0")]
)
def test_points_carry_their_sign_unless_they_round_to_zero(points: float, words: str) -> None:
    assert describe.signed(points) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [(0.0, "0"), (0.0312, "0.031"), (0.5, "0.50"), (2.31, "2.3"), (14.0, "14"), (1e-9, "0.00000")],
)
def test_amounts_near_zero_keep_two_figures(value: float, words: str) -> None:
    assert describe.fine_amount(value) == words


@pytest.mark.parametrize(
    ("share", "words"),
    [(0.0, "0 %"), (0.004, "<1 %"), (0.426, "43 %"), (0.996, ">99 %"), (1.0, "100 %")],
)
def test_small_shares_are_not_rounded_away(share: float, words: str) -> None:
    assert describe.percent(share) == words.replace(" ", describe.NO_BREAK)


def test_numbers_and_days_are_written_in_each_visitors_way_also_after_anothers() -> None:
    for _ in range(2):
        with translation.override("en"):
            assert describe.one_decimal(-0.04) == "0.0"
            assert describe.one_decimal(57.25) == "57.2"
            assert describe.day_words(datetime(2026, 3, 1, 23, tzinfo=UTC)) == "1 March 2026"
        with translation.override("nb"):
            assert describe.one_decimal(0.0) == "0,0"
            assert describe.one_decimal(57.25) == "57,2"
            assert describe.day_words(date(2026, 3, 1), year=False) == "1. mars"


def test_a_band_is_told_in_whole_points() -> None:
    assert describe.band_words(57.6, 66.4) == "most likely 58–66"


def test_a_history_is_summed_up_with_both_values_both_days_and_the_gaps() -> None:
    points = [
        Point(date(2026, 1, 1), 50.0),
        Point(date(2026, 1, 2), None),
        Point(date(2026, 1, 3), 56.0),
        Point(date(2026, 1, 4), 54.5),
    ]
    words = describe.history_words(points)
    assert words == (
        "Up 4.5 points, from 50.0 on 1 January 2026 to 54.5 on 4 January 2026. "
        "Lowest 50.0 on 1 January, highest 56.0 on 3 January. "
        "Days without a score: 1, drawn as gaps."
    )


def test_a_history_without_scores_says_so() -> None:
    assert describe.history_words([Point(date(2026, 1, 1), None)]) == (
        "No day of this range has a score."
    )


def test_a_change_needs_two_scored_days() -> None:
    first, gap, last = Point(date(2026, 1, 1), 50.0), Point(date(2026, 1, 2), None), None
    assert describe.change_over([first, gap]) is None
    last = Point(date(2026, 1, 3), 47.0)
    change = describe.change_over([first, gap, last])
    assert change is not None
    assert (change.points, change.first, change.last) == (-3.0, first, last)


def test_norwegian_numbers_take_a_comma() -> None:
    with translation.override("nb"):
        assert describe.signed(1.25).startswith("+1,")

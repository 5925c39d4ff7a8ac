"""Shares of one whole are told so that they add up, and nothing is all of it beside something."""

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.describe import NO_BREAK
from dashboard.rounding import apportioned, hundredths, percents, tenths

amounts = st.lists(st.floats(0.0, 1e6), min_size=1, max_size=12).filter(
    lambda found: sum(found) > 0
)


def of_whole(found: list[float]) -> list[float]:
    return [value / math.fsum(found) for value in found]


@pytest.mark.parametrize(
    ("shares", "words"),
    [
        ([0.996, 0.004], "99 % <1 %"),
        ([0.9999, 0.0001], "99 % <1 %"),
        ([1 / 3, 1 / 3, 1 / 3], "34 % 33 % 33 %"),
        ([0.624, 0.372, 0.004], "62 % 37 % <1 %"),
        ([0.455, 0.455, 0.09], "46 % 45 % 9 %"),
        ([1.0], "100 %"),
        ([1.0, 0.0], "100 % 0 %"),
        ([], ""),
        ([0.0, 0.0], "0 % 0 %"),
    ],
)
def test_shares_in_words(shares: list[float], words: str) -> None:
    assert " ".join(percents(shares)).replace(NO_BREAK, " ") == words


@given(amounts.map(of_whole))
def test_shares_add_up_keep_their_order_and_stay_near(shares: list[float]) -> None:
    found = hundredths(shares)
    told = [value for value, share in zip(found, shares, strict=True) if 100 * share >= 1]
    small = 100 * math.fsum(share for share in shares if 100 * share < 1)
    # Those below one per cent take what they make together, and at least one.
    assert sum(told) == 100 - (max(round(small), 1) if small > 0 else 0)
    for value, share in zip(found, shares, strict=True):
        assert abs(value - 100 * share) <= 2
    ordered = [value for _share, value in sorted(zip(shares, found, strict=True))]
    assert all(one <= other for one, other in pairwise(ordered))
    if 100 in found:
        assert sum(share > 0 for share in shares) == 1


@given(amounts.map(of_whole), st.integers(0, 100))
def test_parts_of_a_part_add_up_to_it(shares: list[float], whole: int) -> None:
    parts = [share * whole / 100 for share in shares]
    assert sum(hundredths(parts, whole)) in range(whole + 1)
    if all(100 * part >= 1 for part in parts):
        assert sum(hundredths(parts, whole)) == whole


@given(st.lists(st.floats(-40.0, 40.0), max_size=12))
def test_points_with_one_decimal_add_up(points: list[float]) -> None:
    found = tenths(points)
    assert round(math.fsum(found), 1) == pytest.approx(round(10 * sum(points)) / 10)
    assert all(abs(a - b) <= 0.1 + 1e-9 for a, b in zip(found, points, strict=True))


def test_what_is_left_goes_to_the_largest_remainders() -> None:
    assert apportioned([1.2, 2.9, 0.9], 5) == [1, 3, 1]
    assert tenths([0.26, 0.26, 0.26]) == [0.3, 0.3, 0.2]
    assert tenths([2.4, -0.61, 0.03]) == [2.4, -0.6, 0.0]

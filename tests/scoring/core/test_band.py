import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.core.band import Band, band
from tests.scoring.core.accounts import MODEL, REFERENCE, Floats, K, persons, row


def _band(
    x: Floats, days: npt.ArrayLike, unknown: npt.ArrayLike | None = None
) -> tuple[float, Band]:
    one = np.zeros(len(x), dtype=int)
    result = MODEL.evaluate(x, one, 1, unknown=unknown)
    return float(result.raw[0]), band(MODEL, result, result.raw, one, days)


@given(persons, st.integers(0, 400))
def test_the_band_holds_the_score_and_stays_on_the_scale(x: Floats, days: int) -> None:
    value, found = _band(x, np.full(len(x), days))
    assert 1 <= found.low[0] <= value <= found.high[0] <= 100


def test_more_days_narrow_the_band() -> None:
    x = row(**REFERENCE)[np.newaxis]
    widths = [_band(x, [days])[1].high[0] - _band(x, [days])[1].low[0] for days in (1, 7, 90)]
    assert widths == sorted(widths, reverse=True)
    assert widths[0] > 8
    assert widths[2] < 3


def test_a_score_is_provisional_under_fourteen_days() -> None:
    x = row(**REFERENCE)[np.newaxis]
    assert _band(x, [13])[1].provisional.tolist() == [True]
    assert _band(x, [14])[1].provisional.tolist() == [False]


def test_imputed_signals_widen_the_band() -> None:
    x = row(**REFERENCE)[np.newaxis]
    missing = np.array([[name == "lists" for name in MODEL.measures]])
    known, imputed = _band(x, [90])[1], _band(x, [90], unknown=missing)[1]
    assert imputed.high[0] - imputed.low[0] > known.high[0] - known.low[0]


def test_a_score_with_a_band_wider_than_ten_points_is_provisional() -> None:
    x = row(**REFERENCE)[np.newaxis]
    missing = np.array([[name in ("lists", "quality") for name in MODEL.measures]])
    _, found = _band(x, [90], unknown=missing)
    assert found.high[0] - found.low[0] > 10
    assert found.provisional[0]


def test_a_person_without_an_account_is_provisional() -> None:
    empty = np.zeros((0, K))
    result = MODEL.evaluate(empty, [], 1)
    found = band(MODEL, result, result.raw, [], [])
    assert (found.low[0], found.high[0], found.provisional[0]) == (1, 1, True)


def test_days_below_zero_are_refused() -> None:
    with pytest.raises(ValueError, match="observed days"):
        _band(row()[np.newaxis], [-1])

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.core import cap
from tests.scoring.core.accounts import MODEL

scores = st.floats(1, 100)


@given(scores, scores)
def test_a_score_rises_by_at_most_six_points_a_day_and_falls_freely(
    previous: float, raw: float
) -> None:
    value, held = cap.capped([previous], [raw], MODEL)
    assert value[0] <= previous + 6
    assert value[0] + held[0] == pytest.approx(raw, abs=1e-12)
    assert held[0] >= 0
    if raw <= previous + 6:
        assert (value[0], held[0]) == (raw, 0)


def test_the_first_score_is_not_capped() -> None:
    assert cap.capped([np.nan], [67.0], MODEL)[0].tolist() == [67.0]


def test_what_is_held_back_is_counted_over_the_next_days() -> None:
    shown, days = 40.0, []
    for raw in (55.0, 54.0, 53.0, 52.0):
        value, held = cap.capped([shown], [raw], MODEL)
        shown = float(value[0])
        days.append((shown, round(float(held[0]), 6)))
    assert days == [(46, 9), (52, 2), (53, 0), (52, 0)]


def test_the_history_of_a_newly_linked_account_is_not_capped_and_the_rest_is() -> None:
    new = float(MODEL.mass_of_score(60.0))
    before = cap.with_first_histories([40.0, 40.0, np.nan], [new, 0.0, new], MODEL)
    assert before[0] > 60
    assert before[1] == 40
    assert np.isnan(before[2])
    value, held = cap.capped(before[:1], [80.0], MODEL)
    assert value[0] == before[0] + 6
    assert held[0] == pytest.approx(80 - value[0])


def test_a_raw_score_outside_its_range_is_refused() -> None:
    with pytest.raises(ValueError, match="raw"):
        cap.capped([50.0], [np.nan], MODEL)

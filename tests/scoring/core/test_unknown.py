import numpy as np
import pytest

from scoring.core import unknown
from scoring.core.params import CURRENT
from scoring.core.unknown import Bools
from tests.scoring.core.accounts import MODEL, REFERENCE, row


def _missing(*measures: str) -> Bools:
    return np.array([[name in measures for name in MODEL.measures]])


def test_a_missing_kind_of_reaction_is_imputed_from_the_known_ones() -> None:
    x = row(followers=100, likes=80, reshares=30, comments=30, quotes=5)[np.newaxis]
    filled, imputed = unknown.imputed(x, _missing("mentions", "lists"), CURRENT)
    named = dict(zip(MODEL.measures, filled[0].tolist(), strict=True))
    # 145 people over typical amounts of 1.45 make 100 reactors, of whom 30 mention.
    assert named["mentions"] == pytest.approx(30)
    assert named["lists"] == pytest.approx(0.5)
    assert imputed.sum() == 2


def test_lists_are_imputed_at_no_more_than_the_published_median() -> None:
    """Medians of 167 real accounts: 1 list at 200 followers, 3.5 at 533."""
    for followers, median in ((200, 1.0), (533, 3.5)):
        x = row(followers=followers)[np.newaxis]
        filled, _ = unknown.imputed(x, _missing("lists"), CURRENT)
        assert 0 < filled[0, 1] <= median


def test_nothing_is_imputed_for_an_account_without_audience_and_reactions() -> None:
    every = np.ones((1, len(MODEL.measures)), dtype=bool)
    filled, imputed = unknown.imputed(row()[np.newaxis], every, CURRENT)
    assert not filled.any()
    assert not imputed.any()


def test_a_hidden_signal_counts_as_zero_and_an_unknown_one_does_not() -> None:
    x = row(**{**REFERENCE, "lists": 0})[np.newaxis]
    hidden = MODEL.evaluate(x, [0], 1).raw[0]
    missing = MODEL.evaluate(x, [0], 1, unknown=_missing("lists")).raw[0]
    known = MODEL.evaluate(row(**REFERENCE)[np.newaxis], [0], 1).raw[0]
    assert hidden < missing < known


def test_an_unfetched_day_is_carried_for_seven_days_and_then_fades() -> None:
    assert unknown.carried_shift([0, 1, 7, 8, 30], CURRENT).tolist() == [0, 1, 7, 7, 7]


def test_a_negative_gap_is_refused() -> None:
    with pytest.raises(ValueError, match="unfetched"):
        unknown.carried_shift([-1], CURRENT)

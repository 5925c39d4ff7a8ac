"""AUC and rank correlation against counting by hand, and the bootstrap of accounts."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.learning.auc import (
    account_draws,
    auc,
    auc_draws,
    r_squared,
    ranks,
    spearman,
    spearman_error,
    standard_error,
)

answers = st.lists(
    st.tuples(st.integers(-3, 3), st.booleans(), st.integers(0, 3)), min_size=1, max_size=30
)


def counted(rows: list[tuple[int, bool, int]]) -> float:
    """Return the AUC by comparing every pair answered 1 with every one answered 0."""
    won = total = 0.0
    for margin, positive, weight in rows:
        for other, other_positive, other_weight in rows:
            if positive and not other_positive:
                total += weight * other_weight
                won += weight * other_weight * (float(margin > other) + float(margin == other) / 2)
    return won / total if total else float("nan")


@given(answers)
def test_auc_is_what_counting_gives(rows: list[tuple[int, bool, int]]) -> None:
    margin, y, weight = (np.array(column, dtype=np.float64) for column in zip(*rows, strict=True))
    assert auc(margin, y, weight) == pytest.approx(counted(rows), nan_ok=True)
    assert auc(margin, y) == pytest.approx(counted([(m, p, 1) for m, p, _ in rows]), nan_ok=True)


@given(answers, st.integers(0, 1000))
def test_the_bootstrap_counts_a_pair_as_often_as_both_accounts_were_drawn(
    rows: list[tuple[int, bool, int]], seed: int
) -> None:
    rng = np.random.default_rng(seed)
    margin, y, _ = (np.array(column, dtype=np.float64) for column in zip(*rows, strict=True))
    first, second = rng.integers(0, 6, (2, len(rows)))
    draws = account_draws(6, 5, seed)
    assert draws.sum(axis=1).tolist() == [6] * 5
    values, weights = auc_draws(margin, y, first, second, draws)
    for draw, value, weight in zip(draws, values, weights, strict=True):
        times = draw[first] * draw[second]
        assert value == pytest.approx(auc(margin, y, times), nan_ok=True)
        assert weight == (0 if np.isnan(value) else times.sum())


def test_the_standard_error_is_that_of_drawing_the_population_again() -> None:
    rng = np.random.default_rng(1)

    def sample() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        worth, noise = rng.normal(size=200), rng.normal(size=(2, 600))
        first = rng.integers(0, 200, 600)
        second = (first + rng.integers(1, 200, 600)) % 200
        told = worth + rng.normal(size=200)
        y = (worth[first] - worth[second] + noise[0] > 0).astype(np.float64)
        return told[first] - told[second], y, first, second

    true = float(np.std([auc(*sample()[:2]) for _ in range(200)]))
    margin, y, first, second = sample()
    estimates = [
        standard_error(auc_draws(*sample(), account_draws(200, 100, seed))[0]) for seed in range(5)
    ]
    assert np.mean(estimates) == pytest.approx(true, rel=0.4)
    assert standard_error(np.array([1.0])) != standard_error(np.array([1.0]))
    same = [auc_draws(margin, y, first, second, account_draws(200, 9, 3))[0] for _ in range(2)]
    assert same[0].tolist() == same[1].tolist()


def test_ranks_share_their_mean_where_values_are_equal() -> None:
    assert ranks([10, 5, 10, 1]).tolist() == [3.5, 2.0, 3.5, 1.0]


def test_rank_correlation_of_known_orders() -> None:
    assert spearman([1, 2, 3], [10, 100, 1000]) == pytest.approx(1)
    assert spearman([1, 2, 3], [3, 2, 1]) == pytest.approx(-1)
    # 1 − 6 Σd² / (n (n² − 1)) with d = 1, 1, 0, 0.
    assert spearman([1, 2, 3, 4], [2, 1, 3, 4]) == pytest.approx(0.8)
    assert np.isnan(spearman([1, 1], [1, 2]))
    assert np.isnan(spearman_error([1, 2], [1, 2], seed=0))
    assert 0 < spearman_error([1, 2, 3, 4, 5], [2, 1, 3, 4, 5], seed=0) < 1


def test_r_squared_of_a_line_and_of_nothing() -> None:
    assert r_squared([2, 4, 6], [1, 2, 3]) == pytest.approx(1)
    assert r_squared([1, 2, 1, 2], [1, 1, 2, 2]) == pytest.approx(0)
    assert np.isnan(r_squared([1, 1], [1, 2]))

"""The two solvers against what must hold at their minimum, and against brute force."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.learning.solvers import (
    NoSolution,
    log_loss,
    logistic,
    non_negative_least_squares,
)


def problem(seed: int, weights: list[float], n: int = 4000) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, len(weights))) * np.arange(1, len(weights) + 1)
    chance = 1 / (1 + np.exp(-x @ np.array(weights)))
    return x, (rng.random(n) < chance).astype(np.float64)


def test_known_weights_are_recovered() -> None:
    x, y = problem(1, [0.8, 0.4, 0.0])
    assert logistic(x, y) == pytest.approx([0.8, 0.4, 0.0], abs=0.06)


def test_a_weight_that_would_be_negative_is_zero_and_free_ones_may_be_negative() -> None:
    x, y = problem(2, [0.8, -0.4])
    assert logistic(x, y)[1] == 0
    assert logistic(x, y, non_negative=False) == pytest.approx([0.8, -0.4], abs=0.06)


@given(st.integers(0, 10_000), st.sampled_from([0.0, 0.01, 0.3]))
def test_no_step_to_any_side_makes_the_answers_more_likely(seed: int, ridge: float) -> None:
    rng = np.random.default_rng(seed)
    x, y = problem(seed, rng.normal(0, 0.5, 4).tolist(), n=300)
    weights = logistic(x, y, ridge=ridge)
    assert np.all(weights >= 0)
    scale = np.mean(x * x, axis=0)

    def loss(w: np.ndarray) -> float:
        return log_loss(x @ w, y) + ridge / 2 * float(np.sum(scale * w * w))

    least = loss(weights)
    for k, step in product(range(4), (-1e-3, 1e-3)):
        moved = weights.copy()
        moved[k] = max(moved[k] + step, 0.0)
        assert loss(moved) >= least - 1e-12


def test_units_of_columns_do_not_change_what_a_ridge_does() -> None:
    x, y = problem(3, [0.5, 0.5])
    units = np.array([1000.0, 0.001])
    assert logistic(x * units, y, ridge=0.1) * units == pytest.approx(logistic(x, y, ridge=0.1))


def test_swapping_the_accounts_and_the_answers_changes_nothing() -> None:
    x, y = problem(4, [0.5, 0.2], n=500)
    assert logistic(-x, 1 - y) == pytest.approx(logistic(x, y), abs=1e-8)


def test_a_column_of_zeros_has_no_weight() -> None:
    x, y = problem(5, [0.5], n=500)
    assert logistic(np.column_stack([x, 0 * x]), y)[1] == 0


def test_answers_without_an_error_determine_no_weights() -> None:
    x = np.array([[1.0], [2.0], [-1.0], [-3.0]])
    with pytest.raises(NoSolution, match="do not determine"):
        logistic(x, np.array([1.0, 1.0, 0.0, 0.0]))
    assert logistic(x, np.array([1.0, 1.0, 0.0, 0.0]), ridge=0.1)[0] > 0


@given(st.integers(0, 10_000))
def test_least_squares_agree_with_trying_every_set_of_columns(seed: int) -> None:
    rng = np.random.default_rng(seed)
    a, b = rng.normal(size=(8, 4)), rng.normal(size=8)
    best = float(b @ b)
    for chosen in product([False, True], repeat=4):
        columns = np.array(chosen)
        if columns.any():
            w = np.linalg.lstsq(a[:, columns], b, rcond=None)[0]
            if np.all(w >= 0):
                best = min(best, float(np.sum((b - a[:, columns] @ w) ** 2)))
    found = non_negative_least_squares(a, b)
    assert np.all(found >= 0)
    assert float(np.sum((b - a @ found) ** 2)) == pytest.approx(best, abs=1e-9)

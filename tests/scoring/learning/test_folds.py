"""No account is on both sides of a split."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.learning.folds import account_disjoint

N_ACCOUNTS = 30


def split(folds: int, repeats: int, seed: int) -> list[tuple[set[int], set[int], set[int]]]:
    """Return accounts of the training, those of the test, and the tested pairs, by fold."""
    rng = np.random.default_rng(5)
    first, second = rng.integers(0, N_ACCOUNTS, (2, 400))
    found = account_disjoint(first, second, N_ACCOUNTS, folds=folds, repeats=repeats, seed=seed)
    return [
        (
            set(first[fold.train]) | set(second[fold.train]),
            set(first[fold.test]) | set(second[fold.test]),
            set(fold.test.tolist()),
        )
        for fold in found
    ]


@given(st.integers(2, 6), st.integers(0, 1000))
def test_training_and_test_have_no_account_in_common(folds: int, seed: int) -> None:
    found = split(folds, 2, seed)
    assert len(found) == 2 * folds
    assert all(train and test and not train & test for train, test, _ in found)


def test_the_folds_of_a_repeat_test_other_accounts_and_pairs() -> None:
    (_, a, pairs_a), (_, b, pairs_b), (_, c, pairs_c) = split(3, 1, 0)
    assert not a & b
    assert not b & c
    assert not a & c
    assert not pairs_a & pairs_b
    assert not pairs_b & pairs_c


def test_the_same_seed_gives_the_same_folds_and_another_seed_others() -> None:
    assert split(4, 3, 7) == split(4, 3, 7)
    assert split(4, 3, 7) != split(4, 3, 8)


@pytest.mark.parametrize(("folds", "repeats", "told"), [(1, 1, "two folds"), (2, 0, "one repeat")])
def test_folds_that_are_none_are_refused(folds: int, repeats: int, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        split(folds, repeats, 0)


def test_more_folds_than_accounts_are_refused() -> None:
    with pytest.raises(ValueError, match="30 accounts cannot be parted into 31 folds"):
        split(31, 1, 0)

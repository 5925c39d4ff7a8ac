"""Splits of pairs in which no account is on both sides."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Indexes = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Fold:
    """Positions of the pairs that are learned from and of those that are held out."""

    train: Indexes
    test: Indexes


def account_disjoint(
    first: Indexes, second: Indexes, n_accounts: int, *, folds: int, repeats: int, seed: int
) -> Iterator[Fold]:
    """Yield splits of pairs by account: `folds` of each of `repeats` shuffles.

    Every account is in one part of a shuffle. A fold is tested on the pairs within a part and
    trained on the pairs within the other parts; pairs across are used by neither, so that nothing
    about a tested account was ever seen. (Most accounts of the known file hang together by some
    chain of pairs: whole connected components cannot be the parts.) Folds without a pair on either
    side are left out.

    Raises
    ------
    ValueError
        For fewer than two folds or fewer accounts than folds.
    """
    if folds < 2 or repeats < 1:
        raise ValueError("there must be two folds or more, and one repeat or more")
    if n_accounts < folds:
        raise ValueError(f"{n_accounts} accounts cannot be parted into {folds} folds")
    rng = np.random.default_rng(seed)
    for _ in range(repeats):
        part = rng.permutation(np.arange(n_accounts) % folds)
        for number in range(folds):
            in_first, in_second = part[first] == number, part[second] == number
            test = np.flatnonzero(in_first & in_second)
            train = np.flatnonzero(~in_first & ~in_second)
            if test.size and train.size:
                yield Fold(train.astype(np.int64), test.astype(np.int64))

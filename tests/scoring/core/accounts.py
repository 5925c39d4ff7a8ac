"""Accounts that the tests of the core share: the reference person, and random ones."""

import numpy as np
import numpy.typing as npt
from hypothesis import strategies as st

from scoring.core.features import Pairs, PostPeople, people_measures
from scoring.core.model import Model
from scoring.core.params import CURRENT

Floats = npt.NDArray[np.float64]
Row = tuple[int, int, int, int, int]

MODEL = Model(CURRENT)
K = len(MODEL.measures)

# The reference person of docs/scoring.md: an X-like account at 67 with the median mix of signals.
REFERENCE = {
    "followers": 90_000,
    "lists": 2_100,
    "likes": 180,
    "reshares": 40,
    "comments": 70,
    "quotes": 10,
    "mentions": 100,
    "quality": 490,
    "top_posts": 220,
}
LEVELS = ("followers", "lists")


def row(**amounts: float) -> Floats:
    """Return inputs of shape (K,) with these amounts, 0 elsewhere."""
    return np.array([float(amounts.get(name, 0.0)) for name in MODEL.measures])


def faded(x: Floats, days: float) -> Floats:
    """Return inputs after so many days without a new reaction."""
    left = x.copy()
    for k, measure in enumerate(CURRENT.measures):
        if measure.half_life_days is not None:
            left[..., k] *= 2 ** (-days / measure.half_life_days)
    return left


def raw(x: Floats) -> float:
    """Return the score of a person of one account."""
    return float(MODEL.evaluate(x[np.newaxis], [0], 1).raw[0])


ACCOUNTS = 3
amounts = st.floats(0, 5e6, allow_nan=False) | st.floats(0, 50, allow_nan=False) | st.just(0.0)
inputs = st.lists(amounts, min_size=K, max_size=K).map(np.array)
persons = st.lists(inputs, min_size=1, max_size=5).map(np.array)

pair_row = st.tuples(
    st.integers(0, ACCOUNTS - 1),
    st.integers(1, 12),
    st.integers(-1, len(people_measures(CURRENT)) - 1),
    st.integers(0, 7),
    st.integers(0, 36),
)
pair_rows = st.lists(pair_row, max_size=40)
post_row = st.tuples(
    st.integers(0, ACCOUNTS - 1),
    st.integers(1, 15),
    st.integers(0, 7),
    st.integers(0, 30),
    st.integers(0, 36),
)
post_rows = st.lists(post_row, max_size=40)


def pairs(rows: list[Row]) -> Pairs:
    """Return pair rows as arrays."""
    columns = np.array(rows, dtype=np.int64).reshape(-1, 5).T
    return Pairs(columns[0], columns[1], columns[2], columns[3], columns[4].astype(np.float64))


def posts(rows: list[Row]) -> PostPeople:
    """Return post rows as arrays."""
    columns = np.array(rows, dtype=np.int64).reshape(-1, 5).T
    return PostPeople(columns[0], columns[1], columns[2], columns[3], columns[4].astype(np.float64))

"""What turns log-odds into points: real scores by audience, and a month offline."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from scoring.core.decay import decay_weight
from scoring.core.model import Model
from scoring.core.params.definition import Family, Params

Floats = npt.NDArray[np.float64]

# Real scores of 2012–2014 over 20 thousand accounts: 11.7 · log10(1 + followers) + 9.5 (R² 0.64,
# mean error 5.8).
POINTS_PER_DECADE = 11.7
POINTS_AT_ZERO = 9.5

# The reference person of docs/scoring.md: an X-like account at 67 with the median mix of signals.
REFERENCE = {
    "followers": 90_000.0,
    "lists": 2_100.0,
    "likes": 180.0,
    "reshares": 40.0,
    "comments": 70.0,
    "quotes": 10.0,
    "mentions": 100.0,
    "quality": 490.0,
    "top_posts": 220.0,
}
OFFLINE_DAYS = 30

# Size classes with fewer accounts say little of what is usual.
LEAST_ACCOUNTS = 10
# Above, the scale bends (linear_until_score) and the line was hardly measured.
MOST_FOLLOWERS = 1e6

REACTING = (Family.REACTION, Family.CONCENTRATION)


def usual_score(followers: npt.ArrayLike) -> Floats:
    """Return the score that real accounts of so many followers had on average."""
    result: Floats = POINTS_AT_ZERO + POINTS_PER_DECADE * np.log10(1 + np.asarray(followers))
    return result


def doublings(x: Floats, params: Params) -> tuple[Floats, Floats]:
    """Return each measure's curve with a weight of 1, by the model itself.

    Parameters
    ----------
    x : ndarray, shape (A, K)
    params : Params

    Returns
    -------
    ndarray, shape (A, K)
        log2(1 + x / unit).
    ndarray, shape (A,)
        The steeper start of the curve of followers.
    """
    plain = tuple(replace(m, weight=1.0, start_weight=0.0) for m in params.measures)
    start = tuple(
        replace(m, weight=0.0, start_weight=float(m.name == "followers")) for m in params.measures
    )
    curves = Model(replace(params, measures=plain)).parts(x)
    steep = Model(replace(params, measures=start)).parts(x).sum(axis=1)
    return curves, steep


def fall_offline(params: Params) -> Floats:
    """Return how many doublings the reference person's measures lose in a month, shape (K,)."""
    before = np.array([REFERENCE.get(m.name, 0.0) for m in params.measures])
    left = np.array(
        [
            1.0
            if m.half_life_days is None
            else float(decay_weight(np.array([float(OFFLINE_DAYS)]), m.half_life_days)[0])
            for m in params.measures
        ]
    )
    curves, _ = doublings(np.vstack([before, before * left]), params)
    fall: Floats = curves[0] - curves[1]
    return fall


def size_classes(followers: Floats) -> list[npt.NDArray[np.int64]]:
    """Return the accounts of each half decade of followers that has enough of them."""
    half_decade = np.floor(2 * np.log10(1 + followers)).astype(np.int64)
    found = [np.flatnonzero(half_decade == number) for number in np.unique(half_decade)]
    return [
        rows
        for rows in found
        if rows.size >= LEAST_ACCOUNTS and np.median(followers[rows]) <= MOST_FOLLOWERS
    ]

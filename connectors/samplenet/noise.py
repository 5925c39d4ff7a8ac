"""Random numbers that are pure functions of where they are used.

A value depends on the seed, a purpose and indices (account, day, post, …) and on nothing that was
drawn before, so one more day, or one more account read, never changes another day's history.
"""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]

# Constants of splitmix64 (Steele, Lea, Flood 2014, "Fast splittable pseudorandom number
# generators"): its finaliser spreads every input bit over all 64 output bits.
_GAMMA = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
# Above this mean the Poisson distribution is near enough to a rounded normal one.
_LARGE_MEAN = 30.0


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    values = (values ^ (values >> np.uint64(30))) * _MIX_1
    values = (values ^ (values >> np.uint64(27))) * _MIX_2
    return values ^ (values >> np.uint64(31))


def hashed(seed: int, purpose: int, *indices: ArrayLike) -> NDArray[np.uint64]:
    """Return 64 random bits for each combination of the (broadcast) whole-number indices."""
    with np.errstate(over="ignore"):
        value = _mixed(np.asarray([seed, purpose], dtype=np.uint64) + _GAMMA)
        result = _mixed(value[:1] * _GAMMA + value[1:])
        for index in indices:
            numbers = np.atleast_1d(np.asarray(index)).astype(np.int64).view(np.uint64)
            result = _mixed(result * _GAMMA + _mixed(numbers + _GAMMA))
    return result


def uniform(seed: int, purpose: int, *indices: ArrayLike) -> Floats:
    """Return numbers evenly spread over [0, 1), 53 bits each."""
    return (hashed(seed, purpose, *indices) >> np.uint64(11)).astype(np.float64) * 2.0**-53


def normal(seed: int, purpose: int, *indices: ArrayLike) -> Floats:
    """Return standard normal numbers (Box and Muller 1958)."""
    bits = hashed(seed, purpose, *indices)
    first = ((bits >> np.uint64(32)).astype(np.float64) + 1.0) * 2.0**-32
    second = (bits & np.uint64(0xFFFFFFFF)).astype(np.float64) * 2.0**-32
    return np.sqrt(-2.0 * np.log(first)) * np.cos(2.0 * np.pi * second)


def poisson(mean: ArrayLike, seed: int, purpose: int, *indices: ArrayLike) -> Ints:
    """Return counts with the given means: by inversion up to 30, by the normal law above."""
    level = uniform(seed, purpose, *indices)
    means, level = np.broadcast_arrays(np.atleast_1d(np.asarray(mean, dtype=np.float64)), level)
    small = np.minimum(means, _LARGE_MEAN)
    term = np.exp(-small)
    below = term.copy()
    counts = np.zeros(means.shape, dtype=np.int64)
    # 100 steps reach beyond the last representable quantile of a mean of 30.
    for step in range(1, 100):
        more = level >= below
        if not more.any():
            break
        counts[more] += 1
        term = term * small / step
        below = below + term
    large = means > _LARGE_MEAN
    if large.any():
        spread = normal(seed, purpose ^ 0x5EED, *indices)
        drawn = np.floor(means + np.sqrt(means) * spread + 0.5)
        counts = np.where(large, np.maximum(drawn, 0).astype(np.int64), counts)
    return counts


def from_shares(levels: Floats, shares: Sequence[float]) -> Ints:
    """Return for each level in [0, 1) the index of the share that it falls in."""
    ends = np.cumsum(np.asarray(shares, dtype=np.float64))
    return np.minimum(np.searchsorted(ends / ends[-1], levels, side="right"), len(shares) - 1)

"""How much of a reaction is left after some days."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def decay_weight(age_days: npt.ArrayLike, half_life_days: float) -> Floats:
    """Return 2^(−age / half-life), in (0, 1].

    Parameters
    ----------
    age_days : array_like
        Days since the reaction, ≥ 0, any shape.
    half_life_days : float
        Days, > 0.

    Raises
    ------
    ValueError
        For an age below 0 (a reaction of the future) or not finite, or a half-life not above 0.
    """
    age = np.asarray(age_days, dtype=np.float64)
    if not half_life_days > 0:
        raise ValueError(f"half-life must be above 0 days, not {half_life_days}")
    if not np.all(np.isfinite(age)) or np.any(age < 0):
        raise ValueError("age in days must be finite and not negative")
    return np.exp2(-age / half_life_days)

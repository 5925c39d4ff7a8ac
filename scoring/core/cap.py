"""How far a score may rise in a day, and what is held back."""

import numpy as np
import numpy.typing as npt

from scoring.core.model import Model

Floats = npt.NDArray[np.float64]


def capped(previous: npt.ArrayLike, raw: npt.ArrayLike, model: Model) -> tuple[Floats, Floats]:
    """Return the shown scores and the points held back (law 7).

    Parameters
    ----------
    previous : array_like, shape (P,)
        Yesterday's shown scores, after `with_first_histories` for those who linked an account; NaN
        for a person without one: the first score is not capped.
    raw : array_like, shape (P,)
        Today's scores before the cap, 1 … 100.
    model : Model

    Returns
    -------
    value : ndarray, shape (P,)
        min(raw, previous + 6 points). Falls are not limited.
    held_back : ndarray, shape (P,)
        raw − value, ≥ 0. Nothing is lost: the raw score is capped anew each day, so what is held
        back counts over the next days, as far as it has not faded by then.
    """
    before = np.asarray(previous, dtype=np.float64)
    wanted = np.asarray(raw, dtype=np.float64)
    if np.any(~((wanted >= 1) & (wanted <= 100))):
        raise ValueError("raw scores must be from 1 to 100")
    ceiling = np.where(np.isnan(before), np.inf, before + model.params.cap_points_per_day)
    value = np.minimum(wanted, ceiling)
    return value, wanted - value


def with_first_histories(previous: npt.ArrayLike, new_mass: npt.ArrayLike, model: Model) -> Floats:
    """Return yesterday's scores as they would have been with the accounts linked since.

    Parameters
    ----------
    previous : array_like, shape (P,)
        Yesterday's shown scores, 1 … 100, or NaN.
    new_mass : array_like, shape (P,)
        Mass of each person's accounts that are scored today for the first time, ≥ 0.
    model : Model

    Returns
    -------
    ndarray, shape (P,)
        `previous` where nothing is new; NaN stays NaN.
    """
    before = np.asarray(previous, dtype=np.float64)
    added = np.asarray(new_mass, dtype=np.float64)
    known = ~np.isnan(before)
    mass = model.mass_of_score(np.where(known, before, 1.0)) + added
    risen = np.where(added > 0, model.score(mass), before)
    return np.where(known, risen, np.nan)

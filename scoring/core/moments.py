"""How many points the reactions to each post brought."""

import numpy as np
import numpy.typing as npt

from scoring.core.model import Evaluation, Model

Floats = npt.NDArray[np.float64]


def gains(
    model: Model, today: Evaluation, faded: Evaluation, person_index: npt.ArrayLike
) -> Floats:
    """Return the points that a day's reactions brought through each account, ≥ 0, shape (A,).

    Parameters
    ----------
    model : Model
    today : Evaluation
        Of the day, of A accounts and P persons.
    faded : Evaluation
        Of the same accounts with the inputs of the day as they would be without the day's own
        reactions (levels of the day, reactions up to the day before, faded by one day).
    person_index : array_like of int, shape (A,)

    Notes
    -----
    A person's gain, score(today) − score(faded) before the cap, is shared over the accounts by the
    masses that each gained; that sums to the gain exactly.
    """
    index = np.asarray(person_index, dtype=np.int64)
    gained = np.maximum(today.mass - faded.mass, 0.0)
    total = np.bincount(index, weights=gained, minlength=today.raw.size)
    points = np.maximum(today.raw - faded.raw, 0.0)
    share = np.divide(gained, total[index], out=np.zeros_like(gained), where=total[index] > 0)
    result: Floats = share * points[index]
    return result


def points_per_post(
    gain: npt.ArrayLike,
    post_account: npt.ArrayLike,
    post_people: npt.ArrayLike,
    elsewhere: npt.ArrayLike,
) -> Floats:
    """Return the points of each post of a day: its share of what its account gained.

    Parameters
    ----------
    gain : array_like, shape (A,)
        Points that the day's reactions brought through each account (`gains`).
    post_account : array_like of int, shape (N,)
        Index of the account of each post that had reactions on the day.
    post_people : array_like, shape (N,)
        People who acted on the post on the day, weighted by their class, ≥ 0.
    elsewhere : array_like, shape (A,)
        The same of reactions to no post of the account (mentions), ≥ 0: they keep their share.

    Returns
    -------
    ndarray, shape (N,), points ≥ 0
        Their sum over an account is at most its gain. The points of a moment are the sum over days;
        what fades later is not taken off again.
    """
    owner = np.asarray(post_account, dtype=np.int64)
    weight = np.asarray(post_people, dtype=np.float64)
    points = np.asarray(gain, dtype=np.float64)
    other = np.asarray(elsewhere, dtype=np.float64)
    for name, amounts in (("gain", points), ("post_people", weight), ("elsewhere", other)):
        if np.any(~(amounts >= 0)):
            raise ValueError(f"{name} must not be negative or NaN")
    total = np.bincount(owner, weights=weight, minlength=points.size) + other
    share = np.divide(weight, total[owner], out=np.zeros_like(weight), where=total[owner] > 0)
    result: Floats = share * points[owner]
    return result

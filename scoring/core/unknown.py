"""What is not known is not zero: signals that a network cannot give, and days not fetched."""

import numpy as np
import numpy.typing as npt

from scoring.core.params.definition import Family, Params

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

# Families whose amounts go with the number of people who react.
_REACTING = frozenset({Family.REACTION, Family.QUALITY, Family.CONCENTRATION})


def imputed(x: Floats, missing: Bools, params: Params) -> tuple[Floats, Bools]:
    """Return x with the missing inputs filled in, and where that gave something.

    Parameters
    ----------
    x : ndarray, shape (A, K)
        Inputs, 0 where missing.
    missing : ndarray of bool, shape (A, K)
        True where the account's network cannot give the signal.
    params : Params

    Returns
    -------
    ndarray, shape (A, K)
        Standing: its typical amount per follower. Reactions: the typical amount beside the known
        kinds of reaction (a ratio estimate: the sum of the known ones over the sum of their
        typical amounts). Other measures stay 0.
    ndarray of bool, shape (A, K)
        True where an amount above 0 was filled in.

    Notes
    -----
    The typical amounts are at or below the medians of accounts with the same known signals (law
    11), and every filled-in amount rises with the known ones, so that no law on more reactions or
    audience is broken. An account without audience and reactions gets nothing.
    """
    if not missing.any():
        return x, np.zeros(x.shape, dtype=np.bool_)
    filled = x.copy()
    families = [m.family for m in params.measures]
    typical = np.array([m.typical for m in params.measures])
    people = np.array([family is Family.REACTION for family in families])
    amounts = (x[:, people] * ~missing[:, people]).sum(axis=1)
    bases = (typical[people] * ~missing[:, people]).sum(axis=1)
    reactors = np.divide(amounts, bases, out=np.zeros_like(amounts), where=bases > 0)
    followers = x[:, [m.name for m in params.measures].index("followers")]
    for k, family in enumerate(families):
        rows = missing[:, k]
        if family is Family.STANDING:
            filled[rows, k] = typical[k] * followers[rows]
        elif family in _REACTING:
            filled[rows, k] = np.minimum(typical[k] * reactors[rows], params.max_count)
    return filled, missing & (filled > 0)


def carried_shift(unfetched_days: npt.ArrayLike, params: Params) -> Floats:
    """Return by how many days the ages of an account's reactions are put back, 0 … 7.

    While an account could not be fetched, its decayed amounts stay at the value of the last
    fetched day (what was expected) for at most `params.carried_days` days; after that they fade.

    Parameters
    ----------
    unfetched_days : array_like
        Whole days since the last fetched day; 0 where that is the scored day itself.

    Notes
    -----
    The age of a row is then day − day of the row − shift; it cannot be negative, as no row is
    younger than the last fetched day.
    """
    days = np.asarray(unfetched_days, dtype=np.float64)
    if np.any(~(days >= 0)):
        raise ValueError("unfetched days must not be negative")
    return np.minimum(days, float(params.carried_days))

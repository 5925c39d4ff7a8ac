"""Two small convex problems, solved exactly: logistic regression and least squares, weights ≥ 0."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

# A gradient below is a solution: far finer than the data tell anything.
_TOLERANCE = 1e-9
_MOST_STEPS = 200
# A mean log-loss below: the columns separate the answers, and weights grow without end.
_LEAST_LOSS = 1e-7


class NoSolution(ArithmeticError):
    """The data do not determine the weights (e.g. all pairs are answered without an error)."""


def logistic(x: Floats, y: Floats, *, ridge: float = 0.0, non_negative: bool = True) -> Floats:
    """Return the weights that make the answers most likely, P(y = 1) = 1 / (1 + exp(−x·w)).

    Parameters
    ----------
    x : ndarray, shape (N, K)
        Differences first − second of a pair; there is no intercept, so that swapping the two
        accounts and the answer changes nothing.
    y : ndarray of 0.0 and 1.0, shape (N,)
    ridge : float
        λ in mean log-loss + λ/2 · Σ (w_k · s_k)², s_k the root mean square of column k: the
        penalty does not depend on the units of columns.
    non_negative : bool
        Whether weights must be ≥ 0.

    Returns
    -------
    ndarray, shape (K,)
        Log-odds per unit of x; 0 for a column of zeros.

    Raises
    ------
    NoSolution
        If the minimum is not reached, as where the columns separate all answers and λ is 0.

    References
    ----------
    Projected Newton steps with an active set and step halving: Bertsekas, SIAM J. Control and
    Optimization 20 (1982), 221–246.
    """
    scale = np.sqrt(np.mean(x * x, axis=0)) if len(x) else np.zeros(x.shape[1])
    used = scale > 0
    z = x[:, used] / scale[used]
    weights = np.zeros(z.shape[1])
    loss = _loss(z, y, weights, ridge)
    for _ in range(_MOST_STEPS):
        if loss < _LEAST_LOSS:
            break
        chance = _logistic(z @ weights)
        gradient = z.T @ (chance - y) / len(y) + ridge * weights
        free = ~((weights <= 0) & (gradient > 0)) if non_negative else np.ones(len(weights), bool)
        if np.all(np.abs(gradient[free]) < _TOLERANCE):
            result = np.zeros(x.shape[1])
            result[used] = weights / scale[used]
            return result
        curvature = (z * (chance * (1 - chance))[:, np.newaxis]).T @ z / len(y)
        curvature += (ridge + 1e-12) * np.eye(len(weights))
        step = np.zeros(len(weights))
        step[free] = np.linalg.solve(curvature[np.ix_(free, free)], gradient[free])
        # Near the minimum the losses differ by less than their last bits: a full step is right.
        length = 1.0
        while length > 1e-6:
            moved = weights - length * step
            if non_negative:
                moved = np.maximum(moved, 0.0)
            new_loss = _loss(z, y, moved, ridge)
            if new_loss <= loss + 1e-13:
                break
            length /= 2
        weights, loss = moved, new_loss
    raise NoSolution("the pairs do not determine the weights: no minimum was reached")


def _loss(z: Floats, y: Floats, weights: Floats, ridge: float) -> float:
    margin = np.where(y > 0.5, 1.0, -1.0) * (z @ weights)
    return float(np.mean(np.logaddexp(0.0, -margin)) + ridge / 2 * weights @ weights)


def _logistic(margin: Floats) -> Floats:
    result: Floats = np.exp(-np.logaddexp(0.0, -margin))
    return result


def log_loss(margin: Floats, y: Floats) -> float:
    """Return the mean log-loss of answers y under the log-odds `margin`, ≥ 0 (ln 2 for chance)."""
    return float(np.mean(np.logaddexp(0.0, -np.where(y > 0.5, 1.0, -1.0) * margin)))


def non_negative_least_squares(a: Floats, b: Floats) -> Floats:
    """Return w ≥ 0, shape (K,), that minimises |a·w − b|², a of shape (N, K) and b (N,).

    References
    ----------
    Lawson and Hanson, Solving Least Squares Problems (1974), chapter 23.
    """
    n_columns = a.shape[1]
    weights = np.zeros(n_columns)
    free = np.zeros(n_columns, dtype=np.bool_)
    tolerance = 1e-12 * max(1.0, float(np.abs(a.T @ b).max(initial=0.0)))
    for _ in range(30 * n_columns + 30):
        gain = a.T @ (b - a @ weights)
        if free.all() or gain[~free].max() <= tolerance:
            return weights
        free[np.flatnonzero(~free)[np.argmax(gain[~free])]] = True
        while True:
            tried = np.zeros(n_columns)
            tried[free] = np.linalg.lstsq(a[:, free], b, rcond=None)[0]
            below = free & (tried <= 0)
            if not below.any():
                break
            ratio = weights[below] / (weights[below] - tried[below])
            weights = weights + ratio.min() * (tried - weights)
            free &= weights > tolerance * 1e-3
            weights[~free] = 0.0
        weights = tried
    raise NoSolution("the least squares did not come to an end")

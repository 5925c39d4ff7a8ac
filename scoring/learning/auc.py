"""How well margins order the answers: the area under the ROC curve, and its standard error."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Indexes = npt.NDArray[np.int64]


def auc(margin: npt.ArrayLike, y: npt.ArrayLike, weight: npt.ArrayLike | None = None) -> float:
    """Return the chance that a pair answered 1 has a greater margin than one answered 0, 0 … 1.

    Parameters
    ----------
    margin : array_like, shape (N,)
    y : array_like of 0 and 1, shape (N,)
    weight : array_like ≥ 0, shape (N,), optional
        How often each pair counts.

    Notes
    -----
    Equal margins count half (the Mann–Whitney statistic). NaN if all weighted answers are the
    same.
    """
    margins = np.asarray(margin, dtype=np.float64)
    positive = np.asarray(y) > 0.5
    weights = np.ones(len(margins)) if weight is None else np.asarray(weight, dtype=np.float64)
    _, place = np.unique(margins, return_inverse=True)
    ones = np.bincount(place, weights=weights * positive)
    zeros = np.bincount(place, weights=weights * ~positive, minlength=len(ones))
    total = ones.sum() * zeros.sum()
    if total == 0:
        return float("nan")
    below = np.cumsum(zeros) - zeros
    return float((ones * (below + zeros / 2)).sum() / total)


def account_draws(n_accounts: int, draws: int, seed: int) -> Indexes:
    """Return how often each account is drawn in bootstrap samples, shape (draws, n_accounts)."""
    rng = np.random.default_rng(seed)
    return rng.multinomial(n_accounts, np.full(n_accounts, 1 / n_accounts), draws).astype(np.int64)


def auc_draws(
    margin: Floats, y: Floats, first: Indexes, second: Indexes, draws: Indexes
) -> tuple[Floats, Floats]:
    """Return the AUC in each bootstrap sample of accounts and its number of pairs.

    A pair counts as often as both of its accounts together were drawn: pairs that share an
    account are not independent, so a bootstrap of pairs would tell too small an error. A sample
    in which all answers are the same has NaN and 0 pairs.

    References
    ----------
    The pigeonhole bootstrap: Owen, Annals of Applied Statistics 1 (2007), 386–411.
    """
    times = (draws[:, first] * draws[:, second]).astype(np.float64)
    order = np.argsort(margin, kind="stable")
    ordered = margin[order]
    starts = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1]))
    positive = y[order] > 0.5
    ones = np.add.reduceat(times[:, order] * positive, starts, axis=1)
    zeros = np.add.reduceat(times[:, order] * ~positive, starts, axis=1)
    below = np.cumsum(zeros, axis=1) - zeros
    total = ones.sum(axis=1) * zeros.sum(axis=1)
    won = (ones * (below + zeros / 2)).sum(axis=1)
    values = np.divide(won, total, out=np.full(len(draws), np.nan), where=total > 0)
    return values, np.where(total > 0, times.sum(axis=1), 0.0)


def standard_error(values: Floats) -> float:
    """Return the standard deviation of bootstrap values, NaN ones left out; NaN for under two."""
    kept = values[np.isfinite(values)]
    return float(np.std(kept, ddof=1)) if kept.size > 1 else float("nan")


def ranks(values: npt.ArrayLike) -> Floats:
    """Return the ranks from 1, equal values sharing their mean rank."""
    array = np.asarray(values, dtype=np.float64)
    _, place, count = np.unique(array, return_inverse=True, return_counts=True)
    last = np.cumsum(count)
    result: Floats = ((last - count + 1 + last) / 2)[place]
    return result


def spearman(a: npt.ArrayLike, b: npt.ArrayLike) -> float:
    """Return the rank correlation, −1 … 1; NaN where either side is constant or has one value."""
    x, y = ranks(a), ranks(b)
    x, y = x - x.mean(), y - y.mean()
    spread = np.sqrt((x @ x) * (y @ y))
    return float(x @ y / spread) if spread > 0 else float("nan")


def spearman_error(a: npt.ArrayLike, b: npt.ArrayLike, *, seed: int, draws: int = 200) -> float:
    """Return the standard error of `spearman`, from a bootstrap of the rows."""
    x, y = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    if len(x) < 3:
        return float("nan")
    rng = np.random.default_rng(seed)
    picks = (rng.integers(0, len(x), len(x)) for _ in range(draws))
    values = np.array([spearman(x[pick], y[pick]) for pick in picks])
    return standard_error(values)


def r_squared(y: npt.ArrayLike, x: npt.ArrayLike) -> float:
    """Return how much of the variance of y a straight line in x explains, 0 … 1; NaN if none."""
    values, by = np.asarray(y, dtype=np.float64), np.asarray(x, dtype=np.float64)
    values, by = values - values.mean(), by - by.mean()
    spread = (values @ values) * (by @ by)
    return float((values @ by) ** 2 / spread) if spread > 0 else float("nan")

"""Inputs of the model from pair rows and post rows: people counted once, decayed, best posts."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scoring.core.decay import decay_weight
from scoring.core.params.definition import Family, Params
from scoring.core.trust import UNKNOWN, class_weights, with_unknown

Floats = npt.NDArray[np.float64]
Indexes = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pair rows of a window as arrays of one length N, in any order.

    Attributes
    ----------
    account : ndarray of int
        Index of the account that received the reaction, 0 … A − 1.
    reactor : ndarray of int
        Key of the reactor; the same person has the same key on all rows.
    kind : ndarray of int
        Index into `people_measures(params)`; −1 for kinds that no measure of people counts.
    trust_class : ndarray of int
        Class of the reactor on the day of the row, 0 … 7.
    age_days : ndarray of float
        Days from the row's day to the scored day, ≥ 0.
    """

    account: npt.NDArray[np.integer]
    reactor: npt.NDArray[np.integer]
    kind: npt.NDArray[np.integer]
    trust_class: npt.NDArray[np.integer]
    age_days: npt.NDArray[np.floating]


@dataclass(frozen=True, slots=True)
class PostPeople:
    """Post rows of a window as arrays of one length N, in any order.

    Attributes
    ----------
    account, post : ndarray of int
        Index of the account, 0 … A − 1, and key of its post.
    trust_class : ndarray of int, 0 … 7
    people : ndarray
        Distinct people of that class who acted on the post on that day, ≥ 0.
    age_days : ndarray of float, ≥ 0
    """

    account: npt.NDArray[np.integer]
    post: npt.NDArray[np.integer]
    trust_class: npt.NDArray[np.integer]
    people: npt.NDArray[np.integer]
    age_days: npt.NDArray[np.floating]


def people_measures(params: Params) -> tuple[str, ...]:
    """Return the measures that count people of one kind of reaction, in the order of the model."""
    return tuple(m.name for m in params.measures if m.family is Family.REACTION)


def people(pairs: Pairs, n_accounts: int, params: Params) -> Floats:
    """Return the distinct people of each kind, decayed.

    Each pair of account and reactor counts as max over its rows of 2^(−age / half-life), so that
    one more reaction never lowers it and the same person never counts twice (laws 2 and 10).

    Parameters
    ----------
    pairs : Pairs
    n_accounts : int
        A.
    params : Params

    Returns
    -------
    ndarray, shape (A, J), people ≥ 0
        Columns as `people_measures`; unknown reactors limited by law 12.
    """
    names = people_measures(params)
    kinds = pairs.kind.astype(np.int64)
    _refuse_outside("kind", kinds, -1, len(names) - 1)
    _refuse_outside("account", pairs.account, 0, n_accounts - 1)
    counted = kinds >= 0
    half_life = np.array([_half_life(params, name) for name in names])
    ages = _ages(pairs.age_days)[counted]
    kinds = kinds[counted]
    left = np.exp2(-ages / half_life[kinds])
    group = pairs.account.astype(np.int64)[counted] * len(names) + kinds
    known, unknown = _distinct(
        group,
        pairs.reactor[counted],
        pairs.trust_class[counted] == UNKNOWN,
        left,
        n_accounts * len(names),
    )
    return with_unknown(known, unknown, params).reshape(n_accounts, len(names))


def quality(pairs: Pairs, n_accounts: int, params: Params) -> Floats:
    """Return the sum over distinct reactors of the weight of their class, decayed.

    A reactor counts once over all kinds, as max over the rows of weight · 2^(−age / half-life).

    Returns
    -------
    ndarray, shape (A,), ordinary people ≥ 0
    """
    _refuse_outside("account", pairs.account, 0, n_accounts - 1)
    weights = class_weights(pairs.trust_class, params)
    left = weights * decay_weight(pairs.age_days, _half_life(params, "quality"))
    known, unknown = _distinct(
        pairs.account.astype(np.int64),
        pairs.reactor,
        pairs.trust_class == UNKNOWN,
        left,
        n_accounts,
    )
    return with_unknown(known, unknown, params, unit=params.class_weights[UNKNOWN])


def top_posts(posts: PostPeople, n_accounts: int, params: Params) -> Floats:
    """Return the decayed people-days of each account's best posts.

    A sum over the `params.top_posts_count` best posts of the window: a further post without
    reactions changes nothing, one with reactions can only add (laws 4 and 8). People of unknown
    standing are ranked apart and limited by law 12.

    Returns
    -------
    ndarray, shape (A,), people-days ≥ 0
    """
    _refuse_outside("account", posts.account, 0, n_accounts - 1)
    amounts = np.asarray(posts.people, dtype=np.float64)
    if np.any(~(amounts >= 0)):
        raise ValueError("people of a post must not be negative")
    left = amounts * decay_weight(posts.age_days, _half_life(params, "top_posts"))
    unknown = posts.trust_class == UNKNOWN
    sums = [
        _best(posts.account[rows], posts.post[rows], left[rows], n_accounts, params.top_posts_count)
        for rows in (~unknown, unknown)
    ]
    return with_unknown(sums[0], sums[1], params)


def anonymous_people(count: npt.ArrayLike, audience: npt.ArrayLike, params: Params) -> Floats:
    """Return how many people a decayed count of unnamed reactions is taken for.

    n · (1 − exp(−share · count / n)) with the audience n: the expected number of distinct people
    if share · count acts fall on n people at random (the occupancy problem; Feller, An
    Introduction to Probability Theory, vol. 1, II.11). It rises ever more slowly, is never above
    the audience, and 0 where the audience is 0 or unknown.

    Parameters
    ----------
    count : array_like
        Decayed number of reactions without an author, ≥ 0.
    audience : array_like, same shape
        Followers, ≥ 0.
    params : Params

    Returns
    -------
    ndarray, people, 0 … audience
    """
    counts = np.asarray(count, dtype=np.float64)
    audiences = np.asarray(audience, dtype=np.float64)
    if np.any(~(counts >= 0)) or np.any(~(audiences >= 0)):
        raise ValueError("anonymous counts and audiences must not be negative or NaN")
    acts = params.anonymous_people_per_reaction * counts
    share = np.divide(acts, audiences, out=np.zeros_like(acts), where=audiences > 0)
    result: Floats = audiences * -np.expm1(-share)
    return result


def _distinct(
    group: Indexes,
    reactor: npt.NDArray[np.integer],
    is_unknown: npt.NDArray[np.bool_],
    left: Floats,
    n_groups: int,
) -> tuple[Floats, Floats]:
    """Return per group the sums over reactors of the known part and of what the unknown adds.

    A reactor's known part is the max over its rows of known class; its unknown part is what the max
    over the other rows exceeds that by, so that one person is never two.
    """
    if group.size == 0:
        return np.zeros(n_groups), np.zeros(n_groups)
    order = np.lexsort((reactor, group))
    group, reactor = group[order], reactor[order]
    left, is_unknown = left[order], is_unknown[order]
    first = np.empty(group.size, dtype=np.bool_)
    first[0] = True
    first[1:] = (group[1:] != group[:-1]) | (reactor[1:] != reactor[:-1])
    starts = np.flatnonzero(first)
    known = np.maximum.reduceat(np.where(is_unknown, 0.0, left), starts)
    other = np.maximum.reduceat(np.where(is_unknown, left, 0.0), starts)
    owner = group[starts]
    beyond = np.maximum(other - known, 0.0)
    return _sums(owner, known, n_groups), _sums(owner, beyond, n_groups)


def _best(
    account: npt.NDArray[np.integer],
    post: npt.NDArray[np.integer],
    left: Floats,
    n_accounts: int,
    count: int,
) -> Floats:
    """Return per account the sum of its `count` greatest posts."""
    if account.size == 0:
        return np.zeros(n_accounts)
    # Values inside a post are added in a fixed order: the order of records changes no bit.
    order = np.lexsort((left, post, account))
    account, post, left = account[order].astype(np.int64), post[order], left[order]
    first = np.empty(account.size, dtype=np.bool_)
    first[0] = True
    first[1:] = (account[1:] != account[:-1]) | (post[1:] != post[:-1])
    starts = np.flatnonzero(first)
    owner, totals = account[starts], np.add.reduceat(left, starts)
    ranked = np.lexsort((-totals, owner))
    owner, totals = owner[ranked], totals[ranked]
    place = np.arange(owner.size) - np.searchsorted(owner, owner, side="left")
    best = place < count
    return _sums(owner[best], totals[best], n_accounts)


def _sums(owner: npt.NDArray[np.integer], amounts: Floats, n_owners: int) -> Floats:
    return np.bincount(owner, weights=amounts, minlength=n_owners).astype(np.float64)


def _half_life(params: Params, measure: str) -> float:
    for m in params.measures:
        if m.name == measure and m.half_life_days is not None:
            return m.half_life_days
    raise ValueError(f"{measure} has no half-life in version {params.version}")


def _ages(age_days: npt.ArrayLike) -> Floats:
    ages = np.asarray(age_days, dtype=np.float64)
    if not np.all(np.isfinite(ages)) or np.any(ages < 0):
        raise ValueError("age in days must be finite and not negative")
    return ages


def _refuse_outside(name: str, values: npt.NDArray[np.integer], low: int, high: int) -> None:
    if values.size and (values.min() < low or values.max() > high):
        raise ValueError(f"{name} must be from {low} to {high}")

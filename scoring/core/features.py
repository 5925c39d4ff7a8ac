"""Inputs of the model from pair rows and post rows: people counted once, decayed, best posts."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scoring.core.decay import decay_weight
from scoring.core.integrity import Sums, counted
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
    ring : ndarray of float, optional
        How far the reactor is in a dense reciprocal group of the account, 0 … 1, the same on all
        rows of a pair (core.integrity); None: nobody is.
    server : ndarray of int, optional
        Position of the reactor's server in `quota`, −1 without one; the same on all rows of a
        reactor. None: nobody has one.
    quota : ndarray of float, optional
        How many ordinary people of each server count in full on one account (core.servers).
    """

    account: npt.NDArray[np.integer]
    reactor: npt.NDArray[np.integer]
    kind: npt.NDArray[np.integer]
    trust_class: npt.NDArray[np.integer]
    age_days: npt.NDArray[np.floating]
    ring: Floats | None = None
    server: npt.NDArray[np.integer] | None = None
    quota: Floats | None = None


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
    """Return the distinct people of each kind, decayed, as far as they count.

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
        Columns as `people_measures`; limited by law 12 and the rules of core.integrity.
    """
    return counted(people_sums(pairs, n_accounts, params), params)


def people_sums(pairs: Pairs, n_accounts: int, params: Params) -> Sums:
    """Return the parts of `people`, of shape (A, J)."""
    names = people_measures(params)
    kinds = pairs.kind.astype(np.int64)
    _refuse_outside("kind", kinds, -1, len(names) - 1)
    _refuse_outside("account", pairs.account, 0, n_accounts - 1)
    rows = kinds >= 0
    half_life = np.array([_half_life(params, name) for name in names])
    ages = _ages(pairs.age_days)[rows]
    kinds = kinds[rows]
    left = np.exp2(-ages / half_life[kinds])
    group = pairs.account.astype(np.int64)[rows] * len(names) + kinds
    parts = distinct(group, _picked(pairs, rows), left, n_accounts * len(names), params)
    return Sums(*(part.reshape(n_accounts, len(names)) for part in parts))


def quality(pairs: Pairs, n_accounts: int, params: Params) -> Floats:
    """Return the sum over distinct reactors of the weight of their class, decayed.

    A reactor counts once over all kinds, as max over the rows of weight · 2^(−age / half-life).

    Returns
    -------
    ndarray, shape (A,), ordinary people ≥ 0
        As far as they count, like `people`.
    """
    low, unknown = quality_units(params)
    sums = quality_sums(pairs, n_accounts, params)
    return counted(sums, params, low_unit=low, unknown_unit=unknown)


def quality_units(params: Params) -> tuple[float, float]:
    """Return what one person of low and one of unknown standing weigh in quality."""
    return params.class_weights[params.integrity.low_class], params.class_weights[UNKNOWN]


def quality_sums(pairs: Pairs, n_accounts: int, params: Params) -> Sums:
    """Return the parts of `quality`, of shape (A,)."""
    _refuse_outside("account", pairs.account, 0, n_accounts - 1)
    weights = class_weights(pairs.trust_class, params)
    left = weights * decay_weight(pairs.age_days, _half_life(params, "quality"))
    group = pairs.account.astype(np.int64)
    return Sums(*distinct(group, pairs, left, n_accounts, params))


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
        Followers, or who stands for them (`anonymous_audience`), ≥ 0.
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


def anonymous_audience(
    followers: npt.ArrayLike, untold: npt.ArrayLike, people: npt.ArrayLike
) -> Floats:
    """Return the audience among whom unnamed reactions fall.

    The followers; where a network knows no such thing (Hacker News, Stack Exchange) the people whom
    it names: of the kind in which most of them reacted. Those were there, and nobody else is known
    to have been, so voters whom nobody sees are never more than people who can be seen.

    Parameters
    ----------
    followers : array_like, shape (U,)
        Followers, ≥ 0.
    untold : array_like of bool, shape (U,)
        True where the network tells of no followers.
    people : array_like, shape (U, J)
        People, decayed, for each of J kinds of reaction, ≥ 0.

    Returns
    -------
    ndarray, people, shape (U,), ≥ 0; never less with more of any of the people
    """
    most = np.asarray(people, dtype=np.float64).max(axis=1, initial=0.0)
    return np.where(np.asarray(untold, dtype=np.bool_), most, np.asarray(followers, np.float64))


def distinct(
    group: Indexes, pairs: Pairs, left: Floats, n_groups: int, params: Params
) -> tuple[Floats, ...]:
    """Return per group the parts of Sums: high, low, both in rings, unknown, excess of servers.

    A reactor's high part is the max over its rows above the low classes; its low part is what the
    max over rows of low class exceeds that by, and its unknown part what the rest exceeds both by,
    so that one person is never two.
    """
    if group.size == 0:
        none = np.zeros(n_groups)
        return none, none, none, none, none, none
    order = np.lexsort((pairs.reactor, group))
    group, reactor, left = group[order], pairs.reactor[order], left[order]
    classes = pairs.trust_class[order]
    first = np.empty(group.size, dtype=np.bool_)
    first[0] = True
    first[1:] = (group[1:] != group[:-1]) | (reactor[1:] != reactor[:-1])
    starts = np.flatnonzero(first)
    owner = group[starts]
    is_high = classes > params.integrity.low_class
    high = np.maximum.reduceat(np.where(is_high, left, 0.0), starts)
    known = np.maximum.reduceat(np.where(classes != UNKNOWN, left, 0.0), starts)
    # Unknown rows may weigh more than known ones only by being younger.
    beyond = np.maximum(np.maximum.reduceat(left, starts) - known, 0.0)
    low = np.maximum(known - high, 0.0)
    outside = 1.0 if pairs.ring is None else 1.0 - pairs.ring[order][starts]
    sums = [
        _sums(owner, part, n_groups)
        for part in (high * outside, low * outside, high - high * outside, low - low * outside)
    ]
    excess = np.zeros(n_groups)
    if pairs.server is not None and pairs.quota is not None:
        lives_on = pairs.server[order][starts].astype(np.int64)
        excess = _excess(owner, lives_on, high + low, pairs.quota, n_groups)
    return *sums, _sums(owner, beyond, n_groups), excess


def _excess(
    owner: Indexes, server: Indexes, amounts: Floats, quota: Floats, n_groups: int
) -> Floats:
    """Return per group what the reactors of each server come to beyond its quota, summed."""
    rows = server >= 0
    keys, place = np.unique(owner[rows] * quota.size + server[rows], return_inverse=True)
    together = np.bincount(place.reshape(-1), weights=amounts[rows], minlength=keys.size)
    over = np.maximum(together - quota[keys % max(quota.size, 1)], 0.0)
    return _sums(keys // max(quota.size, 1), over, n_groups)


def _picked(pairs: Pairs, rows: npt.NDArray[np.bool_]) -> Pairs:
    return Pairs(
        pairs.account[rows],
        pairs.reactor[rows],
        pairs.kind[rows],
        pairs.trust_class[rows],
        pairs.age_days[rows],
        None if pairs.ring is None else pairs.ring[rows],
        None if pairs.server is None else pairs.server[rows],
        pairs.quota,
    )


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

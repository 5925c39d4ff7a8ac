"""The inputs of the model on a day, and what they would be without each discount."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from scoring.audience import Counts
from scoring.core import features, integrity, moments
from scoring.core.features import Pairs, PostPeople
from scoring.core.integrity import DiscountKind, Sums
from scoring.core.model import Model
from scoring.core.params import Params
from scoring.loading import Bools, Floats, Integers, Population


@dataclass(frozen=True, slots=True)
class Measured:
    """What was counted on a day, before discounts; A accounts, J kinds of reaction."""

    people: Sums  # (A, J)
    quality: Sums  # (A,)
    top_posts: Floats  # (A,)
    followers: Counts
    lists: Counts


@dataclass(frozen=True, slots=True)
class Free:
    """Accounts that a kind of discount does not touch, because it was lifted; each (A,)."""

    reciprocity: Bools
    small_accounts: Bools
    follower_step: Bools
    held_count: Bools


@dataclass(frozen=True, slots=True)
class Discounted:
    """One account's discount of a day."""

    # Position among the accounts.
    account: int
    kind: DiscountKind
    # By how much the person's score is lower than without it, ≥ 0.
    points: float
    # Numbers for the sentence that tells it.
    reason: Mapping[str, float | str]


def measured(
    pairs: Pairs, posts: PostPeople, followers: Counts, lists: Counts, params: Params
) -> Measured:
    """Return what the rows of a window and the networks' counts come to."""
    n_accounts = followers.level.size
    return Measured(
        features.people_sums(pairs, n_accounts, params),
        features.quality_sums(pairs, n_accounts, params),
        features.top_posts(posts, n_accounts, params),
        followers,
        lists,
    )


def added_up(parts: Sequence[Measured]) -> Measured:
    """Return what several parts of the people come to; each is 0 for all accounts but its own."""
    first, *others = parts
    people, quality, top_posts = first.people, first.quality, first.top_posts
    for part in others:
        people, quality = people + part.people, quality + part.quality
        top_posts = top_posts + part.top_posts
    return replace(first, people=people, quality=quality, top_posts=top_posts)


def nobody_free(n_accounts: int) -> Free:
    """Return that every discount is made."""
    none = np.zeros(n_accounts, dtype=np.bool_)
    return Free(none, none, none, none)


def inputs(of: Measured, free: Free, model: Model) -> Floats:
    """Return the inputs of the model, (A, K)."""
    params = model.params
    low, unknown = features.quality_units(params)
    ring, small = free.reciprocity, free.small_accounts
    people = integrity.counted(
        of.people, params, ring_free=ring[:, np.newaxis], low_free=small[:, np.newaxis]
    )
    quality = integrity.counted(
        of.quality, params, low_unit=low, unknown_unit=unknown, ring_free=ring, low_free=small
    )
    vouched = integrity.vouched_followers(quality, params.integrity)
    columns = dict(zip(features.people_measures(params), people.T, strict=True))
    columns["quality"] = quality
    columns["top_posts"] = np.minimum(of.top_posts, integrity.best_posts_limit(people, params))
    columns["followers"] = _followers(of.followers, vouched, free, params)
    columns["lists"] = _held(of.lists, np.zeros_like(vouched), free, params)[0]
    # No network in the registry tells counts without names yet.
    columns["anonymous"] = np.zeros(quality.size)
    x: Floats = np.column_stack([columns[name] for name in model.measures])
    return x.reshape(quality.size, len(model.measures))


def _held(counts: Counts, vouched: Floats, free: Free, params: Params) -> tuple[Floats, Bools]:
    """Return the counts that are believed, and where the day's own was held."""
    level, held = integrity.plausible(
        counts.level, counts.yesterday, counts.day_before, vouched, params.integrity
    )
    level = np.where(free.held_count, counts.level, level)
    # A number below 0 that got in must not stop the day for everybody.
    return np.clip(level, 0.0, params.max_count), held


def _followers(counts: Counts, vouched: Floats, free: Free, params: Params) -> Floats:
    level, _ = _held(counts, vouched, free, params)
    limited = integrity.without_steps(
        level, counts.earlier, counts.ages_days, vouched, params.integrity
    )
    counted: Floats = np.where(free.follower_step, level, limited)
    return counted


# --- What the discounts cost --------------------------------------------------------------------
def discounts(
    of: Measured, free: Free, x: Floats, model: Model, people: Population
) -> list[Discounted]:
    """Return the discounts of the day that cost at least `least_points`, and all held counts."""
    everybody = np.ones(x.shape[0], dtype=np.bool_)
    found = []
    for kind in DiscountKind:
        lifted = inputs(of, replace(free, **{kind.value: everybody}), model)
        touched = (lifted != x).any(axis=1)
        if kind is DiscountKind.HELD_COUNT:
            # Tells the operator of a misreading even where it costs nothing.
            touched |= of.followers.refused | of.lists.refused
        accounts = np.flatnonzero(touched)
        points = _cost(accounts, x, lifted, model, people)
        keep = points >= model.params.integrity.least_points
        if kind is DiscountKind.HELD_COUNT:
            keep[:] = True
        found += [
            Discounted(account, kind, cost, _reason(kind, account, of, x, model))
            for account, cost in zip(accounts[keep].tolist(), points[keep].tolist(), strict=True)
        ]
    return found


def _cost(
    accounts: Integers,
    x: Floats,
    lifted: Floats,
    model: Model,
    people: Population,
) -> Floats:
    """Return by how many points the inputs of these accounts would raise their people."""
    if not accounts.size:
        return np.zeros(0)
    persons = np.unique(people.person_index[accounts])
    # With the other accounts of the same people: masses add up.
    rows = np.flatnonzero(np.isin(people.person_index, persons))
    index = np.searchsorted(persons, people.person_index[rows])
    networks = [people.networks[row] for row in rows.tolist()]
    actual, without = (
        model.evaluate(
            table[rows], index, persons.size, unknown=people.unknown[rows], networks=networks
        )
        for table in (x, lifted)
    )
    points = moments.gains(model, without, actual, index)
    found: Floats = points[np.searchsorted(rows, accounts)]
    return found


def _reason(
    kind: DiscountKind, account: int, of: Measured, x: Floats, model: Model
) -> dict[str, float | str]:
    """Return the numbers behind a discount: decayed people, or counts; of nobody else by name."""
    people = of.people
    if kind is DiscountKind.RECIPROCITY:
        inside, outside = people.ring_high + people.ring_low, people.high + people.low
        return {"inside": _most(inside[account]), "outside": _most(outside[account])}
    if kind is DiscountKind.SMALL_ACCOUNTS:
        low, high = people.low + people.ring_low, people.high + people.ring_high
        return {"small": _most(low[account]), "others": _most(high[account])}
    measure, counts = "followers", of.followers
    if kind is DiscountKind.HELD_COUNT and _is_lists(account, of, x, model):
        measure, counts = "lists", of.lists
    return {
        "measure": measure,
        "read": float(counts.level[account]),
        "counted": float(np.floor(x[account, model.measures.index(measure)])),
    }


def _is_lists(account: int, of: Measured, x: Floats, model: Model) -> bool:
    """Return whether the reading that was held is that of the lists."""
    used = x[account, model.measures.index("lists")]
    return bool(of.lists.refused[account] or used != of.lists.level[account])


def _most(kinds: Floats) -> float:
    """Return the largest of the kinds' sums, to a tenth."""
    return round(float(kinds.max(initial=0.0)), 1)

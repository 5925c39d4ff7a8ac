"""The inputs of the model on a day, and what they would be without each discount."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from scoring.anonymous import AnonymousSums, half_life_days
from scoring.audience import Counts
from scoring.core import features, integrity, moments
from scoring.core.decay import decay_weight
from scoring.core.features import Pairs, PostPeople
from scoring.core.integrity import DiscountKind, Sums
from scoring.core.model import Model
from scoring.core.params import Params
from scoring.loading import Bools, Floats, Integers
from scoring.units import Units


@dataclass(frozen=True, slots=True)
class Measured:
    """What was counted on a day, before discounts; U units of A accounts, J kinds of reaction."""

    units: Units
    people: Sums  # (U, J)
    quality: Sums  # (U,)
    top_posts: Floats  # (U,)
    followers: Counts  # of A accounts
    lists: Counts  # of A accounts
    anonymous: AnonymousSums  # of A accounts


@dataclass(frozen=True, slots=True)
class Free:
    """Units that a kind of discount does not touch, because it was lifted; each (U,)."""

    reciprocity: Bools
    small_accounts: Bools
    follower_step: Bools
    held_count: Bools
    server: Bools
    plus_k: Bools


@dataclass(frozen=True, slots=True)
class Discounted:
    """One unit's discount of a day."""

    # Position of the unit's first account among the accounts.
    account: int
    kind: DiscountKind
    # By how much the person's score is lower than without it, ≥ 0.
    points: float
    # Numbers for the sentence that tells it.
    reason: Mapping[str, float | str]


def measured(
    pairs: Pairs,
    posts: PostPeople,
    followers: Counts,
    lists: Counts,
    anonymous: AnonymousSums,
    units: Units,
    params: Params,
) -> Measured:
    """Return what the rows of a window, by unit, and the networks' counts come to."""
    return Measured(
        units,
        features.people_sums(pairs, units.count, params),
        features.quality_sums(pairs, units.count, params),
        features.top_posts(posts, units.count, params),
        followers,
        lists,
        anonymous,
    )


def added_up(parts: Sequence[Measured]) -> Measured:
    """Return what several parts of the people come to; each is 0 for all accounts but its own."""
    first, *others = parts
    people, quality, top_posts = first.people, first.quality, first.top_posts
    for part in others:
        people, quality = people + part.people, quality + part.quality
        top_posts = top_posts + part.top_posts
    return replace(first, people=people, quality=quality, top_posts=top_posts)


def nobody_free(n_units: int) -> Free:
    """Return that every discount is made."""
    none = np.zeros(n_units, dtype=np.bool_)
    return Free(none, none, none, none, none, none)


def inputs(of: Measured, free: Free, model: Model) -> Floats:
    """Return the inputs of the model, (U, K)."""
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
    # Each account by itself is believed or not; then the strongest counts.
    units, owner = of.units, of.units.of_account
    followers = _followers(of.followers, vouched[owner], free, owner, params)
    columns["followers"] = units.strongest(followers)
    lists, _ = _held(of.lists, np.zeros(owner.size), free, owner, params)
    columns["lists"] = units.strongest(lists)
    # Whoever acts without a name is one of those who follow: they are no more people than these.
    unnamed = units.total(_unnamed(of.anonymous, vouched[owner], free, owner, params))
    untold = units.unknown[:, model.measures.index("followers")]
    audience = features.anonymous_audience(columns["followers"], untold, people)
    columns["anonymous"] = features.anonymous_people(unnamed, audience, params)
    x: Floats = np.column_stack([columns[name] for name in model.measures])
    return x.reshape(quality.size, len(model.measures))


def _held(
    counts: Counts, vouched: Floats, free: Free, owner: Integers, params: Params
) -> tuple[Floats, Bools]:
    """Return the counts that are believed, and where the day's own was held; each (A,)."""
    level, held = integrity.plausible(
        counts.level, counts.yesterday, counts.day_before, vouched, params.integrity
    )
    level = np.where(free.held_count[owner], counts.level, level)
    # A number below 0 that got in must not stop the day for everybody.
    return np.clip(level, 0.0, params.max_count), held


def _unnamed(
    sums: AnonymousSums, vouched: Floats, free: Free, owner: Integers, params: Params
) -> Floats:
    """Return the reactions without names that are believed, decayed, (A,).

    A hundredfold in a day that no named reactions go with is held for a day, like a misread count.
    """
    _, held = integrity.plausible(
        sums.level, sums.yesterday, sums.day_before, vouched, params.integrity
    )
    faded = sums.yesterday * decay_weight(1.0, half_life_days(params))
    return np.where(held & ~free.held_count[owner], np.minimum(faded, sums.level), sums.level)


def _followers(
    counts: Counts, vouched: Floats, free: Free, owner: Integers, params: Params
) -> Floats:
    level, _ = _held(counts, vouched, free, owner, params)
    limited = integrity.without_steps(
        level, counts.earlier, counts.ages_days, vouched, params.integrity
    )
    counted: Floats = np.where(free.follower_step[owner], level, limited)
    return counted


# --- What the discounts cost --------------------------------------------------------------------
def discounts(
    of: Measured,
    free: Free,
    x: Floats,
    model: Model,
    most: Floats | None = None,
    plus_k: Floats | None = None,
) -> list[Discounted]:
    """Return the discounts of the day that cost at least `least_points`, and all held counts.

    `most` is the mass up to which each unit counts, because of its server; `plus_k` the points of
    +K of each sum. What of +K was not counted is told by scoring.plus_k.
    """
    everybody = np.ones(x.shape[0], dtype=np.bool_)
    found = []
    for kind in DiscountKind:
        lifted = inputs(of, replace(free, **{kind.value: everybody}), model)
        touched = (lifted != x).any(axis=1)
        most_lifted = most
        if kind is DiscountKind.SERVER:
            most_lifted, touched = None, np.isfinite(most) if most is not None else ~everybody
        if kind is DiscountKind.HELD_COUNT:
            # Tells the operator of a misreading even where it costs nothing.
            touched |= of.units.any(of.followers.refused | of.lists.refused)
        found_in = np.flatnonzero(touched)
        points = _cost(found_in, (x, most), (lifted, most_lifted), model, of.units, plus_k)
        keep = points >= model.params.integrity.least_points
        if kind is DiscountKind.HELD_COUNT:
            keep[:] = True
        found += [
            Discounted(
                int(of.units.first[unit]), kind, cost, _reason(kind, unit, of, x, model, most)
            )
            for unit, cost in zip(found_in[keep].tolist(), points[keep].tolist(), strict=True)
        ]
    return found


def _cost(
    touched: Integers,
    actual: tuple[Floats, Floats | None],
    lifted: tuple[Floats, Floats | None],
    model: Model,
    units: Units,
    plus_k: Floats | None,
) -> Floats:
    """Return by how many points other inputs and limits of these units would raise their sums."""
    if not touched.size:
        return np.zeros(0)
    sums = np.unique(units.target[touched])
    # With the other units of the same people: masses add up.
    rows = np.flatnonzero(np.isin(units.target, sums))
    index = np.searchsorted(sums, units.target[rows])
    networks = [units.networks[row] for row in rows.tolist()]
    by_rule, without = (
        model.evaluate(
            x[rows],
            index,
            sums.size,
            unknown=units.unknown[rows],
            networks=networks,
            most_mass=None if most is None else most[rows],
            plus_k=None if plus_k is None else plus_k[sums],
        )
        for x, most in (actual, lifted)
    )
    points = moments.gains(model, without, by_rule, index)
    found: Floats = points[np.searchsorted(rows, touched)]
    return found


def _reason(
    kind: DiscountKind, unit: int, of: Measured, x: Floats, model: Model, most: Floats | None
) -> dict[str, float | str]:
    """Return the numbers behind a discount: decayed people, or counts; of nobody else by name."""
    people = of.people
    if kind is DiscountKind.RECIPROCITY:
        inside, outside = people.ring_high + people.ring_low, people.high + people.low
        return {"inside": _most(inside[unit]), "outside": _most(outside[unit])}
    if kind is DiscountKind.SMALL_ACCOUNTS:
        low, high = people.low + people.ring_low, people.high + people.ring_high
        return {"small": _most(low[unit]), "others": _most(high[unit])}
    if kind is DiscountKind.SERVER and most is not None:
        return {"score": round(float(model.score(most[unit])), 1)}
    measure, counts = "followers", of.followers
    if kind is DiscountKind.HELD_COUNT:
        if _is_lists(unit, of, x, model):
            measure, counts = "lists", of.lists
        elif _is_anonymous(unit, of, x, model):
            return _held_sums(unit, of, model)
    return {
        "measure": measure,
        "read": float(counts.level[list(of.units.accounts_of(unit))].max()),
        "counted": float(np.floor(x[unit, model.measures.index(measure)])),
    }


def _is_lists(unit: int, of: Measured, x: Floats, model: Model) -> bool:
    """Return whether the reading that was held is that of the lists."""
    used = x[unit, model.measures.index("lists")]
    accounts = list(of.units.accounts_of(unit))
    return bool(of.lists.refused[accounts].any() or used != of.lists.level[accounts].max())


def _is_anonymous(unit: int, of: Measured, x: Floats, model: Model) -> bool:
    """Return whether what was held are reactions without names."""
    level = of.anonymous.level[list(of.units.accounts_of(unit))].sum()
    kinds = [model.measures.index(name) for name in features.people_measures(model.params)]
    followers = model.measures.index("followers")
    untold = of.units.unknown[[unit], followers]
    audience = features.anonymous_audience(x[[unit], followers], untold, x[[unit]][:, kinds])
    read = features.anonymous_people(level, audience[0], model.params)
    return bool(read != x[unit, model.measures.index("anonymous")])


def _held_sums(unit: int, of: Measured, model: Model) -> dict[str, float | str]:
    accounts = list(of.units.accounts_of(unit))
    before = of.anonymous.yesterday[accounts].sum()
    return {
        "measure": "anonymous",
        "read": float(np.floor(of.anonymous.level[accounts].sum())),
        "counted": float(np.floor(before * decay_weight(1.0, half_life_days(model.params)))),
    }


def _most(kinds: Floats) -> float:
    """Return the largest of the kinds' sums, to a tenth."""
    return round(float(kinds.max(initial=0.0)), 1)

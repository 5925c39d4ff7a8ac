"""What is not counted in full: dense reciprocal groups, crowds of low standing, steps, misreadings.

Every rule limits what more of something may add; none takes anything away. So one more reaction
received, or one more follower, never lowers what counts (law 2), and yet a ring, a fleet or bought
followers are worth little.
"""

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from scoring.core.params.definition import Integrity, Params

Floats = npt.NDArray[np.float64]
Indexes = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

# Partners looked at in one piece: bounds the memory to some tens of MiB.
CHUNK = 1_000_000


class DiscountKind(StrEnum):
    """What is not counted in full."""

    # Reactions returned inside a dense reciprocal group.
    RECIPROCITY = "reciprocity"
    # Reactors of low standing beyond those who go with the others: fleets, bursts.
    SMALL_ACCOUNTS = "small_accounts"
    # Followers who came at once and whom no reactions follow.
    FOLLOWER_STEP = "follower_step"
    # A count that cannot be true, or moved a hundredfold in a day.
    HELD_COUNT = "held_count"
    # What a server that anyone can run says of its own account, beyond the server's standing.
    SERVER = "server"
    # +K that was given back, or inside a dense reciprocal group, and that of very small accounts.
    PLUS_K = "plus_k"


@dataclass(frozen=True, slots=True)
class Sums:
    """Decayed sums over distinct reactors, in parts; arrays of one shape, ≥ 0.

    Attributes
    ----------
    high, low : ndarray
        Reactors of known standing outside the account's own dense groups: above
        `Integrity.low_class`, and up to it.
    ring_high, ring_low : ndarray
        The same of those inside.
    unknown : ndarray
        Reactors of class 0.
    excess : ndarray
        What of all but the unknown is beyond the quotas of the reactors' servers (core.servers).
    """

    high: Floats
    low: Floats
    ring_high: Floats
    ring_low: Floats
    unknown: Floats
    excess: Floats = field(default_factory=lambda: np.zeros(()))

    def __add__(self, other: "Sums") -> "Sums":
        """Return both sets of reactors together; nobody may be in both."""
        return Sums(
            self.high + other.high,
            self.low + other.low,
            self.ring_high + other.ring_high,
            self.ring_low + other.ring_low,
            self.unknown + other.unknown,
            self.excess + other.excess,
        )


# --- Reciprocal groups --------------------------------------------------------------------------
def ring_membership(source: Indexes, target: Indexes, n_people: int, rules: Integrity) -> Floats:
    """Return how far each act is one inside a dense reciprocal group of its target, 0 … 1.

    Parameters
    ----------
    source, target : ndarray of int, shape (E,)
        Who acted on whom, persons 0 … P − 1, each pair once, none on themselves, in the order of
        source · P + target.
    n_people : int
        P.
    rules : Integrity

    Returns
    -------
    ndarray, shape (E,)
        0 where the target never acted on the source. Else by the common partners c of the two,
        people on whom the target acts and with whom the source has acts both ways, and by their
        share of the smaller of the two circles: the product of two ramps.

    Notes
    -----
    c is the support of the edge in the reciprocal graph, the number of its triangles (Cohen,
    Trusses, 2008), and its share the local clustering (Watts and Strogatz, Nature 393, 1998) as
    an overlap coefficient. Of the target only its *own* acts are looked at, and of the source its
    acts both ways with others than the target: nothing that the target receives changes it, so
    that a reaction more never turns others into a ring (law 2).

    The time is the sum over reciprocal pairs of the smaller of the two circles, O(E^1.5) at worst
    and near-linear in sparse graphs (Chiba and Nishizeki, SIAM J. Comput. 14, 1985).
    """
    result = np.zeros(source.size)
    if not source.size:
        return result
    keys = source * n_people + target
    mutual = holds(keys, target * n_people + source)
    out_count = np.bincount(source, minlength=n_people)
    both_count = np.bincount(source[mutual], minlength=n_people)
    # All that two circles can have in common, the two themselves left out.
    most = np.minimum(out_count[target], both_count[source]) - 1
    asked = np.flatnonzero(mutual & (most > rules.ring_partners[0]))
    if not asked.size:
        return result
    out_starts = np.searchsorted(source, np.arange(n_people + 1))
    both_keys = keys[mutual]
    both_target = target[mutual]
    both_starts = np.searchsorted(source[mutual], np.arange(n_people + 1))
    common = np.zeros(asked.size, dtype=np.int64)
    by_both = both_count[source[asked]] <= out_count[target[asked]]
    common[by_both] = _common(
        source[asked[by_both]], target[asked[by_both]], both_starts, both_target, keys, n_people
    )
    common[~by_both] = _common(
        target[asked[~by_both]], source[asked[~by_both]], out_starts, target, both_keys, n_people
    )
    partners = _ramp(common.astype(np.float64), *rules.ring_partners)
    result[asked] = partners * _ramp(common / most[asked], *rules.ring_density)
    return result


def membership_of(
    reactor: Indexes, account_person: Indexes, keys: Indexes, membership: Floats, n_people: int
) -> Floats:
    """Return the membership of each pair row; 0 for reactors who are not scored (−1).

    `keys` are source · P + target of the acts that `membership` belongs to, ascending.
    """
    if not keys.size:
        return np.zeros(reactor.size)
    wanted = reactor * n_people + account_person
    place = np.minimum(np.searchsorted(keys, wanted), keys.size - 1)
    return np.where((reactor >= 0) & (keys[place] == wanted), membership[place], 0.0)


def holds(ordered: Indexes, wanted: Indexes) -> Bools:
    """Return which of the wanted numbers are in the ascending, not empty array."""
    if not ordered.size:
        return np.zeros(wanted.shape, dtype=np.bool_)
    place = np.minimum(np.searchsorted(ordered, wanted), ordered.size - 1)
    found: Bools = ordered[place] == wanted
    return found


def _common(
    walked: Indexes,
    other: Indexes,
    starts: Indexes,
    neighbours: Indexes,
    keys: Indexes,
    n_people: int,
) -> Indexes:
    """Return how many neighbours of each `walked` person are, with `other`, among the keys."""
    counts = np.zeros(walked.size, dtype=np.int64)
    degrees = starts[walked + 1] - starts[walked]
    ends = np.cumsum(degrees)
    begin = 0
    while begin < walked.size:
        done = ends[begin - 1] if begin else 0
        end = max(int(np.searchsorted(ends, done + CHUNK, side="right")), begin + 1)
        size = degrees[begin:end]
        pair = np.repeat(np.arange(end - begin), size)
        offset = np.arange(pair.size) - np.repeat(np.cumsum(size) - size, size)
        third = neighbours[starts[walked[begin:end]][pair] + offset]
        found = holds(keys, other[begin:end][pair] * n_people + third)
        counts[begin:end] = np.bincount(pair[found], minlength=end - begin)
        begin = end
    return counts


def _ramp(value: Floats, none_until: float, whole_from: float) -> Floats:
    ramp: Floats = np.clip((value - none_until) / (whole_from - none_until), 0.0, 1.0)
    return ramp


# --- Sums that count ----------------------------------------------------------------------------
def counted(
    sums: Sums,
    params: Params,
    *,
    low_unit: float = 1.0,
    unknown_unit: float = 1.0,
    ring_free: Bools | None = None,
    low_free: Bools | None = None,
) -> Floats:
    """Return what the reactors come to, in the unit of the sums, ≥ 0, of the same shape.

    Parameters
    ----------
    sums : Sums
    params : Params
    low_unit, unknown_unit : float
        What one person of low and of unknown standing weighs in these sums (1 for people, their
        class weights for quality).
    ring_free, low_free : ndarray of bool, broadcast to the shape, optional
        Where the rule for groups or for low standing does not apply (a discount was lifted).

    Notes
    -----
    Known reactors are limited by three rules, of which the strictest counts: those of low standing
    to share · higher + people, those inside rings to share · outside + people, above which each
    has the weight `ring_floor`, and those of a server that anyone can run to the server's quota.
    Then the unknown, and who is beyond a quota, are limited by the known (law 12). Each rule rises
    with everything that it takes, and a reactor who moves up in standing counts no less than
    before; without a rule there is never less than with it.
    """
    known = known_counted(sums, params, low_unit=low_unit, ring_free=ring_free, low_free=low_free)
    limit = params.unknown_share * known + params.unknown_people * unknown_unit
    return known + np.minimum(sums.unknown + sums.excess, limit)


def known_counted(
    sums: Sums,
    params: Params,
    *,
    low_unit: float = 1.0,
    ring_free: Bools | None = None,
    low_free: Bools | None = None,
) -> Floats:
    """Return what the reactors of known standing come to; see `counted`."""
    rules = params.integrity
    inside, outside = sums.ring_high + sums.ring_low, sums.high + sums.low
    few = np.minimum(inside, rules.ring_share * outside + rules.ring_people)
    by_ring = outside + few + rules.ring_floor * (inside - few)
    higher, low = sums.high + sums.ring_high, sums.low + sums.ring_low
    by_standing = higher + np.minimum(low, rules.low_share * higher + rules.low_people * low_unit)
    everybody = inside + outside
    known = np.minimum(
        by_ring if ring_free is None else np.where(ring_free, everybody, by_ring),
        by_standing if low_free is None else np.where(low_free, everybody, by_standing),
    )
    found: Floats = np.minimum(known, everybody - sums.excess)
    return found


def best_posts_limit(people: Floats, params: Params) -> Floats:
    """Return how many people-days the best posts can have at most, shape (A,).

    Everybody who counts on each of the best posts in every way: `people` of shape (A, J).
    """
    limit: Floats = params.top_posts_count * people.sum(axis=1)
    return limit


# --- Audience -----------------------------------------------------------------------------------
def plausible(
    level: Floats, yesterday: Floats, day_before: Floats, vouched: Floats, rules: Integrity
) -> tuple[Floats, Bools]:
    """Return the counts to go on with, and where a reading was held for a day.

    A count a hundred times above or below both days before it is taken as a wrong reading and
    replaced by yesterday's; if the network says the same tomorrow, it is believed.

    Parameters
    ----------
    level, yesterday, day_before : ndarray, shape (A,)
        Counts of three days, ≥ 0.
    vouched : ndarray, shape (A,)
        What reactions vouch for; a count up to it is never held.
    rules : Integrity
    """
    now = level + rules.held_people
    far = np.ones(level.shape, dtype=np.bool_)
    for before in (yesterday + rules.held_people, day_before + rules.held_people):
        far &= (now > rules.held_factor * before) | (before > rules.held_factor * now)
    held = far & ~((level > yesterday) & (level <= vouched))
    return np.where(held, yesterday, level), held


def vouched_followers(quality: Floats, rules: Integrity) -> Floats:
    """Return how many followers the reactions (in ordinary people) vouch for."""
    vouched: Floats = rules.followers_per_reactor * quality
    return vouched


def without_steps(
    level: Floats, earlier: Floats, ages_days: Floats, vouched: Floats, rules: Integrity
) -> Floats:
    """Return the audience that counts: steps that bring no reactions only little by little.

    Parameters
    ----------
    level : ndarray, shape (A,)
        Followers of the day, ≥ 0.
    earlier : ndarray, shape (A, J)
        Followers of earlier days, NaN where unknown.
    ages_days : ndarray, shape (J,)
        How long ago these days are, 1 … step_days − 1.
    vouched : ndarray, shape (A,)
        Followers for whom the reactions vouch: up to them every step counts at once.
    rules : Integrity

    Returns
    -------
    ndarray, shape (A,), 0 … level
        min(level, max(vouched, ceiling)). The ceiling is the least over the earlier days of
        (factor · earlier + people) · D / (D − age): a lower envelope of the history that lets usual
        growth pass, holds a step at what was there before and lets it in over D days. It rises with
        each of the counts, so that more audience never lowers what counts (law 2).
    """
    if not earlier.size:
        return level
    room = rules.step_days / (rules.step_days - ages_days)
    ceilings = (rules.step_factor * earlier + rules.step_people) * room
    ceiling = np.where(np.isnan(ceilings), np.inf, ceilings).min(axis=1)
    result: Floats = np.minimum(level, np.maximum(ceiling, vouched))
    return result

"""When posts move most people: the rhythm of one's own audience over the week."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Indexes = npt.NDArray[np.int64]

BUCKET_SECONDS = 900
DAY_BUCKETS = 96
WEEK_BUCKETS = 7 * DAY_BUCKETS

# Reactions of the first 24 hours of the posts of eight weeks: as in Spasojevic et al.,
# "When-To-Post on Social Networks" (KDD 2015, arXiv:1506.02089), whose buckets these are too.
WINDOW_DAYS = 56
# A rhythm is told from so many reactions to so many posts on.
LEAST_REACTIONS = 100
LEAST_POSTS = 10
# One post counts as at most so many reactions, and a quarter of an hour of it as at most one and
# three deviations above what the delay curve expects: a viral evening is no rhythm.
MOST_OF_A_POST = 50.0
MOST_DEVIATIONS = 3.0
# Neighbouring quarters of an hour within the hour before and after count too, less and less.
_KERNEL = np.array([0.2, 0.4, 0.6, 0.8, 1.0, 0.8, 0.6, 0.4, 0.2])
# Each quarter of the day is as if twenty expected reactions had come as usual, and each quarter of
# the week as if twenty had come as on that time of other days: three reactions more move it by
# a seventh.
PRIOR_REACTIONS = 20.0
# The declared delay curve counts as so many reactions beside the account's own.
PRIOR_DELAYS = 200.0
# 80 % of a normal distribution lie within 1.2816 standard deviations: one side is 90 % sure.
DEVIATIONS = 1.2816
MOST_BEST = 3
# Best times are at least so far apart.
APART_BUCKETS = 8


@dataclass(frozen=True, slots=True)
class Slot:
    """A quarter of an hour of the week, in local time."""

    # 0 Monday … 6 Sunday, and minutes since midnight.
    weekday: int
    minute: int
    # Reactions of the first day, relative to a post at no particular time: 0.1 is a tenth more.
    lift: float
    # With 90 % certainty at least this.
    at_least: float


@dataclass(frozen=True, slots=True)
class Timing:
    """The rhythm of an audience; `lift` is empty where there is too little to tell one."""

    reactions: int
    posts: int
    # (672,) from Monday 0:00 local time: reactions of the first day to a post made then, relative
    # to one at no particular time.
    lift: Floats
    # Surely better times, best first; empty where none is.
    best: tuple[Slot, ...]
    # Median delay of the reactions of the first day, in minutes.
    median_delay_minutes: float

    @property
    def enough(self) -> bool:
        """Whether there is enough to tell a rhythm."""
        return bool(self.lift.size)

    def by_hour(self) -> Floats:
        """Return the lift of each hour of the week, shape (7, 24); needs `enough`."""
        hours: Floats = self.lift.reshape(7, 24, 4).mean(axis=2)
        return hours


def timing(
    posted_at: npt.ArrayLike, counts: npt.ArrayLike, zone: ZoneInfo, declared: npt.ArrayLike
) -> Timing:
    """Return when posts move most people.

    Parameters
    ----------
    posted_at : array_like of int, shape (P,)
        When each post was made, in seconds since 1970 (UTC).
    counts : array_like, shape (P, 96)
        People who reacted to each post in each quarter of an hour after it, each once, dated by
        the network; ≥ 0. Posts younger than a day do not belong here.
    zone : ZoneInfo
        In whose local time the week is told; changes of the clock are followed.
    declared : array_like, shape (96,)
        Usual share of a post's reactions of the first day in each quarter of an hour after it.

    Notes
    -----
    The week's activity: a bucket's reactions, over those that its posts would have had there by the
    delay curve alone. Both are Poisson sums, so the ratio is a gamma posterior with the prior of
    the same time of day on all days, and that with the prior of no rhythm. A post at a time gets
    the activity of the 24 hours after it, weighed by the delay curve; the curve is the account's
    own, drawn towards the declared one. Only the times within a post's own day are compared, so
    what a post was about says nothing here.
    """
    times = np.asarray(posted_at, dtype=np.int64)
    came = np.asarray(counts, dtype=np.float64).reshape(times.size, DAY_BUCKETS)
    usual = np.asarray(declared, dtype=np.float64)
    if np.any(~(came >= 0)):
        raise ValueError("counts of reactions must not be negative or NaN")
    if usual.shape != (DAY_BUCKETS,) or np.any(~(usual >= 0)) or not 0.99 < usual.sum() < 1.01:
        raise ValueError("the declared delays must be 96 shares that sum to 1")
    total = came.sum(axis=1)
    delays = _delays(came, total, usual)
    reactions, posts = int(total.sum()), int((total > 0).sum())
    median = _median_minutes(delays)
    if reactions < LEAST_REACTIONS or posts < LEAST_POSTS:
        return Timing(reactions, posts, np.zeros(0), (), median)
    lift, deviation = _lift(times, came, total, delays, zone)
    return Timing(reactions, posts, lift, _best(lift, deviation), median)


def local_buckets(seconds: npt.ArrayLike, zone: ZoneInfo) -> Indexes:
    """Return the quarter of the local week, 0 (Monday 0:00) … 671, of moments since 1970 (UTC)."""
    moments = np.asarray(seconds, dtype=np.int64)
    quarters, inverse = np.unique(moments // BUCKET_SECONDS, return_inverse=True)
    offsets = []
    for quarter in quarters.tolist():
        offset = datetime.fromtimestamp(quarter * BUCKET_SECONDS, UTC).astimezone(zone).utcoffset()
        offsets.append(0 if offset is None else int(offset.total_seconds()))
    local = moments + np.array(offsets, dtype=np.int64)[inverse].reshape(moments.shape)
    # 1 January 1970 was a Thursday.
    found: Indexes = (local // BUCKET_SECONDS + 3 * DAY_BUCKETS) % WEEK_BUCKETS
    return found


def _delays(came: Floats, total: Floats, declared: Floats) -> Floats:
    """Return the share of the first day's reactions in each quarter after a post."""
    weighed = (came * _weights(total)[:, np.newaxis]).sum(axis=0)
    shares: Floats = (weighed + PRIOR_DELAYS * declared) / (weighed.sum() + PRIOR_DELAYS)
    return shares


def _weights(total: Floats) -> Floats:
    return np.minimum(1.0, MOST_OF_A_POST / np.maximum(total, 1.0))


def _median_minutes(delays: Floats) -> float:
    upto = np.cumsum(delays)
    k = int(np.searchsorted(upto, 0.5))
    before = float(upto[k - 1]) if k else 0.0
    return (k + (0.5 - before) / float(delays[k])) * BUCKET_SECONDS / 60


def _lift(
    times: Indexes, came: Floats, total: Floats, delays: Floats, zone: ZoneInfo
) -> tuple[Floats, Floats]:
    """Return the lift of each quarter of the week and its standard deviation, (672,) each."""
    weights = _weights(total)[:, np.newaxis]
    usual_came = weights * np.outer(total, delays)
    counted = np.minimum(came * weights, usual_came + MOST_DEVIATIONS * np.sqrt(usual_came) + 1.0)
    middle = np.arange(DAY_BUCKETS) * BUCKET_SECONDS + BUCKET_SECONDS // 2
    bucket = local_buckets(times[:, np.newaxis] + middle, zone).ravel()
    seen = np.bincount(bucket, weights=counted.ravel(), minlength=WEEK_BUCKETS)
    by_curve = np.outer(counted.sum(axis=1), delays)
    expected = np.bincount(bucket, weights=by_curve.ravel(), minlength=WEEK_BUCKETS)
    near_seen, near_expected = _pooled(seen), _pooled(expected)
    by_time = [v.reshape(7, DAY_BUCKETS).sum(axis=0) for v in (near_seen, near_expected)]
    usual = np.tile((by_time[0] + PRIOR_REACTIONS) / (by_time[1] + PRIOR_REACTIONS), 7)
    shape = near_seen + PRIOR_REACTIONS * usual
    rate = near_expected + PRIOR_REACTIONS
    activity, deviation = shape / rate, np.sqrt(shape) / rate
    after = (np.arange(WEEK_BUCKETS)[:, np.newaxis] + np.arange(DAY_BUCKETS)) % WEEK_BUCKETS
    value = activity[after] @ delays
    # Neighbours share their reactions: their deviations add up as if all were one.
    spread = deviation[after] @ delays
    mean = float(value.mean())
    return value / mean - 1.0, spread / mean


def _pooled(values: npt.NDArray[Any]) -> Floats:
    half = _KERNEL.size // 2
    around = np.concatenate([values[-half:], values, values[:half]])
    return np.convolve(around, _KERNEL, mode="valid")


def _best(lift: Floats, deviation: Floats) -> tuple[Slot, ...]:
    """Return the surely better times, the highest lift first, some hours apart."""
    sure = lift - DEVIATIONS * deviation
    found: list[int] = []
    for bucket in np.argsort(-lift, kind="stable").tolist():
        if len(found) == MOST_BEST or lift[bucket] <= 0:
            break
        apart = (abs(bucket - other) for other in found)
        if sure[bucket] > 0 and all(min(d, WEEK_BUCKETS - d) >= APART_BUCKETS for d in apart):
            found.append(bucket)
    return tuple(
        Slot(
            bucket // DAY_BUCKETS,
            bucket % DAY_BUCKETS * 15,
            float(lift[bucket]),
            float(sure[bucket]),
        )
        for bucket in found
    )

"""The day on which an interaction counts. Pure: times and closed days come in as arguments.

One rule. A trusted date of the network is clamped between the post and the sighting. Without one,
the interaction happened after its post, after the previous sighting (else it would have been seen
then) and before this sighting; within that interval it is placed by the delay curve below, at the
quantile that a hash of the interaction gives. The hash makes the place the same whatever the
order, the batch or the number of runs. Where a network tells only how many there were, they are
spread over the days by the same curve. A closed day takes no rows but in an account's first
history: others go to the first open day after it.
"""

from collections.abc import Collection, Container, Sequence
from datetime import UTC, date, datetime, time, timedelta

import numpy as np
import numpy.typing as npt

# Many times at once: microseconds since 1970, and days since then.
Integers = npt.NDArray[np.int64]

# Delay curve: the share of reactions that have come t hours after a post is t / (t + MEDIAN_HOURS),
# the log-logistic curve of shape 1. Half of the first day's reactions come within 24 minutes on
# Twitter and 1 h 42 min on Facebook (Spasojevic et al., "When-To-Post on Social Networks", KDD
# 2015); the geometric mean of the two is 50 minutes, and
# F(50 min) = F(24 h) / 2 gives a median of 54 minutes over all time.
MEDIAN_HOURS = 0.9
# A follow or mention without a post and a date may be as old as the account; older ones than this
# carry no weight under any half-life in use, and each month of them would need a partition.
UNDATED_REACH = timedelta(days=365)
_EPOCH = date(1970, 1, 1)
_MICRO = timedelta(microseconds=1)
_DAY = timedelta(days=1) // _MICRO
_HOUR = timedelta(hours=1) // _MICRO
# A time that is not known: no post, no date.
NEVER = -(2**63)


def share_after(delay: timedelta) -> float:
    """Return the share (0-1) of a post's reactions that have come so long after it."""
    hours = max(delay / timedelta(hours=1), 0.0)
    return hours / (hours + MEDIAN_HOURS)


def count_since(count: int, *, posted_at: datetime, start: datetime, seen_at: datetime) -> int:
    """Return how many of a post's reactions, counted at `seen_at`, came after `start`."""
    whole = share_after(seen_at - posted_at)
    if start <= posted_at or whole <= 0:
        return count
    return int(count * max(1.0 - share_after(start - posted_at) / whole, 0.0) + 0.5)


def spread(
    count: int, *, posted_at: datetime, start: datetime, seen_at: datetime
) -> dict[date, int]:
    """Return on which UTC days so many undated reactions to a post fall, between the two times.

    By the delay curve, in whole numbers that sum to `count`; days without any are left out.
    """
    if count <= 0:
        return {}
    start = max(start, posted_at)
    low = share_after(start - posted_at)
    whole = share_after(seen_at - posted_at) - low
    if start >= seen_at or whole <= 0:
        return {utc_day(seen_at): count}
    found, placed, day = {}, 0, utc_day(start)
    while placed < count:
        end = datetime.combine(day + timedelta(days=1), time(), UTC)
        reached = count
        if end < seen_at:
            reached = int(count * ((share_after(end - posted_at) - low) / whole) + 0.5)
        if reached > placed:
            found[day] = reached - placed
        placed, day = max(placed, reached), day + timedelta(days=1)
    return found


def utc_day(moment: datetime) -> date:
    """Return the UTC calendar day of an aware time."""
    return moment.astimezone(UTC).date()


def counting_day(happened_at: datetime, closed: Container[date], *, first_history: bool) -> date:
    """Return the day itself if open or in a first history, else the first open day after it."""
    day = utc_day(happened_at)
    return day if first_history else _first_open(day, closed)


def _first_open(day: date, closed: Container[date]) -> date:
    while day in closed:
        day += timedelta(days=1)
    return day


# --- Many at once -------------------------------------------------------------------------------
def micros(moments: Sequence[datetime]) -> Integers:
    """Return aware times as whole microseconds since 1970."""
    # Seconds as floats are exact to a quarter of a microsecond until the year 2242.
    seconds = np.fromiter(map(datetime.timestamp, moments), np.float64, len(moments))
    return np.rint(seconds * 1e6).astype(np.int64)


def clamped(happened: Integers, *, earliest: Integers, seen: Integers) -> Integers:
    """Return the times moved into [earliest, seen]; the sighting wins where these cross.

    NEVER as the earliest is no bound.
    """
    return np.minimum(np.maximum(happened, earliest), seen)


def placed(
    keys: Integers, *, posted: Integers, previous_at: datetime | None, seen: Integers
) -> Integers:
    """Return when undated interactions, known by their hashes, are taken to have happened.

    `posted` is NEVER for one without a post; `previous_at` is the sighting before this one, None
    at a first sync. The results lie within [posted or previous, seen].
    """
    # A number in (0, 1) from the lower 53 bits of the hash.
    quantiles = ((keys & ((1 << 53) - 1)) + 0.5) / (1 << 53)
    previous = None if previous_at is None else np.minimum(micros([previous_at]), seen)
    start = seen - UNDATED_REACH // _MICRO if previous is None else previous
    without_post = start + np.rint((seen - start) * quantiles).astype(np.int64)
    has_post = posted != NEVER
    since = np.where(has_post, posted, seen)
    low = np.zeros(len(seen)) if previous is None else _shares_after(previous - since)
    shares = low + (_shares_after(seen - since) - low) * quantiles
    delays = np.rint(MEDIAN_HOURS * shares / (1.0 - shares) * _HOUR).astype(np.int64)
    with_post = clamped(since + delays, earliest=since, seen=seen)
    return np.where(has_post, with_post, without_post)


def _shares_after(delays: Integers) -> npt.NDArray[np.float64]:
    hours = np.maximum(delays / _HOUR, 0.0)
    return np.asarray(hours / (hours + MEDIAN_HOURS), dtype=np.float64)


def utc_days(moments: Integers) -> Integers:
    """Return the UTC calendar days of times, counted from 1970."""
    return moments // _DAY


def dates_of(numbers: Integers) -> list[date]:
    """Return the dates of days counted from 1970, each once, in order."""
    return [_EPOCH + timedelta(days=number) for number in np.unique(numbers).tolist()]


def counting_days(numbers: Integers, closed: Collection[date], *, first_history: bool) -> Integers:
    """Return the days (counted from 1970) as counting_day does."""
    if first_history or not closed:
        return numbers
    distinct, where = np.unique(numbers, return_inverse=True)
    opened = [(_first_open(day, closed) - _EPOCH).days for day in dates_of(distinct)]
    return np.array(opened, dtype=np.int64)[where]

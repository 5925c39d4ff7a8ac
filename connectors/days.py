"""The day on which an interaction counts. Pure: times and closed days come in as arguments.

One rule. A trusted date of the network is clamped between the post and the sighting. Without one,
the interaction happened after its post, after the previous sighting (else it would have been seen
then) and before this sighting; within that interval it is placed by the delay curve below, at the
quantile that a hash of the interaction gives. The hash makes the place the same whatever the
order, the batch or the number of runs. Where a network tells only how many there were, they are
spread over the days by the same curve. A closed day takes no rows but in an account's first
history: others go to the first open day after it.
"""

from collections.abc import Container
from datetime import UTC, date, datetime, time, timedelta

# Delay curve: the share of reactions that have come t hours after a post is t / (t + MEDIAN_HOURS),
# the log-logistic curve of shape 1. Half of the first day's reactions come within 24 minutes on
# Twitter and 1 h 42 min on Facebook (Spasojevic et al., "When-To-Post on Social Networks", KDD
# 2015); the geometric mean of the two is 50 minutes, and
# F(50 min) = F(24 h) / 2 gives a median of 54 minutes over all time.
MEDIAN_HOURS = 0.9
# A follow or mention without a post and a date may be as old as the account; older ones than this
# carry no weight under any half-life in use, and each month of them would need a partition.
UNDATED_REACH = timedelta(days=365)


def clamped(happened_at: datetime, *, earliest: datetime | None, seen_at: datetime) -> datetime:
    """Return the time moved into [earliest, seen_at]; the sighting wins where these cross."""
    if earliest is not None and happened_at < earliest:
        happened_at = earliest
    return min(happened_at, seen_at)


def share_after(delay: timedelta) -> float:
    """Return the share (0-1) of a post's reactions that have come so long after it."""
    hours = max(delay / timedelta(hours=1), 0.0)
    return hours / (hours + MEDIAN_HOURS)


def delay_at(share: float) -> timedelta:
    """Return how long after a post the share (0 to below 1) of its reactions has come."""
    return timedelta(hours=MEDIAN_HOURS * share / (1.0 - share))


def quantile_of(key: int) -> float:
    """Return a number in (0, 1) from the lower 53 bits of a hash."""
    return ((key & ((1 << 53) - 1)) + 0.5) / (1 << 53)


def placed(
    key: int, *, posted_at: datetime | None, previous_at: datetime | None, seen_at: datetime
) -> datetime:
    """Return when an undated interaction is taken to have happened.

    `posted_at` is None for one without a post; `previous_at` is the sighting before this one,
    None at a first sync. The result lies within [posted_at or previous_at, seen_at].
    """
    quantile = quantile_of(key)
    if posted_at is None:
        start = previous_at if previous_at is not None else seen_at - UNDATED_REACH
        start = min(start, seen_at)
        return start + (seen_at - start) * quantile
    if posted_at >= seen_at:
        return seen_at
    low = 0.0
    if previous_at is not None:
        low = share_after(min(previous_at, seen_at) - posted_at)
    high = share_after(seen_at - posted_at)
    happened_at = posted_at + delay_at(low + (high - low) * quantile)
    return clamped(happened_at, earliest=posted_at, seen_at=seen_at)


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
    if not first_history:
        while day in closed:
            day += timedelta(days=1)
    return day

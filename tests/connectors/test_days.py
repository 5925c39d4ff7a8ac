"""The day on which an interaction counts."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from connectors import days

NOON = datetime(2026, 2, 27, 12, tzinfo=UTC)
keys = st.integers(min_value=0, max_value=2**63 - 1)
moments = st.datetimes(
    datetime(2010, 1, 1),  # noqa: DTZ001
    datetime(2030, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
maybe = st.none() | moments
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def times(moment: datetime | None) -> days.Integers:
    return np.array([days.NEVER]) if moment is None else days.micros([moment])


def placed(
    key: int, *, posted_at: datetime | None, previous_at: datetime | None, seen_at: datetime
) -> datetime:
    """Return when one interaction is taken to have happened."""
    found = days.placed(
        np.array([key]), posted=times(posted_at), previous_at=previous_at, seen=times(seen_at)
    )
    return EPOCH + timedelta(microseconds=found[0].item())


def clamped(at: datetime, *, earliest: datetime | None, seen_at: datetime) -> datetime:
    found = days.clamped(times(at), earliest=times(earliest), seen=times(seen_at))
    return EPOCH + timedelta(microseconds=found[0].item())


def plainly_placed(
    key: int, *, posted_at: datetime | None, previous_at: datetime | None, seen_at: datetime
) -> datetime:
    """Return the same by dates and intervals, one at a time."""
    quantile = ((key & ((1 << 53) - 1)) + 0.5) / (1 << 53)
    if posted_at is None:
        start = previous_at if previous_at is not None else seen_at - days.UNDATED_REACH
        start = min(start, seen_at)
        return start + (seen_at - start) * quantile
    if posted_at >= seen_at:
        return seen_at
    low = 0.0
    if previous_at is not None:
        low = days.share_after(min(previous_at, seen_at) - posted_at)
    share = low + (days.share_after(seen_at - posted_at) - low) * quantile
    at = posted_at + timedelta(hours=days.MEDIAN_HOURS * share / (1.0 - share))
    return min(max(at, posted_at), seen_at)


@given(keys, moments, maybe, maybe)
def test_many_at_once_are_placed_as_one_by_one(
    key: int, seen_at: datetime, posted_at: datetime | None, previous_at: datetime | None
) -> None:
    at, plain = (
        place(key, posted_at=posted_at, previous_at=previous_at, seen_at=seen_at)
        for place in (placed, plainly_placed)
    )
    assert abs(at - plain) <= timedelta(microseconds=1)


@given(st.lists(moments, min_size=1))
def test_times_go_into_numbers_and_back_unchanged(many: list[datetime]) -> None:
    numbers = days.micros(many)
    assert [EPOCH + timedelta(microseconds=one) for one in numbers.tolist()] == many
    assert days.dates_of(days.utc_days(numbers)) == sorted({days.utc_day(at) for at in many})


@given(keys, moments, maybe, maybe)
def test_an_undated_interaction_lies_between_its_post_and_its_sighting(
    key: int, seen_at: datetime, posted_at: datetime | None, previous_at: datetime | None
) -> None:
    at = placed(key, posted_at=posted_at, previous_at=previous_at, seen_at=seen_at)
    assert at <= seen_at
    if posted_at is not None:
        assert at >= min(posted_at, seen_at)
    if previous_at is not None and posted_at is None:
        assert at >= min(previous_at, seen_at)


@given(keys, moments, st.timedeltas(timedelta(hours=1), timedelta(days=60)))
def test_what_was_not_there_at_the_last_sighting_happened_after_it(
    key: int, posted_at: datetime, age: timedelta
) -> None:
    previous_at, seen_at = posted_at + age / 2, posted_at + age
    at = placed(key, posted_at=posted_at, previous_at=previous_at, seen_at=seen_at)
    assert previous_at - timedelta(seconds=1) <= at <= seen_at


@given(keys, moments, maybe, maybe)
def test_the_same_interaction_is_placed_at_the_same_time_again(
    key: int, seen_at: datetime, posted_at: datetime | None, previous_at: datetime | None
) -> None:
    twice = [
        placed(key, posted_at=posted_at, previous_at=previous_at, seen_at=seen_at) for _ in range(2)
    ]
    assert twice[0] == twice[1]


@given(moments, maybe, moments)
def test_a_clamped_time_is_never_after_the_sighting(
    at: datetime, earliest: datetime | None, seen_at: datetime
) -> None:
    found = clamped(at, earliest=earliest, seen_at=seen_at)
    assert found <= seen_at
    if earliest is not None and earliest <= seen_at:
        assert found >= earliest


@given(keys)
def test_the_delay_curve_and_its_inverse_agree(key: int) -> None:
    age = timedelta(days=90)
    at = placed(key, posted_at=NOON - age, previous_at=None, seen_at=NOON)
    share = days.share_after(at - (NOON - age)) / days.share_after(age)
    assert abs(share - ((key & ((1 << 53) - 1)) + 0.5) / (1 << 53)) < 1e-6


@given(st.timedeltas(timedelta(0), timedelta(days=400)), st.timedeltas(timedelta(0)))
def test_the_delay_curve_never_falls(delay: timedelta, more: timedelta) -> None:
    assert days.share_after(delay) <= days.share_after(delay + min(more, timedelta(days=9)))


def test_half_of_the_first_days_reactions_come_within_the_hour() -> None:
    """Between the 24 minutes of Twitter and the 102 of Facebook, about their geometric mean."""
    half = days.share_after(timedelta(days=1)) / 2
    after = [days.share_after(timedelta(minutes=minutes)) for minutes in (45, 55)]
    assert after[0] < half < after[1]


def test_reactions_to_an_old_post_lie_in_its_first_days() -> None:
    posted_at = NOON - timedelta(days=60)
    spread = [
        placed(key * 9_007_199_254_740, posted_at=posted_at, previous_at=None, seen_at=NOON)
        for key in range(1000)
    ]
    first_day = sum(at < posted_at + timedelta(days=1) for at in spread)
    assert 950 < first_day < 980


def test_undated_follows_of_a_first_sync_are_spread_over_the_year() -> None:
    spread = [
        placed(key * 9_007_199_254_740, posted_at=None, previous_at=None, seen_at=NOON)
        for key in range(1000)
    ]
    by_month = [(NOON - at).days // 73 for at in spread]
    assert all(150 < by_month.count(fifth) < 250 for fifth in range(5))


def test_a_future_date_counts_on_the_day_of_the_sighting() -> None:
    at = clamped(NOON + timedelta(days=9), earliest=None, seen_at=NOON)
    assert days.utc_day(at) == NOON.date()


def test_the_day_ends_at_midnight_utc() -> None:
    oslo_late = datetime.fromisoformat("2024-02-29T00:30:00+01:00")
    assert days.utc_day(oslo_late) == date(2024, 2, 28)
    assert days.utc_day(oslo_late + timedelta(minutes=30)) == date(2024, 2, 29)
    assert days.utc_day(datetime(2024, 2, 29, 23, 59, 59, 999999, UTC)) == date(2024, 2, 29)


def test_a_closed_day_gives_way_to_the_first_open_one() -> None:
    closed = {date(2024, 2, 28), date(2024, 2, 29)}
    at = datetime(2024, 2, 28, 12, tzinfo=UTC)
    assert days.counting_day(at, closed, first_history=False) == date(2024, 3, 1)
    assert days.counting_day(at, closed, first_history=True) == date(2024, 2, 28)
    assert days.counting_day(at, set(), first_history=False) == date(2024, 2, 28)
    many = days.utc_days(days.micros([at, at + timedelta(days=1), at - timedelta(days=1)]))
    opened = days.counting_days(many, closed, first_history=False)
    assert (opened - many).tolist() == [2, 1, 0]
    assert (days.counting_days(many, closed, first_history=True) == many).all()

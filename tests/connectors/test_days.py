"""The day on which an interaction counts."""

from datetime import UTC, date, datetime, timedelta

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


@given(keys, moments, maybe, maybe)
def test_an_undated_interaction_lies_between_its_post_and_its_sighting(
    key: int, seen_at: datetime, posted_at: datetime | None, previous_at: datetime | None
) -> None:
    at = days.placed(key, posted_at=posted_at, previous_at=previous_at, seen_at=seen_at)
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
    at = days.placed(key, posted_at=posted_at, previous_at=previous_at, seen_at=seen_at)
    assert previous_at - timedelta(seconds=1) <= at <= seen_at


@given(keys, moments, maybe, maybe)
def test_the_same_interaction_is_placed_at_the_same_time_again(
    key: int, seen_at: datetime, posted_at: datetime | None, previous_at: datetime | None
) -> None:
    placed = [
        days.placed(key, posted_at=posted_at, previous_at=previous_at, seen_at=seen_at)
        for _ in range(2)
    ]
    assert placed[0] == placed[1]


@given(moments, maybe, moments)
def test_a_clamped_time_is_never_after_the_sighting(
    at: datetime, earliest: datetime | None, seen_at: datetime
) -> None:
    clamped = days.clamped(at, earliest=earliest, seen_at=seen_at)
    assert clamped <= seen_at
    if earliest is not None and earliest <= seen_at:
        assert clamped >= earliest


@given(st.floats(0, 0.999))
def test_the_delay_curve_and_its_inverse_agree(share: float) -> None:
    assert abs(days.share_after(days.delay_at(share)) - share) < 1e-6


@given(st.timedeltas(timedelta(0), timedelta(days=400)), st.timedeltas(timedelta(0)))
def test_the_delay_curve_never_falls(delay: timedelta, more: timedelta) -> None:
    assert days.share_after(delay) <= days.share_after(delay + min(more, timedelta(days=9)))


def test_half_of_the_first_days_reactions_come_within_the_hour() -> None:
    """Between the 24 minutes of Twitter and the 102 of Facebook, about their geometric mean."""
    half = days.share_after(timedelta(days=1)) / 2
    assert timedelta(minutes=45) < days.delay_at(half) < timedelta(minutes=55)


def test_reactions_to_an_old_post_lie_in_its_first_days() -> None:
    posted_at = NOON - timedelta(days=60)
    spread = [
        days.placed(key * 9_007_199_254_740, posted_at=posted_at, previous_at=None, seen_at=NOON)
        for key in range(1000)
    ]
    first_day = sum(at < posted_at + timedelta(days=1) for at in spread)
    assert 950 < first_day < 980


def test_undated_follows_of_a_first_sync_are_spread_over_the_year() -> None:
    spread = [
        days.placed(key * 9_007_199_254_740, posted_at=None, previous_at=None, seen_at=NOON)
        for key in range(1000)
    ]
    by_month = [(NOON - at).days // 73 for at in spread]
    assert all(150 < by_month.count(fifth) < 250 for fifth in range(5))


def test_a_future_date_counts_on_the_day_of_the_sighting() -> None:
    at = days.clamped(NOON + timedelta(days=9), earliest=None, seen_at=NOON)
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

"""The rhythm of an audience: found where it is, not invented where it is not."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.core import timing
from scoring.core.timing import DAY_BUCKETS, local_buckets

Floats = npt.NDArray[np.float64]
OSLO, UTC_ZONE = ZoneInfo("Europe/Oslo"), ZoneInfo("UTC")
# Half of the reactions of a day within about an hour.
LATER = np.arange(1, DAY_BUCKETS + 1) * 0.25
DECLARED = np.diff(np.concatenate([[0.0], LATER / (LATER + 0.9)]))
DECLARED /= DECLARED.sum()


def posts(first: datetime, days: int, hours: tuple[int, ...]) -> list[datetime]:
    """Return posts at the same local hours of each day."""
    return [first + timedelta(days=day, hours=hour) for day in range(days) for hour in hours]


def came(
    made: list[datetime], awake: dict[int, float], per_post: float = 20.0, seed: int = 1
) -> Floats:
    """Return reactions by the declared delays, times how active the local hour is (else 1)."""
    random = np.random.default_rng(seed)
    rows = []
    for post in made:
        # Elapsed time, not the time of a wall clock, lies between a post and a reaction.
        begin = post.astimezone(UTC)
        local = [
            (begin + timedelta(minutes=15 * k + 7)).astimezone(post.tzinfo).hour
            for k in range(DAY_BUCKETS)
        ]
        activity = np.array([awake.get(hour, 1.0) for hour in local])
        rows.append(random.poisson(per_post * DECLARED * activity))
    return np.array(rows, dtype=np.float64)


def seconds(made: list[datetime]) -> list[int]:
    return [int(post.timestamp()) for post in made]


EVERY_FOUR_HOURS = (0, 4, 8, 12, 16, 20)
# An audience that reads in the evening and sleeps at night.
EVENING = {18: 3.0, 19: 3.0, 20: 3.0} | dict.fromkeys(range(6), 0.2)


def test_an_evening_audience_makes_the_evening_the_best_time() -> None:
    made = posts(datetime(2026, 1, 5, tzinfo=OSLO), 56, EVERY_FOUR_HOURS)
    found = timing.timing(seconds(made), came(made, EVENING), OSLO, DECLARED)
    assert found.enough
    assert len(found.best) == timing.MOST_BEST
    for slot in found.best:
        assert 17 <= slot.minute // 60 <= 20
        assert slot.lift >= slot.at_least > 0.1
    hours = found.by_hour().mean(axis=0)
    assert int(hours.argmax()) in (17, 18, 19)
    assert hours[1] < -0.2


def test_no_rhythm_names_no_best_time() -> None:
    made = posts(datetime(2026, 1, 5, tzinfo=OSLO), 56, EVERY_FOUR_HOURS)
    found = timing.timing(seconds(made), came(made, {}), OSLO, DECLARED)
    assert found.enough
    assert found.best == ()
    assert np.abs(found.by_hour()).max() < 0.15


def test_when_somebody_posts_says_nothing_of_when_the_audience_reads() -> None:
    """Posting at nine only brings most reactions at nine, by the delay curve alone."""
    made = posts(datetime(2026, 1, 5, tzinfo=OSLO), 56, (9,))
    found = timing.timing(seconds(made), came(made, {}, per_post=60.0), OSLO, DECLARED)
    assert found.best == ()


def test_three_reactions_make_no_best_hour() -> None:
    made = posts(datetime(2026, 1, 5, tzinfo=UTC), 40, (9,))
    counts = np.zeros((40, DAY_BUCKETS))
    counts[:, :4] = 1.0
    before = timing.timing(seconds(made), counts, UTC_ZONE, DECLARED)
    # Three more on one Monday, ten hours after the post.
    counts[0, 40] = 3.0
    after = timing.timing(seconds(made), counts, UTC_ZONE, DECLARED)
    assert after.enough
    assert not [s for s in after.best if s.weekday == 0 and 18 <= s.minute // 60 <= 19]
    monday = 10 + 9
    assert after.by_hour()[0, monday] - before.by_hour()[0, monday] < 0.15


def test_a_viral_evening_is_no_rhythm() -> None:
    made = posts(datetime(2026, 1, 5, tzinfo=OSLO), 56, EVERY_FOUR_HOURS)
    counts = came(made, {})
    counts[5, 10] += 5_000
    found = timing.timing(seconds(made), counts, OSLO, DECLARED)
    assert found.best == ()


@pytest.mark.parametrize(
    ("number", "each"), [(timing.LEAST_POSTS - 1, 50), (40, 2), (0, 0), (200, 0)]
)
def test_too_little_is_said_so(number: int, each: int) -> None:
    made = posts(datetime(2026, 1, 5, tzinfo=UTC), number, (9,))
    counts = np.zeros((number, DAY_BUCKETS))
    counts[:, :1] = each
    found = timing.timing(seconds(made), counts, UTC_ZONE, DECLARED)
    assert not found.enough
    assert found.best == ()
    assert found.reactions == number * each


def test_the_clock_of_the_place_is_followed_over_its_changes() -> None:
    """In Oslo, 29 March 2026 has 23 hours; the audience reads at six in the evening all along."""
    made = posts(datetime(2026, 3, 2, tzinfo=OSLO), 56, EVERY_FOUR_HOURS)
    awake = {18: 4.0} | dict.fromkeys([h for h in range(24) if h != 18], 0.5)
    reactions = came(made, awake)
    local = timing.timing(seconds(made), reactions, OSLO, DECLARED).by_hour().mean(axis=0)
    fixed = timing.timing(seconds(made), reactions, UTC_ZONE, DECLARED).by_hour().mean(axis=0)
    assert int(local.argmax()) in (17, 18)
    # Told in UTC, the same hour is two, and each stands out less.
    assert local.max() > 1.1 * fixed.max()


def test_buckets_are_quarters_of_the_local_week() -> None:
    moments = [
        datetime(2026, 3, 1, 23, 0, tzinfo=UTC),  # Monday 0:00 in Oslo
        datetime(2026, 3, 29, 0, 59, tzinfo=UTC),  # Sunday 1:59, the minute before the change
        datetime(2026, 3, 29, 1, 0, tzinfo=UTC),  # Sunday 3:00
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),  # Sunday 2:30 for the first time
        datetime(2026, 10, 25, 1, 30, tzinfo=UTC),  # Sunday 2:30 once more
    ]
    sunday = 6 * DAY_BUCKETS
    assert local_buckets([int(m.timestamp()) for m in moments], OSLO).tolist() == [
        0,
        sunday + 7,
        sunday + 12,
        sunday + 10,
        sunday + 10,
    ]


def test_quarters_hold_where_clocks_are_three_quarters_of_an_hour_apart() -> None:
    noon = int(datetime(2026, 3, 2, 12, tzinfo=UTC).timestamp())
    assert local_buckets([noon], ZoneInfo("Asia/Kathmandu")).tolist() == [(17 * 60 + 45) // 15]


def test_the_delay_of_ones_own_audience_is_learned() -> None:
    made = posts(datetime(2026, 1, 5, tzinfo=UTC), 56, (9, 15))
    slow = np.zeros((len(made), DAY_BUCKETS))
    slow[:, 16] = 40.0
    found = timing.timing(seconds(made), slow, UTC_ZONE, DECLARED)
    assert 200 < found.median_delay_minutes < 255
    nothing = timing.timing([], np.zeros((0, DAY_BUCKETS)), UTC_ZONE, DECLARED)
    assert 40 < nothing.median_delay_minutes < 60


@given(
    st.lists(st.integers(0, 56 * 96), min_size=10, max_size=40, unique=True),
    st.integers(0, 2**32 - 1),
)
def test_the_order_of_posts_does_not_matter_and_lifts_are_around_zero(
    quarters: list[int], seed: int
) -> None:
    random = np.random.default_rng(seed)
    times = np.array(quarters) * 900
    counts = random.poisson(0.2, (times.size, DAY_BUCKETS)).astype(np.float64)
    counts[0, 0] += timing.LEAST_REACTIONS
    counts[:, 1] += 1
    order = random.permutation(times.size)
    one = timing.timing(times, counts, OSLO, DECLARED)
    other = timing.timing(times[order], counts[order], OSLO, DECLARED)
    assert one.lift == pytest.approx(other.lift, abs=1e-9)
    assert float(one.lift.mean()) == pytest.approx(0, abs=1e-9)
    assert np.all(one.lift > -1)


@pytest.mark.parametrize(
    ("counts", "declared"),
    [
        (-np.ones((1, 96)), DECLARED),
        (np.ones((1, 96)), DECLARED[:90]),
        (np.ones((1, 96)), DECLARED * 2),
    ],
)
def test_impossible_counts_and_curves_are_refused(counts: Floats, declared: Floats) -> None:
    with pytest.raises(ValueError, match="must"):
        timing.timing([0], counts, UTC_ZONE, declared)

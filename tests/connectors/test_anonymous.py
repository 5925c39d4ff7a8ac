"""Reactions without names: counts become dated rows, once, on open days, never lost or doubled."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from threading import Event, Thread

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from connectors import days
from connectors.history import erase_history
from connectors.models import Account, AnonymousDay, ClosedDay, Post
from connectors.store import Target, store
from connectors.types import Kind
from people.models import Person
from tests.connectors.records import NETWORK, NOW, account_of, post, target_of

COUNTING = replace(
    NETWORK,
    capabilities=replace(NETWORK.capabilities, anonymous=frozenset({Kind.SAVE})),
    post_counts=NETWORK.post_counts | {"saves"},
)
DAY = timedelta(days=1)
TODAY = NOW.date()


@pytest.fixture
def account(alice: Person) -> Account:
    return account_of(alice)


def first(account: Account) -> Target:
    return target_of(account, network=COUNTING)


def later(account: Account, *, number: int = 1) -> Target:
    return target_of(
        account,
        network=COUNTING,
        first_history=False,
        previous_at=NOW + (number - 1) * DAY,
        now=NOW + number * DAY,
    )


def rows() -> list[tuple[date, int, int]]:
    found = AnonymousDay.objects.order_by("day", "post_id", "kind")
    return list(found.values_list("day", "added", "removed"))


def total() -> int:
    return sum(added - removed for _day, added, removed in rows())


@pytest.mark.django_db
def test_a_first_sight_is_spread_from_the_date_of_the_post(account: Account) -> None:
    store(first(account), [post(days_ago=10, counts={"saves": 100, "views": 5_000})])
    found = rows()
    assert sum(added for _day, added, _removed in found) == 100
    posted = (NOW - 10 * DAY).date()
    assert found[0][0] == posted
    # Half come within an hour: nearly all on the day of the post, at 00:30 UTC.
    assert found[0][1] > 90
    assert {row.kind for row in AnonymousDay.objects.all()} == {Kind.SAVE}


@pytest.mark.django_db
def test_the_same_records_twice_add_nothing(account: Account) -> None:
    records = [post(counts={"saves": 100}), post("p2", counts={"saves": 7})]
    store(first(account), records)
    before = rows()
    store(first(account), records)
    store(later(account), records)
    assert rows() == before


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_leaves_both_or_neither(account: Account) -> None:
    """Its connection ends before the commit; the same records, stored again, are all there is."""
    stored, killed = Event(), Event()

    def worker() -> None:
        try:
            with transaction.atomic():
                store(first(account), [post(counts={"saves": 100})])
                stored.set()
                killed.wait(10)
                connection.close()
        finally:
            connection.close()

    thread = Thread(target=worker)
    thread.start()
    assert stored.wait(20)
    killed.set()
    thread.join(20)
    assert not Post.objects.exists()
    assert rows() == []
    store(first(account), [post(counts={"saves": 100})])
    assert total() == 100


@pytest.mark.django_db
def test_later_only_what_came_since_the_last_sight_is_new(account: Account) -> None:
    store(first(account), [post(counts={"saves": 100})])
    before = rows()
    store(later(account), [post(counts={"saves": 130})])
    new = [row for row in rows() if row not in before]
    assert sum(added for _day, added, _removed in new) == 30
    assert {day for day, _added, _removed in new} <= {TODAY, TODAY + DAY}


@pytest.mark.django_db
def test_deletions_are_stored_apart(account: Account) -> None:
    store(first(account), [post(counts={"saves": 100})])
    store(later(account), [post(counts={"saves": 60})])
    assert rows()[-1] == (TODAY + DAY, 0, 40)
    assert total() == 60
    store(later(account, number=2), [post(counts={"saves": 61})])
    assert total() == 61


@pytest.mark.django_db
def test_what_an_old_post_had_before_the_last_sync_is_not_new(account: Account) -> None:
    """It was there at the last sync, unseen: only the curve's share since then is counted."""
    store(later(account), [post("old", days_ago=20, counts={"saves": 10_000})])
    assert 0 < total() < 50
    assert {day for day, _added, _removed in rows()} <= {TODAY, TODAY + DAY}


@pytest.mark.django_db
def test_a_post_since_the_last_sync_counts_whole(account: Account) -> None:
    store(later(account), [post("new", days_ago=-0.2, counts={"saves": 40})])
    assert total() == 40


@pytest.mark.django_db
def test_closed_days_go_to_the_first_open_one_but_in_a_first_history(account: Account) -> None:
    ClosedDay.objects.bulk_create(ClosedDay(day=TODAY - n * DAY) for n in range(20))
    store(first(account), [post(counts={"saves": 100})])
    assert rows()[0][0] < TODAY
    AnonymousDay.objects.all().delete()
    store(later(account), [post(counts={"saves": 130})])
    assert [day for day, _added, _removed in rows()] == [TODAY + DAY]


@pytest.mark.django_db
def test_an_unknown_count_says_nothing(account: Account) -> None:
    store(first(account), [post(counts={"saves": None})])
    assert rows() == []


@pytest.mark.django_db
def test_kinds_with_names_are_never_counted_twice(account: Account) -> None:
    both = replace(COUNTING, capabilities=replace(COUNTING.capabilities, anonymous=frozenset(Kind)))
    store(target_of(account, network=both), [post(counts={"saves": 3, "likes": 50})])
    assert {row.kind for row in AnonymousDay.objects.all()} == {Kind.SAVE}


@pytest.mark.django_db
def test_they_go_with_the_history_of_the_account(account: Account) -> None:
    store(first(account), [post(counts={"saves": 100})])
    assert erase_history(account.pk) > 1
    assert rows() == []


@pytest.mark.django_db
@pytest.mark.parametrize("values", [(-1, 0), (0, -1), (10**14, 0)])
def test_the_database_refuses_counts_that_cannot_be(
    account: Account, values: tuple[int, int]
) -> None:
    store(first(account), [post(counts={"saves": 1})])
    with pytest.raises(IntegrityError), transaction.atomic():
        AnonymousDay.objects.update(added=values[0], removed=values[1])


moments = st.datetimes(
    datetime(2024, 1, 1),  # noqa: DTZ001
    datetime(2026, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
ages = st.timedeltas(timedelta(0), timedelta(days=400))


@given(st.integers(0, 10**9), moments, st.lists(ages, min_size=2, max_size=2).map(sorted))
def test_spread_counts_sum_to_the_count_within_the_interval(
    count: int, posted_at: datetime, between: Sequence[timedelta]
) -> None:
    start, seen_at = (posted_at + age for age in between)
    found = days.spread(count, posted_at=posted_at, start=start, seen_at=seen_at)
    assert sum(found.values()) == count
    assert all(number > 0 for number in found.values())
    assert all(start.date() <= day <= seen_at.date() for day in found)


@given(st.integers(0, 10**9), moments, st.lists(ages, min_size=3, max_size=3).map(sorted))
def test_less_has_come_since_a_later_time(
    count: int, posted_at: datetime, between: Sequence[timedelta]
) -> None:
    first, second, last = (posted_at + age for age in between)
    since = [
        days.count_since(count, posted_at=posted_at, start=start, seen_at=last)
        for start in (posted_at, first, second)
    ]
    assert since[0] == count
    assert since == sorted(since, reverse=True)
    assert since[-1] >= 0

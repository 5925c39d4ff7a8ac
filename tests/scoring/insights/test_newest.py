"""What the newest score is made of, and that what-if on it is what the daily run would say."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from pytest_django import DjangoAssertNumQueries

from connectors.models import Account
from connectors.types import Kind
from scoring import daily
from scoring.core.whatif import Change, what_if
from scoring.insights.newest import newest_parts
from tests.scoring import world

TODAY = date(2026, 3, 1)
YESTERDAY = TODAY - timedelta(days=1)
START = TODAY - timedelta(days=10)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 3, 1, 12, tzinfo=UTC), tick=False):
        yield


def moved(name: str, people: int, *, network: str = "mastodon") -> Account:
    """Return an account whose post so many strangers of one standing reshared yesterday."""
    account = world.account(world.person(name), synced=TODAY, network=network)
    post = world.post(account, YESTERDAY)
    world.react(account, world.reactors(people), [YESTERDAY], on=post, kind=Kind.RESHARE)
    return account


def raw(account: Account) -> float:
    found = newest_parts(account.person_id)
    assert found is not None
    return found.parts.raw


def changed(account: Account, change: Change) -> float:
    found = newest_parts(account.person_id)
    assert found is not None
    return what_if(found.parts, change, found.model).after.raw


def test_the_newest_parts_are_those_of_the_newest_score(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    account = moved("Ada", 10)
    assert newest_parts(account.person_id) is None
    daily.backfill(START, YESTERDAY)
    with django_assert_num_queries(1):
        found = newest_parts(account.person_id)
    assert found is not None
    assert found.day == YESTERDAY
    assert found.parts.raw - found.parts.held_back == pytest.approx(
        world.value(account, YESTERDAY), abs=1e-9
    )


def test_a_fifth_more_people_give_the_number_of_the_daily_run() -> None:
    ten, twelve = moved("Ada", 10), moved("Bo", 12)
    daily.backfill(START, YESTERDAY)
    assert raw(twelve) > raw(ten) + 0.1
    assert changed(ten, Change(people={"reshares": 1.2})) == pytest.approx(raw(twelve), abs=1e-9)


def test_another_audience_gives_the_number_of_the_daily_run() -> None:
    few = world.account(world.person("Ada"), synced=TODAY, followers=400)
    many = world.account(world.person("Bo"), synced=TODAY, followers=500)
    daily.backfill(START, YESTERDAY)
    assert changed(few, Change(audience=1.25)) == pytest.approx(raw(many), abs=1e-9)


def test_one_more_network_gives_the_number_of_the_daily_run() -> None:
    one, two = moved("Ada", 10), moved("Bo", 10)
    second = world.account(two.person, synced=TODAY, network="bluesky")
    strangers = world.reactors(10)
    world.react(second, strangers, [YESTERDAY], on=world.post(second, YESTERDAY), kind=Kind.RESHARE)
    daily.backfill(START, YESTERDAY)
    added = changed(one, Change(added_like=one.pk))
    # Bluesky tells no mentions and Mastodon no lists: what is filled in differs a little.
    assert added == pytest.approx(raw(two), abs=0.3)
    assert added > raw(one) + 4


def test_days_offline_give_the_number_of_the_daily_run() -> None:
    account = moved("Ada", 10)
    later = YESTERDAY + timedelta(days=20)
    daily.backfill(START, YESTERDAY)
    expected = changed(account, Change(offline_days=20))
    for day in world.days(TODAY, 20):
        world.fetched(account, day)
    with time_machine.travel(world.at(later + timedelta(days=1)), tick=False):
        daily.backfill(TODAY, later)
    assert expected == pytest.approx(raw(account), abs=1e-9)
    assert expected < 40

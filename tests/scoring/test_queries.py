"""What pages are told: complete, exact, and nothing of others that is not theirs to see."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from pytest_django import DjangoAssertNumQueries

from connectors.models import Account, Post, Reactor
from connectors.types import Kind
from klout import schedule
from people import opt_out
from people.models import Person
from scoring import daily, queries, search, why
from scoring.models import ScoreRun
from scoring.reactors import MOST_NAMED, estimated_scores
from tests.scoring import world

TODAY = date(2026, 3, 1)
YESTERDAY = TODAY - timedelta(days=1)
START = TODAY - timedelta(days=30)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 3, 1, 12, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def ada() -> Account:
    account = world.account(world.person("Ada"), synced=TODAY)
    strangers = world.reactors(5)
    for day in world.days(START, 30):
        world.react(account, strangers, [day], on=world.post(account, day))
    return account


def moment_of(post: Post) -> queries.MomentRow:
    """Return the moment of a post of the person."""
    moments = queries.moments_for(post.account.person_id, limit=100)
    return next(moment for moment in moments if moment.post_id == post.pk)


def test_a_history_has_every_day_and_marks_the_gaps(
    ada: Account, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    daily.backfill(YESTERDAY - timedelta(days=1), YESTERDAY)
    with django_assert_num_queries(1):
        history = queries.score_history(ada.person_id, START, TODAY)
    assert [row.day for row in history] == world.days(START, 31)
    assert [row.day for row in history if row.value is not None] == world.days(
        YESTERDAY - timedelta(days=1), 2
    )
    assert history[0] == queries.ScoreDay(START)


def test_the_latest_score_is_the_last_shown_one(
    ada: Account, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    nobody = world.person("Nobody")
    daily.backfill(START, YESTERDAY)
    with django_assert_num_queries(1):
        found = queries.latest_scores([ada.person_id, nobody.pk])
    assert set(found) == {ada.person_id}
    assert found[ada.person_id].day == YESTERDAY
    assert queries.latest_score(nobody.pk) is None
    assert queries.latest_scores([]) == {}


def test_shares_of_networks_and_signals_sum_to_one(
    ada: Account, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    world.account(ada.person, synced=TODAY, followers=3_000, network="bluesky")
    daily.backfill(START, YESTERDAY)
    with django_assert_num_queries(1):
        shares = why.network_shares(ada.person_id, YESTERDAY)
    assert {row.network for row in shares} == {"mastodon", "bluesky"}
    assert sum(row.share for row in shares) == pytest.approx(1, abs=1e-9)
    for row in shares:
        assert sum(signal.share for signal in row.signals) == pytest.approx(row.share, abs=1e-9)
    followers = next(s for s in shares[0].signals if s.signal_id == "bluesky.followers")
    assert (followers.value, followers.name) == (3_000, "Followers")
    assert why.network_shares(ada.person_id, TODAY) == []


def test_the_parts_of_a_change_add_up(
    ada: Account, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    daily.backfill(START, YESTERDAY)
    with django_assert_num_queries(1):
        change = why.change_between(ada.person_id, START, YESTERDAY)
    values = [world.value(ada, day) for day in (START, YESTERDAY)]
    assert change.points == pytest.approx(values[1] - values[0], abs=1e-9)
    assert sum(part.points for part in change.parts) == pytest.approx(change.points, abs=1e-9)
    assert change.points > 0.1


def test_a_change_without_two_scored_days_is_none(ada: Account) -> None:
    assert why.change_between(ada.person_id, START, YESTERDAY).parts == []
    daily.score_day(YESTERDAY)
    change = why.change_between(ada.person_id, START, YESTERDAY)
    assert (change.first, change.last, change.points) == (YESTERDAY, YESTERDAY, 0.0)


def test_moments_name_people_highest_score_first(
    ada: Account, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    post = world.post(ada, YESTERDAY)
    known = [
        world.account(world.person(f"K{n}"), synced=TODAY, followers=10 ** (n + 2))
        for n in range(3)
    ]
    strangers = [*world.reactors(4, followers=50), *world.reactors(1, followers=9_999_999)]
    world.react(ada, [world.reactor_of(account) for account in known], [YESTERDAY], on=post)
    world.react(ada, strangers, [YESTERDAY], on=post)
    daily.backfill(START, YESTERDAY)
    with django_assert_num_queries(3):
        moment = moment_of(post)
    assert (moment.post_id, moment.network, moment.day) == (post.pk, "mastodon", YESTERDAY)
    assert moment.points > 1
    assert moment.people_count == 8
    assert moment.more_count == 0
    assert [row.is_estimate for row in moment.reactors].count(True) == 5
    assert moment.reactors[0].name == strangers[-1].name
    scores = [row.score or 0 for row in moment.reactors]
    assert scores == sorted(scores, reverse=True)
    by_name = {row.name: row for row in moment.reactors}
    assert by_name["K1"].score == world.value(known[1], YESTERDAY)
    assert by_name["K1"].slug == known[1].person.slug


def test_a_reactor_is_counted_once_however_they_acted(ada: Account) -> None:
    post = world.post(ada, YESTERDAY)
    fans = world.reactors(12)
    for kind in (1, 2, 3):
        world.react(ada, fans, [YESTERDAY], on=post, kind=Kind(kind))
    daily.backfill(START, YESTERDAY)
    moment = moment_of(post)
    assert moment.people_count == 12
    assert len(moment.reactors) == MOST_NAMED
    assert moment.more_count == 12 - MOST_NAMED


@pytest.mark.parametrize("how", ["private", "unlisted", "hidden", "expired", "opted out"])
def test_nothing_is_told_of_people_who_are_not_public(ada: Account, how: str) -> None:
    post = world.post(ada, YESTERDAY)
    world.react(ada, world.reactors(3), [YESTERDAY], on=post)
    star = world.account(world.person("Star"), synced=TODAY, followers=5_000_000)
    world.react(ada, [world.reactor_of(star)], [YESTERDAY], on=post)
    daily.backfill(START, YESTERDAY)
    assert "Star" in {row.name for row in moment_of(post).reactors}
    soon, past = (datetime(2026, 3, day, tzinfo=UTC) for day in (20, 1))
    person = Person.objects.filter(pk=star.person_id)
    if how == "hidden":
        person.update(hidden_until=soon)
    elif how == "expired":
        person.update(expires_at=past)
    elif how == "opted out":
        opt_out.opt_out("mastodon", [star.native_id], proven=True)
    else:
        person.update(visibility=how)
    moment = moment_of(post)
    assert "Star" not in {row.name for row in moment.reactors}
    assert (len(moment.reactors), moment.people_count, moment.more_count) == (3, 4, 1)
    assert not any(row.name == "Star" for row in queries.top_people())
    assert search.search("Star") == []


def test_erased_and_uncounted_reactors_are_more_people(ada: Account) -> None:
    post = world.post(ada, YESTERDAY)
    gone, silent = world.reactors(6), world.reactors(2, followers=None)
    world.react(ada, [*gone, *silent], [YESTERDAY], on=post)
    daily.backfill(START, YESTERDAY)
    Reactor.objects.filter(key__in=[reactor.key for reactor in gone]).delete()
    moment = moment_of(post)
    assert (moment.people_count, moment.reactors, moment.more_count) == (8, [], 8)


def test_moments_of_posts_that_are_gone_are_left_out(ada: Account) -> None:
    for day in world.days(START, 3):
        world.react(ada, world.reactors(30), [day], on=world.post(ada, day))
    daily.backfill(START, YESTERDAY)
    before = len(queries.moments_for(ada.person_id, 100))
    assert before > 1
    Post.objects.filter(pk=queries.moments_for(ada.person_id)[0].post_id).delete()
    assert len(queries.moments_for(ada.person_id, 100)) == before - 1
    assert queries.moments_for(world.person("Nobody").pk) == []


def test_estimates_rise_with_the_audience() -> None:
    estimates = estimated_scores([0, 10, 1_000, 1e6, 1e12])
    assert estimates[0] == 1
    assert estimates == sorted(estimates)
    assert estimates[-1] <= 100
    assert estimated_scores([]) == []


def test_the_next_update_is_at_the_hour_of_the_schedule() -> None:
    entry = schedule.BEAT_SCHEDULE["score-closed-days"]["schedule"]
    assert min(entry.hour) == queries.UPDATE_AT.hour
    for now, expected in (
        (datetime(2026, 3, 1, 0, 59, tzinfo=UTC), datetime(2026, 3, 1, 1, tzinfo=UTC)),
        (datetime(2026, 3, 1, 1, tzinfo=UTC), datetime(2026, 3, 2, 1, tzinfo=UTC)),
        (datetime(2026, 12, 31, 23, tzinfo=UTC), datetime(2027, 1, 1, 1, tzinfo=UTC)),
    ):
        assert queries.next_update_at(now) == expected


def test_progress_counts_the_days_that_were_begun(
    ada: Account, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    assert queries.scoring_progress() == queries.Progress(0, 0)
    daily.backfill(START, YESTERDAY)
    ScoreRun.objects.filter(day=YESTERDAY).update(status="started")
    with django_assert_num_queries(1):
        assert queries.scoring_progress() == queries.Progress(29, 30)


def test_people_are_found_by_handle_and_listed_by_score(
    ada: Account, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    big = world.account(world.person("Adamant"), synced=TODAY, followers=900_000)
    daily.score_day(YESTERDAY)
    with django_assert_num_queries(2):
        assert [row.name for row in queries.top_people()] == ["Adamant", "Ada"]
    with django_assert_num_queries(3):
        assert [row.name for row in search.search("@ada")] == ["Ada", "Adamant"]
    assert queries.top_people(network="bluesky") == []
    found = queries.person_for_account("mastodon", big.native_id)
    assert found is not None
    assert found.pk == big.person_id
    assert queries.person_for_account("mastodon", "nobody") is None
    assert queries.first_scored_day(ada.person_id) == YESTERDAY

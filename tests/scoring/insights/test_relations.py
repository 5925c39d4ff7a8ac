"""Who is close to whom, and what may be told of it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from pytest_django import DjangoAssertNumQueries

from connectors.models import Account, Reactor
from connectors.types import Direction, Kind, Provenance
from people import opt_out
from people.models import Person
from scoring import daily
from scoring.core.relations import KIND_WEIGHTS, strengths
from scoring.insights.relations import MOST_NAMED, relations_of
from tests.scoring import world

TODAY = date(2026, 3, 1)
YESTERDAY = TODAY - timedelta(days=1)
START = TODAY - timedelta(days=10)
SENT = Direction.SENT

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 3, 1, 12, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def ada() -> Account:
    return world.account(world.person("Ada"), synced=TODAY)


def known(name: str, *, followers: int = 500) -> Account:
    """Return somebody who is public here."""
    return world.account(world.person(name), synced=TODAY, followers=followers)


def test_the_closest_come_first_with_public_scores_and_estimates(
    ada: Account, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    idol, friend = known("Idol", followers=90_000), known("Friend")
    (stranger,) = world.reactors(1, followers=5_000)
    people = [world.reactor_of(idol), world.reactor_of(friend), stranger]
    for times, reactor in zip((1, 3, 2), people, strict=True):
        world.react(ada, [reactor], world.days(START, times * 3), direction=SENT)
        world.react(ada, [reactor], world.days(START, times), kind=Kind.COMMENT)
    daily.backfill(START, YESTERDAY)
    with django_assert_num_queries(2):
        found = relations_of(ada.person_id, TODAY)
    for side in (found.influencers, found.influencees):
        assert [row.name for row in side.named] == ["Friend", stranger.name, "Idol"]
        assert side.more_count == 0
        assert [row.is_estimate for row in side.named] == [False, True, False]
        assert side.named[0].score == world.value(friend, YESTERDAY)
        assert side.named[0].slug == friend.person.slug


@pytest.mark.parametrize(
    "how", ["private", "unlisted", "hidden", "expired", "opted out", "erased", "unlinked"]
)
def test_nothing_is_told_of_people_who_are_not_public(ada: Account, how: str) -> None:
    secret, friend = known("Secret"), known("Friend")
    reactors = [world.reactor_of(secret), world.reactor_of(friend)]
    world.react(ada, reactors[:1], world.days(START, 9), kind=Kind.RESHARE)
    world.react(ada, reactors[:1], world.days(START, 9), direction=SENT)
    world.react(ada, reactors[1:], world.days(START, 1))
    world.react(ada, reactors[1:], world.days(START, 1), direction=SENT)
    daily.backfill(START, YESTERDAY)
    person = Person.objects.filter(pk=secret.person_id)
    later, before = (datetime.now(UTC) + timedelta(days=n) for n in (1, -1))
    if how in {"private", "unlisted"}:
        person.update(visibility=how)
    elif how == "hidden":
        person.update(hidden_until=later)
    elif how == "expired":
        person.update(expires_at=before)
    elif how == "opted out":
        opt_out.opt_out(secret.network, [secret.native_id], proven=True)
    elif how == "erased":
        Reactor.objects.filter(key=reactors[0].key).delete()
    else:
        Account.objects.filter(pk=secret.pk).update(status="unlinked")
    found = relations_of(ada.person_id, TODAY)
    for side in (found.influencers, found.influencees):
        assert [row.name for row in side.named] == ["Friend"]
        assert side.more_count == 1


def test_the_order_is_that_of_the_acts_whatever_the_scores(ada: Account) -> None:
    small, large = known("Small", followers=6), known("Large", followers=900_000)
    world.react(ada, [world.reactor_of(small)], world.days(START, 3))
    world.react(ada, [world.reactor_of(large)], world.days(START, 2))
    daily.backfill(START, YESTERDAY)
    found = relations_of(ada.person_id, TODAY).influencees.named
    assert [row.name for row in found] == ["Small", "Large"]
    assert (found[0].score or 0) < (found[1].score or 0)


def test_the_database_sums_as_the_core_does(ada: Account) -> None:
    people = world.reactors(4)
    acts = [(0, 0, Kind.LIKE, 9), (1, 1, Kind.COMMENT, 3), (2, 4, Kind.RESHARE, 1)]
    acts += [(3, 2, Kind.QUOTE, 2), (0, 8, Kind.MENTION, 1), (2, 9, Kind.FOLLOW, 1)]
    for who, back, kind, times in acts:
        day = YESTERDAY - timedelta(days=back)
        world.react(ada, [people[who]], [day], kind=kind, times=times, direction=SENT)
    of = strengths(
        [who for who, _, _, _ in acts],
        [KIND_WEIGHTS[kind.name.lower()] for _, _, kind, _ in acts],
        [back + 1 for _, back, _, _ in acts],
        [times for _, _, _, times in acts],
        4,
    )
    expected = [people[who].name for who in (-of).argsort()]
    assert len(set(of.tolist())) == 4
    named = relations_of(ada.person_id, TODAY).influencers.named
    assert [row.name for row in named] == expected


def test_five_are_named_and_the_rest_is_counted(ada: Account) -> None:
    world.react(ada, world.reactors(12), [YESTERDAY], direction=SENT)
    side = relations_of(ada.person_id, TODAY).influencers
    assert len(side.named) == MOST_NAMED
    assert side.more_count == 12 - MOST_NAMED


def test_one_person_on_two_networks_is_one(ada: Account) -> None:
    friend = known("Friend")
    second = world.account(friend.person, synced=TODAY, network="bluesky")
    world.react(
        ada, [world.reactor_of(friend), world.reactor_of(second)], [YESTERDAY], direction=SENT
    )
    daily.backfill(START, YESTERDAY)
    side = relations_of(ada.person_id, TODAY).influencers
    assert [row.name for row in side.named] == ["Friend"]
    assert side.more_count == 0


def test_own_accounts_own_files_and_old_acts_are_no_relation(ada: Account) -> None:
    second = world.account(ada.person, synced=TODAY, network="bluesky")
    strangers = world.reactors(3)
    world.react(ada, [world.reactor_of(second)], [YESTERDAY], direction=SENT)
    world.react(ada, strangers, [TODAY - timedelta(days=91)], direction=SENT)
    world.react(ada, strangers, [YESTERDAY], direction=SENT, provenance=Provenance.OWN_FILE)
    side = relations_of(ada.person_id, TODAY).influencers
    assert (side.named, side.more_count) == ([], 0)


def test_nobody_has_no_relations() -> None:
    found = relations_of(world.person("Bo").pk, TODAY)
    assert (found.influencers.named, found.influencees.more_count) == ([], 0)

"""What a style is told from: a person's own posts and acts, each once."""

from datetime import date, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from connectors.models import Account, Post
from connectors.types import Direction, Kind, Provenance
from scoring.core.style import Activity
from scoring.insights.activity import activity_of
from tests.scoring import world

TODAY = date(2026, 3, 1)
pytestmark = pytest.mark.django_db


def posts(account: Account, days: list[date], **features: object) -> None:
    """Publish a post on each day."""
    for day in days:
        made = world.post(account, day)
        Post.objects.filter(pk=made.pk).update(
            features={"hashtags": [], "link_hosts": [], "is_reply": False} | features
        )


@pytest.fixture
def ada() -> Account:
    return world.account(world.person("Ada"), synced=TODAY - timedelta(days=30))


def test_posts_acts_topics_and_days_are_counted(
    ada: Account, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    start = TODAY - timedelta(days=20)
    posts(ada, world.days(start, 6), hashtags=["Lego", "bricks"])
    posts(ada, world.days(start, 2), hashtags=["LEGO"], link_hosts=["example.org"])
    posts(ada, world.days(start, 1), is_reply=True)
    someone, other = world.reactors(2)
    sent = Direction.SENT
    world.react(ada, [someone], world.days(start + timedelta(days=10), 3), direction=sent)
    world.react(ada, [someone], [start], direction=sent, kind=Kind.COMMENT, times=4)
    world.react(ada, [other], [start], direction=sent, kind=Kind.RESHARE)
    world.react(ada, [other], [start], direction=sent, kind=Kind.QUOTE)
    world.react(ada, [other], [start], direction=sent, kind=Kind.FOLLOW)
    with django_assert_num_queries(1):
        found = activity_of(ada.person_id, TODAY)
    assert found == Activity(
        own_posts=6,
        link_posts=2,
        reshares=1,
        talk=5,
        topics={"lego": 8, "bricks": 6},
        people={someone.key: 7, other.key: 2},
        active_days=9,
        seen_days=30,
    )


def test_what_others_did_old_acts_own_accounts_and_own_files_are_left_out(ada: Account) -> None:
    start = TODAY - timedelta(days=20)
    second = world.account(ada.person, synced=TODAY, network="bluesky")
    strangers = world.reactors(3)
    sent, talk = Direction.SENT, Kind.COMMENT
    world.react(ada, strangers, [start], kind=talk)
    world.react(ada, strangers, [TODAY - timedelta(days=91)], direction=sent, kind=talk)
    world.react(ada, [world.reactor_of(second)], [start], direction=sent, kind=talk)
    own = Provenance.OWN_FILE
    world.react(ada, strangers, [start], direction=sent, kind=talk, provenance=own)
    posts(ada, [TODAY - timedelta(days=91)])
    found = activity_of(ada.person_id, TODAY)
    assert (found.acts, found.active_days, found.people, found.seen_days) == (0, 0, {}, 30)


def test_accounts_add_up_and_unlinked_ones_are_forgotten(ada: Account) -> None:
    second = world.account(ada.person, synced=TODAY, network="bluesky")
    third = world.account(ada.person, synced=TODAY, network="sample")
    Account.objects.filter(pk=third.pk).update(status="unlinked")
    start = TODAY - timedelta(days=9)
    for account in (ada, second, third):
        posts(account, world.days(start, 2))
    found = activity_of(ada.person_id, TODAY)
    assert (found.own_posts, found.active_days) == (4, 2)


def test_nobody_and_who_did_nothing_have_done_nothing(ada: Account) -> None:
    assert activity_of(ada.person_id, TODAY) == Activity(seen_days=30)
    assert activity_of(world.person("Bo").pk, TODAY) == Activity()


def test_a_history_before_the_first_sync_was_seen(ada: Account) -> None:
    posts(ada, [TODAY - timedelta(days=60)])
    assert activity_of(ada.person_id, TODAY).seen_days == 60

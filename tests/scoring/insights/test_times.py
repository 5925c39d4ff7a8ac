"""Best times from stored rows: only dated reactions of the first day, each person once."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from connectors.models import Account, Post, Reactor
from connectors.types import Kind, Provenance
from scoring.core import timing
from scoring.insights import times
from tests.scoring import world

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
OSLO = ZoneInfo("Europe/Oslo")
pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> Account:
    return world.account(world.person("Ada"), synced=NOW.date())


def posted(account: Account, at: datetime) -> Post:
    post = world.post(account, at.date())
    Post.objects.filter(pk=post.pk).update(created_at=at)
    return post


def react(
    account: Account,
    post: Post,
    who: list[Reactor],
    at: datetime,
    *,
    kind: Kind = Kind.LIKE,
    dated: bool = True,
    provenance: Provenance = Provenance.OPEN_SERVER,
) -> None:
    """Have people react to a post at a time."""
    world.react(account, who, [at.date()], on=post, kind=kind, provenance=provenance)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE connectors_interaction SET happened_at = %s, dedupe_key = -dedupe_key "
            "WHERE post_id = %s AND kind = %s AND dedupe_key > 0",
            [at if dated else None, post.pk, int(kind)],
        )


def of(account: Account) -> timing.Timing:
    return times.timing_of(account.person_id, OSLO, NOW)


def test_each_dated_reaction_of_the_first_day_counts_once(
    ada: Account, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    fans = world.reactors(5)
    at = NOW - timedelta(days=10)
    post = posted(ada, at)
    react(ada, post, fans, at + timedelta(minutes=50))
    react(ada, post, fans, at + timedelta(hours=2), kind=Kind.COMMENT)
    with django_assert_num_queries(1):
        found = of(ada)
    assert (found.reactions, found.posts, found.enough) == (5, 1, False)


def test_undated_late_early_and_own_reactions_do_not_count(ada: Account) -> None:
    fans = world.reactors(2)
    ages = (10, 11, 0.5, 60, 12)
    posts = [posted(ada, NOW - timedelta(days=age)) for age in ages]
    begin = [NOW - timedelta(days=age) for age in ages]
    hour = timedelta(hours=1)
    react(ada, posts[0], fans, begin[0] + hour, dated=False)
    react(ada, posts[1], fans, begin[1] + 25 * hour)
    react(ada, posts[2], fans, begin[2] + hour)
    react(ada, posts[3], fans, begin[3] + hour)
    react(ada, posts[4], fans, begin[4] + hour, provenance=Provenance.OWN_FILE)
    assert of(ada).reactions == 0


def test_the_evening_of_an_evening_audience_is_found(ada: Account) -> None:
    """Posts at noon and at five; everybody reacts at half past six in Oslo."""
    fans = world.reactors(6)
    for back in range(2, 40):
        day = (NOW - timedelta(days=back)).astimezone(OSLO)
        for hour in (12, 17):
            post = posted(ada, day.replace(hour=hour, minute=0))
            react(ada, post, fans, day.replace(hour=18, minute=30))
    found = of(ada)
    assert (found.reactions, found.posts) == (38 * 2 * 6, 38 * 2)
    assert found.best
    assert all(17 <= slot.minute / 60 <= 18.5 for slot in found.best)


def test_unlinked_accounts_and_strangers_are_left_out(ada: Account) -> None:
    at = NOW - timedelta(days=10)
    react(ada, posted(ada, at), world.reactors(5), at + timedelta(minutes=1))
    Account.objects.filter(pk=ada.pk).update(status="unlinked")
    assert of(ada).reactions == 0
    assert times.timing_of(world.person("Bo").pk, OSLO, NOW).reactions == 0


def test_the_declared_delays_are_the_curve_of_the_first_day() -> None:
    shares = times.declared_delays()
    assert shares.sum() == pytest.approx(1)
    # Half within fifty minutes: the curve's source is beside it in connectors.days.
    assert shares[:3].sum() < 0.5 < shares[:4].sum()

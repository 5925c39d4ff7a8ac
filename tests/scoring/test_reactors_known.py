"""Reactors of whom more is known: opted out, one person with many accounts, own files, absurd."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from psycopg2.errors import CheckViolation

from connectors import registry
from connectors.models import Account
from connectors.reactors import store_reactors
from connectors.target import Target
from connectors.types import Actor, Kind, Provenance
from people import opt_out
from scoring import daily, own_rows
from scoring.core import trust
from scoring.core.params import CURRENT
from scoring.models import PairDay, PostDay, Score
from tests.scoring import world

TODAY = date(2026, 3, 1)
YESTERDAY = TODAY - timedelta(days=1)
START = TODAY - timedelta(days=20)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 3, 1, 12, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def ada() -> Account:
    """Somebody whom five strangers like every day."""
    account = world.account(world.person("Ada"), synced=TODAY)
    strangers = world.reactors(5)
    for day in world.days(START, 20):
        world.react(account, strangers, [day], on=world.post(account, day))
    return account


# --- Own files ----------------------------------------------------------------------------------
def test_a_forged_archive_gives_exactly_nothing(ada: Account) -> None:
    """Neither to its owner, nor to those on whom it says that they acted, nor by its trust."""
    bo = world.account(world.person("Bo"), synced=TODAY, followers=5_000)
    world.react(bo, [world.reactor_of(ada)], world.days(START, 20))
    daily.backfill(START, YESTERDAY)
    before = world.everything()
    forged = world.reactors(300, followers=900_000)
    post = world.post(ada, START)
    for kind in Kind:
        world.react(
            ada,
            [*forged, world.reactor_of(bo)],
            world.days(START, 20),
            kind=kind,
            on=post,
            provenance=Provenance.OWN_FILE,
        )
    daily.recompute(START, YESTERDAY)
    assert world.everything() == before


def test_what_an_evaluation_reads_of_posts_knows_nothing_of_own_files(ada: Account) -> None:
    before = own_rows.reactions_per_post(START, YESTERDAY)[1].tolist()
    post = world.post(ada, START)
    world.react(ada, world.reactors(300), [START], on=post, provenance=Provenance.OWN_FILE)
    after = own_rows.reactions_per_post(START, YESTERDAY)[1].tolist()
    # One more post, on which nobody acted.
    assert before == [5.0]
    assert 4.0 < after[0] < 5.0


# --- One person, many accounts ------------------------------------------------------------------
def many_accounts(number: int, *, owners: int) -> list[Account]:
    """Return so many accounts of so many people, in turn; a person's first one has followers."""
    people = [world.person(f"Fan {n}") for n in range(owners)]
    return [
        world.account(people[n % owners], synced=TODAY, followers=100 if n < owners else 0)
        for n in range(number)
    ]


def test_somebody_with_ten_accounts_counts_once(ada: Account) -> None:
    """For each kind, for quality and for the best posts, on one day and over days."""
    bo = world.account(world.person("Bo"), synced=TODAY)
    one, ten = many_accounts(1, owners=1), many_accounts(10, owners=1)
    for account, fans in ((ada, one), (bo, ten)):
        post = world.post(account, YESTERDAY)
        for kind in (Kind.LIKE, Kind.RESHARE):
            who = [world.reactor_of(fan) for fan in fans]
            world.react(account, who, world.days(START, 20), on=post, kind=kind)
    strangers = world.reactors(5)
    for day in world.days(START, 20):
        world.react(bo, strangers, [day], on=world.post(bo, day))
    daily.backfill(START, YESTERDAY)
    # The pair rows are each account's own: who is who may be known otherwise tomorrow.
    assert PairDay.objects.filter(account_id=bo.pk, day=YESTERDAY).count() == 25
    assert PostDay.objects.get(account_id=bo.pk, day=YESTERDAY, kind=Kind.RESHARE).people == 1
    assert world.value(bo, YESTERDAY) == pytest.approx(world.value(ada, YESTERDAY))


def test_ten_people_with_an_account_each_count_ten_times() -> None:
    bo = world.account(world.person("Bo"), synced=TODAY)
    cy = world.account(world.person("Cy"), synced=TODAY)
    for account, owners in ((bo, 1), (cy, 10)):
        fans = [world.reactor_of(fan) for fan in many_accounts(10, owners=owners)]
        world.react(account, fans, world.days(START, 20))
    daily.backfill(START, YESTERDAY)
    assert world.value(cy, YESTERDAY) > world.value(bo, YESTERDAY) + 1


# --- Opted out ----------------------------------------------------------------------------------
def stored_key(name: str, followers: int | None) -> int:
    """Return the key under which an actor's reactions are stored."""
    target = Target(1, registry.network("mastodon"), False, None, world.at(TODAY))
    actor = Actor(native_id=f"{name}@example.org", handle=f"{name}@example.org")
    return store_reactors(target, [actor])[actor.native_id]


@pytest.mark.parametrize("followers", [None, 0, 4_000_000])
def test_opted_out_reactors_are_ordinary_people_whoever_they_are(
    ada: Account, followers: int | None
) -> None:
    opt_out.opt_out("mastodon", ["eve@example.org"], proven=True)
    eve = world.reactors(1, followers=followers)[0]
    eve.key = stored_key("eve", followers)
    world.react(ada, [eve], world.days(START, 20))
    daily.backfill(START, YESTERDAY)
    before = world.everything()
    found = PairDay.objects.filter(reactor_key=eve.key).values_list("trust_class", flat=True)
    assert list(found) == [trust.ORDINARY] * 20
    # Nobody here, and the same when the days are scored again.
    assert Score.objects.filter(day=YESTERDAY).count() == 1
    daily.recompute(START, YESTERDAY)
    assert world.everything() == before


def test_the_key_of_somebody_opted_out_by_handle_only_is_known_again(ada: Account) -> None:
    opt_out.opt_out("mastodon", ["@Eve@Example.org"], proven=True)
    target = Target(1, registry.network("mastodon"), False, None, world.at(TODAY))
    actor = Actor(native_id="did:1", handle="eve@example.org")
    eve = world.reactors(1, followers=0)[0]
    eve.key = store_reactors(target, [actor])["did:1"]
    world.react(ada, [eve], [YESTERDAY])
    daily.backfill(START, YESTERDAY)
    assert PairDay.objects.get(reactor_key=eve.key).trust_class == trust.ORDINARY


def test_an_opt_out_that_is_over_leaves_what_the_network_told(ada: Account) -> None:
    opt_out.opt_out("mastodon", ["eve@example.org"], proven=False)
    eve = world.reactors(1, followers=6)[0]
    eve.key = stored_key("eve", 6)
    world.react(ada, [eve], [YESTERDAY])
    with time_machine.travel(datetime(2026, 5, 1, 12, tzinfo=UTC), tick=False):
        daily.backfill(START, YESTERDAY)
    assert PairDay.objects.get(reactor_key=eve.key).trust_class == 1


# --- Absurd -------------------------------------------------------------------------------------
def test_a_reactor_with_a_billion_followers_weighs_sixteen_ordinary_people(ada: Account) -> None:
    bo = world.account(world.person("Bo"), synced=TODAY)
    world.react(ada, world.reactors(1, followers=1_000_000_000), [YESTERDAY])
    world.react(bo, world.reactors(1, followers=200_000), [YESTERDAY])
    daily.backfill(START, YESTERDAY)
    classes = PairDay.objects.filter(account_id__in=(ada.pk, bo.pk), trust_class=trust.HIGHEST)
    assert classes.count() == 2
    assert CURRENT.class_weights[trust.HIGHEST] == 16


def test_an_audience_larger_than_there_are_people_is_taken_as_not_read(ada: Account) -> None:
    absurd = world.reactors(1, followers=6_000_000_000)[0]
    world.react(ada, [absurd], [YESTERDAY])
    daily.backfill(START, YESTERDAY)
    assert PairDay.objects.get(reactor_key=absurd.key).trust_class == trust.UNKNOWN


def test_an_account_cannot_be_here_twice(ada: Account) -> None:
    with pytest.raises(IntegrityError, match="account_native_id"), transaction.atomic():
        world.account(world.person("Bo"), synced=TODAY, native_id=ada.native_id)


@pytest.mark.parametrize("column", ["value", "low", "high", "mass"])
def test_the_database_refuses_scores_that_are_no_numbers(ada: Account, column: str) -> None:
    daily.backfill(YESTERDAY, YESTERDAY)
    query = f"UPDATE scoring_score SET {column} = 'NaN'"  # noqa: S608 - a name of ours
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(query)


def test_followers_below_zero_are_refused_by_the_database(ada: Account) -> None:
    with pytest.raises(CheckViolation), transaction.atomic():
        world.react(ada, world.reactors(1, followers=-1), [YESTERDAY])

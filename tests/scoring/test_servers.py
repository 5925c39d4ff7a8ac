"""Accounts and reactors on servers that anyone can run, from rows to scores."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from pytest_django.fixtures import Settings

from connectors.models import Account, Reactor
from connectors.types import Direction, Kind, Provenance
from scoring import daily
from scoring.core import servers as core
from scoring.core.integrity import DiscountKind
from scoring.core.model import Model
from scoring.core.params import CURRENT
from scoring.models import Discount, PairDay, Score, ServerStanding
from tests.scoring import world

TODAY = date(2026, 3, 1)
YESTERDAY = TODAY - timedelta(days=1)
START = TODAY - timedelta(days=20)
NEUTRAL = float(Model(CURRENT).score(core.neutral_mass(Model(CURRENT))))

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 3, 1, 12, tzinfo=UTC), tick=False):
        yield


def famous(name: str, server: str, *, followers: int = 900_000) -> Account:
    """Return somebody on whom forty people of a known server act every day."""
    native_id = f"{name.lower()}@{server}"
    account = world.account(
        world.person(name), synced=TODAY, followers=followers, native_id=native_id
    )
    fans = world.reactors(40, followers=5_000)
    for day in world.days(START, 20):
        world.react(account, fans, [day], on=world.post(account, day))
    return account


def somebody_on(server: str) -> Reactor:
    """Return somebody who lives on a server and has no account here."""
    return world.reactors(1, server=server)[0]


def acts_on(
    who: Account, server: str, days: list[date], told: Provenance = Provenance.OPEN_SERVER
) -> None:
    """Let an account answer somebody on a server, as its own server tells."""
    world.react(
        who,
        [somebody_on(server)],
        days,
        kind=Kind.COMMENT,
        direction=Direction.SENT,
        provenance=told,
    )


# --- What a server says of its own accounts -----------------------------------------------------
def test_an_account_of_an_unknown_server_counts_as_one_neutral_account() -> None:
    here, there = famous("Ada", "mastodon.social"), famous("Bo", "lone.example")
    daily.backfill(START, YESTERDAY)
    assert world.value(here, YESTERDAY) > 60
    assert world.value(there, YESTERDAY) == pytest.approx(NEUTRAL)


def test_all_accounts_of_an_unknown_server_share_what_it_is_worth() -> None:
    liars = [famous(f"Liar {n}", "lone.example") for n in range(4)]
    small = world.account(
        world.person("Small"), synced=TODAY, followers=3, native_id="small@lone.example"
    )
    daily.backfill(YESTERDAY, YESTERDAY)
    masses = list(Score.objects.filter(day=YESTERDAY).values_list("mass", flat=True))
    assert sum(masses) == pytest.approx(core.neutral_mass(Model(CURRENT)))
    # What fits below the level is nobody else's to take.
    assert world.value(small, YESTERDAY) < world.value(liars[0], YESTERDAY) < NEUTRAL


def test_the_operators_list_says_whose_word_is_taken(settings: Settings) -> None:
    there = famous("Bo", "lone.example")
    settings.KNOWN_SERVERS = frozenset({"lone.example"})
    daily.backfill(YESTERDAY, YESTERDAY)
    assert world.value(there, YESTERDAY) > 60
    assert not ServerStanding.objects.exists()


def test_a_name_that_only_looks_like_a_known_server_is_another_one() -> None:
    there = famous("Bo", "mastodon.social.lone.example")
    twice = famous("Cy@mastodon.social", "lone.example")
    daily.backfill(YESTERDAY, YESTERDAY)
    assert world.value(there, YESTERDAY) == pytest.approx(NEUTRAL)
    assert world.value(twice, YESTERDAY) == pytest.approx(NEUTRAL)


def test_people_outside_who_act_on_its_accounts_give_a_server_standing() -> None:
    there, cy = famous("Bo", "own.example"), famous("Cy", "mastodon.social")
    acts_on(cy, "own.example", [YESTERDAY - timedelta(days=1)])
    daily.backfill(START, YESTERDAY)
    row = ServerStanding.objects.get(server="own.example")
    assert (row.network, row.day) == ("mastodon", YESTERDAY)
    assert row.standing > 1
    mass = core.neutral_mass(Model(CURRENT)) * (1 + row.standing)
    assert Score.objects.get(person_id=there.person_id, day=YESTERDAY).mass == pytest.approx(mass)
    # From the day after the act on.
    days = Score.objects.filter(person_id=there.person_id, value__gt=NEUTRAL + 1)
    assert [score.day for score in days] == [YESTERDAY]


@pytest.mark.parametrize("who", ["itself", "another unknown server", "an own file", "an empty one"])
def test_nothing_else_gives_a_server_standing(who: str) -> None:
    there = famous("Bo", "own.example")
    server = {"itself": "own.example", "another unknown server": "other.example"}
    followers = 0 if who == "an empty one" else 900_000
    cy = famous("Cy", server.get(who, "mastodon.social"), followers=followers)
    if who == "an empty one":
        cy = world.account(world.person("Dee"), synced=TODAY, followers=0)
    told = Provenance.OWN_FILE if who == "an own file" else Provenance.OPEN_SERVER
    acts_on(cy, "own.example", world.days(START, 19), told)
    daily.backfill(START, YESTERDAY)
    assert not ServerStanding.objects.filter(standing__gt=0).exists()
    assert world.value(there, YESTERDAY) <= NEUTRAL + 1e-9


def test_somebody_known_elsewhere_vouches_from_an_unknown_server_but_not_for_it() -> None:
    both = famous("Cy", "mastodon.social")
    world.account(both.person, synced=TODAY, followers=9, native_id="cy@own.example")
    for server in ("own.example", "other.example"):
        acts_on(both, server, [START])
    daily.backfill(START, YESTERDAY)
    found = dict(ServerStanding.objects.values_list("server", "standing"))
    assert found["own.example"] == 0
    assert found["other.example"] > 0


# --- Discount -----------------------------------------------------------------------------------
def test_the_limit_is_a_discount_with_its_reason_and_can_be_lifted() -> None:
    there = famous("Bo", "lone.example")
    daily.backfill(START, YESTERDAY - timedelta(days=1))
    found = Discount.objects.get(kind=DiscountKind.SERVER.value)
    assert found.account_id == there.pk
    assert found.points > 25
    assert found.reason == {"score": pytest.approx(NEUTRAL, abs=0.05)}
    Discount.objects.update(lifted_on=YESTERDAY)
    daily.score_day(YESTERDAY)
    assert world.value(there, YESTERDAY) > 60
    assert Discount.objects.get(kind=DiscountKind.SERVER.value).until < YESTERDAY


# --- Reactors -----------------------------------------------------------------------------------
def test_reactors_of_unknown_servers_are_of_unknown_standing_whatever_is_claimed() -> None:
    ada, bo = (world.account(world.person(name), synced=TODAY) for name in ("Ada", "Bo"))
    bots = world.reactors(500, followers=10_000_000, server="lone.example")
    world.react(ada, bots, world.days(START, 20))
    daily.backfill(START, YESTERDAY)
    classes = PairDay.objects.filter(account_id=ada.pk).values_list("trust_class", flat=True)
    assert set(classes) == {0}
    assert world.value(bo, YESTERDAY) < world.value(ada, YESTERDAY) < world.value(bo, YESTERDAY) + 1


def test_as_many_reactors_of_a_server_count_as_people_outside_vouch_for_it() -> None:
    ada, bo = (world.account(world.person(name), synced=TODAY) for name in ("Ada", "Bo"))
    cy = famous("Cy", "mastodon.social")
    acts_on(cy, "own.example", [START - timedelta(days=1)])
    world.react(ada, world.reactors(2, server="own.example"), world.days(START, 20))
    world.react(bo, world.reactors(300, server="own.example"), world.days(START, 20))
    daily.backfill(START - timedelta(days=1), YESTERDAY)
    standing = ServerStanding.objects.get(server="own.example").standing
    assert 1 < standing < 20
    newest = PairDay.objects.filter(account_id=bo.pk, day=YESTERDAY, trust_class=3)
    assert newest.count() == 300
    gained = world.value(bo, YESTERDAY) - world.value(ada, YESTERDAY)
    assert 0 < gained < 6


def test_a_server_cannot_tell_what_people_of_other_servers_do() -> None:
    """Or it could take their trust, which is shared by all on whom somebody acts."""
    daily_classes = []
    for pretending in (False, True):
        cy = famous(f"Cy {pretending}", "mastodon.social")
        for n in range(40 if pretending else 0):
            fake = world.account(
                world.person("Fake"), synced=TODAY, native_id=f"fake{n}@lone.example"
            )
            world.react(fake, [world.reactor_of(cy)], [YESTERDAY])
        daily.score_day(YESTERDAY)
        score = Score.objects.get(person_id=cy.person_id, day=YESTERDAY)
        daily_classes.append(score.trust_class)
    assert daily_classes[0] == daily_classes[1] > 3


# --- First scores -------------------------------------------------------------------------------
def test_first_scores_know_the_standing_of_the_newest_daily_run() -> None:
    cy = famous("Cy", "mastodon.social")
    acts_on(cy, "own.example", [YESTERDAY - timedelta(days=1)])
    daily.backfill(START, YESTERDAY)
    there, unknown = famous("Bo", "own.example"), famous("Dee", "lone.example")
    for account in (there, unknown):
        daily.first_scores(account.person_id)
    standing = ServerStanding.objects.get(server="own.example").standing
    mass = core.neutral_mass(Model(CURRENT)) * (1 + standing)
    newest = {row.person_id: row for row in Score.objects.filter(day=TODAY)}
    assert newest[there.person_id].mass == pytest.approx(mass)
    assert newest[unknown.person_id].value == pytest.approx(NEUTRAL)
    # A hundred followers are of class 3, whatever is claimed.
    assert newest[unknown.person_id].trust_class == 3

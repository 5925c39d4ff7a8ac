"""A network whose terms forbid combining has a sub-score of its own, and no part elsewhere."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.db import connection

from connectors import registry
from connectors.models import Account
from connectors.types import Kind
from people.models import Person
from scoring import daily, due, why
from scoring.models import Explanation, Moment, PairDay, Score
from tests.conftest import signed_in
from tests.scoring import world

TODAY = date(2026, 3, 1)
YESTERDAY = TODAY - timedelta(days=1)
BECAUSE = "its terms say so"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 3, 1, 12, tzinfo=UTC), tick=False):
        yield


@pytest.fixture(autouse=True)
def _bluesky_is_kept_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    module = registry.CONNECTORS["bluesky"]
    policy = replace(module.NETWORK.policy, may_combine=False, apart_because=BECAUSE)
    alone = SimpleNamespace(**vars(module) | {"NETWORK": replace(module.NETWORK, policy=policy)})
    monkeypatch.setitem(registry.CONNECTORS, "bluesky", alone)


def account(owner: Person, network: str, *, followers: int = 400, people: int = 5) -> Account:
    """Return an account that the same strangers like each day."""
    made = world.account(
        owner, synced=TODAY - timedelta(days=1), network=network, followers=followers
    )
    first = TODAY - timedelta(days=40)
    on = world.post(made, first)
    world.react(made, world.reactors(people), world.days(first, 41), on=on)
    for day in world.days(first, 40):
        world.fetched(made, day)
    return made


def scored_days() -> None:
    daily.backfill(TODAY - timedelta(days=3), YESTERDAY)


def test_it_is_scored_as_if_it_were_alone_and_changes_nothing_else() -> None:
    ada, bo, only = (world.person(name) for name in ("Ada", "Bo", "Only"))
    account(ada, "mastodon")
    account(bo, "mastodon")
    account(bo, "bluesky", followers=90_000, people=30)
    account(only, "bluesky", followers=90_000, people=30)
    scored_days()
    values = {row.person_id: row for row in Score.objects.filter(day=YESTERDAY)}
    assert set(values) == {ada.pk, bo.pk}
    assert values[ada.pk].value == values[bo.pk].value
    assert values[ada.pk].mass == values[bo.pk].mass
    assert values[ada.pk].trust_class == values[bo.pk].trust_class
    (of_bo,) = why.kept_apart(bo.pk, YESTERDAY, YESTERDAY)
    (of_only,) = why.kept_apart(only.pk, YESTERDAY, YESTERDAY)
    assert of_bo.value == of_only.value > values[bo.pk].value + 10
    assert of_bo.low <= of_bo.value <= of_bo.high
    assert sum(share.share for share in of_bo.signals) == pytest.approx(1)
    assert [row.network for row in why.network_shares(bo.pk, YESTERDAY)] == ["mastodon"]
    # One packed row a person and day, whatever it holds.
    assert Explanation.objects.filter(day=YESTERDAY).count() == 3


def test_it_equals_what_the_network_gives_where_combining_is_allowed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ada = world.person("Ada")
    account(ada, "bluesky", followers=5_000)
    scored_days()
    (apart,) = why.kept_apart(ada.pk, YESTERDAY, YESTERDAY)
    monkeypatch.undo()
    with time_machine.travel(datetime(2026, 3, 1, 12, tzinfo=UTC), tick=False):
        daily.score_day(YESTERDAY)
    score = Score.objects.get(person_id=ada.pk, day=YESTERDAY)
    assert (score.value, score.low, score.high) == (apart.value, apart.low, apart.high)
    assert score.provisional == apart.provisional


def test_what_happens_there_moves_no_trust_and_is_no_moment() -> None:
    """Who acts on somebody there acts on nobody elsewhere; posts there are no moments."""
    ada, bo = world.person("Ada"), world.person("Bo")
    account(ada, "mastodon")
    account(bo, "mastodon")
    there, own = account(ada, "bluesky"), account(bo, "bluesky")
    scored_days()
    before = list(Score.objects.order_by("day", "person_id").values("person_id", "day", "mass"))
    classes = list(Score.objects.order_by("day", "person_id").values_list("trust_class", flat=True))
    world.react(there, [world.reactor_of(own)], [YESTERDAY], kind=Kind.COMMENT)
    daily.score_day(YESTERDAY)
    rows = Score.objects.order_by("day", "person_id")
    assert list(rows.values("person_id", "day", "mass")) == before
    assert list(rows.values_list("trust_class", flat=True)) == classes
    assert not Moment.objects.filter(account_id__in=[there.pk, own.pk]).exists()


def test_a_reactor_counts_there_by_their_audience_there_only() -> None:
    """Whoever is somebody elsewhere is nobody more for it on a network kept apart."""
    star = world.person("Star")
    account(star, "mastodon", followers=900_000, people=40)
    there = account(star, "bluesky", followers=20)
    ada = world.person("Ada")
    liked = account(ada, "bluesky")
    scored_days()
    world.react(liked, [world.reactor_of(there)], [YESTERDAY])
    daily.score_day(YESTERDAY)
    key = world.reactor_of(there).key
    row = PairDay.objects.get(account_id=liked.pk, reactor_key=key, day=YESTERDAY)
    # A hundred followers, as the network tells with the reaction.
    assert row.trust_class == 3
    assert Score.objects.get(person_id=star.pk, day=YESTERDAY).trust_class > 3


def test_a_walk_from_any_day_comes_to_the_same_rows() -> None:
    ada = world.person("Ada")
    account(ada, "bluesky")
    account(ada, "mastodon")
    daily.backfill(TODAY - timedelta(days=6), YESTERDAY)
    before = world.everything()
    daily.score_day(YESTERDAY)
    daily.recompute(TODAY - timedelta(days=3), YESTERDAY)
    assert world.everything() == before


def test_first_scores_give_it_and_then_it_is_not_due_any_more() -> None:
    ada = world.person("Ada")
    account(ada, "bluesky")
    now = datetime(2026, 3, 1, 12, tzinfo=UTC)
    assert due.people_without_score(now) == [ada.pk]
    daily.first_scores(ada.pk)
    assert due.people_without_score(now) == []
    assert len(why.kept_apart(ada.pk, TODAY, TODAY)) == 1
    assert not Score.objects.exists()


def test_two_accounts_there_are_one_and_both_are_known() -> None:
    ada = world.person("Ada")
    first, second = account(ada, "bluesky"), account(ada, "bluesky", followers=90_000)
    daily.first_scores(ada.pk)
    (row,) = why.kept_apart(ada.pk, TODAY, TODAY)
    assert row.account_id == first.pk
    body = Explanation.objects.get(day=TODAY, person_id=ada.pk).body
    assert body["also"] == {str(second.pk): first.pk}
    assert body["apart"][str(first.pk)]["x"]["followers"] == 90_000
    assert due.people_without_score(datetime(2026, 3, 1, 12, tzinfo=UTC)) == []


def test_the_pages_show_it_with_the_reason(alice: Person, charlie: Person) -> None:
    account(alice, "mastodon")
    account(alice, "bluesky", followers=90_000)
    scored_days()
    alice.visibility = Person.Visibility.PUBLIC
    alice.save()
    for client, address in (
        (signed_in(alice), "/score/"),
        (signed_in(charlie), f"/p/{alice.slug}/"),
    ):
        page = client.get(address).content.decode()
        assert "Kept apart" in page
        assert f"Bluesky has a score of its own and is kept apart, because {BECAUSE}." in page
    alice.visibility = Person.Visibility.PRIVATE
    alice.save()
    assert "Kept apart" not in signed_in(charlie).get(f"/p/{alice.slug}/").content.decode()


def test_somebody_with_nothing_else_sees_it_too(alice: Person) -> None:
    account(alice, "bluesky")
    scored_days()
    page = signed_in(alice).get("/score/").content.decode()
    assert "Kept apart" in page
    assert 'id="first-score"' not in page
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM scoring_score WHERE person_id = %s", [alice.pk])
        assert cursor.fetchone()[0] == 0

"""Reactions without names: what they count, what they never do, and which are held."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest
import time_machine

from connectors.models import Account, AnonymousDay, Post
from connectors.partitions import ensure_days
from connectors.types import Kind
from scoring import daily, why
from scoring.anonymous import anonymous
from scoring.core.integrity import DiscountKind
from scoring.core.params import CURRENT
from scoring.loading import number, population
from scoring.models import Discount
from scoring.scored_day import window_days
from scoring.simulation import World, history
from tests.scoring import world

TODAY = date(2026, 3, 1)
MEASURES = tuple(measure.name for measure in CURRENT.measures)


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 3, 1, 12, tzinfo=UTC), tick=False):
        yield


def counted(on: Post, day: date, *, added: int = 0, removed: int = 0) -> None:
    ensure_days(["connectors_anonymousday"], [day])
    AnonymousDay.objects.create(
        day=day,
        account_id=on.account_id,
        post_id=on.pk,
        kind=Kind.SAVE,
        added=added,
        removed=removed,
    )


def saved(a_day: float, *, days: int = 30, followers: float = 1_000.0) -> list[float]:
    made = World(days)
    one = made.account(followers)
    people = made.strangers(6, 100)
    for day in range(days):
        made.act(day, people, one, post=1)
        if a_day:
            made.unnamed(day, int(a_day), one)
    return history(made.run())


def test_more_of_them_never_lower_the_score_and_add_five_points_at_most() -> None:
    scores = [saved(count)[-1] for count in (0, 1, 20, 400, 1_000_000)]
    assert scores == sorted(scores)
    assert scores[1] > scores[0]
    assert scores[-1] - scores[0] <= CURRENT.anonymous_max_points + 1e-9


def test_an_account_without_an_audience_gains_nothing_by_them() -> None:
    assert saved(1_000_000, followers=0.0)[-1] == saved(0, followers=0.0)[-1]


def test_they_widen_the_band_and_are_told_apart() -> None:
    made = World(20)
    one, two = made.account(1_000.0), made.account(1_000.0)
    for day in range(20):
        made.unnamed(day, 500, two)
    last = made.run()[-1]
    with_them, without = (last.high[n] - last.low[n] for n in (two, one))
    assert with_them > without
    place = MEASURES.index("anonymous")
    assert last.why.evaluation.parts[two, place] > 0
    assert last.why.evaluation.parts[one, place] == 0


def test_they_fade_by_half_in_a_half_life() -> None:
    made = World(20)
    one = made.account(10_000.0)
    made.unnamed(0, 400, one)
    days = made.run()
    place = MEASURES.index("anonymous")
    amounts = [float(day.why.evaluation.x[one, place]) for day in days[1:]]
    assert all(later < earlier for earlier, later in pairwise(amounts))
    # Of few against many followers nearly each is another of them.
    assert amounts[10] / amounts[1] == pytest.approx(2 ** (-9 / 4.5), rel=0.02)


def test_a_hundredfold_in_a_day_is_held_for_a_day_and_told() -> None:
    made = World(12)
    one = made.account(100_000.0)
    for day in range(12):
        made.unnamed(day, 1_000_000 if day == 10 else 10, one)
    days = made.run()
    place = MEASURES.index("anonymous")
    amounts = [float(day.why.evaluation.x[one, place]) for day in days]
    assert amounts[10] < amounts[9]
    assert amounts[11] > 1_000
    held = [row for row in days[10].discounts if row.kind is DiscountKind.HELD_COUNT]
    assert [row.reason["measure"] for row in held] == ["anonymous"]
    assert not [row for row in days[11].discounts if row.kind is DiscountKind.HELD_COUNT]


def test_a_hundredfold_that_named_people_go_with_is_not_held() -> None:
    made = World(3)
    one = made.account(100_000.0)
    made.act(2, made.strangers(300, 1_000), one, post=1)
    made.unnamed(2, 20_000, one)
    day = made.run()[-1]
    assert day.why.evaluation.x[one, MEASURES.index("anonymous")] > 1_000
    assert not [row for row in day.discounts if row.kind is DiscountKind.HELD_COUNT]


@pytest.mark.django_db
def test_what_a_count_loses_it_loses_of_the_day_before_at_most() -> None:
    """A misreading is taken back whole; an old post's deletions take nothing of today's."""
    ada = world.account(world.person("Ada"), synced=TODAY)
    misread, old, new = (world.post(ada, TODAY - timedelta(days=n)) for n in (2, 200, 0))
    counted(misread, TODAY - timedelta(days=2), added=1_000_000)
    counted(misread, TODAY - timedelta(days=1), removed=1_000_000)
    counted(old, TODAY, removed=900)
    counted(new, TODAY, added=30)
    people = population(CURRENT)
    first = TODAY - timedelta(days=1)
    found = anonymous(people, first, TODAY, window_days(CURRENT), CURRENT)
    sums = found.on(number(TODAY), np.zeros(1))
    assert sums.level.tolist() == [30.0]
    # What was believed while it stood.
    assert sums.day_before.tolist() == [1_000_000.0]


def steady(name: str) -> tuple[Account, Post]:
    made = world.account(world.person(name), synced=TODAY - timedelta(days=20), followers=400)
    on = world.post(made, TODAY - timedelta(days=60))
    world.react(made, world.reactors(5), world.days(TODAY - timedelta(days=60), 60), on=on)
    for day in world.days(TODAY - timedelta(days=20), 20):
        world.fetched(made, day)
    return made, on


@pytest.mark.django_db
def test_a_walk_from_any_day_comes_to_the_same_rows() -> None:
    _ada, on = steady("Ada")
    for day in world.days(TODAY - timedelta(days=40), 40):
        counted(on, day, added=7 + day.day, removed=day.day % 3)
    first = TODAY - timedelta(days=10)
    daily.backfill(first, TODAY - timedelta(days=1))
    before = world.everything()
    for ago in (6, 3, 1):
        daily.score_day(TODAY - timedelta(days=ago))
    assert world.everything() == before


@pytest.mark.django_db
def test_they_reach_the_score_and_its_explanation() -> None:
    ada, on = steady("Ada")
    bo, _on = steady("Bo")
    for day in world.days(TODAY - timedelta(days=20), 20):
        counted(on, day, added=25)
    yesterday = TODAY - timedelta(days=1)
    daily.backfill(TODAY - timedelta(days=3), yesterday)
    assert world.value(bo, yesterday) < world.value(ada, yesterday)
    (share,) = why.network_shares(ada.person_id, yesterday)
    told = {row.signal_id: row.is_anonymous for row in share.signals}
    assert told["mastodon.anonymous"]
    assert not told["mastodon.likes"]
    assert not Discount.objects.exists()


@pytest.mark.django_db
def test_first_scores_read_their_own_only() -> None:
    ada, on = steady("Ada")
    daily.first_scores(ada.person_id)
    before = world.value(ada, TODAY)
    _bo, other = steady("Bo")
    counted(other, TODAY - timedelta(days=1), added=300)
    daily.first_scores(ada.person_id)
    assert world.value(ada, TODAY) == before
    counted(on, TODAY - timedelta(days=1), added=300)
    daily.first_scores(ada.person_id)
    assert world.value(ada, TODAY) > before

"""What was scored of a person is given out to them, and goes with them."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from connectors import history
from connectors.models import Account
from people import erasure
from scoring import daily
from scoring.models import Moment, PairDay, PostDay, Score
from tests.scoring import world

TODAY = date(2026, 3, 1)
YESTERDAY = TODAY - timedelta(days=1)
NAMES = {f"scoring.{name}" for name in ("PairDay", "PostDay", "Score", "Explanation", "Moment")}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 3, 1, 12, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def pair() -> tuple[Account, Account]:
    """Two people whom the same strangers like, scored for some days."""
    accounts = [world.account(world.person(name), synced=TODAY) for name in ("Ada", "Bo")]
    strangers = world.reactors(40)
    for account in accounts:
        world.react(
            account,
            strangers,
            world.days(TODAY - timedelta(days=5), 3),
            on=world.post(account, TODAY - timedelta(days=5)),
        )
    daily.backfill(TODAY - timedelta(days=6), YESTERDAY)
    return accounts[0], accounts[1]


def test_everything_scored_is_exported(pair: tuple[Account, Account]) -> None:
    exported = erasure.export_everything(pair[0].person)
    assert exported.keys() >= NAMES
    text = json.dumps(exported)
    assert f'"person_id": {pair[1].person_id}' not in text
    # Keys and classes of those who reacted are about somebody else.
    assert all("reactor_key" not in row for row in exported["scoring.PairDay"])
    assert not any("trust_class" in row for name in NAMES for row in exported[name])
    assert exported["scoring.PairDay"][0]["kind"] == "like"


def test_everything_scored_goes_with_the_person_and_nothing_of_others(
    pair: tuple[Account, Account],
) -> None:
    gone, stays = pair
    before = {table: len(rows) for table, rows in world.everything().items()}
    removed = erasure.erase(gone.person)
    assert all(removed[name] > 0 for name in NAMES)
    after = {table: len(rows) for table, rows in world.everything().items()}
    assert {table: 2 * number for table, number in after.items()} == before
    assert set(Score.objects.values_list("person_id", flat=True)) == {stays.person_id}
    assert set(PairDay.objects.values_list("account_id", flat=True)) == {stays.pk}


def test_unlinking_with_the_history_takes_its_reactions_and_moments(
    pair: tuple[Account, Account],
) -> None:
    gone, stays = pair
    scores = Score.objects.count()
    history.erase_history(gone.pk)
    for model in (PairDay, PostDay, Moment):
        assert set(model._default_manager.values_list("account_id", flat=True)) == {stays.pk}
    assert Score.objects.count() == scores

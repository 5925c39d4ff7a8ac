"""A large installation's day is loaded aside and takes the old one's place: its rows are equal."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction

from connectors.models import Account
from connectors.partitions import day_partition, ensure_days, ensure_partitions
from scoring import daily, writing
from scoring.models import Score, ScoreRun
from tests.scoring import world

TODAY = date(2026, 3, 1)
FIRST = date(2026, 2, 25)
LAST = date(2026, 2, 28)
DAYS = world.days(FIRST, 4)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 3, 1, 12, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def accounts() -> list[Account]:
    made = [world.account(world.person(name), synced=TODAY) for name in ("Ada", "Bo", "Cy")]
    strangers = world.reactors(20)
    for number, account in enumerate(made):
        world.react(account, strangers[number:], DAYS, on=world.post(account, FIRST))
    return made


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every installation is a large one, and every day has many rows."""
    monkeypatch.setattr(writing, "DAILY_PARTITION_ACCOUNTS", -1)
    monkeypatch.setattr(writing, "EXCHANGED_ROWS", 1)


def partitions(table: str) -> dict[str, tuple[str, ...]]:
    """Return each partition of a table with what its indexes and checks say."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT c.relname, array(
                SELECT regexp_replace(pg_get_indexdef(x.indexrelid), '^.* USING ', '')
                       || CASE WHEN x.indisunique THEN ' unique' ELSE '' END
                  FROM pg_index x WHERE x.indrelid = c.oid ORDER BY 1)
              FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
             WHERE i.inhparent = %s::regclass
            """,
            [table],
        )
        return {name: tuple(indexes) for name, indexes in cursor.fetchall()}


def without_partitions() -> None:
    """Remove all that was scored, its partitions too."""
    with connection.cursor() as cursor:
        for table in writing.TABLES:
            for name in partitions(table):
                cursor.execute(f"DROP TABLE {name}")
    ScoreRun.objects.all().delete()


@pytest.fixture
def by_months(accounts: list[Account]) -> dict[str, list[tuple[object, ...]]]:
    """What a small installation writes for the days, which are then as never scored."""
    without_partitions()
    daily.backfill(FIRST, LAST)
    assert set(partitions("scoring_score")) == {"scoring_score_y2026m02"}
    rows = world.everything()
    without_partitions()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM scoring_moment")
    return rows


def test_by_days_the_rows_are_those_by_months(
    by_months: dict[str, list[tuple[object, ...]]], large: None
) -> None:
    daily.backfill(FIRST, LAST)
    assert world.everything() == by_months
    assert set(partitions("scoring_score")) == {day_partition("scoring_score", d) for d in DAYS}


def test_a_day_scored_again_is_the_same(
    by_months: dict[str, list[tuple[object, ...]]], large: None
) -> None:
    daily.backfill(FIRST, LAST)
    daily.score_day(LAST)
    daily.recompute(FIRST, LAST)
    assert world.everything() == by_months


def test_a_replaced_day_has_the_indexes_and_checks_of_its_table(
    by_months: dict[str, list[tuple[object, ...]]], large: None
) -> None:
    writing.prepare([TODAY])
    daily.backfill(FIRST, LAST)
    for table in writing.TABLES:
        found = partitions(table)
        # Today's was made by PostgreSQL itself, and never replaced.
        assert found[day_partition(table, LAST)] == found[day_partition(table, TODAY)] != ()
    with pytest.raises(IntegrityError, match="check"), transaction.atomic():
        Score.objects.filter(day=LAST).update(value=float("nan"))
    with pytest.raises(IntegrityError, match="check"), transaction.atomic():
        Score.objects.filter(day=LAST).update(value=101)


def test_rows_of_others_stay_where_a_day_is_replaced(
    by_months: dict[str, list[tuple[object, ...]]], large: None, accounts: list[Account]
) -> None:
    """Cy's account is no longer scored: what it had stays until it is erased."""
    daily.backfill(FIRST, LAST)
    Account.objects.filter(pk=accounts[2].pk).update(status="unlinked")
    daily.score_day(LAST)
    now = Score.objects.filter(day=LAST, person_id=accounts[2].person_id)
    assert now.count() == 1
    assert Score.objects.filter(day=LAST).count() == 3


def test_first_scores_go_into_days_that_are_there(
    by_months: dict[str, list[tuple[object, ...]]], large: None, accounts: list[Account]
) -> None:
    daily.first_scores(accounts[0].person_id)
    daily.backfill(FIRST, LAST)
    mine = Score.objects.filter(person_id=accounts[0].person_id)
    assert mine.count() == daily.FIRST_DAYS
    assert Score.objects.filter(day=LAST).count() == 3


def test_a_month_that_was_begun_stays_a_month(large: None) -> None:
    without_partitions()
    ensure_partitions("scoring_score", LAST, LAST)
    writing.prepare([LAST, TODAY])
    assert set(partitions("scoring_score")) == {
        "scoring_score_y2026m02",
        day_partition("scoring_score", TODAY),
    }


def test_a_month_begun_by_days_goes_on_by_days() -> None:
    without_partitions()
    ensure_days(["scoring_score"], [LAST], by_day=True)
    ensure_days(["scoring_score"], [FIRST, LAST, TODAY])
    assert set(partitions("scoring_score")) == {
        day_partition("scoring_score", FIRST),
        day_partition("scoring_score", LAST),
        "scoring_score_y2026m03",
    }
    ensure_days(["scoring_score"], [FIRST, LAST, TODAY + timedelta(days=9)], by_day=True)
    assert len(partitions("scoring_score")) == 3


def test_a_day_that_fails_leaves_the_one_that_was_there(
    by_months: dict[str, list[tuple[object, ...]]], large: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    daily.backfill(FIRST, LAST)

    def fails(*_: object) -> None:
        raise ArithmeticError("in the middle")

    monkeypatch.setattr(writing, "_write_moments", fails)
    with pytest.raises(ArithmeticError), transaction.atomic():
        daily.score_day(LAST)
    monkeypatch.undo()
    assert world.everything() == by_months
    assert not [name for name in partitions("scoring_score") if name.endswith("_new")]

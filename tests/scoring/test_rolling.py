"""Every engine of the roll-up comes to the same rows in the end."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import time_machine
from pytest_django import Settings

from scoring import daily, parquet
from scoring.models import ScoreRun
from tests.scoring import world

TODAY = date(2026, 3, 4)
# Over the end of a month: rows come by the month.
DAYS = world.days(date(2026, 2, 26), 6)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 3, 4, 12, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def expected(settings: Settings, tmp_path: Path) -> dict[str, list[tuple[object, ...]]]:
    """What DuckDB writes from rows of PostgreSQL; the days are then to be scored again."""
    settings.VAR_DIR = tmp_path
    accounts = [world.account(world.person(name), synced=TODAY) for name in ("Ada", "Bo")]
    strangers = [*world.reactors(20), *world.reactors(5, followers=None)]
    for number, account in enumerate(accounts):
        other = world.reactor_of(accounts[1 - number])
        world.react(account, strangers[number:], DAYS, on=world.post(account, DAYS[0]))
        world.react(account, [other], DAYS[1:3])
    # +K is of no engine, and counts the same beside each.
    world.credit([accounts[0].person], accounts[1].person, DAYS[1])
    daily.backfill(DAYS[0], DAYS[-1])
    ScoreRun.objects.all().delete()
    found = world.everything()
    assert "plus_k" in str(found["scoring_explanation"])
    return found


def test_from_files_the_rows_are_the_same(
    expected: dict[str, list[tuple[object, ...]]], settings: Settings
) -> None:
    settings.ROLLUP_ENGINE = "parquet"
    daily.backfill(DAYS[0], DAYS[-1])
    assert world.everything() == expected
    assert parquet.exported_days() == DAYS
    assert not list((Path(settings.VAR_DIR) / "tmp").iterdir())


@pytest.mark.heavy
@pytest.mark.xdist_group("spark")
def test_by_spark_the_rows_are_the_same(
    expected: dict[str, list[tuple[object, ...]]], settings: Settings
) -> None:
    settings.ROLLUP_ENGINE = "spark"
    daily.backfill(DAYS[0], DAYS[-1])
    assert world.everything() == expected
    assert not list((Path(settings.VAR_DIR) / "tmp").iterdir())

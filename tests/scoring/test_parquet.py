"""Days as Parquet files: they are whole, roll up as the database does, and lose who goes."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import time_machine
from django.core.management import call_command
from pytest_django import Settings

from connectors import history, registry
from connectors.models import Account, Interaction
from connectors.types import Direction, Kind, Provenance
from people import erasure
from scoring import loading, parquet, tasks
from scoring.core.params import CURRENT
from scoring.engines import DuckDB
from scoring.rollup import rollup
from tests.scoring import world
from tests.scoring.test_rollup import in_order

TODAY = date(2026, 3, 1)
DAYS = world.days(TODAY - timedelta(days=3), 3)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 3, 1, 12, tzinfo=UTC), tick=False):
        yield


@pytest.fixture(autouse=True)
def _own_folder(settings: Settings, tmp_path: Path) -> None:
    # An apostrophe: the path goes into SQL.
    settings.VAR_DIR = tmp_path / "o'var"


@pytest.fixture
def pair() -> tuple[Account, Account]:
    """Two people who are liked by the same strangers and by each other."""
    accounts = [world.account(world.person(name), synced=TODAY) for name in ("Ada", "Bo")]
    strangers = [*world.reactors(30), *world.reactors(5, followers=None)]
    for account, other in (accounts, accounts[::-1]):
        world.react(account, strangers, DAYS, on=world.post(account, DAYS[0]), times=2)
        friend = world.reactor_of(other)
        friend.followers = 2_345
        friend.save()
        world.react(account, [friend], DAYS[:2], kind=Kind.RESHARE)
    return accounts[0], accounts[1]


def stored(day: date) -> list[dict[str, object]]:
    """Return the rows of a day's file, in one order."""
    rows = pq.read_table(parquet.day_folder(day) / parquet.FILE, partitioning=None).to_pylist()
    return sorted(rows, key=str)


def in_database(day: date) -> list[dict[str, object]]:
    """Return what a roll-up of the day reads from PostgreSQL, in the same order."""
    rows = loading.interactions(day, day).drop_columns("day").to_pylist()
    return sorted(rows, key=str)


def test_a_file_holds_what_the_roll_up_reads_of_the_day(pair: tuple[Account, Account]) -> None:
    ada = pair[0]
    world.react(ada, world.reactors(1), DAYS, direction=Direction.SENT)
    world.react(ada, world.reactors(1), DAYS, provenance=Provenance.OWN_FILE)
    assert parquet.export_day(DAYS[0]) == len(in_database(DAYS[0])) == 2 * (2 * 35 + 1)
    assert stored(DAYS[0]) == in_database(DAYS[0])
    assert parquet.exported_days() == [DAYS[0]]


def test_a_long_day_goes_in_pieces(
    pair: tuple[Account, Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "PIECE", 200)
    parquet.export_day(DAYS[0])
    file = pq.ParquetFile(parquet.day_folder(DAYS[0]) / parquet.FILE)
    assert file.num_row_groups > 10
    assert stored(DAYS[0]) == in_database(DAYS[0])


def test_a_day_without_interactions_is_a_file_without_rows(
    pair: tuple[Account, Account],
) -> None:
    assert parquet.export_day(TODAY) == 0
    assert stored(TODAY) == []
    assert tables_from_files(TODAY)[0].num_rows == 0


def test_a_second_export_takes_the_place_of_the_first(pair: tuple[Account, Account]) -> None:
    parquet.export_day(DAYS[0])
    Interaction.objects.filter(day=DAYS[0], account_id=pair[0].pk).delete()
    parquet.export_day(DAYS[0])
    assert stored(DAYS[0]) == in_database(DAYS[0]) != []
    assert [path.name for path in parquet.day_folder(DAYS[0]).iterdir()] == [parquet.FILE]


def test_an_export_that_breaks_off_leaves_the_file_that_was_there(
    pair: tuple[Account, Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    parquet.export_day(DAYS[0])
    before = stored(DAYS[0])

    def full(self: object, table: pa.Table) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(pq.ParquetWriter, "write_table", full)
    with pytest.raises(OSError, match="No space"):
        parquet.export_day(DAYS[0])
    assert stored(DAYS[0]) == before
    assert [path.name for path in parquet.day_folder(DAYS[0]).iterdir()] == [parquet.FILE]


def test_what_a_killed_writer_left_goes_with_the_next(pair: tuple[Account, Account]) -> None:
    parquet.export_day(DAYS[0])
    left = parquet.day_folder(DAYS[0]) / f".{parquet.FILE}.0badc0de"
    left.write_bytes(b"half a file")
    parquet.forget([pair[0].pk])
    assert not left.exists()


def tables_from_files(day: date) -> tuple[pa.Table, pa.Table]:
    """Return the roll-up of a day's file."""
    return rolled_up(lambda engine: engine.see_files("interactions", parquet.day_folder(day)))


def tables_from_database(day: date) -> tuple[pa.Table, pa.Table]:
    """Return the roll-up of the rows of PostgreSQL."""
    rows = loading.interactions(day, day)
    return rolled_up(lambda engine: engine.see("interactions", rows))


def rolled_up(give: Callable[[DuckDB], None]) -> tuple[pa.Table, pa.Table]:
    accounts = list(Account.objects.order_by("pk").values_list("pk", "person_id"))
    reactors = loading.reactors()
    expressions = rollup(CURRENT.audience_thresholds)
    with DuckDB() as engine:
        give(engine)
        ids, people = zip(*accounts, strict=True)
        engine.see("accounts", pa.table({"account_id": ids, "person_id": people}))
        engine.see(
            "reactors",
            pa.table(
                {
                    "reactor_key": reactors.keys,
                    "reactor_person_id": reactors.person_ids,
                    "reactor_class": pa.nulls(reactors.keys.size, pa.int16()),
                }
            ),
        )
        return in_order(engine.run(expressions.pairs)), in_order(engine.run(expressions.posts))


def test_the_roll_up_of_a_file_is_that_of_the_database(pair: tuple[Account, Account]) -> None:
    for day in DAYS:
        parquet.export_day(day)
        found, expected = tables_from_files(day), tables_from_database(day)
        assert expected[0].num_rows
        assert found[0].equals(expected[0])
        assert found[1].equals(expected[1])


def test_an_erased_person_is_gone_from_every_file(pair: tuple[Account, Account]) -> None:
    ada, bo = pair
    key = world.reactor_of(ada).key
    for day in DAYS:
        parquet.export_day(day)
    untouched = (parquet.day_folder(DAYS[2]) / parquet.FILE).stat().st_ino
    removed = erasure.erase(ada.person)
    # Three days of Ada's own rows, and her two reshares of Bo's.
    assert removed["Parquet files of reactions"] == 3 * 70 + 2 + 2
    for day in DAYS:
        rows = stored(day)
        assert rows
        assert {row["account_id"] for row in rows} == {bo.pk}
        # She did act on Bo, and counts in her class: nothing finer is left than its first number.
        told = [row["reactor_followers"] for row in rows if row["reactor_key"] == key]
        assert told == ([2_000] if day != DAYS[2] else [])
    assert untouched != (parquet.day_folder(DAYS[2]) / parquet.FILE).stat().st_ino
    assert erasure.erase(ada.person)["Parquet files of reactions"] == 0


def test_others_count_on_as_before_when_a_person_goes(pair: tuple[Account, Account]) -> None:
    ada, bo = pair
    parquet.export_day(DAYS[0])
    erasure.erase(ada.person)
    found, expected = tables_from_files(DAYS[0]), tables_from_database(DAYS[0])
    assert set(expected[0]["account_id"].to_pylist()) == {bo.pk}
    assert found[0].equals(expected[0])
    assert found[1].equals(expected[1])


def test_files_without_the_person_are_not_written_again(pair: tuple[Account, Account]) -> None:
    stranger = world.person("Cy")
    world.account(stranger, synced=TODAY)
    parquet.export_day(DAYS[0])
    before = (parquet.day_folder(DAYS[0]) / parquet.FILE).stat()
    assert erasure.erase(stranger)["Parquet files of reactions"] == 0
    assert (parquet.day_folder(DAYS[0]) / parquet.FILE).stat().st_ino == before.st_ino


def test_the_history_of_an_unlinked_account_goes_from_the_files(
    pair: tuple[Account, Account],
) -> None:
    ada, bo = pair
    parquet.export_day(DAYS[1])
    history.erase_history(ada.pk)
    assert {row["account_id"] for row in stored(DAYS[1])} == {bo.pk}


def test_a_person_is_told_what_the_files_hold(pair: tuple[Account, Account]) -> None:
    for day in DAYS[1:]:
        parquet.export_day(day)
    exported = erasure.export_everything(pair[0].person)["Parquet files of reactions"]
    assert exported == [
        {"day": DAYS[1].isoformat(), "received": 71, "acted": 1},
        {"day": DAYS[2].isoformat(), "received": 70, "acted": 0},
    ]
    nobody = world.person("Dee")
    assert "Parquet files of reactions" not in erasure.export_everything(nobody)


def test_a_networks_term_ends_in_the_files_too(
    pair: tuple[Account, Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    for day in DAYS:
        parquet.export_day(day)
    module = registry.CONNECTORS["mastodon"]
    policy = replace(module.NETWORK.policy, retention_days=2)
    monkeypatch.setattr(module, "NETWORK", replace(module.NETWORK, policy=policy))
    assert parquet.expire(datetime(2026, 3, 1, 12, tzinfo=UTC)) == 2 * 71
    assert stored(DAYS[0]) == []
    assert stored(DAYS[1]) == in_database(DAYS[1])
    assert parquet.expire(datetime(2026, 3, 1, 12, tzinfo=UTC)) == 0


def test_rows_of_accounts_that_are_gone_do_not_stay(pair: tuple[Account, Account]) -> None:
    """A file may come back from a copy that is older than an erasure."""
    parquet.export_day(DAYS[0])
    Account.objects.filter(pk=pair[0].pk).delete()
    tasks.expire_files()
    assert {row["account_id"] for row in stored(DAYS[0])} == {pair[1].pk}


def test_the_command_says_how_much_it_wrote(pair: tuple[Account, Account]) -> None:
    told = StringIO()
    call_command("export_day", str(DAYS[0]), stdout=told)
    assert told.getvalue() == f"{DAYS[0]}: 142 interactions\n"
    assert parquet.exported_days() == [DAYS[0]]

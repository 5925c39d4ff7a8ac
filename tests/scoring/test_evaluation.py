"""The evaluation on rows of one's own, and the commands fit and evaluate."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command
from pytest_django import Settings

from connectors.models import Account, Snapshot
from connectors.types import Direction, Kind
from scoring import daily, evaluation, own_rows
from scoring.core.params import CURRENT, by_version
from scoring.evaluation import Sources
from scoring.learning.table import Row
from tests.sample_server import SampleServer, start_sample_server, stop_sample_server
from tests.scoring import world
from tests.scoring.learning import invented

TODAY = date(2026, 3, 1)
YESTERDAY = TODAY - timedelta(days=1)
PEOPLE = 24
ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 3, 1, 12, tzinfo=UTC), tick=False):
        yield


def named(rows: list[Row], section: str, measure: str = "") -> dict[str, Row]:
    """Return the rows of a section by what they are of."""
    return {row.name: row for row in rows if row.section == section and measure in row.measure}


def populated(network: str = "mastodon") -> list[Account]:
    """Return people of the same audience; number n has n mod 12 likers a post, every other day."""
    likers = world.reactors(12)
    made = []
    for n in range(PEOPLE):
        account = world.account(
            world.person(f"P{n}"), synced=TODAY, followers=100 + n % 5, network=network
        )
        for day in world.days(TODAY - timedelta(days=45), 45)[n % 2 :: 2]:
            world.react(account, likers[: n % 12], [day], on=world.post(account, day))
        made.append(account)
    daily.backfill(TODAY - timedelta(days=32), YESTERDAY)
    return made


@pytest.mark.django_db
def test_without_any_source_every_row_says_what_to_give() -> None:
    rows = evaluation.table(Sources())
    assert {row.section for row in rows} == {
        evaluation.HUMAN,
        evaluation.KLOUT,
        evaluation.POPULATION,
        evaluation.NEXT,
        evaluation.AUDIENCE,
        evaluation.STABLE,
    }
    assert all(row.value is None and row.note.startswith("give ") for row in rows)


def test_without_a_database_the_files_are_still_measured(pairs_file: Path) -> None:
    environment = os.environ | {
        "DEBUG": "1",
        "DATABASE_URL": "postgres://nobody@127.0.0.1:9/none?connect_timeout=2",
    }
    ended = subprocess.run(
        [
            *(sys.executable, ROOT / "manage.py", "evaluate", "--json"),
            *("--pairs", pairs_file, "--folds", "3", "--repeats", "1"),
        ],
        capture_output=True,
        text=True,
        env=environment,
        timeout=120,
        check=True,
    )
    rows = json.loads(ended.stdout)["rows"]
    assert [row["note"] for row in rows if row["section"] == evaluation.STABLE] == [
        f"give {evaluation.OWN_PEOPLE}"
    ]
    assert len([row for row in rows if row["section"] == evaluation.HUMAN]) == 14


@pytest.mark.django_db
def test_real_people_are_ranked_by_the_next_window_and_their_scores_are_steady() -> None:
    populated()
    rows = evaluation.table(Sources())
    found = named(rows, evaluation.NEXT, "Spearman")
    assert found["this score"].value == pytest.approx(1, abs=0.02)
    assert found["own past mean"].value == pytest.approx(1)
    assert abs(found["followers"].value or 0) < 0.5
    assert {row.note.split(";")[0] for row in found.values()} == {"real"}
    assert {row.count for row in found.values()} == {PEOPLE}
    stable = named(rows, evaluation.STABLE)
    assert 0 < (stable["day to day"].value or 0) < 1
    assert (stable["over 28 days"].value or 0) > 0.7
    assert 0 <= (named(rows, evaluation.AUDIENCE)["own people"].value or -1) < 0.5
    assert evaluation.TRUTH not in {row.section for row in rows}


@pytest.mark.django_db
def test_invented_people_are_called_synthetic_and_held_against_the_hidden_truth() -> None:
    accounts = populated("sample")
    assert (
        "--truth"
        in named(evaluation.table(Sources()), evaluation.TRUTH)["own people (synthetic)"].note
    )
    truth = {account.native_id: float(n % 12) for n, account in enumerate(accounts)}
    rows = evaluation.table(Sources(truth=truth | {"nobody": 9.0}))
    found = named(rows, evaluation.TRUTH)
    assert found["this score"].value == pytest.approx(1, abs=0.02)
    assert found["this score"].count == PEOPLE
    own = [row for row in rows if row.value is not None]
    assert own
    assert all(row.note.startswith("synthetic") for row in own)


@pytest.mark.django_db
def test_a_short_history_says_how_many_days_are_missing() -> None:
    for n in range(PEOPLE):
        world.account(world.person(f"P{n}"), synced=TODAY, followers=n)
    daily.score_day(YESTERDAY)
    rows = evaluation.table(Sources())
    assert "scores of 29 days" in named(rows, evaluation.STABLE)["own people (real)"].note
    assert "28 days" in named(rows, evaluation.NEXT)["own people (real)"].note


@pytest.mark.django_db
def test_reactions_per_post_count_people_on_the_first_three_days() -> None:
    ada = world.account(world.person("Ada"), synced=TODAY)
    first = TODAY - timedelta(days=10)
    likers = world.reactors(4)
    popular, quiet = world.post(ada, first), world.post(ada, first + timedelta(days=1))
    too_young = world.post(ada, first + timedelta(days=6))
    world.react(ada, likers[:2], [first, first + timedelta(days=2)], on=popular)
    world.react(ada, likers[:1], [first], on=popular, kind=Kind.COMMENT)
    world.react(ada, likers[2:3], [first + timedelta(days=3)], on=popular)
    world.react(ada, likers[3:], [first], on=popular, direction=Direction.SENT)
    world.react(ada, likers, [first + timedelta(days=6)], on=too_young)
    world.react(ada, likers, [first], kind=Kind.MENTION)
    people, means = own_rows.reactions_per_post(first, first + timedelta(days=7))
    assert people.tolist() == [ada.person_id]
    assert means.tolist() == [1.0]
    assert quiet.pk != popular.pk


@pytest.mark.django_db
def test_followers_are_those_known_on_the_day_over_all_accounts() -> None:
    person = world.person("Ada")
    two = [world.account(person, synced=YESTERDAY, followers=f) for f in (100, 30)]
    Snapshot.objects.create(account=two[0], day=TODAY, counts={"followers": 900})
    daily.score_day(YESTERDAY)
    found = own_rows.people(YESTERDAY, synthetic=False)
    assert found.followers.tolist() == [130.0]
    assert own_rows.people(YESTERDAY, synthetic=True).person_ids.size == 0


# --- Commands -----------------------------------------------------------------------------------
@pytest.fixture
def pairs_file(tmp_path: Path) -> Path:
    return invented.write(
        tmp_path / "pairs.csv", invented.judged(200, 1500, followers=0.1, lists=0.15, quality=0.16)
    )


def ran(*arguments: object) -> tuple[str, str]:
    """Return what a command said on its output and beside it."""
    out, beside = StringIO(), StringIO()
    call_command(*(str(argument) for argument in arguments), stdout=out, stderr=beside)
    return out.getvalue(), beside.getvalue()


def test_fit_prints_a_module_that_names_the_fit(pairs_file: Path) -> None:
    text, beside = ran("fit", "--pairs", pairs_file, "--folds", 3, "--repeats", 2, "--seed", 4)
    space: dict[str, object] = {}
    exec(compile(text, "learned.py", "exec"), space)  # noqa: S102 - our own text
    told = " ".join(str(space["__doc__"]).split())
    assert "1500 pairs of" in told
    assert "seed 4, 3 folds, 2 repeats" in told
    assert "2026-03-01" in told
    assert "a month offline costs" in beside
    again, _ = ran("fit", "--pairs", pairs_file, "--folds", 3, "--repeats", 2, "--seed", 4)
    assert again == text


def test_fit_writes_the_module_to_a_file(pairs_file: Path, tmp_path: Path) -> None:
    out = tmp_path / "learned.py"
    text, _ = ran(
        "fit",
        "--pairs",
        pairs_file,
        "--folds",
        3,
        "--repeats",
        1,
        "--out",
        out,
        "--model-version",
        "2031.01",
    )
    assert text == ""
    assert 'version="2031.01"' in out.read_text()


def test_fit_names_a_wrong_column(pairs_file: Path) -> None:
    pairs_file.write_text(pairs_file.read_text().replace("A_posts", "A_tweets", 1))
    with pytest.raises(CommandError, match="'A_posts' is missing"):
        ran("fit", "--pairs", pairs_file)


def test_fit_refuses_pairs_that_are_too_few(tmp_path: Path) -> None:
    file = invented.write(tmp_path / "few.csv", invented.judged(4, 30))
    with pytest.raises(CommandError, match="4 accounts cannot be parted into 5 folds"):
        ran("fit", "--pairs", file)


def test_fit_check_tells_weights_that_are_others(tmp_path: Path) -> None:
    judged = invented.judged(300, 4000, followers=1.0, lists=0.0, quality=0.05, seed=9)
    file = invented.write(tmp_path / "pairs.csv", judged)
    with pytest.raises(CommandError, match=r"More than a standard error apart: .*lists"):
        ran("fit", "--pairs", file, "--check")


@pytest.mark.django_db
def test_evaluate_prints_a_table_and_the_same_as_json(pairs_file: Path) -> None:
    some = ("evaluate", "--pairs", pairs_file, "--folds", 3, "--repeats", 1)
    text, _ = ran(*some)
    assert "AUC, account-disjoint" in text
    assert "give --klout FILE" in text
    answer = json.loads(ran(*some, "--json")[0])
    assert by_version(answer["model_version"]) is CURRENT
    rows = [row for row in answer["rows"] if row["section"] == evaluation.HUMAN]
    assert len(rows) == 14
    assert all(0.5 < row["value"] < 1 and row["standard_error"] > 0 for row in rows)
    assert [row["value"] for row in answer["rows"] if row["note"].startswith("give")] == [None] * 6


@pytest.mark.django_db
@pytest.mark.parametrize("option", ["--pairs", "--klout", "--distribution", "--cascades"])
def test_evaluate_names_the_column_that_a_file_lacks(tmp_path: Path, option: str) -> None:
    file = tmp_path / "other.csv"
    file.write_text("something,else\n1,2\n")
    with pytest.raises(CommandError, match=r"other\.csv: column '\w+…?' .*is missing"):
        ran("evaluate", option, file)


@pytest.mark.django_db
def test_evaluate_refuses_a_truth_that_is_none(tmp_path: Path) -> None:
    file = tmp_path / "truth.json"
    for content in ("{", '{"accounts": [{"id": "1"}]}'):
        file.write_text(content)
        with pytest.raises(CommandError, match=r"truth\.json"):
            ran("evaluate", "--truth", file)


@pytest.mark.django_db
def test_evaluate_asks_the_sample_server_for_the_truth_if_it_tells_it(
    sample_server: SampleServer, settings: Settings
) -> None:
    with pytest.raises(CommandError, match="start it with --serve-truth"):
        ran("evaluate", "--truth")
    honest = start_sample_server("--serve-truth", people=40, days=7)
    try:
        settings.SAMPLE_NETWORK_URL = honest.url
        settings.LOCAL_ORIGINS = [*settings.LOCAL_ORIGINS, honest.url]
        known = honest.get("/evaluation/truth")["accounts"]
        for row in known[:PEOPLE]:
            world.account(
                world.person("P"),
                synced=TODAY,
                network="sample",
                native_id=row["id"],
                followers=int(10 * row["reactions_per_day"]),
            )
        daily.score_day(YESTERDAY)
        rows = json.loads(ran("evaluate", "--truth", "--json")[0])["rows"]
    finally:
        stop_sample_server(honest)
    found = {row["name"]: row for row in rows if row["section"] == evaluation.TRUTH}
    assert found["followers"]["value"] > 0.95
    assert found["followers"]["count"] == PEOPLE

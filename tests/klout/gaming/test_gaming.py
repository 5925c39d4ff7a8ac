"""The gaming benchmark: real servers, databases of its own, and the laws."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg2
import pytest
from django.db import connection

from klout.gaming.database import PREFIX, Databases, databases
from klout.services.process import tie_to_this_thread
from scoring.gaming.measures import MEASURES, OURS
from tests.workers import database_url

ROOT = Path(__file__).resolve().parents[3]


def names_on_the_server() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{PREFIX}%"])
        return {name for (name,) in cursor.fetchall()}


def name_of(url: str) -> str:
    return urlsplit(url).path.lstrip("/")


@pytest.mark.django_db(transaction=True)
def test_databases_of_a_run_are_gone_after_an_error(tmp_path: Path) -> None:
    mine: set[str] = set()

    def interrupted() -> None:
        with databases(database_url(), tmp_path) as made:
            base = made.create()
            mine.update({name_of(base), name_of(made.create(base))})
            assert mine <= names_on_the_server()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert not mine & names_on_the_server()


@pytest.mark.django_db(transaction=True)
def test_a_template_is_copied_whole(tmp_path: Path) -> None:
    with databases(database_url(), tmp_path) as made:
        base = made.create()
        held = psycopg2.connect(base)
        with held, held.cursor() as cursor:
            cursor.execute("CREATE TABLE said AS SELECT 'hello' AS word")
        held.close()
        copied = psycopg2.connect(made.create(base))
        with copied, copied.cursor() as cursor:
            cursor.execute("SELECT word FROM said")
            assert cursor.fetchone() == ("hello",)
        copied.close()


@pytest.mark.django_db(transaction=True)
def test_what_a_killed_run_left_is_dropped_by_the_next_and_a_living_run_is_left_alone(
    tmp_path: Path,
) -> None:
    dead, living = Databases(database_url()), Databases(database_url())
    left, used = name_of(dead.create()), name_of(living.create())
    # As the kernel ends a killed process's connection: its locks go, its databases stay.
    dead._connection.close()
    try:
        with databases(database_url(), tmp_path):
            assert left not in names_on_the_server()
            assert used in names_on_the_server()
    finally:
        living.close()
    assert used not in names_on_the_server()


def test_where_no_server_answers_one_is_started_for_the_run(tmp_path: Path) -> None:
    tmp_path.chmod(0o711)
    with databases("postgresql://nobody@%2Fnonexistent/klout", tmp_path) as made:
        held = psycopg2.connect(made.create())
        with held.cursor() as cursor:
            cursor.execute("SELECT 1")
        held.close()


def test_a_run_plays_in_a_database_of_its_own_only() -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "play_attacks", "--into", "nowhere.npz"],
        cwd=ROOT,
        env={**os.environ, "DEBUG": "1"},
        input="{}",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "evaluate --gaming" in done.stderr


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What `manage.py evaluate --gaming --quick` writes, run as a person at the keyboard does."""
    file = tmp_path_factory.mktemp("gaming") / "gaming.json"
    done = subprocess.run(
        [
            *(sys.executable, "manage.py", "evaluate", "--gaming", "--quick"),
            *("--json", str(file)),
        ],
        cwd=ROOT,
        env={**os.environ, "DEBUG": "1"},
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=tie_to_this_thread(signal.SIGTERM),
    )
    assert done.returncode == 0, done.stderr
    assert "this score" in done.stdout
    return json.loads(file.read_text(encoding="utf-8"))


@pytest.mark.heavy
@pytest.mark.timeout(1800)
def test_attacks_through_real_servers_gain_no_more_than_the_laws_allow(found: Any) -> None:
    rows = found["rows"]
    for row in rows:
        if row["limit"] is not None:
            assert row["met"], (row["attack"], row["target"], row["points"])
    limits = {row["attack"]: row["limit"] for row in rows}
    assert limits["empty_accounts"] == 1
    assert limits["pod"] == 2
    assert limits["lone_server"] == limits["lone_fans"] == 1
    assert limits["archive"] == 0
    assert limits["plus_k_ring"] == 2
    assert {name for row in rows for name in row["points"]} == set(MEASURES)


@pytest.mark.heavy
@pytest.mark.timeout(1800)
def test_the_attacks_do_what_they_should_where_nothing_guards(found: Any) -> None:
    """So that a gain of nothing is a guard at work, and not an attack that never happened."""
    gained = {(row["attack"], row["target"]): row["points"] for row in found["rows"]}
    assert gained["empty_accounts", "empty"]["raw engagement"] > 50
    assert gained["bought_followers", "empty"]["follower-log"] > 30
    assert gained["burst_cheap", "empty"]["Kred-style"] > 20
    assert gained["archive", "empty"]["raw engagement"] > 50
    assert gained["lone_server", "empty"]["follower-log"] > 30
    assert gained["pod", "known"]["raw engagement"] > 20
    # Eleven who trade +K at 44: each has less of it than a point.
    assert 0 < gained["plus_k_ring", "known"][OURS] < 11
    # Honest success is not held off: a reply by an ordinary person is a person moved.
    assert gained["reply_bait", "empty"][OURS] > 1


@pytest.mark.heavy
@pytest.mark.timeout(1800)
def test_nobody_else_is_touched(found: Any) -> None:
    assert found["bystanders"]["count"] > 150
    assert found["bystanders"]["largest_move"] < 0.5

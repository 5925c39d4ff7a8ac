"""The benchmarks run from nothing, give every row, and judge a ratio by its goal."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow.compute as pc
import pytest

from klout.bench import page, rollup
from klout.bench.fakes.every import FAKES
from klout.bench.measure import Goal, Result, in_turns
from klout.bench.pages import PAGES
from klout.bench.perks import QUESTIONS
from scoring.core.params import CURRENT
from scoring.engines import DuckDB
from scoring.rollup import rollup as expressions_of

ROOT = Path(__file__).resolve().parents[3]


def result(goal: Goal | None, ours: list[float], theirs: list[float], limit: float = 0.5) -> Result:
    return Result("scores", "something", ours, theirs, goal=goal, limit=limit)


def test_a_share_of_speed_and_a_multiple_of_time_are_judged_on_their_own_side() -> None:
    half_as_fast = result(Goal.AT_LEAST, [2.0, 4.0, 9.0], [1.0, 2.0, 9.0])
    assert half_as_fast.ratio == 0.5
    assert half_as_fast.is_met
    twice_as_long = result(Goal.AT_MOST, [2.0, 4.0, 9.0], [1.0, 2.0, 9.0], 1.2)
    assert twice_as_long.ratio == 2.0
    assert twice_as_long.is_met is False
    assert result(None, [1.0], []).is_met is None


def test_too_much_memory_misses_the_goal() -> None:
    fast = Result("r", "w", [1.0], [1.0], goal=Goal.AT_LEAST, limit=0.5, peak_mib=5_000)
    assert fast.is_met is False
    assert "**missed**" in page.line(fast)


def test_both_ways_are_run_in_turns_and_the_first_round_is_not_counted() -> None:
    done: list[str] = []
    ours, theirs = in_turns(3, lambda: done.append("a"), lambda: done.append("b"))
    assert "".join(done) == "baabbaab"
    assert len(ours) == len(theirs) == 3


def test_results_go_through_a_line_unchanged() -> None:
    given = result(Goal.AT_MOST, [1.5], [1.25])
    assert Result.from_json(given.to_json()) == given


def test_the_plain_pandas_way_gives_the_rows_of_the_roll_up(tmp_path: Path) -> None:
    rows = 20_000
    place = rollup.write_day(tmp_path, rows)
    pairs, posts = rollup.with_pandas(place, rows)
    accounts, reactors = rollup.look_ups(rows)
    expressions = expressions_of(CURRENT.audience_thresholds)
    with DuckDB() as engine:
        engine.see("accounts", accounts)
        engine.see("reactors", reactors)
        engine.see_files("interactions", place)
        expected = engine.run(expressions.pairs), engine.run(expressions.posts)
    for plain, ours, amount in ((pairs, expected[0], "count"), (posts, expected[1], "people")):
        assert len(plain) == ours.num_rows > 1_000
        assert plain[amount].sum() == pc.sum(ours[amount]).as_py()
        found = np.bincount(plain["trust_class"].astype(int), weights=plain[amount])
        classes = ours["trust_class"].to_numpy()
        assert found.tolist() == np.bincount(classes, weights=ours[amount].to_numpy()).tolist()


@pytest.mark.heavy
@pytest.mark.timeout(900)
def test_the_command_measures_every_part_without_any_server_running() -> None:
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DATABASE_URL", "REDIS_URL", "VAR_DIR", "TESTS_BROKER_SOCKET"}
    }
    done = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "bench", "--quick"],
        env={**environment, "DEBUG": "1"},
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr
    for part in page.TITLES:
        assert f"{part} …" in done.stdout
    assert done.stdout.count("| speed ") >= 6
    # A longer history, ten times the interactions, eight ways of typing and their page, what
    # sponsors ask, the pages, and syncs of every network that has a fake, from near and at once.
    assert done.stdout.count("| time ") == 11 + len(QUESTIONS) + len(PAGES) + 2 * len(FAKES)
    assert "Spark local" in done.stdout

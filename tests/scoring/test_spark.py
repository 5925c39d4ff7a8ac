"""The same expressions on a real local Spark session as on DuckDB."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from connectors.types import Direction, Kind, Provenance
from scoring.core.params import CURRENT
from scoring.engines import DuckDB, Engine, Spark
from scoring.loading import INTERACTION_COLUMNS
from scoring.rollup import Rollup, rollup
from tests.scoring.test_rollup import in_order

pytestmark = [pytest.mark.heavy, pytest.mark.xdist_group("spark")]

# Over the ends of two months, the leap day between them.
FIRST = date(2028, 1, 30)
DAYS = 35


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Spark]:
    with Spark(tmp_path_factory.mktemp("spark")) as engine:
        yield engine


@pytest.fixture(scope="module")
def expressions() -> Rollup:
    return rollup(CURRENT.audience_thresholds)


def population(seed: int, rows: int = 20_000) -> pa.Table:
    """Return interactions of few accounts and reactors: ties, NULLs, every kind and direction."""
    rng = np.random.default_rng(seed)
    # On a threshold, one above and one below it, and none told.
    steps = np.array(CURRENT.audience_thresholds, dtype=np.int64)
    audiences = np.concatenate([steps, steps - 1, steps + 1, [0, 5_000_000_000]])
    days = rng.integers(0, DAYS, rows)
    columns = {
        "day": pa.array([FIRST + timedelta(days=int(day)) for day in days], pa.date32()),
        "account_id": rng.integers(1, 40, rows),
        "direction": rng.choice([int(d) for d in Direction], rows),
        "kind": rng.choice([int(k) for k in Kind], rows),
        "provenance": rng.choice([int(p) for p in Provenance], rows),
        "reactor_key": rng.integers(2**62, 2**62 + 300, rows),
        "post_id": pa.array(rng.integers(1, 200, rows), mask=rng.random(rows) < 0.3),
        "reactor_followers": pa.array(rng.choice(audiences, rows), mask=rng.random(rows) < 0.3),
    }
    return pa.table(columns).cast(INTERACTION_COLUMNS)


def look_ups(seed: int) -> tuple[pa.Table, pa.Table]:
    """Return accounts (one of three not ours, some of one person) and reactors with classes."""
    rng = np.random.default_rng(seed)
    accounts = np.array([n for n in range(1, 40) if n % 3])
    keys = np.arange(2**62, 2**62 + 100)
    return (
        pa.table({"account_id": accounts, "person_id": accounts // 2}),
        pa.table(
            {
                "reactor_key": keys,
                "reactor_person_id": rng.integers(0, 30, keys.size),
                "reactor_class": pa.array(
                    rng.integers(0, 8, keys.size).astype(np.int16), mask=rng.random(keys.size) < 0.4
                ),
            }
        ),
    )


def rolled_up(engine: Engine, rows: pa.Table, expressions: Rollup, seed: int) -> list[pa.Table]:
    accounts, reactors = look_ups(seed)
    engine.put("interactions", [rows.slice(0, 7_000), rows.slice(7_000)])
    engine.see("accounts", accounts)
    engine.see("reactors", reactors)
    return [in_order(engine.run(expressions.pairs)), in_order(engine.run(expressions.posts))]


@pytest.mark.parametrize("seed", range(3))
def test_spark_gives_the_rows_of_duckdb(spark: Spark, expressions: Rollup, seed: int) -> None:
    rows = population(seed)
    with DuckDB() as duckdb:
        expected = rolled_up(duckdb, rows, expressions, seed)
    found = rolled_up(spark, rows, expressions, seed)
    for ours, theirs in zip(found, expected, strict=True):
        assert theirs.num_rows > 1_000
        assert ours.column_names == theirs.column_names
        assert ours.equals(theirs.cast(ours.schema))


def test_one_day_of_kept_rows_is_seen_alone(spark: Spark, expressions: Rollup) -> None:
    rows, day = population(7), date(2028, 2, 29)
    found = []
    with DuckDB() as duckdb:
        for engine in (duckdb, spark):
            rolled_up(engine, rows, expressions, 7)
            engine.put("kept", [rows])
            engine.see_day("interactions", "kept", day)
            found.append(in_order(engine.run(expressions.pairs)))
    assert set(found[0]["day"].to_pylist()) == {day}
    assert found[1].equals(found[0].cast(found[1].schema))


def test_a_day_is_read_from_its_folder(spark: Spark, expressions: Rollup, tmp_path: Path) -> None:
    rows, day = population(8), date(2028, 1, 31)
    of_day = rows.filter(pc.equal(rows["day"], day))
    folder = tmp_path / f"day={day}"
    folder.mkdir()
    pq.write_table(of_day.drop_columns("day"), folder / "part-0.parquet")
    found = []
    with DuckDB() as duckdb:
        expected = rolled_up(duckdb, of_day, expressions, 8)[0]
        for engine in (duckdb, spark):
            rolled_up(engine, rows, expressions, 8)
            engine.see_files("interactions", folder)
            found.append(in_order(engine.run(expressions.pairs)))
    assert expected.num_rows
    assert all(rows.equals(expected.cast(rows.schema)) for rows in found)


def test_no_interactions_give_no_rows(spark: Spark, expressions: Rollup) -> None:
    for rows in rolled_up(spark, INTERACTION_COLUMNS.empty_table(), expressions, 1):
        assert rows.num_rows == 0


def test_sums_of_fractions_agree_to_a_millionth(spark: Spark, expressions: Rollup) -> None:
    rows = population(9)
    pairs = expressions.pairs
    decayed = (
        pairs.mutate(weight=(pairs["trust_class"] + 1) / (pairs["count"] + 2.0))
        .group_by("account_id")
        .agg(total=lambda table: table.weight.sum())
        .order_by("account_id")
    )
    with DuckDB() as duckdb:
        rolled_up(duckdb, rows, expressions, 9)
        expected = duckdb.run(decayed)
    rolled_up(spark, rows, expressions, 9)
    found = spark.run(decayed)
    assert found["account_id"].to_pylist() == expected["account_id"].to_pylist()
    np.testing.assert_allclose(found["total"], expected["total"], rtol=1e-6)

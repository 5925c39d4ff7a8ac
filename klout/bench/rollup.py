"""The roll-up against the bare engine, against Spark and against plain pandas."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import date
from pathlib import Path

import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from klout.bench.measure import Goal, Result, cores, forget_peak, in_turns, peak_mib, timed
from scoring.core.params import CURRENT
from scoring.engines import DuckDB, Engine, Spark
from scoring.parquet import COLUMNS, COMPRESSION
from scoring.ranges import in_ranges
from scoring.rollup import rollup

DAY = date(2026, 3, 1)
# Under 4 GiB in all: DuckDB's limit leaves room for Python, Arrow and what it does not count.
MEMORY_MIB = 2560
CHUNK = 1_000_000
# From so many interactions on, a round takes minutes.
LARGE = 50_000_000
SEED = 20_260_301

# The same file, joins and keys; no rules, no classes, nothing named as the product names it.
_SCAN = "FROM interactions JOIN accounts USING (account_id) LEFT JOIN reactors USING (reactor_key)"
BARE_PAIRS = (
    "SELECT day, account_id, reactor_key, kind, count(*), max(reactor_followers), "
    f"max(reactor_class) {_SCAN} GROUP BY ALL"
)
BARE_POSTS = (
    "SELECT day, account_id, post_id, kind, reactor_key, count(*), max(reactor_followers), "
    f"max(reactor_class) {_SCAN} GROUP BY ALL"
)


def write_day(folder: Path, rows: int) -> Path:
    """Return the folder of a file of so many interactions of a day, made where it is missing.

    Skewed as real ones are: few accounts get most, few people give most; 50 an account, 10 a
    reactor on average, a tenth without a post or an audience. In the order of accounts, as
    scoring.parquet writes a day.
    """
    place = day_file(folder, rows)
    if place.exists():
        return place
    part = place.with_suffix(".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    rng = np.random.default_rng(SEED)
    with pq.ParquetWriter(part / "part-0.parquet", COLUMNS, compression=COMPRESSION) as writer:
        for first in range(0, rows, CHUNK):
            writer.write_table(_chunk(rng, rows, first, min(CHUNK, rows - first)))
    part.rename(place)
    return place


def day_file(folder: Path, rows: int) -> Path:
    """Return where the file of so many interactions is."""
    return folder / f"rows-{rows}" / f"day={DAY}"


def _chunk(rng: np.random.Generator, rows: int, first: int, n: int) -> pa.Table:
    accounts, reactors = people(rows)
    place = np.sort((first + n * rng.random(n)) / rows)
    account = (accounts * place**2).astype(np.int64)
    reactor = (reactors * rng.random(n) ** 1.5).astype(np.int64)
    audience = (10 ** rng.uniform(0, 6, n)).astype(np.int64)
    columns = {
        "account_id": account + 1,
        "direction": np.ones(n, np.int16),
        "kind": rng.integers(1, 7, n).astype(np.int16),
        "provenance": np.full(n, 2, np.int16),
        "reactor_key": keys(reactor),
        "post_id": pa.array(account * 5 + rng.integers(1, 6, n), mask=rng.random(n) < 0.1),
        "reactor_followers": pa.array(audience, mask=rng.random(n) < 0.1),
    }
    return pa.table(columns, schema=COLUMNS)


def people(rows: int) -> tuple[int, int]:
    """Return how many accounts and how many reactors a day of so many interactions has."""
    return max(rows // 50, 1), max(rows // 10, 1)


def keys(numbers: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return 63-bit numbers that look random, as reactors' keys are."""
    spread = numbers.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    return (spread >> np.uint64(1)).astype(np.int64)


def look_ups(rows: int) -> tuple[pa.Table, pa.Table]:
    """Return whose account is whose, and one in twenty reactors who have an account here."""
    accounts, reactors = people(rows)
    ids = np.arange(1, accounts + 1)
    known = np.arange(0, reactors, 20)
    return (
        pa.table({"account_id": ids, "person_id": ids}),
        pa.table(
            {
                "reactor_key": keys(known),
                "reactor_person_id": known + 1,
                "reactor_class": (known % 8).astype(np.int16),
            }
        ),
    )


def _given(engine: Engine, place: Path, rows: int) -> None:
    accounts, reactors = look_ups(rows)
    engine.put("accounts", [accounts])
    engine.put("reactors", [reactors])
    engine.see_files("interactions", place)


# --- Against the bare engine --------------------------------------------------------------------
class _Day(ExitStack):
    """A day's file of so many interactions, with an engine of its own."""

    def __init__(self, folder: Path, rows: int) -> None:
        super().__init__()
        self._place = write_day(folder, rows)
        self._owners, reactors = look_ups(rows)
        engine = DuckDB(memory_mib=MEMORY_MIB, threads=cores(), folder=folder / f"spill-{rows}")
        self._engine = self.enter_context(engine)
        self._engine.put("reactors", [reactors])

    def roll_up(self, *wanted: ir.Table) -> None:
        """Roll the day up as the product does; rows are counted as they come out."""
        for _range in in_ranges(self._engine, self._place, self._owners):
            for expression in wanted:
                _drain(self._engine.batches(expression))

    def bare(self, *wanted: str) -> None:
        """Run the queries over the whole file; rows are counted as they come out."""
        self._engine.see("accounts", self._owners)
        self._engine.see_files("interactions", self._place)
        for query in wanted:
            _drain(self._engine.batches_of(query))


def against_bare(folder: Path, rows: int, rounds: int) -> Iterator[Result]:
    """Yield the roll-up of a day's file against the same engine's plain scan, join and group."""
    expressions = rollup(CURRENT.audience_thresholds)
    with _Day(folder, rows) as day:
        forget_peak()
        times = in_turns(
            1 if rows >= LARGE else rounds,
            lambda: day.roll_up(expressions.pairs, expressions.posts),
            lambda: day.bare(BARE_PAIRS, BARE_POSTS),
            is_warmed=rows < LARGE,
        )
        yield Result(
            "roll-up",
            f"pair rows and post rows of {rows / 1e6:g} million interactions",
            *times,
            rows=rows,
            goal=Goal.AT_LEAST,
            limit=0.5,
            peak_mib=peak_mib(),
            against="the bare engine: scan, join and group the same file by the same two keys",
        )
        if rows >= LARGE:
            return
        pairs = in_turns(
            rounds, lambda: day.roll_up(expressions.pairs), lambda: day.bare(BARE_PAIRS)
        )
        yield Result(
            "roll-up",
            f"pair rows alone of {rows / 1e6:g} million interactions",
            *pairs,
            rows=rows,
            goal=Goal.AT_LEAST,
            limit=0.5,
            against="the bare engine: scan, join and group the same file once, by the pair",
        )


def growing(folder: Path, rows: int, rounds: int) -> Iterator[Result]:
    """Yield how the time of a roll-up grows from a tenth of these interactions to all of them."""
    expressions = rollup(CURRENT.audience_thresholds)
    wanted = (expressions.pairs, expressions.posts)
    with _Day(folder, rows) as large, _Day(folder, rows // 10) as small:
        times = in_turns(
            1 if rows >= LARGE else rounds,
            lambda: large.roll_up(*wanted),
            lambda: small.roll_up(*wanted),
            is_warmed=rows < LARGE,
        )
    yield Result(
        "roll-up",
        f"ten times the interactions: {rows / 1e6:g} million",
        *times,
        goal=Goal.AT_MOST,
        limit=11.0,
        against=f"the same roll-up of {rows / 1e7:g} million",
    )


def at_every_size(folder: Path, sizes: Sequence[int], rounds: int) -> Iterator[Result]:
    """Yield the roll-up at each size, and how the time grows from one to the next.

    Sizes are ascending, each ten times the one before.
    """
    for rows in sizes:
        yield from against_bare(folder, rows, rounds)
        if rows != sizes[0]:
            yield from growing(folder, rows, rounds)
            shutil.rmtree(day_file(folder, rows // 10).parent)


def disk_needed_mib(rows: int) -> int:
    """Return about how much disk a size needs, MiB: its file and what the engine spills."""
    return rows * 100 >> 20


def _drain(batches: Iterator[pa.RecordBatch]) -> int:
    return sum(batch.num_rows for batch in batches)


# --- Against Spark and pandas -------------------------------------------------------------------
def engines(folder: Path, rows: int, rounds: int, *, with_spark: bool) -> Iterator[Result]:
    """Yield plain pandas and a local Spark session against DuckDB, the same file and results."""
    place = write_day(folder, rows)
    expressions = rollup(CURRENT.audience_thresholds)
    what = f"of {rows / 1e6:g} million interactions"
    with ExitStack() as closing:
        duckdb: Engine = closing.enter_context(DuckDB(memory_mib=MEMORY_MIB, threads=cores()))
        _given(duckdb, place, rows)

        def run(engine: Engine) -> None:
            engine.run(expressions.pairs)
            engine.run(expressions.posts)

        pandas, plain = in_turns(rounds, lambda: with_pandas(place, rows), lambda: run(duckdb))
        yield Result("engines", f"plain pandas, {what}", pandas, plain, rows=rows, against="DuckDB")
        if not with_spark:
            return
        master = f"local[{cores()}]"
        spark: Engine | None = None

        def start() -> None:
            nonlocal spark
            spark = closing.enter_context(Spark(folder / "spark", master=master))

        started = timed(start)
        assert spark is not None
        _given(spark, place, rows)
        there = spark
        slow, quick = in_turns(rounds, lambda: run(there), lambda: run(duckdb))
        yield Result(
            "engines",
            f"Spark {master}, {what}",
            slow,
            quick,
            rows=rows,
            against=f"DuckDB; its start, {started:.0f} s, is not counted",
        )


def with_pandas(place: Path, rows: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return pair rows and post rows by pandas alone, as somebody would write it."""
    accounts, reactors = (table.to_pandas() for table in look_ups(rows))
    day = pq.read_table(place / "part-0.parquet", partitioning=None).to_pandas()
    day = day[(day["direction"] == 1) & (day["provenance"] != 3)]
    day = day.merge(accounts, on="account_id").merge(reactors, on="reactor_key", how="left")
    day = day[~(day["reactor_person_id"] == day["person_id"])]
    kept = {"reactor_class": "max", "reactor_followers": "max"}
    pairs = (
        day.groupby(["account_id", "reactor_key", "kind"], sort=False)
        .agg({**kept, "person_id": "size"})
        .rename(columns={"person_id": "count"})
        .reset_index()
    )
    day["post_id"] = day["post_id"].fillna(0).astype("int64")
    posts = (
        day.groupby(["account_id", "post_id", "kind", "reactor_key"], sort=False)
        .agg(kept)
        .reset_index()
    )
    steps = np.array(CURRENT.audience_thresholds)
    for frame in (pairs, posts):
        told = np.searchsorted(steps, frame["reactor_followers"].fillna(-1), side="right")
        frame["trust_class"] = frame["reactor_class"].fillna(pd.Series(told, index=frame.index))
    keys = ["account_id", "post_id", "kind", "trust_class"]
    return pairs, posts.groupby(keys, sort=False).size().reset_index(name="people")

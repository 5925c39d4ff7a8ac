"""A day's file rolled up range by range comes to the rows of the whole file."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from klout.bench import rollup as bench
from scoring import ranges
from scoring.core.params import CURRENT
from scoring.engines import DuckDB
from scoring.parquet import COLUMNS
from scoring.rollup import rollup

ROWS = 30_000


def rows_of(tables: list[pa.Table]) -> list[tuple[object, ...]]:
    merged = pa.concat_tables(tables)
    return sorted(zip(*(column.to_pylist() for column in merged.columns), strict=True))


@pytest.fixture
def day(tmp_path: Path) -> Path:
    """A day's file of many row groups."""
    place = bench.write_day(tmp_path, ROWS)
    file = place / "part-0.parquet"
    pq.write_table(pq.read_table(file, partitioning=None), file, row_group_size=1_000)
    return place


def test_the_ranges_hold_every_account_once(day: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranges, "RANGE_ROWS", 4_000)
    found = ranges.account_ranges(day)
    assert 5 <= len(found) <= 8
    assert found[0][0] < -(2**62)
    assert found[-1][1] > 2**62
    assert [first for first, _ in found[1:]] == [last + 1 for _, last in found[:-1]]


def test_a_small_day_and_an_empty_one_are_one_range(day: Path, tmp_path: Path) -> None:
    assert len(ranges.account_ranges(day)) == 1
    empty = tmp_path / "empty"
    empty.mkdir()
    pq.write_table(COLUMNS.empty_table(), empty / "part-0.parquet")
    assert len(ranges.account_ranges(empty)) == 1


@pytest.mark.parametrize("is_ordered", [True, False])
def test_range_by_range_the_rows_are_the_same(
    day: Path, monkeypatch: pytest.MonkeyPatch, is_ordered: bool
) -> None:
    if not is_ordered:
        file = day / "part-0.parquet"
        rows = pq.read_table(file, partitioning=None).sort_by("reactor_key")
        pq.write_table(rows, file, row_group_size=1_000)
    monkeypatch.setattr(ranges, "RANGE_ROWS", 4_000)
    owners, reactors = bench.look_ups(ROWS)
    expressions = rollup(CURRENT.audience_thresholds)
    with DuckDB() as engine:
        engine.see("reactors", reactors)
        engine.see("accounts", owners)
        engine.see_files("interactions", day)
        whole = engine.run(expressions.pairs), engine.run(expressions.posts)
        parts = [
            (engine.run(expressions.pairs), engine.run(expressions.posts))
            for _ in ranges.in_ranges(engine, day, owners)
        ]
    for number in (0, 1):
        assert rows_of([part[number] for part in parts]) == rows_of([whole[number]])
    assert whole[0].num_rows > 10_000

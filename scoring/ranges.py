"""A day's file rolled up some accounts at a time, so that a day of any size fits in memory.

Rows of different accounts never meet in a roll-up. Files are written in the order of accounts, so
that an engine finds a range's row groups by their bounds; in another order it takes longer and
comes to the same.
"""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from scoring.engines import DuckDB

# Interactions of a range, about: their groups take some 500 MiB.
RANGE_ROWS = 5_000_000
_ALL = (-(1 << 63), (1 << 63) - 1)


def account_ranges(folder: Path) -> list[tuple[int, int]]:
    """Return the first and the last account id of each range of the folder's files; all ids.

    By the bounds that the files tell of their row groups; one range where they tell none.
    """
    groups = []
    for path in sorted(folder.glob("*.parquet")):
        file = pq.ParquetFile(path)
        column = file.schema_arrow.get_field_index("account_id")
        for number in range(file.num_row_groups):
            group = file.metadata.row_group(number)
            known = group.column(column).statistics
            if known is None or not known.has_min_max:
                return [_ALL]
            groups.append((known.max, group.num_rows))
    first, rows, found = _ALL[0], 0, []
    for last, count in sorted(groups):
        # A range ends with the row group that fills it.
        rows += count
        if rows >= RANGE_ROWS and last >= first:
            found.append((first, last))
            first, rows = last + 1, 0
    return [*found, (first, _ALL[1])]


def in_ranges(engine: DuckDB, folder: Path, owners: pa.Table) -> Iterator[None]:
    """Let the engine see the interactions and the accounts of one range after the other.

    `owners` are the rows of the table `accounts`.
    """
    for first, last in account_ranges(folder):
        ids = owners["account_id"]
        here = pc.and_(pc.greater_equal(ids, first), pc.less_equal(ids, last))
        engine.see("accounts", owners.filter(here))
        engine.see_files("interactions", folder, accounts=(first, last))
        yield

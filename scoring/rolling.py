"""The roll-up of one day after the other, from where and by what the settings say."""

from contextlib import AbstractContextManager, ExitStack
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType

import pyarrow as pa
from django.conf import settings

from scoring import loading, parquet, ranges
from scoring.core.params import Params
from scoring.engines import DuckDB, Engine, Spark
from scoring.loading import Population
from scoring.rollup import Rollup, rollup

# ROLLUP_ENGINE: DuckDB over rows of PostgreSQL; DuckDB over a day's file; Spark over a day's file.
DATABASE, FILES, SPARK = "duckdb", "parquet", "spark"


class RollUps(AbstractContextManager["RollUps"]):
    """Rolls up days between `first` and `last`, asked for in order."""

    def __init__(self, people: Population, first: date, last: date) -> None:
        self._closing = ExitStack()
        folder = Path(settings.VAR_DIR) / "tmp"
        folder.mkdir(parents=True, exist_ok=True)
        engine: Engine
        if settings.ROLLUP_ENGINE == SPARK:
            engine = Spark(folder, master=settings.SPARK_MASTER)
        else:
            # Of its own: what two processes spill must not meet.
            spill = self._closing.enter_context(TemporaryDirectory(prefix="duckdb-", dir=folder))
            engine = DuckDB(folder=Path(spill))
        self._closing.enter_context(engine)
        self._engine = engine
        self._owners = loading.owners(people)
        self._engine.see("accounts", self._owners)
        self._spans = loading.spans(first, last)
        self._kept_until: date | None = None

    def of(self, day: date, reactors: pa.Table, params: Params) -> tuple[pa.Table, pa.Table]:
        """Return the pair rows and the post rows of the day, given the reactors' classes.

        The version says from how many followers on strangers are of which class.
        """
        self._engine.see("reactors", reactors)
        if settings.ROLLUP_ENGINE == DATABASE:
            # A month of rows at a time: one query for each day would cost more than the roll-up.
            while self._kept_until is None or day > self._kept_until:
                begin, self._kept_until = next(self._spans)
                if day <= self._kept_until:
                    self._engine.put("kept", [loading.interactions(begin, self._kept_until)])
            self._engine.see_day("interactions", "kept", day)
        else:
            # Written anew each time: late reactions may have come back to the day since.
            parquet.export_day(day)
            self._engine.see_files("interactions", parquet.day_folder(day))
        expressions = rollup(params.audience_thresholds)
        if settings.ROLLUP_ENGINE == FILES and isinstance(self._engine, DuckDB):
            return _by_ranges(self._engine, parquet.day_folder(day), self._owners, expressions)
        return self._engine.run(expressions.pairs), self._engine.run(expressions.posts)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._closing.close()


def _by_ranges(
    engine: DuckDB, folder: Path, owners: pa.Table, expressions: Rollup
) -> tuple[pa.Table, pa.Table]:
    """Return the pair rows and the post rows of a day's file, rolled up some accounts at a time."""
    pairs, posts = [], []
    for _range in ranges.in_ranges(engine, folder, owners):
        pairs.append(engine.run(expressions.pairs))
        posts.append(engine.run(expressions.posts))
    return pa.concat_tables(pairs), pa.concat_tables(posts)

"""Where the roll-up runs: DuckDB inside this process, or Spark, here or on a cluster.

Both take the same Ibis expressions and give the same rows. DuckDB is what one machine needs;
Spark is for days that outgrow it, and is installed by the extra `spark` beside a Java 17.
"""

import logging
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

import duckdb
import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq

# A month of 10 million interactions fits; larger ones spill to disk instead of ending the worker.
MEMORY_MIB = 1024
BATCH_ROWS = 100_000
LOOPBACK = "127.0.0.1"


class EngineMissing(RuntimeError):
    """Spark is not installed or does not start; the text says what to do."""


class Engine(Protocol):
    """Runs Ibis expressions over named tables; used in a `with` statement."""

    def put(self, name: str, tables: Iterable[pa.Table]) -> int:
        """Keep the rows of the tables, one after the other, under the name; return their number."""

    def see(self, name: str, table: pa.Table) -> None:
        """Let expressions read an Arrow table under the name."""

    def see_day(self, name: str, kept: str, day: date) -> None:
        """Let expressions read one day of a kept table under the name."""

    def see_files(self, name: str, folder: Path) -> None:
        """Let expressions read a folder of Parquet files, day=… folders in it, under the name."""

    def run(self, expression: ir.Table) -> pa.Table:
        """Return the rows of an Ibis expression over the tables that it names."""

    def __enter__(self) -> Self:
        """Return the engine."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool | None:
        """Let go of everything that the engine holds."""


class _Compiled:
    """The SQL of expressions, made once each."""

    def __init__(self, compile_: Callable[[ir.Table], str]) -> None:
        self._compile = compile_
        self._found: dict[int, tuple[ir.Table, str]] = {}

    def sql(self, expression: ir.Table) -> str:
        found = self._found.get(id(expression))
        if found is None:
            # The expression is kept beside its SQL: its id is its own for as long as it lives.
            found = self._found[id(expression)] = (expression, self._compile(expression))
        return found[1]


@lru_cache(maxsize=64)
def _duckdb_sql(operation: ops.Node) -> str:
    """Return the SQL of an expression, the same for every engine of this process.

    Writing it takes some 30 ms: a first score has one engine for its single roll-up.
    """
    return str(ibis.to_sql(operation.to_expr(), dialect="duckdb"))


class DuckDB(AbstractContextManager["DuckDB"]):
    """An in-memory DuckDB with a memory limit; what exceeds it goes to `folder` for the while."""

    def __init__(
        self, *, memory_mib: int = MEMORY_MIB, threads: int = 1, folder: Path | None = None
    ) -> None:
        config: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": f"{memory_mib}MiB",
            "threads": str(threads),
        }
        if folder is not None:
            config["temp_directory"] = str(folder)
        self._connection = duckdb.connect(config=config)

    def put(self, name: str, tables: Iterable[pa.Table]) -> int:
        """Keep the rows of the tables, one after the other, under the name; return their number."""
        rows = 0
        for part in tables:
            self._connection.register("_part", part)
            if rows == 0:
                self._connection.execute(f'CREATE OR REPLACE TABLE "{name}" AS FROM _part')
            else:
                self._connection.execute(f'INSERT INTO "{name}" FROM _part')
            self._connection.unregister("_part")
            # An empty first part still makes the table.
            rows += part.num_rows
        return rows

    def see(self, name: str, table: pa.Table) -> None:
        """Let expressions read an Arrow table under the name, without copying it."""
        self._connection.register(name, table)

    def see_day(self, name: str, kept: str, day: date) -> None:
        """Let expressions read one day of a kept table under the name."""
        # A view takes no parameters; a date has only digits and dashes.
        self._connection.execute(
            f'CREATE OR REPLACE TEMP VIEW "{name}" AS FROM "{kept}" WHERE day = DATE \'{day}\''
        )

    def see_files(
        self, name: str, folder: Path, *, accounts: tuple[int, int] | None = None
    ) -> None:
        """Let expressions read a folder of Parquet files, day=… folders in it, under the name.

        Of `accounts` from the first to the last only, where these are given.
        """
        files = str(folder / "**" / "*.parquet").replace("'", "''")
        # A view takes no parameters; whole numbers have only digits and a sign.
        where = "WHERE account_id BETWEEN {:d} AND {:d}".format(*accounts) if accounts else ""
        self._connection.execute(
            f'CREATE OR REPLACE TEMP VIEW "{name}" AS FROM read_parquet('
            f"'{files}', hive_partitioning = true, hive_types = {{'day': DATE}}) {where}"
        )

    def run(self, expression: ir.Table) -> pa.Table:
        """Return the rows of an Ibis expression over the tables that it names."""
        return self._connection.sql(_duckdb_sql(expression.op())).to_arrow_table()

    def batches(self, expression: ir.Table) -> Iterator[pa.RecordBatch]:
        """Yield the rows of an Ibis expression, of which only some are in memory at a time."""
        return self.batches_of(_duckdb_sql(expression.op()))

    def batches_of(self, query: str) -> Iterator[pa.RecordBatch]:
        """Yield the rows of a query in DuckDB's own SQL."""
        yield from self._connection.sql(query).to_arrow_reader(BATCH_ROWS)

    def settings(self) -> dict[str, str]:
        """Return the limits in force."""
        found = self._connection.execute(
            "SELECT name, value FROM duckdb_settings() WHERE name IN ('memory_limit', 'threads')"
        ).fetchall()
        return {str(name): str(value) for name, value in found}

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._connection.close()


class Spark(AbstractContextManager["Spark"]):
    """A Spark session: `master` is "local[2]" for two threads here, or a cluster's address.

    Rows go in and out as Parquet files in a folder of its own below `folder`, which a cluster's
    machines must see too. One at a time in a process; the first one takes seconds to start.
    """

    def __init__(
        self, folder: Path, *, master: str = "local[2]", memory_mib: int = MEMORY_MIB
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = Path(tempfile.mkdtemp(prefix="spark-", dir=folder))
        self._numbers = iter(range(1 << 62))
        try:
            self._session = _session(self._folder, master, memory_mib)
        except BaseException:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise
        self._compiled = _Compiled(ibis.pyspark.connect(self._session).compile)

    def put(self, name: str, tables: Iterable[pa.Table]) -> int:
        """Keep the rows of the tables, one after the other, under the name; return their number."""
        place = self._new_place()
        place.mkdir()
        rows = 0
        for part, table in enumerate(tables):
            pq.write_table(table, place / f"part-{part}.parquet", compression="lz4")
            rows += table.num_rows
        self.see_files(name, place)
        return rows

    def see(self, name: str, table: pa.Table) -> None:
        """Let expressions read an Arrow table under the name, by way of a file."""
        self.put(name, [table])

    def see_day(self, name: str, kept: str, day: date) -> None:
        """Let expressions read one day of a kept table under the name."""
        rows = self._session.table(kept).where(f"day = DATE'{day}'")
        rows.createOrReplaceTempView(name)

    def see_files(self, name: str, folder: Path) -> None:
        """Let expressions read a folder of Parquet files, day=… folders in it, under the name."""
        # Of day=…, the folder itself: its name is a column only where the folder above is the base.
        base = folder.parent if "=" in folder.name else folder
        rows = self._session.read.option("basePath", str(base)).parquet(str(folder))
        rows.createOrReplaceTempView(name)

    def run(self, expression: ir.Table) -> pa.Table:
        """Return the rows of an Ibis expression over the tables that it names."""
        schema = expression.schema().to_pyarrow()
        place = self._new_place()
        self._session.sql(self._compiled.sql(expression)).write.parquet(str(place))
        # Files are numbered in the order of the rows.
        parts = [pq.read_table(path) for path in sorted(place.glob("part-*.parquet"))]
        shutil.rmtree(place)
        types = pa.schema([(field.name, field.type) for field in schema])
        return pa.concat_tables([types.empty_table(), *(part.cast(types) for part in parts)])

    def _new_place(self) -> Path:
        return self._folder / f"rows-{next(self._numbers)}"

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._session.stop()
        shutil.rmtree(self._folder, ignore_errors=True)


def _session(folder: Path, master: str, memory_mib: int) -> Any:
    """Return a new session. Nothing listens but on the loopback address, where it is local."""
    try:
        from pyspark.errors import PySparkRuntimeError
        from pyspark.sql import SparkSession
    except ImportError as missing:
        raise EngineMissing("PySpark is not installed: pip install '.[spark]'.") from missing
    # It tells of each connection that it opens and closes, the last one after logging has ended.
    logging.getLogger("py4j").setLevel(logging.WARNING)
    builder = SparkSession.builder.master(master).appName("klout")
    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR",
        "spark.driver.memory": f"{memory_mib}m",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.catalogImplementation": "in-memory",
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
    }
    if master.startswith("local"):
        settings |= {
            "spark.driver.host": LOOPBACK,
            "spark.driver.bindAddress": LOOPBACK,
            "spark.local.dir": str(folder / "local"),
            # One machine: the default of 200 tasks a step costs more than the rows.
            "spark.sql.shuffle.partitions": "4",
        }
    for name, value in settings.items():
        builder = builder.config(name, value)
    try:
        with _local_address(master):
            return builder.getOrCreate()
    except PySparkRuntimeError as failed:
        raise EngineMissing(
            "Spark does not start: it needs Java 17 (Debian: openjdk-17-jre-headless), "
            "on the PATH or named by JAVA_HOME."
        ) from failed


@contextmanager
def _local_address(master: str) -> Iterator[None]:
    """Have a local Spark that starts now take this address and ask no name server for another."""
    kept = {name: os.environ.get(name) for name in ("SPARK_LOCAL_IP", "SPARK_LOCAL_HOSTNAME")}
    if master.startswith("local"):
        os.environ.update(dict.fromkeys(kept, LOOPBACK))
    try:
        yield
    finally:
        for name, value in kept.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value

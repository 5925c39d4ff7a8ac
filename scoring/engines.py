"""Where the roll-up runs: DuckDB inside this process (Spark would be a second class here)."""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from types import TracebackType

import duckdb
import ibis
import ibis.expr.types as ir
import pyarrow as pa

# A month of 10 million interactions fits; larger ones spill to disk instead of ending the worker.
MEMORY_MIB = 1024


class DuckDB(AbstractContextManager["DuckDB"]):
    """An in-memory DuckDB with a memory limit; expressions are compiled to SQL once each."""

    def __init__(self, *, memory_mib: int = MEMORY_MIB, threads: int = 1) -> None:
        self._connection = duckdb.connect(
            config={"memory_limit": f"{memory_mib}MiB", "threads": str(threads)}
        )
        self._compiled: dict[int, tuple[ir.Table, str]] = {}

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

    def see_day(self, name: str, kept: str, day: object) -> None:
        """Let expressions read one day of a kept table under the name."""
        # A view takes no parameters; a date has only digits and dashes.
        self._connection.execute(
            f'CREATE OR REPLACE TEMP VIEW "{name}" AS FROM "{kept}" WHERE day = DATE \'{day}\''
        )

    def run(self, expression: ir.Table) -> pa.Table:
        """Return the rows of an Ibis expression over the tables that it names."""
        found = self._compiled.get(id(expression))
        if found is None:
            # The expression is kept beside its SQL: its id is its own for as long as it lives.
            found = (expression, str(ibis.to_sql(expression, dialect="duckdb")))
            self._compiled[id(expression)] = found
        return self._connection.sql(found[1]).to_arrow_table()

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

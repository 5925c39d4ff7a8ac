"""Days of interactions as Parquet files, for a roll-up that does not ask PostgreSQL.

`VAR_DIR/parquet/interactions/day=2026-03-01/part-0.parquet` holds what a roll-up of the day reads
and nothing else. A file never holds more than PostgreSQL does: it is written again at every
export, and rewritten when a person, an account's history or a network's term goes. It is
no archive; where it is missing it can be exported again.
"""

import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from connectors import history, registry
from connectors.models import Account
from connectors.types import Direction, Provenance
from people.erasure import Rows, register_store
from people.models import Person
from scoring.core.params import CURRENT
from scoring.loading import INTERACTION_COLUMNS

# One writer of files at a time: an export that began before an erasure must not end after it.
LOCK = 2_026_110_071
# Rows are handed on in pieces of this size (bytes of text): a day of any size needs no more.
PIECE = 32 << 20
MEMORY_LIMIT = "1GiB"
COMPRESSION = "lz4"
FILE = "part-0.parquet"

# The day is the folder's name, as Hive, Spark and DuckDB know it.
COLUMNS = pa.schema([field for field in INTERACTION_COLUMNS if field.name != "day"])


def folder() -> Path:
    """Return the folder of the days."""
    return Path(settings.VAR_DIR) / "parquet" / "interactions"


def day_folder(day: date) -> Path:
    """Return the folder of one day, there or not."""
    return folder() / f"day={day}"


def exported_days() -> list[date]:
    """Return the days that have a file, in order."""
    files = folder().glob(f"day=*/{FILE}")
    return sorted(date.fromisoformat(file.parent.name.removeprefix("day=")) for file in files)


# --- Export -------------------------------------------------------------------------------------
_DAY = f"""
SELECT {", ".join(COLUMNS.names)} FROM connectors_interaction
 WHERE day = %s AND direction = %s AND provenance <> %s
 ORDER BY account_id
"""  # noqa: S608 - names of ours only


def export_day(day: date) -> int:
    """Write the day's file anew from PostgreSQL; return how many interactions it holds.

    Needs the memory of one piece, whatever the day. A reader sees the old file or the new one.
    In the order of accounts: roll-ups take some accounts at a time (scoring.ranges).
    """
    with transaction.atomic(), _one_writer(), _new_file(day) as path:
        cursor = connection.cursor().cursor
        kept_out = [day, int(Direction.RECEIVED), int(Provenance.OWN_FILE)]
        selected = cursor.mogrify(_DAY, kept_out).decode()
        with pq.ParquetWriter(path, COLUMNS, compression=COMPRESSION) as writer:
            lines = _Lines(writer)
            cursor.copy_expert(f"COPY ({selected}) TO STDOUT (FORMAT csv)", lines)
            lines.hand_on()
    return lines.rows


class _Lines:
    """A file to write lines of CSV to; whole pieces of them go on as row groups."""

    def __init__(self, writer: pq.ParquetWriter) -> None:
        self._writer = writer
        self._text = bytearray()
        self.rows = 0

    def write(self, text: bytes) -> int:
        # PostgreSQL sends whole lines, and no value of these columns has a line break.
        self._text += text
        if len(self._text) >= PIECE:
            self.hand_on()
        return len(text)

    def hand_on(self) -> None:
        if not self._text:
            return
        table = pyarrow.csv.read_csv(
            pa.BufferReader(bytes(self._text)),
            read_options=pyarrow.csv.ReadOptions(use_threads=False, column_names=COLUMNS.names),
            convert_options=pyarrow.csv.ConvertOptions(column_types=COLUMNS, null_values=[""]),
        )
        self._writer.write_table(table)
        self.rows += table.num_rows
        self._text.clear()


@dataclass(slots=True)
class _new_file:  # noqa: N801 - used as a function
    """Give a path to write to; it takes the place of the day's file when all went well."""

    day: date
    _path: Path | None = None

    def __enter__(self) -> Path:
        place = day_folder(self.day)
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Engines pass over names that begin with a dot, and DuckDB over other endings.
        self._path = place / f".{FILE}.{secrets.token_hex(4)}"
        return self._path

    def __exit__(self, kind: type[BaseException] | None, *_rest: object) -> None:
        assert self._path is not None
        if kind is not None:
            self._path.unlink(missing_ok=True)
            return
        with self._path.open("rb") as written:
            os.fsync(written.fileno())
        self._path.replace(day_folder(self.day) / FILE)


@contextmanager
def _one_writer() -> Iterator[None]:
    """Wait for other writers; others wait for this one until the outer transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    # What a killed writer left holds rows about people too.
    for left in folder().glob(f"day=*/.{FILE}.*"):
        left.unlink(missing_ok=True)
    yield


# --- Rewriting ----------------------------------------------------------------------------------
# Of somebody who acted and was erased, the class that the audience gives stays and the number goes.
_STEPS = sorted((int(step) for step in CURRENT.audience_thresholds), reverse=True)
_COARSE = " ".join(f"WHEN reactor_followers >= {step} THEN {step}" for step in _STEPS)
_COARSE = f"CASE WHEN reactor_followers IS NULL THEN NULL {_COARSE} ELSE 0 END"
_BY_REACTORS = "reactor_key IN (SELECT reactor_key FROM reactors)"
_ACTED = f"{_BY_REACTORS} AND reactor_followers IS DISTINCT FROM {_COARSE}"
_OWN = "account_id IN (SELECT account_id FROM accounts)"


def forget(account_ids: Sequence[int], reactor_keys: Sequence[int] = ()) -> int:
    """Remove the rows of the accounts and coarsen what the reactors' rows tell; return how many.

    Only files that hold any are rewritten; a second call finds none. Files stay as they are now
    until the caller's transaction ends: no export runs meanwhile.
    """
    if not (account_ids or reactor_keys) or not folder().exists():
        return 0
    with transaction.atomic(), _one_writer():
        return _rewrite(exported_days(), _OWN, account_ids, reactor_keys)


def expire(now: datetime) -> int:
    """Remove what networks' terms let us keep no longer, and rows of accounts that are gone.

    Returns how many rows went. Safe to run again at any moment.
    """
    removed = 0
    with transaction.atomic(), _one_writer():
        present = list(Account.objects.values_list("pk", flat=True))
        removed += _rewrite(exported_days(), f"NOT ({_OWN})", present, ())
        for name, module in registry.CONNECTORS.items():
            kept_days = module.NETWORK.policy.retention_days
            if kept_days is None:
                continue
            first = now.date() - timedelta(days=kept_days)
            days = [day for day in exported_days() if day < first]
            ids = list(Account.objects.filter(network=name).values_list("pk", flat=True))
            removed += _rewrite(days, _OWN, ids, ())
    return removed


def _rewrite(
    days: Sequence[date], goes: str, account_ids: Sequence[int], reactor_keys: Sequence[int]
) -> int:
    """Rewrite those files of the days that hold rows that go or are coarsened; return how many."""
    touched = 0
    with _duckdb(account_ids, reactor_keys) as engine:
        for day in days:
            source = f"read_parquet('{_quoted(day_folder(day) / FILE)}', hive_partitioning = false)"
            count = f"SELECT count(*) FROM {source} WHERE ({goes}) OR ({_ACTED})"  # noqa: S608
            found = engine.sql(count).fetchall()[0][0]
            if not found:
                continue
            touched += found
            with _new_file(day) as path:
                engine.execute(
                    f"COPY (SELECT * REPLACE (CASE WHEN {_ACTED} THEN {_COARSE} "  # noqa: S608
                    f"ELSE reactor_followers END AS reactor_followers) FROM {source} "
                    f"WHERE NOT ({goes})) TO '{_quoted(path)}' "
                    f"(FORMAT parquet, COMPRESSION {COMPRESSION})"
                )
    return touched


def _duckdb(account_ids: Sequence[int], reactor_keys: Sequence[int]) -> duckdb.DuckDBPyConnection:
    engine = duckdb.connect(config={"memory_limit": MEMORY_LIMIT, "threads": "1"})
    engine.register("accounts", pa.table({"account_id": pa.array(account_ids, pa.int64())}))
    engine.register("reactors", pa.table({"reactor_key": pa.array(reactor_keys, pa.int64())}))
    return engine


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


# --- What is held about a person ----------------------------------------------------------------
def register() -> None:
    """Register the files with people.erasure, and with the erasing of an account's history."""
    register_store(
        "Parquet files of reactions",
        export=_held,
        erase=lambda person: forget(_account_ids(person), _reactor_keys(person)),
        what=_("Copies of the reactions by day, for counting; your rows are counted here"),
        source=_("from the reactions kept in the database"),
        until=_("until you unlink the account with its history, or erase everything"),
    )
    history.on_erase(forget_account)


def forget_account(account_id: int) -> int:
    """Remove the rows of an account from all files; return how many."""
    return forget([account_id])


def _account_ids(person: Person) -> list[int]:
    return list(Account.objects.filter(person_id=person.pk).values_list("pk", flat=True))


def _reactor_keys(person: Person) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.key FROM connectors_reactor r JOIN connectors_account a "
            "ON a.network = r.network AND a.native_id = r.native_id WHERE a.person_id = %s",
            [person.pk],
        )
        return [key for (key,) in cursor.fetchall()]


def _held(person: Person) -> Rows:
    """Yield for each day how many rows are about the person."""
    ids, keys = _account_ids(person), _reactor_keys(person)
    days = exported_days()
    if not (ids or keys) or not days:
        return
    with _duckdb(ids, keys) as engine:
        for day in days:
            query = (
                f"SELECT count(*) FILTER ({_OWN}), count(*) FILTER ({_BY_REACTORS}) "  # noqa: S608
                f"FROM '{_quoted(day_folder(day) / FILE)}'"
            )
            received, acted = engine.sql(query).fetchall()[0]
            if received or acted:
                yield {"day": day.isoformat(), "received": received, "acted": acted}

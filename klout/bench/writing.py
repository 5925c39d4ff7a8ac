"""A million people scored and written, against a bare COPY of the same rows."""

import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
from django.db import connection

from connectors.partitions import day_partition, ensure_days
from klout.bench.measure import Goal, Result, forget_peak, in_turns, peak_mib
from scoring import binary, writing
from scoring.core import band, cap
from scoring.core.model import Model
from scoring.core.params import CURRENT
from scoring.explanations import Why
from scoring.loading import Floats, Population
from scoring.scored_day import ScoredDay

DAY = date(2026, 3, 1)
SEED = 7
TABLES = ("scoring_score", "scoring_explanation")
READ_BYTES = 1 << 20


def scored_and_written(folder: Path, people_count: int, rounds: int) -> Iterator[Result]:
    """Yield inputs → scores, bands, explanations → a day's partition, against a bare COPY."""
    ensure_days(TABLES, [DAY], by_day=True)
    model, people, x = population(people_count)
    with tempfile.TemporaryDirectory(dir=folder) as place:
        files = _copy_out(model, people, x, Path(place))
        _make_bare()

        def ours() -> None:
            writing.write_scores([scored(model, people, x)], people, CURRENT.version)

        def bare() -> None:
            _copy_in(files)

        forget_peak()
        times = in_turns(rounds, ours, bare)
        peak = peak_mib()
    yield Result(
        "scores",
        f"{people_count / 1e6:g} million people scored and written",
        *times,
        rows=people_count,
        goal=Goal.AT_LEAST,
        limit=0.7,
        peak_mib=peak,
        against="bare COPY, from a file, of the same bytes into empty tables with the same indexes",
    )


def population(people_count: int) -> tuple[Model, Population, Floats]:
    """Return people with one account each, and inputs that are spread as real ones are."""
    model = Model(CURRENT)
    rng = np.random.default_rng(SEED)
    shape = (people_count, len(model.measures))
    x = 10 ** rng.normal(1.0, 1.2, shape).clip(-1, 7)
    # Most accounts have no lists and few reactions of some kinds.
    x[rng.random(shape) < 0.3] = 0.0
    x[:, model.measures.index("followers")] = np.floor(x[:, model.measures.index("followers")])
    x[:, model.measures.index("anonymous")] = 0.0
    ids = np.arange(1, people_count + 1)
    first = np.full(people_count, 20_000)
    people = Population(
        account_ids=ids + 10_000_000,
        person_ids=ids,
        person_index=ids - 1,
        networks=("mastodon", "bluesky") * (people_count // 2) + ("sample",) * (people_count % 2),
        first_synced_day=first,
        first_known_day=first,
        unknown=np.zeros(shape, dtype=np.bool_),
    )
    return model, people, x


def scored(model: Model, people: Population, x: Floats) -> ScoredDay:
    """Return a day of these inputs as the daily run has it: evaluated, capped, with bands."""
    count, index = people.person_ids.size, people.person_index
    result = model.evaluate(x, index, count, unknown=people.unknown, networks=people.networks)
    value, held_back = cap.capped(np.full(count, np.nan), result.raw, model)
    found = band.band(model, result, value, index, np.full(count, 30))
    no_one = np.zeros(count, dtype=np.bool_)
    why = Why(
        model, result, index, people.account_ids, people.networks, held_back, people.unknown, no_one
    )
    none = np.zeros(0, dtype=np.int64)
    empty = pa.table({})
    return ScoredDay(
        day=DAY,
        pairs=empty,
        posts=empty,
        value=value,
        low=found.low,
        high=found.high,
        provisional=found.provisional,
        mass=result.person_mass,
        trust_class=np.full(count, 3),
        why=why,
        discounts=[],
        moment_posts=none,
        moment_accounts=none,
        moment_points=np.zeros(0),
        moment_people=none,
        interactions_count=0,
        missing_accounts_count=0,
    )


# --- The yardstick ------------------------------------------------------------------------------
def _copy_out(model: Model, people: Population, x: Floats, folder: Path) -> dict[str, Path]:
    """Return a file for each table with the very bytes that ours sends."""
    day = scored(model, people, x)
    files = {}
    for table, pieces in (
        (TABLES[0], writing.score_rows(day, people, CURRENT.version)),
        (TABLES[1], writing.explanation_rows(day, people, CURRENT.version)),
    ):
        files[table] = folder / table
        with files[table].open("wb") as output:
            output.write(binary.HEAD)
            for piece in pieces:
                output.write(binary.rows(piece))
            output.write(binary.TAIL)
    return files


def _make_bare() -> None:
    """Make a table of the same columns, checks and indexes for each of ours."""
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"DROP TABLE IF EXISTS bare_{table}")
            like = f"LIKE {day_partition(table, DAY)} INCLUDING ALL"
            cursor.execute(f"CREATE TABLE bare_{table} ({like})")


def _copy_in(files: dict[str, Path]) -> None:
    columns = {
        TABLES[0]: writing.SCORE_COLUMNS.names,
        TABLES[1]: writing.EXPLANATION_COLUMNS.names,
    }
    with connection.cursor() as cursor:
        for table, file in files.items():
            cursor.execute(f"TRUNCATE bare_{table}")
            named = ", ".join(columns[table])
            with file.open("rb") as rows:
                cursor.copy_expert(
                    f"COPY bare_{table} ({named}) FROM STDIN (FORMAT binary)", rows, READ_BYTES
                )


def disk_needed_mib(people_count: int) -> int:
    """Return about how much disk the part needs, MiB: two copies of the rows and their files."""
    return people_count * 4 // 1024

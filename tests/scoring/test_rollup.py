"""The roll-up against a slow, plain version of itself."""

from collections import Counter, defaultdict
from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pytest

from connectors.types import Direction, Kind, Provenance
from scoring.core.params import CURRENT
from scoring.engines import DuckDB
from scoring.loading import INTERACTION_COLUMNS
from scoring.rollup import rollup

FIRST = date(2026, 2, 27)
STEPS = CURRENT.audience_thresholds

Row = tuple[date, int, int, int, int, int, int | None, int | None]


def random_rows(number: int, seed: int) -> list[Row]:
    """Return rows of few accounts and reactors, so that they collide."""
    rng = np.random.default_rng(seed)
    rows: list[Row] = []
    for _ in range(number):
        audience = int(10 ** rng.uniform(0, 6))
        rows.append(
            (
                FIRST + timedelta(days=int(rng.integers(3))),
                int(rng.integers(1, 5)),
                int(rng.choice([Direction.RECEIVED, Direction.RECEIVED, Direction.SENT])),
                int(rng.choice(list(Kind))),
                int(rng.choice(list(Provenance))),
                int(rng.integers(100, 112)),
                None if rng.random() < 0.3 else int(rng.integers(1, 4)),
                None if rng.random() < 0.3 else audience,
            )
        )
    return rows


# Accounts 1 and 2 are one person's, who is reactor 100 too; 4 is not ours.
ACCOUNTS = {1: 11, 2: 11, 3: 12}
# Reactor → person and class (None: not scored yet); 103 is the same person as 101, 104 opted out.
REACTORS: dict[int, tuple[int, int | None]] = {
    100: (11, 5),
    101: (13, 6),
    102: (14, None),
    103: (13, 6),
    104: (-1, 3),
}


def class_of(reactor: int, audiences: list[int | None]) -> int:
    """Return the class: the scored person's own, else by the largest audience told."""
    known = REACTORS.get(reactor, (0, None))[1]
    if known is not None:
        return known
    told = [audience for audience in audiences if audience is not None]
    return sum(max(told) >= step for step in STEPS) if told else 0


def plainly(rows: list[Row]) -> tuple[Counter[tuple[object, ...]], Counter[tuple[object, ...]]]:
    """Return pair rows and post rows as counters of their keys."""
    counts: Counter[tuple[date, int, int, int]] = Counter()
    told: defaultdict[tuple[object, ...], list[int | None]] = defaultdict(list)
    people: defaultdict[tuple[date, int, int, int, int], list[int | None]] = defaultdict(list)
    for day, account, direction, kind, provenance, reactor, post, audience in rows:
        own = REACTORS.get(reactor, (0, None))[0] == ACCOUNTS.get(account)
        if direction != 1 or provenance == 3 or account not in ACCOUNTS or own:
            continue
        counts[(day, account, reactor, kind)] += 1
        told[(day, account, reactor, kind)].append(audience)
        one = 101 if reactor == 103 else reactor
        people[(day, account, post or 0, kind, one)].append(audience)
    pairs: Counter[tuple[object, ...]] = Counter()
    for key, count in counts.items():
        pairs[(*key, class_of(key[2], told[key]))] = count
    posts: Counter[tuple[object, ...]] = Counter()
    for (day, account, post, kind, reactor), audiences in people.items():
        posts[(day, account, post, kind, class_of(reactor, audiences))] += 1
    return pairs, posts


def rolled_up(rows: list[Row]) -> tuple[pa.Table, pa.Table]:
    columns: list[tuple[object, ...]] = list(zip(*rows, strict=True))
    columns = columns or [()] * len(INTERACTION_COLUMNS.names)
    table = pa.table(
        [
            pa.array(values, field.type)
            for values, field in zip(columns, INTERACTION_COLUMNS, strict=True)
        ],
        schema=INTERACTION_COLUMNS,
    )
    classes = [trust for _person, trust in REACTORS.values()]
    with DuckDB() as engine:
        engine.put("interactions", [table])
        engine.see(
            "accounts",
            pa.table({"account_id": list(ACCOUNTS), "person_id": list(ACCOUNTS.values())}),
        )
        engine.see(
            "reactors",
            pa.table(
                {
                    "reactor_key": list(REACTORS),
                    "reactor_person_id": [person for person, _trust in REACTORS.values()],
                    "reactor_class": pa.array(classes, pa.int16()),
                }
            ),
        )
        expressions = rollup(STEPS)
        return in_order(engine.run(expressions.pairs)), in_order(engine.run(expressions.posts))


def in_order(rows: pa.Table) -> pa.Table:
    """Return the rows in one order: the roll-up gives them in any."""
    return rows.sort_by([(name, "ascending") for name in rows.column_names])


@pytest.mark.parametrize("seed", range(5))
def test_it_is_what_a_plain_count_gives(seed: int) -> None:
    rows = random_rows(1_500, seed)
    pairs, posts = rolled_up(rows)
    expected_pairs, expected_posts = plainly(rows)
    found = {
        (r["day"], r["account_id"], r["reactor_key"], r["kind"], r["trust_class"]): r["count"]
        for r in pairs.to_pylist()
    }
    assert found == dict(expected_pairs)
    found_posts = {
        (r["day"], r["account_id"], r["post_id"], r["kind"], r["trust_class"]): r["people"]
        for r in posts.to_pylist()
    }
    assert found_posts == dict(expected_posts)


def test_the_order_of_records_changes_nothing() -> None:
    rows = random_rows(500, 7)
    forwards, backwards = rolled_up(rows), rolled_up(rows[::-1])
    assert forwards[0].equals(backwards[0])
    assert forwards[1].equals(backwards[1])


def test_no_interactions_give_no_rows() -> None:
    pairs, posts = rolled_up([])
    assert pairs.num_rows == posts.num_rows == 0


def test_the_engine_keeps_to_its_memory_and_threads() -> None:
    with DuckDB(memory_mib=64, threads=1) as engine:
        engine.put(
            "wide",
            (
                pa.table({"day": np.arange(100_000), "n": np.random.default_rng(n).random(100_000)})
                for n in range(5)
            ),
        )
        shown = engine.settings()
    assert shown == {"memory_limit": "64.0 MiB", "threads": "1"}

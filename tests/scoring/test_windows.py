"""The walk's windows are small, drop what is too old, and may be taken in pieces of any size."""

from dataclasses import fields

import numpy as np
import numpy.typing as npt
import pytest

from connectors.types import Kind
from scoring import windows
from scoring.loading import Integers
from scoring.scored_day import ScoredDay
from scoring.simulation import World
from scoring.windows import PairWindow, PostWindow

DAYS = 50


def rows_of(owner: Integers, rows: int, seed: int, day: int | None = None) -> PairWindow:
    """Return a block of random reactions to the accounts of these owners."""
    rng = np.random.default_rng(seed)
    return windows.block(
        PairWindow,
        owner,
        day=rng.integers(100, 140, rows) if day is None else np.full(rows, day),
        account=rng.integers(0, owner.size, rows),
        reactor=rng.integers(1, 1 << 62, rows),
        kind=rng.integers(-1, 5, rows),
        trust_class=rng.integers(0, 8, rows),
        person=rng.integers(-1, 9, rows),
    )


def table(blocks: list[PairWindow]) -> list[tuple[int, ...]]:
    """Return the rows of all blocks, in an order of their own."""
    columns = [[getattr(one, field.name) for one in blocks] for field in fields(PairWindow)]
    merged = [np.concatenate(column).tolist() for column in columns]
    return sorted(zip(*merged, strict=True))


def busy_world() -> World:
    """Return a world of 30 accounts of 20 people with some 3000 reactions, some mutual."""
    world = World(DAYS)
    rng = np.random.default_rng(5)
    accounts = [world.account(followers=float(10 ** rng.uniform(1, 5))) for _ in range(20)]
    accounts += [world.account(followers=50.0, of=of) for of in accounts[:10]]
    keys = [*world.strangers(40, 500), *world.strangers(40, None)]
    keys += [world.key_of(account) for account in accounts]
    for day in range(DAYS):
        for _ in range(30):
            some = rng.choice(keys, 2).tolist()
            kind = (Kind.LIKE, Kind.RESHARE, Kind.COMMENT)[int(rng.integers(3))]
            world.act(
                day, some, int(rng.choice(accounts)), kind=kind, post=int(rng.integers(0, 400))
            )
    return world


def numbers(day: ScoredDay) -> list[npt.NDArray[np.generic]]:
    """Return every number that a day came to."""
    seen = day.why.evaluation
    return [
        *(day.value, day.low, day.high, day.provisional, day.mass, day.trust_class),
        *(seen.x, seen.parts, day.why.held_back),
        *(day.moment_posts, day.moment_accounts, day.moment_points, day.moment_people),
    ]


def test_days_are_the_same_to_the_last_bit_however_few_rows_are_taken_at_a_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = busy_world()
    whole = world.run()
    monkeypatch.setattr(windows, "PIECE_ROWS", 70)
    in_pieces = world.run()
    assert sum(day.moment_posts.size for day in whole) > 100
    assert len({round(value, 3) for value in whole[-1].value.tolist()}) > 10
    for one, other in zip(whole, in_pieces, strict=True):
        for left, right in zip(numbers(one), numbers(other), strict=True):
            assert left.tobytes() == right.tobytes()


@pytest.mark.parametrize("piece", [1, 60, 1_000_000])
def test_pieces_hold_all_rows_once_and_no_person_is_in_two(
    monkeypatch: pytest.MonkeyPatch, piece: int
) -> None:
    monkeypatch.setattr(windows, "PIECE_ROWS", piece)
    owner = np.array([2, 0, 1, 0, 4, 3, 4, 2, 5])
    blocks = [rows_of(owner, 80, seed=1), rows_of(owner, 0, seed=2), rows_of(owner, 120, seed=3)]
    # The last two people have nothing.
    found = [pairs for pairs, _ in windows.by_people(blocks, [], owner, 8)]
    assert table(found) == table(blocks)
    people = [set(owner[pairs.account].tolist()) for pairs in found]
    assert sum(len(some) for some in people) == 6
    assert len(people) > 1 or piece == 1_000_000


def test_nobody_is_one_empty_piece() -> None:
    nobody = np.zeros(0, dtype=np.int64)
    found = list(windows.by_people([], [], nobody, 0))
    assert [(pairs.day.size, posts.day.size) for pairs, posts in found] == [(0, 0)]


def test_rows_that_are_too_old_or_too_young_go_and_the_rest_is_not_copied() -> None:
    owner = np.arange(5)
    old, edge, young = (rows_of(owner, 10, seed=day, day=day) for day in (7, 8, 9))
    mixed = rows_of(owner, 500, seed=4)
    assert windows.between((old, edge, young), after=7) == (edge, young)
    assert windows.between((old, edge, young), before=9) == (old, edge)
    (kept,) = windows.between((mixed,), after=110, before=120)
    inside = (mixed.day > 110) & (mixed.day < 120)
    assert 0 < kept.day.size == np.count_nonzero(inside)
    assert table([kept]) == table([windows.picked(mixed, inside)])


def test_a_row_takes_22_bytes() -> None:
    one = np.zeros(1, dtype=np.int64)
    pairs = rows_of(one, 1, seed=1)
    posts = windows.block(
        PostWindow, one, day=one, account=one, post=one, kind=one, trust_class=one, people=one
    )
    for window in (pairs, posts):
        assert sum(getattr(window, field.name).itemsize for field in fields(window)) == 22

"""What servers that anyone can run are worth: standing only from outside, and limits that hold."""

from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.core import servers
from scoring.core.model import Model
from scoring.core.params import CURRENT
from scoring.core.servers import Floats, Votes

MODEL = Model(CURRENT)
RULES = CURRENT.integrity

# person, server, age, class and home of a vote.
Vote = tuple[int, int, float, int, int]


def votes(rows: list[Vote]) -> Votes:
    """Return the votes as arrays."""
    columns = list(zip(*rows, strict=True)) if rows else [()] * 5
    return Votes(
        np.array(columns[0], dtype=np.int64),
        np.array(columns[1], dtype=np.int64),
        np.array(columns[2], dtype=np.float64),
        np.array(columns[3], dtype=np.int64),
        np.array(columns[4], dtype=np.int64),
    )


def standing(rows: list[Vote], n_servers: int) -> list[float]:
    """Return the standing of each server."""
    found: list[float] = servers.standing(votes(rows), n_servers, CURRENT).tolist()
    return found


# --- Standing -----------------------------------------------------------------------------------
def test_each_ordinary_person_who_acts_on_a_server_is_worth_one() -> None:
    assert standing([(p, 0, 0.0, 3, -1) for p in range(7)], 2) == [7.0, 0.0]


def test_the_same_person_counts_once_and_fades() -> None:
    rows: list[Vote] = [(1, 0, age, 3, -1) for age in (14.0, 0.0, 30.0)]
    assert standing(rows, 1) == [1.0]
    assert standing([(1, 0, RULES.server_half_life_days, 3, -1)], 1) == [0.5]


def test_a_vote_is_shared_by_all_servers_on_which_somebody_acts() -> None:
    assert standing([(1, s, 0.0, 3, -1) for s in range(4)], 4) == [0.25] * 4


def test_people_of_low_standing_vouch_for_nothing() -> None:
    assert standing([(p, 0, 0.0, p % 2, -1) for p in range(1000)], 1) == [0.0]


def test_a_closed_ring_of_servers_gains_exactly_nothing() -> None:
    """Fifty servers of a hundred members of the highest class, who vouch for all of one another."""
    ring: list[Vote] = [
        (100 * home + n, other, 0.0, 7, home)
        for home in range(50)
        for n in range(100)
        for other in range(50)
        if n % 50 == other or (n + 1) % 50 == other
    ]
    assert standing(ring, 50) == [0.0] * 50


def test_a_server_that_vouches_for_itself_gains_nothing() -> None:
    assert standing([(1, 0, 0.0, 3, -1), *[(p, 0, 0.0, 7, 0) for p in range(2, 99)]], 1) == [1.0]


def test_a_ring_that_trust_reaches_has_at_most_twice_of_it() -> None:
    ring: list[Vote] = [(10 + s, (s + 1) % 9, 0.0, 7, s) for s in range(9)]
    found = standing([(1, 0, 0.0, 3, -1), *ring], 9)
    assert 1.0 < sum(found) <= 1.0 / (1.0 - RULES.server_damping)
    assert found == sorted(found, reverse=True)


@st.composite
def random_votes(draw: st.DrawFn) -> list[Vote]:
    people = draw(st.integers(1, 12))
    homes = draw(st.lists(st.integers(-1, 4), min_size=people, max_size=people))
    classes = draw(st.lists(st.integers(0, 7), min_size=people, max_size=people))
    acts = draw(
        st.lists(
            st.tuples(st.integers(0, people - 1), st.integers(0, 4), st.floats(0, 60)), max_size=40
        )
    )
    return [(p, s, age, classes[p], homes[p]) for p, s, age in acts]


@given(random_votes(), st.randoms())
def test_standing_is_the_fixed_point_and_knows_no_order(rows: list[Vote], chance: Random) -> None:
    found = np.array(standing(rows, 5))
    assert np.all(np.isfinite(found))
    assert np.all(found >= 0)
    shuffled = list(rows)
    chance.shuffle(shuffled)
    assert standing(shuffled, 5) == found.tolist()
    assert found == pytest.approx(plainly(rows, found), abs=1e-9)
    outside = plainly([row for row in rows if row[4] < 0], np.zeros(5)).sum()
    assert found.sum() <= outside / (1 - RULES.server_damping) + 1e-9


def plainly(rows: list[Vote], before: Floats) -> Floats:
    """Return one step of the sum, by loops."""
    acted_on = {p: {row[1] for row in rows if row[0] == p} for p, *_ in rows}
    given_: dict[tuple[int, int], tuple[float, int]] = {}
    for person, server, age, trust_class, home in rows:
        if trust_class <= RULES.low_class or home == server:
            continue
        vote = CURRENT.class_weights[trust_class] * 2 ** (-age / RULES.server_half_life_days)
        amount = vote / len(acted_on[person])
        kept = given_.get((person, server), (0.0, home))[0]
        given_[(person, server)] = (max(kept, amount), home)
    passed = np.zeros(5)
    for amount, home in given_.values():
        if home >= 0:
            passed[home] += amount
    result = np.zeros(5)
    for (_person, server), (amount, home) in given_.items():
        share = 1.0
        if home >= 0:
            share = min(1.0, RULES.server_damping * before[home] / passed[home])
        result[server] += share * amount
    return result


def test_nobody_and_no_server_is_an_answer() -> None:
    assert standing([], 0) == []
    assert standing([], 3) == [0.0] * 3


def test_a_server_outside_the_range_is_refused() -> None:
    with pytest.raises(ValueError, match="from 0 to 1"):
        standing([(1, 2, 0.0, 3, -1)], 2)


# --- Limits -------------------------------------------------------------------------------------
def test_an_unknown_server_is_worth_one_account_of_a_hundred_followers() -> None:
    none, seven = servers.limits(np.array([0.0, 7.0]), MODEL)
    assert none == servers.neutral_mass(MODEL)
    assert seven == 8 * none
    assert 29 < float(MODEL.score(none)) < 32


def level(masses: list[float], limit: float) -> float:
    """Return the level of one server."""
    found = servers.levels(
        np.array(masses), np.zeros(len(masses), dtype=np.int64), np.array([limit])
    )
    return float(found[0])


def test_accounts_that_fit_are_not_limited() -> None:
    assert level([1.0, 2.0, 3.0], 6.0) == np.inf
    assert level([], 6.0) == np.inf


def test_what_a_small_account_has_is_not_taken_by_a_large_claim() -> None:
    assert level([1.0, 1e9], 10.0) == 9.0
    assert level([1e9, 1e9, 1.0, 1e9], 10.0) == 3.0


@given(st.lists(st.floats(0, 1e12), min_size=1, max_size=20), st.floats(0.1, 1e6))
def test_all_accounts_of_a_server_come_to_its_limit_at_most(
    masses: list[float], limit: float
) -> None:
    found = level(masses, limit)
    counted = np.minimum(masses, found).sum()
    assert counted <= max(limit, 0) * (1 + 1e-9)
    assert counted == pytest.approx(min(limit, sum(masses)), rel=1e-9)


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=10), st.floats(0, 1e6), st.floats(0.1, 1e6))
def test_law_02_more_of_an_account_never_gives_it_less(
    others: list[float], more: float, limit: float
) -> None:
    before = min(others[0], level(others, limit))
    risen = others[0] + more
    assert min(risen, level([risen, *others[1:]], limit)) >= before * (1 - 1e-12)


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=10), st.floats(0, 1e6), st.floats(0.1, 1e6))
def test_law_03_one_more_account_on_a_server_never_gives_its_person_less(
    masses: list[float], one_more: float, limit: float
) -> None:
    before = min(masses[0], level(masses, limit))
    found = level([*masses, one_more], limit)
    assert min(masses[0], found) + min(one_more, found) >= before * (1 - 1e-9)


masses = st.lists(st.tuples(st.floats(0, 1e6), st.floats(0.1, 1e6)), min_size=1, max_size=8)


def of_one_person(accounts: list[tuple[float, float]]) -> Floats:
    """Return what counts of a person's accounts, each alone on a server of such a limit."""
    mass, limit = np.array(accounts).T
    most = np.where(mass > limit, limit, np.inf)
    person = np.zeros(mass.size, dtype=np.int64)
    found: Floats = np.minimum(mass, servers.within_people(mass, most, person, limit))
    return found


@given(masses)
def test_law_12_a_persons_accounts_on_such_servers_come_to_what_the_best_known_may_give(
    accounts: list[tuple[float, float]],
) -> None:
    counted = of_one_person(accounts)
    assert counted.sum() <= max(limit for _, limit in accounts) * (1 + 1e-9)
    assert counted.sum() >= max(map(min, accounts)) * (1 - 1e-9)


@given(masses, st.tuples(st.floats(0, 1e6), st.floats(0.1, 1e6)))
def test_law_03_one_more_server_never_gives_a_person_less(
    accounts: list[tuple[float, float]], one_more: tuple[float, float]
) -> None:
    before, after = of_one_person(accounts).sum(), of_one_person([*accounts, one_more]).sum()
    assert after >= before * (1 - 1e-9)


def test_people_are_limited_apart_from_one_another() -> None:
    mass, limit = np.array([8.0, 8.0, 8.0, 3.0]), np.full(4, 10.0)
    person = np.array([0, 0, 1, 1])
    found = servers.within_people(mass, np.full(4, np.inf), person, limit)
    assert np.minimum(mass, found).tolist() == [5.0, 5.0, 7.0, 3.0]


def test_servers_and_accounts_without_one_are_kept_apart() -> None:
    mass = np.array([5.0, 100.0, 100.0, 1e9, 2.0])
    server = np.array([0, 1, 0, -1, 1])
    assert servers.levels(mass, server, np.array([20.0, 200.0])).tolist() == [15.0, np.inf]


# --- In the model -------------------------------------------------------------------------------
def test_law_13_a_limit_shrinks_all_parts_alike_and_shares_stay_exact() -> None:
    x = np.zeros((2, len(MODEL.measures)))
    x[:, MODEL.measures.index("followers")] = 1e7
    x[:, MODEL.measures.index("quality")] = 1e4
    most = servers.neutral_mass(MODEL)
    free = MODEL.evaluate(x, [0, 1], 2)
    found = MODEL.evaluate(x, [0, 1], 2, most_mass=[most, np.inf])
    assert found.mass[0] == pytest.approx(most)
    assert found.strength[0] == pytest.approx(found.parts[0].sum())
    shares = found.parts / found.strength[:, np.newaxis]
    assert shares == pytest.approx(free.parts / free.strength[:, np.newaxis])
    assert found.raw[1] == free.raw[1]
    with pytest.raises(ValueError, match="limit on mass"):
        MODEL.evaluate(x, [0, 1], 2, most_mass=[np.nan, 1.0])

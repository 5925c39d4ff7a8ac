"""What is not counted in full: groups that react to one another, crowds, steps, misreadings."""

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.core import features, integrity
from scoring.core.integrity import Sums
from scoring.core.params import CURRENT
from tests.scoring.core.accounts import MODEL, Floats, raw, row

RULES = CURRENT.integrity
PEOPLE = 14
Act = tuple[int, int]
acts = st.sets(
    st.tuples(st.integers(0, PEOPLE - 1), st.integers(0, PEOPLE - 1)).filter(lambda a: a[0] != a[1])
)


def membership(of: set[Act], n_people: int = PEOPLE) -> dict[Act, float]:
    """Return the membership of each act, by who acted on whom."""
    pairs = np.array(sorted(of), dtype=np.int64).reshape(-1, 2)
    found = integrity.ring_membership(pairs[:, 0], pairs[:, 1], n_people, RULES)
    return {act: float(value) for act, value in zip(sorted(of), found, strict=True)}


def plain_membership(of: set[Act], act: Act) -> float:
    """The definition once more, by sets."""
    reactor, receiver = act
    if (receiver, reactor) not in of:
        return 0.0
    mine = {b for a, b in of if a == receiver} - {reactor}
    theirs = {b for a, b in of if a == reactor and (b, a) in of} - {receiver}
    if not mine or not theirs:
        return 0.0
    common = len(mine & theirs)
    ramps = (
        (common, RULES.ring_partners),
        (common / min(len(mine), len(theirs)), RULES.ring_density),
    )
    parts = [min(max((value - low) / (high - low), 0.0), 1.0) for value, (low, high) in ramps]
    return parts[0] * parts[1]


def clique(size: int, start: int = 0) -> set[Act]:
    """Return everybody acting on everybody."""
    people = range(start, start + size)
    return {(a, b) for a in people for b in people if a != b}


@given(acts)
def test_the_membership_agrees_with_its_definition(of: set[Act]) -> None:
    for act, value in membership(of).items():
        assert value == plain_membership(of, act)


@given(acts)
def test_the_membership_does_not_depend_on_how_much_is_looked_at_in_one_piece(
    of: set[Act],
) -> None:
    whole = membership(of)
    size, integrity.CHUNK = integrity.CHUNK, 3
    try:
        assert membership(of) == whole
    finally:
        integrity.CHUNK = size


def test_everybody_in_a_pod_of_twenty_is_wholly_inside_it() -> None:
    assert set(membership(clique(20), 20).values()) == {1.0}


def test_a_family_of_five_is_no_ring() -> None:
    assert set(membership(clique(5), 20).values()) == {0.0}


def test_reactions_that_are_not_returned_are_outside() -> None:
    fans = clique(12) | {(12, a) for a in range(12)}
    found = membership(fans)
    assert all(found[12, a] == 0.0 for a in range(12))
    assert found[0, 1] == 1.0


def test_a_community_in_which_a_quarter_acts_on_one_another_is_no_ring() -> None:
    random = np.random.default_rng(7)
    people = 50
    chance = random.random((people, people))
    of = {(a, b) for a in range(people) for b in range(people) if a != b and chance[a, b] < 0.25}
    found = np.array(list(membership(of, people).values()))
    assert found.mean() < 0.02


def account_inputs(of: set[Act], classes: dict[int, int], receiver: int) -> Floats:
    """Return inputs of a person on whom the others act today, each in one way."""
    found = membership(of)
    mine = sorted(act for act in of if act[1] == receiver)
    reactor = np.array([act[0] for act in mine], dtype=np.int64)
    same = np.zeros(len(mine), dtype=np.int64)
    pairs = features.Pairs(
        same,
        reactor,
        reactor % 5,
        np.array([classes[r] for r in reactor.tolist()], dtype=np.int64),
        (reactor % 4).astype(np.float64),
        np.array([found[act] for act in mine]),
    )
    x = row(followers=30)
    kinds = features.people(pairs, 1, CURRENT)[0]
    for name, amount in zip(features.people_measures(CURRENT), kinds, strict=True):
        x[MODEL.measures.index(name)] = amount
    x[MODEL.measures.index("quality")] = features.quality(pairs, 1, CURRENT)[0]
    return x


@given(
    acts,
    st.sets(st.integers(0, PEOPLE - 1), max_size=PEOPLE),
    st.integers(1, PEOPLE - 1),
    st.lists(st.integers(0, 7), min_size=PEOPLE, max_size=PEOPLE),
)
def test_law_02_a_reaction_more_never_turns_others_into_a_ring(
    of: set[Act], inside: set[int], reactor: int, classes: list[int]
) -> None:
    """Person 0 of a random graph with a dense part receives one reaction more."""
    dense = of | {(a, b) for a in inside for b in inside if a != b}
    by = dict(enumerate(classes))
    before = raw(account_inputs(dense - {(reactor, 0)}, by, 0))
    after = raw(account_inputs(dense | {(reactor, 0)}, by, 0))
    assert after >= before - 1e-9


amount = st.floats(0, 500, allow_nan=False)


@given(st.lists(amount, min_size=5, max_size=5), st.integers(0, 4), amount)
def test_law_02_what_counts_rises_with_each_part(
    parts: list[float], place: int, more: float
) -> None:
    def of(values: list[float]) -> float:
        return float(integrity.counted(Sums(*(np.array([v]) for v in values)), CURRENT)[0])

    raised = [value + more * (k == place) for k, value in enumerate(parts)]
    assert of(raised) >= of(parts) - 1e-9
    assert of(parts) <= sum(parts) + 1e-9


def test_a_ring_counts_like_the_people_outside_and_one_more() -> None:
    def of(others: float, ring: float) -> float:
        none = np.zeros(1)
        sums = Sums(np.array([others]), none, np.array([ring]), none, none)
        return float(integrity.counted(sums, CURRENT)[0])

    assert of(0, 19) == pytest.approx(1 + 0.05 * 18)
    assert of(5, 19) == pytest.approx(5 + 6 + 0.05 * 13)
    # Half of the reactors outside: nothing is lost.
    assert of(20, 20) == 40


def test_a_discount_that_was_lifted_is_not_made() -> None:
    none = np.zeros(2)
    sums = Sums(none, np.full(2, 500.0), none, np.full(2, 40.0), none)
    free = np.array([False, True])
    assert integrity.counted(sums, CURRENT).tolist() == [20, 20]
    assert integrity.counted(sums, CURRENT, low_free=free).tolist() == [20, 540]
    both = integrity.counted(sums, CURRENT, low_free=free, ring_free=free)
    assert both.tolist() == [20, 540]
    few = Sums(none, none, np.full(2, 40.0), none, none)
    assert integrity.counted(few, CURRENT, ring_free=free) == pytest.approx([1 + 0.05 * 39, 40])


@given(st.lists(amount, min_size=5, max_size=5), st.booleans())
def test_without_a_rule_there_is_never_less(parts: list[float], ring: bool) -> None:
    sums = Sums(*(np.array([value]) for value in parts))
    free = np.array([True])
    lifted = integrity.counted(
        sums, CURRENT, ring_free=free if ring else None, low_free=None if ring else free
    )
    assert lifted[0] >= integrity.counted(sums, CURRENT)[0]


def test_a_fleet_of_a_thousand_small_accounts_is_worth_twenty_people() -> None:
    n = np.arange(1000)
    same = np.zeros(1000, dtype=np.int64)
    pairs = features.Pairs(same, n, same, np.ones(1000, dtype=np.int64), np.zeros(1000))
    assert features.people(pairs, 1, CURRENT)[0, 0] == 20
    assert features.quality(pairs, 1, CURRENT)[0] == 20 * CURRENT.class_weights[1]


# --- Audience -----------------------------------------------------------------------------------
def counted_followers(history: list[float], vouched: float = 0.0) -> float:
    """Return what counts of the last day's followers; the others are a week apart."""
    earlier = np.array(history[:-1])[np.newaxis]
    ages = np.arange(len(history) - 1, 0, -1) * np.float64(7) - 5
    assert ages.dtype == np.float64
    level = np.array(history[-1:])
    found = integrity.without_steps(level, earlier, ages, np.array([vouched]), RULES)
    return float(found[0])


def test_bought_followers_do_not_count_until_reactions_follow() -> None:
    week_after = [420.0] * 10 + [8420.0]
    assert 420 <= counted_followers(week_after) < 600
    assert counted_followers([420.0] * 10 + [8420.0] * 4) < 800
    assert counted_followers(week_after, vouched=3000) == 3000
    assert counted_followers(week_after, vouched=9000) == 8420


def test_usual_growth_passes() -> None:
    doubling_in_two_months = [1000 * 2 ** (week / 8.7) for week in range(16)]
    assert counted_followers(doubling_in_two_months) == doubling_in_two_months[-1]
    assert counted_followers([0.0, 12.0, 20.0, 26.0]) == 26
    assert counted_followers([5000.0]) == 5000


history = st.lists(st.floats(0, 1e6, allow_nan=False), min_size=1, max_size=16)


@given(history, st.data(), amount)
def test_law_02_more_audience_on_any_day_never_lowers_what_counts(
    before: list[float], data: st.DataObject, more: float
) -> None:
    day = data.draw(st.integers(0, len(before) - 1))
    vouched = data.draw(amount)
    raised = [value + more * (k == day) for k, value in enumerate(before)]
    assert counted_followers(raised, vouched) >= counted_followers(before, vouched)
    assert counted_followers(before, vouched + more) >= counted_followers(before, vouched)
    assert counted_followers(before, vouched) <= before[-1]


def read(days: list[float], vouched: float = 0.0) -> tuple[float, bool]:
    """Return what the last day's count is taken for, and whether it was held."""
    old = [np.array([value]) for value in days]
    levels, held = integrity.plausible(old[2], old[1], old[0], np.array([vouched]), RULES)
    return float(levels[0]), bool(held[0])


def test_a_count_that_moves_a_hundredfold_in_a_day_is_held_for_that_day() -> None:
    assert read([500, 500, 60_000]) == (500, True)
    assert read([500, 60_000, 60_000]) == (60_000, False)
    assert read([500, 60_000, 500]) == (500, False)
    assert read([50_000, 50_000, 0]) == (50_000, True)
    assert read([50_000, 0, 0]) == (0, False)
    assert read([50_000, 0, 50_000]) == (50_000, False)
    assert read([0, 0, 900]) == (900, False)
    assert read([500, 500, 60_000], vouched=70_000) == (60_000, False)


def test_acts_of_nobody_and_of_two_have_no_ring() -> None:
    assert membership(set()) == {}
    assert membership({(0, 1), (1, 0)}) == {(0, 1): 0.0, (1, 0): 0.0}
    none: npt.NDArray[np.int64] = np.zeros(0, dtype=np.int64)
    assert integrity.membership_of(none, none, none, np.zeros(0), 5).size == 0

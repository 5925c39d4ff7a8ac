"""+K in the core: how much it adds, what of it counts, and that it adds up with everything else."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.core import plus_k
from scoring.core.explain import ChangeKind, change, plus_k_share, shares, total_change
from scoring.core.params import CURRENT
from scoring.core.parts import Parts, PlusKPart, packed
from scoring.core.plus_k import Credits
from scoring.core.whatif import Change, what_if
from tests.scoring.core.accounts import MODEL, REFERENCE, Floats, faded, persons, row

RULE = CURRENT.plus_k
assert RULE is not None
ORDINARY = 3
# giver, receiver, class of the giver, age in days, inside a group by reactions
Credit = tuple[int, int, int, int, float]
PEOPLE = 6
given_credit = st.tuples(
    st.integers(0, 19),
    st.integers(0, PEOPLE - 1),
    st.integers(0, 7),
    st.integers(0, RULE.days - 1),
    st.sampled_from((0.0, 0.5, 1.0)),
)
given_credits = st.lists(given_credit, max_size=40)


def amounts(rows: Sequence[Credit], n_people: int = PEOPLE) -> Floats:
    """Return what the people come to, receivers being people 0 … n − 1; nobody to oneself."""
    columns = np.array([r for r in rows if r[0] != r[1]], dtype=np.float64).reshape(-1, 5).T
    giver, receiver, classes = (column.astype(np.int64) for column in columns[:3])
    of = Credits(
        giver,
        receiver,
        np.where(receiver < n_people, receiver, -1),
        classes,
        columns[3],
        columns[4],
        np.full(giver.size, -1),
        np.zeros(0),
    )
    assert RULE is not None
    return plus_k.amount(plus_k.counted(of, n_people, CURRENT, RULE), CURRENT)


def from_ordinary(givers: Sequence[int], receiver: int, age: int = 0) -> list[Credit]:
    return [(giver, receiver, ORDINARY, age, 0.0) for giver in givers]


def with_credit(x: Floats, points: float, held: float = 0.0) -> Parts:
    """Return the Parts of one person with these accounts and so many points of +K."""
    one = np.zeros(len(x), dtype=int)
    result = MODEL.evaluate(x, one, 1, plus_k=[points])
    ids = tuple(range(11, 11 + len(x)))
    parts = packed(MODEL, result, one, ids, ["mastodon"] * len(x), [held])[0]
    credit = PlusKPart(3, 30 * points / (2 - points), points) if points else None
    return replace(parts, plus_k=credit)


def test_by_hand() -> None:
    assert RULE is not None
    assert plus_k.points([0, 10, 30, 100], RULE).tolist() == [0, 0.5, 1, 200 / 130]
    # A hundred ordinary people today; one of them 45 days ago; one who credits ten people.
    hundred = from_ordinary(range(100, 200), 0)
    assert amounts(hundred)[0] == pytest.approx(100)
    assert amounts(from_ordinary([100], 0, age=45))[0] == pytest.approx(0.5)
    many = [credit for receiver in range(10) for credit in from_ordinary([100], receiver)]
    assert amounts(many, 10).tolist() == pytest.approx([0.5] * 10)


@given(st.floats(1, 99.9), st.floats(0, 1e12))
def test_plus_k_adds_less_than_two_points_at_any_score(score: float, people: float) -> None:
    """And up to 80 less two as much to everybody."""
    assert RULE is not None
    points = float(plus_k.points(people, RULE))
    strength = float(MODEL.unscale(score))
    gain = float(MODEL.scale(strength + points)) - float(MODEL.scale(strength))
    assert -1e-9 <= gain <= 2 + 1e-9
    if score <= CURRENT.linear_until_score - 2:
        assert gain == pytest.approx(points, abs=1e-9)


@given(persons)
def test_without_credit_nothing_moves_by_a_bit(x: Floats) -> None:
    one = np.zeros(len(x), dtype=int)
    without, with_none = MODEL.evaluate(x, one, 1), MODEL.evaluate(x, one, 1, plus_k=[0.0])
    assert without.raw[0] == with_none.raw[0] == MODEL.score(without.person_mass)[0]
    assert "plus_k" not in with_credit(x, 0.0).to_json()


@given(given_credits, given_credit)
def test_law_02_one_more_credit_never_lowers_what_its_receiver_has(
    rows: list[Credit], more: Credit
) -> None:
    """Whoever gives it, whatever the receiver has returned, and also if it is the giver's second.

    A group by reactions is one of giver and receiver, whatever is given.
    """
    inside = {(r[0], r[1]): r[4] for r in (*rows, more)}
    rows = [(*r[:4], inside[r[0], r[1]]) for r in rows]
    before, after = amounts(rows), amounts([*rows, (*more[:4], inside[more[0], more[1]])])
    assert after[more[1]] >= before[more[1]] - 1e-9


@given(given_credits, st.randoms(use_true_random=False))
def test_law_01_the_order_of_credits_does_not_matter(rows: list[Credit], random: object) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert amounts(rows) == pytest.approx(amounts(shuffled), abs=1e-12)


def test_law_10_a_person_counts_once_however_often_and_for_whatever_they_give() -> None:
    once = amounts(from_ordinary([100], 0, age=10))[0]
    assert amounts(from_ordinary([100, 100, 100], 0, age=10))[0] == once
    # Given again it is as fresh as the newest.
    again = from_ordinary([100], 0, age=80) + from_ordinary([100], 0, age=10)
    assert amounts(again)[0] == once


def test_law_09_standing_counts_and_without_any_nothing_does() -> None:
    values = [amounts([(100, 0, trust_class, 0, 0.0)])[0] for trust_class in range(8)]
    assert values[0] == 0
    assert values[1:] == list(CURRENT.class_weights[1:])
    crowd: list[Credit] = [(giver, 0, 0, 0, 0.0) for giver in range(100, 5_000)]
    assert amounts(crowd)[0] == 0
    # Very small accounts count up to the others and twenty more.
    fleet: list[Credit] = [(giver, 0, 1, 0, 0.0) for giver in range(100, 1_100)]
    assert amounts(fleet)[0] == pytest.approx(20 * 0.25)
    assert RULE is not None
    assert plus_k.points(5.0, RULE) < 0.3


def test_the_class_of_a_giver_is_no_higher_than_their_mass_over_twenty_five_people() -> None:
    """A class as reactor is high for who hardly acts on anybody: +K must not weigh more for it."""
    assert RULE is not None
    mass = MODEL.mass_of_score(np.array([5.0, 10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0]))
    rare = plus_k.giver_classes(np.full(8, 7), mass, CURRENT, RULE)
    assert rare.tolist() == [0, 1, 2, 3, 4, 5, 6, 7]
    busy = plus_k.giver_classes([-1, 0, 2, 7], [50.0] * 4, CURRENT, RULE)
    assert busy.tolist() == [0, 0, 2, 3]


def test_law_12_fifty_who_trade_have_a_twelfth_of_what_fifty_others_give() -> None:
    assert RULE is not None
    ring = [(a, b, ORDINARY, 0, 0.0) for a in range(50) for b in range(50) if a != b]
    traded = plus_k.points(amounts(ring, 50), RULE)
    independent = plus_k.points(amounts(from_ordinary(range(100, 150), 0))[0], RULE)
    assert traded.max() < 0.1
    assert independent == pytest.approx(1.25)
    # Round in a circle, so that nobody returns anything: they have together what they give.
    circle = [(a, (a + step) % 50, ORDINARY, 0, 0.0) for a in range(50) for step in range(1, 25)]
    for rows in (ring, circle):
        assert amounts(rows, 50).sum() <= 50 * RULE.receivers + 1e-9
    assert plus_k.points(amounts(circle, 50), RULE).max() < 0.3
    # Inside a group by what they do elsewhere, they have as little as if they returned it.
    pod = [(*credit[:4], 1.0) for credit in circle]
    assert plus_k.points(amounts(pod, 50), RULE).max() < 0.1
    # Two who credit each other keep it, and who has as many from elsewhere as well.
    assert amounts([(0, 1, ORDINARY, 0, 0.0), (1, 0, ORDINARY, 0, 0.0)])[:2].tolist() == [1, 1]
    friends = [(a, b, ORDINARY, 0, 0.0) for a in range(5) for b in range(5) if a != b]
    liked = friends + from_ordinary(range(100, 104), 0)
    assert amounts(liked, 5)[0] == pytest.approx(8)


def test_people_of_a_server_count_up_to_its_quota() -> None:
    of = Credits(
        np.arange(100, 110),
        np.zeros(10, dtype=np.int64),
        np.zeros(10, dtype=np.int64),
        np.full(10, ORDINARY),
        np.zeros(10),
        np.zeros(10),
        np.repeat([0, -1], 5),
        np.array([2.0]),
    )
    assert RULE is not None
    found = plus_k.counted(of, 1, CURRENT, RULE)
    assert found.people.tolist() == [10]
    assert plus_k.amount(found, CURRENT).tolist() == [7]
    assert plus_k.amount(found, CURRENT, np.array([True])).tolist() == [10]


points = st.floats(0, 1.99) | st.just(0.0)


@given(persons, persons, points, points, st.floats(0, 5))
def test_law_13_with_plus_k_parts_and_shares_add_up(
    before: Floats, after: Floats, first: float, last: float, held: float
) -> None:
    old, new = with_credit(before, first), with_credit(after, last)
    new = replace(new, held_back=min(held, new.raw - 1))
    parts = change(old, new, MODEL)
    moved = new.raw - new.held_back - old.raw
    assert sum(part.points for part in parts) == pytest.approx(moved, abs=1e-9)
    over_days = total_change([old, new, old], {MODEL.params.version: MODEL})
    assert sum(part.points for part in over_days) == pytest.approx(0, abs=1e-9)
    found = shares(old, MODEL)
    assert sum(share.share for share in found) == pytest.approx(1 if found else 0, abs=1e-9)
    assert Parts.from_json(new.to_json()) == new


def test_law_13_only_what_moved_has_a_part_also_where_the_scale_bends() -> None:
    x = row(**REFERENCE)[np.newaxis]
    for level in (x, x * 1_000):
        (more,) = change(with_credit(level, 0.5), with_credit(level, 1.1), MODEL)
        assert (more.kind, more.network, more.measure) == (ChangeKind.NEW, "klout", "plus_k")
        assert 0 < more.points <= 0.6 + 1e-9
    (less,) = change(with_credit(x, 1.1), with_credit(x, 0.5), MODEL)
    assert less.kind is ChangeKind.FADING
    assert less.points == pytest.approx(-0.6)
    assert change(with_credit(x, 0.7), with_credit(x, 0.7), MODEL) == []
    # Reactions fade as much as +K comes in: both are told.
    faded_by = float(MODEL.evaluate(x, [0], 1).raw[0] - MODEL.evaluate(faded(x, 1), [0], 1).raw[0])
    both = change(with_credit(x, 0.0), with_credit(faded(x, 1), faded_by), MODEL)
    assert sum(part.points for part in both) == pytest.approx(0, abs=1e-9)
    assert [p.points for p in both if p.network == "klout"] == [pytest.approx(faded_by)]


def test_its_share_is_that_of_a_signal_of_an_only_network() -> None:
    x = row(**REFERENCE)[np.newaxis]
    parts = with_credit(x, 1.0)
    assert plus_k_share(parts, MODEL) == pytest.approx(1 / (parts.networks[11].strength + 1))
    assert plus_k_share(with_credit(x, 0.0), MODEL) == 0
    nothing = with_credit(row()[np.newaxis], 0.4)
    assert nothing.raw == pytest.approx(1.4)
    assert [(s.network, s.share) for s in shares(nothing, MODEL)] == [("klout", 1.0)]


def test_what_if_leaves_it_as_it_is() -> None:
    parts = with_credit(row(**REFERENCE)[np.newaxis], 1.2)
    assert what_if(parts, Change(), MODEL).after == parts
    away = what_if(parts, Change(offline_days=10), MODEL)
    without = what_if(replace(parts, plus_k=None), Change(offline_days=10), MODEL)
    assert away.points == pytest.approx(without.points)
    assert away.after.plus_k == parts.plus_k


def test_credit_that_is_no_number_is_refused() -> None:
    for bad in (np.nan, np.inf, -0.1):
        with pytest.raises(ValueError, match="points of"):
            MODEL.evaluate(row()[np.newaxis], [0], 1, plus_k=[bad])
    with pytest.raises(ValueError, match="90 days"):
        amounts(from_ordinary([100], 0, age=90))

"""The laws of docs/scoring.md, each named by its number, as far as the core alone decides them."""

from random import Random

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.core import cap, features, trust
from scoring.core.band import band
from scoring.core.params import CURRENT
from tests.scoring.core.accounts import (
    ACCOUNTS,
    LEVELS,
    MODEL,
    REFERENCE,
    Floats,
    K,
    Row,
    amounts,
    faded,
    inputs,
    pair_row,
    pair_rows,
    pairs,
    persons,
    post_row,
    post_rows,
    posts,
    raw,
    row,
)

REACTIONS = features.people_measures(CURRENT)


def inputs_of(pair_table: list[Row], post_table: list[Row], **levels: float) -> Floats:
    """Return the inputs of ACCOUNTS accounts with these rows and the same levels."""
    x = np.tile(row(**levels), (ACCOUNTS, 1))
    people = features.people(pairs(pair_table), ACCOUNTS, CURRENT)
    for k, name in enumerate(REACTIONS):
        x[:, MODEL.measures.index(name)] = people[:, k]
    x[:, MODEL.measures.index("quality")] = features.quality(pairs(pair_table), ACCOUNTS, CURRENT)
    best = features.top_posts(posts(post_table), ACCOUNTS, CURRENT)
    x[:, MODEL.measures.index("top_posts")] = best
    return x


def scores(x: Floats, unknown: npt.NDArray[np.bool_] | None = None) -> Floats:
    return MODEL.evaluate(x, np.arange(len(x)), len(x), unknown=unknown).raw


@given(persons)
def test_law_01_a_score_is_a_number_from_1_to_100(x: Floats) -> None:
    value = MODEL.evaluate(x, np.zeros(len(x), dtype=int), 1).raw[0]
    assert 1 <= value <= 100


@given(pair_rows, post_rows, st.randoms(use_true_random=False))
def test_law_01_the_order_of_records_does_not_matter(
    pair_table: list[Row], post_table: list[Row], random: Random
) -> None:
    first = scores(inputs_of(pair_table, post_table, followers=100))
    random.shuffle(pair_table)
    random.shuffle(post_table)
    assert scores(inputs_of(pair_table, post_table, followers=100)).tolist() == first.tolist()


@given(pair_rows, post_rows, pair_row, post_row, st.sampled_from(["", "lists", "mentions"]))
def test_law_02_one_more_reaction_received_never_lowers_the_score(
    pair_table: list[Row], post_table: list[Row], more_pair: Row, more_post: Row, missing: str
) -> None:
    unknown = np.tile([name == missing for name in MODEL.measures], (ACCOUNTS, 1))
    before = scores(inputs_of(pair_table, post_table, followers=50), unknown)
    table = [*pair_table, more_pair], [*post_table, more_post]
    after = scores(inputs_of(*table, followers=50), unknown)
    assert np.all(after >= before - 1e-9)


@given(inputs, st.sampled_from(MODEL.measures), amounts, st.sets(st.integers(0, K - 1)))
def test_law_02_more_of_any_signal_never_lowers_the_score(
    x: Floats, measure: str, more: float, missing: set[int]
) -> None:
    unknown = np.zeros((2, K), dtype=bool)
    unknown[:, sorted(missing)] = True
    both = np.array([x, x])
    both[1, MODEL.measures.index(measure)] += more
    lower, higher = scores(both, unknown)
    assert higher >= lower - 1e-9


@given(persons, inputs)
def test_law_03_linking_one_more_network_never_lowers_the_score(x: Floats, linked: Floats) -> None:
    before = MODEL.evaluate(x, np.zeros(len(x), dtype=int), 1).raw[0]
    more = np.vstack([x, linked])
    assert MODEL.evaluate(more, np.zeros(len(more), dtype=int), 1).raw[0] >= before - 1e-9


@given(persons, inputs, st.integers(0, 60), st.integers(0, 60))
def test_law_03_linking_one_more_network_never_makes_a_firm_score_provisional(
    x: Floats, linked: Floats, days: int, linked_days: int
) -> None:
    def provisional(rows: Floats, observed: list[int]) -> bool:
        one = np.zeros(len(rows), dtype=int)
        result = MODEL.evaluate(rows, one, 1)
        return bool(band(MODEL, result, result.raw, one, observed).provisional[0])

    before = provisional(x, [days] * len(x))
    assert not provisional(np.vstack([x, linked]), [days] * len(x) + [linked_days]) or before


@given(pair_rows, post_rows, st.integers(1, 15), st.integers(0, 36))
def test_law_04_posting_without_any_reaction_never_raises_the_score(
    pair_table: list[Row], post_table: list[Row], post: int, age: int
) -> None:
    silent = [(account, 100 + post, 3, 0, age) for account in range(ACCOUNTS)]
    before = scores(inputs_of(pair_table, post_table, followers=50))
    assert scores(inputs_of(pair_table, post_table + silent, followers=50)).tolist() == (
        before.tolist()
    )


def test_law_05_the_reference_person_falls_from_67_to_57_in_a_month_offline() -> None:
    x = row(**REFERENCE)
    assert raw(x) == pytest.approx(67, abs=0.5)
    assert raw(faded(x, 30)) == pytest.approx(57, abs=2)
    assert raw(x) - raw(faded(x, 3)) > 1
    days = [raw(faded(x, day)) for day in range(31)]
    assert days == sorted(days, reverse=True)


def test_law_05_nine_in_ten_people_at_67_lose_five_to_fifteen_points_in_a_month() -> None:
    """Mixes around the reference person, by a factor of 4.5 (e^1.5) either way each."""
    rng = np.random.default_rng(5)
    people = 1_000
    x = row(**REFERENCE) * np.exp(rng.normal(0, 1.5, (people, K)))
    followers = MODEL.measures.index("followers")
    low, high = np.zeros(people), np.full(people, CURRENT.max_count)
    for _ in range(60):
        x[:, followers] = (low + high) / 2
        under = scores(x) < 67
        low, high = np.where(under, x[:, followers], low), np.where(under, high, x[:, followers])
    before = scores(x)
    at_67 = np.abs(before - 67) < 0.001
    assert at_67.mean() > 0.95
    lost = (before - scores(np.array([faded(person, 30) for person in x])))[at_67]
    assert np.percentile(lost, 5) >= 5
    assert np.percentile(lost, 95) <= 15


def test_law_06_coming_back_regains_more_than_a_third_of_the_loss_within_two_weeks() -> None:
    x = row(**REFERENCE)
    gone = faded(x, 30)
    # Steady reactions build up again as 1 - 2^(-days / half-life) of what they were.
    back = gone + (x - gone) * (1 - 2 ** (-14 / 4.5))
    back[:2] = x[:2]
    lost, regained = raw(x) - raw(gone), raw(back) - raw(gone)
    assert regained > lost / 3


def test_law_07_a_hugely_popular_post_raises_the_score_by_at_most_six_points_a_day_then_fades() -> (
    None
):
    quiet = row(followers=2_000, lists=10, likes=10, quality=10, top_posts=10)
    post = np.zeros(K)
    for name in ("likes", "reshares", "comments", "quotes", "mentions", "quality", "top_posts"):
        post[MODEL.measures.index(name)] = 2e6
    shown, held, history = raw(quiet), 0.0, []
    for day in range(60):
        today = raw(quiet + faded(post, day))
        value, back = cap.capped([shown], [today], MODEL)
        assert value[0] - shown <= 6 + 1e-9
        assert value[0] + back[0] == pytest.approx(today, abs=1e-9)
        shown, held = float(value[0]), float(back[0])
        history.append(shown)
    assert history[0] == pytest.approx(raw(quiet) + 6)
    assert history[1] > history[0]
    assert max(history) - raw(quiet) > 15
    assert held == 0
    assert raw(quiet) < history[-1] < max(history) - 10


def test_law_08_the_same_reactions_on_fewer_posts_count_more() -> None:
    people = [(0, n, 1, 3, 0) for n in range(100)]
    on_ten = [(0, post, 3, 10, 0) for post in range(10)]
    on_hundred = [(0, post, 3, 1, 0) for post in range(100)]
    few, many = inputs_of(people, on_ten), inputs_of(people, on_hundred)
    assert scores(few)[0] > scores(many)[0] + 0.3
    on_five = [(0, post, 3, 20, 0) for post in range(5)]
    assert scores(inputs_of(people, on_five))[0] == pytest.approx(scores(few)[0], abs=1e-9)


@given(pair_rows, st.integers(0, 6))
def test_law_09_a_reaction_counts_more_from_a_person_of_a_higher_class(
    pair_table: list[Row], lower: int
) -> None:
    from_lower = [*pair_table, (0, 99, 1, lower, 0)]
    from_higher = [*pair_table, (0, 99, 1, lower + 1, 0)]
    low = scores(inputs_of(from_lower, [], followers=50))[0]
    high = scores(inputs_of(from_higher, [], followers=50))[0]
    # Class 0 may do as much as class 1 where its limit is not reached.
    assert high > low if lower > 0 else high >= low - 1e-9


def test_law_09_a_reaction_counts_less_from_somebody_who_reacts_to_everybody() -> None:
    choosy, everybody = trust.class_from_mass([400.0, 400.0], [10, 4_000], CURRENT).tolist()
    assert choosy > everybody
    by = [scores(inputs_of([(0, 1, 1, c, 0)], []))[0] for c in (choosy, everybody)]
    assert by[0] > by[1]


def test_law_10_a_hundred_reshares_by_three_people_are_worth_three() -> None:
    reshares = REACTIONS.index("reshares")
    on_one_day = [(0, n % 3, reshares, 3, 0) for n in range(100)]
    over_a_month = [(0, n % 3, reshares, 3, n % 30) for n in range(100)]
    for rows in (on_one_day, over_a_month):
        people = features.people(pairs(rows), 1, CURRENT)[0, reshares]
        assert 2.5 < people <= 3
    by_many = [(0, n, reshares, 3, 0) for n in range(100)]
    assert features.people(pairs(by_many), 1, CURRENT)[0, reshares] == 100


@given(pair_rows)
def test_law_10_nobody_counts_twice_however_often_they_react(pair_table: list[Row]) -> None:
    again = pair_table * 3
    once = features.people(pairs(pair_table), ACCOUNTS, CURRENT)
    assert features.people(pairs(again), ACCOUNTS, CURRENT).tolist() == once.tolist()


@given(inputs, st.sets(st.integers(0, K - 1)))
def test_law_11_an_imputed_account_is_no_stronger_than_a_typical_one(
    x: Floats, missing: set[int]
) -> None:
    """With every signal at its typical amount, taking some away and imputing them adds nothing."""
    typical = row(followers=x[0], lists=CURRENT.measures[1].typical * x[0])
    reactors = min(x[2], 1e8)
    for k, measure in enumerate(CURRENT.measures):
        if measure.name not in LEVELS and measure.typical:
            typical[k] = measure.typical * reactors
    unknown = np.zeros((1, K), dtype=bool)
    unknown[0, sorted(missing)] = True
    whole = scores(typical[np.newaxis])[0]
    assert scores(typical[np.newaxis], unknown)[0] <= whole + 1e-9


@pytest.mark.parametrize("people", [0, 1, 5, 20, 100, 1_000, 10_000, 1_000_000])
@pytest.mark.parametrize("followers", [0, 100, 1_000_000])
def test_law_12_a_thousand_accounts_without_standing_raise_no_account_by_a_point(
    people: int, followers: int
) -> None:
    """All of them react every day in every way to every post; `people` known ones do, too."""
    known = np.full(1, float(people))
    crowd = np.full(1, 1_000.0)
    weight = CURRENT.class_weights[0]
    plain, attacked = row(followers=followers), row(followers=followers)
    for k, measure in enumerate(CURRENT.measures):
        if measure.name in (*LEVELS, "anonymous"):
            continue
        unit = weight if measure.name == "quality" else 1.0
        each = crowd * unit if measure.name != "top_posts" else crowd * 10 * 7
        plain[k] = people
        attacked[k] = trust.with_unknown(known, each, CURRENT, unit=unit)[0]
    assert 0 < raw(attacked) - raw(plain) < 1


def test_law_12_the_crowd_counts_at_most_a_tenth_of_the_known_plus_two_people() -> None:
    known = [(0, n, 0, 3, 0) for n in range(40)]
    crowd = [(0, 1_000 + n, 0, 0, age) for n in range(1_000) for age in (0, 1)]
    people = features.people(pairs(known + crowd), 1, CURRENT)[0, 0]
    assert people == pytest.approx(40 + 4 + 2)
    alone = features.people(pairs(crowd), 1, CURRENT)[0, 0]
    assert alone == pytest.approx(2)


def test_law_12_a_newcomer_with_fifteen_ordinary_reactors_is_between_20_and_35() -> None:
    rows = [(0, n, n % 3, 3, n % 4) for n in range(15)]
    best = [(0, n, 3, 5, n) for n in range(6)]
    assert 20 <= scores(inputs_of(rows, best, followers=15))[0] <= 35

"""How strong a relation is."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.core.relations import HALF_LIFE_DAYS, KIND_WEIGHTS, strengths

acts = st.lists(
    st.tuples(
        st.integers(0, 4),
        st.sampled_from(sorted(KIND_WEIGHTS.values())),
        st.integers(0, 90),
        st.integers(1, 500),
    ),
    min_size=1,
    max_size=30,
)


def of(rows: list[tuple[int, float, int, int]]) -> list[float]:
    person, weight, age, count = np.array(rows).T
    found: list[float] = strengths(person, weight, age, count, 5).tolist()
    return found


@given(acts, st.data())
def test_one_more_act_never_weakens_a_relation(
    rows: list[tuple[int, float, int, int]], data: st.DataObject
) -> None:
    changed = data.draw(st.integers(0, len(rows) - 1))
    person, weight, age, count = rows[changed]
    grown = [*rows[:changed], (person, weight, age, count + 1), *rows[changed + 1 :]]
    for before, after in zip(of(rows), of(grown), strict=True):
        assert after >= before
    assert of(grown)[person] > of(rows)[person]


@given(acts)
def test_the_order_of_acts_does_not_matter(rows: list[tuple[int, float, int, int]]) -> None:
    assert of(rows[::-1]) == pytest.approx(of(rows))


def test_a_month_ago_counts_half_and_three_on_a_day_count_two() -> None:
    assert of([(0, 1.0, 0, 1), (1, 1.0, int(HALF_LIFE_DAYS), 1), (2, 1.0, 0, 3)])[:3] == [1, 0.5, 2]


def test_who_reacts_every_day_is_closer_than_who_clicked_through_everything_once() -> None:
    daily = [(0, 1.0, age, 1) for age in range(30)]
    once = [(1, 1.0, 10, 500)]
    found = of(daily + once)
    assert found[0] > 2 * found[1]


def test_sharing_says_more_than_words_and_words_more_than_a_click() -> None:
    assert KIND_WEIGHTS["reshare"] > KIND_WEIGHTS["comment"] > KIND_WEIGHTS["like"] > 0


@pytest.mark.parametrize("wrong", [(-1.0, 0, 1), (1.0, -1, 1), (1.0, 0, -1), (float("nan"), 0, 1)])
def test_impossible_acts_are_refused(wrong: tuple[float, int, int]) -> None:
    with pytest.raises(ValueError, match="negative"):
        strengths([0], [wrong[0]], [wrong[1]], [wrong[2]], 1)

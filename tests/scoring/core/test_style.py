"""The sixteen styles: reachable, neighbours by one axis, silent where too little was seen."""

import itertools
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.core import style
from scoring.core.style import GRID, Activity, AxisName, Missing, Style, style_of

# Something that is clearly on neither side is not needed here: each axis has two ends.
CREATING, SHARING = {"own_posts": 60, "reshares": 5}, {"own_posts": 5, "reshares": 60}
TALKING, QUIET = {"talk": 90}, {"talk": 6}
FOCUSED = {"topics": {"lego": 40, "bricks": 2}}
BROAD = {"topics": {f"topic{n}": 3 for n in range(20)}}
STEADY, CASUAL = {"active_days": 80, "seen_days": 90}, {"active_days": 12, "seen_days": 90}


def activity(*sides: Mapping[str, Any]) -> Activity:
    return Activity(**{name: value for side in sides for name, value in side.items()})


def every_corner() -> dict[tuple[bool, ...], Style]:
    """Return the style of each combination of the ends of the axes."""
    found = {}
    ends: tuple[tuple[Mapping[str, Any], Mapping[str, Any]], ...] = (
        (SHARING, CREATING),
        (QUIET, TALKING),
        (BROAD, FOCUSED),
        (CASUAL, STEADY),
    )
    for corner in itertools.product((False, True), repeat=4):
        told = style_of(activity(*(end[side] for end, side in zip(ends, corner, strict=True))))
        assert told.style is not None
        assert tuple((axis.value or 0.0) > 0 for axis in told.axes) == corner
        found[corner] = told.style
    return found


def test_every_style_is_reached_by_one_combination_of_the_axes() -> None:
    assert sorted(every_corner().values()) == sorted(Style)


def test_neighbours_on_the_map_differ_by_one_axis_around_the_edges_too() -> None:
    corner_of = {found: corner for corner, found in every_corner().items()}
    for row, column in itertools.product(range(4), repeat=2):
        here = corner_of[GRID[row][column]]
        for other in (GRID[(row + 1) % 4][column], GRID[row][(column + 1) % 4]):
            assert sum(a != b for a, b in zip(here, corner_of[other], strict=True)) == 1


def test_halves_of_the_map_are_the_two_main_axes() -> None:
    for corner, found in every_corner().items():
        row, column = style.cell_of(found)
        assert GRID[row][column] is found
        assert (column >= 2, row < 2) == corner[:2]


def test_well_known_styles_are_where_their_names_say() -> None:
    corner = every_corner()
    assert corner[True, False, True, True] is Style.SPECIALIST
    assert corner[False, False, True, True] is Style.OBSERVER
    assert corner[False, True, False, False] is Style.CONVERSATIONALIST
    assert corner[False, False, False, False] is Style.BROADCASTER


ENOUGH = activity(CREATING, TALKING, FOCUSED, STEADY)


@pytest.mark.parametrize(
    ("less", "missing"),
    [
        ({"own_posts": 9, "reshares": 5, "talk": 5}, Missing.ACTS),
        ({"talk": 0, "own_posts": 0, "reshares": 0}, Missing.ACTS),
        ({"own_posts": 0, "reshares": 0}, Missing.ACTS),
        ({"seen_days": 13, "active_days": 13}, Missing.DAYS),
        ({"topics": {"lego": 9}}, Missing.SPREAD),
    ],
)
def test_too_little_gives_no_style_but_says_what_is_missing(
    less: dict[str, Any], missing: Missing
) -> None:
    found = style_of(replace(ENOUGH, **less))
    assert (found.style, found.missing) == (None, missing)
    assert len(found.axes) == 4


def test_nothing_at_all_is_no_style() -> None:
    assert style_of(Activity()).style is None


def test_without_hashtags_the_spread_of_people_tells() -> None:
    few = style_of(replace(ENOUGH, topics={}, people={1: 30, 2: 30}))
    many = style_of(replace(ENOUGH, topics={}, people=dict.fromkeys(range(80), 2)))
    spread = [found.axes[2] for found in (few, many)]
    assert all(axis.of_people and axis.name is AxisName.BROAD_FOCUSED for axis in spread)
    assert (spread[0].value or 0) > 0 > (spread[1].value or 0)


counts = st.integers(0, 500)
activities = st.builds(
    Activity,
    own_posts=counts,
    link_posts=counts,
    reshares=counts,
    talk=counts,
    topics=st.dictionaries(st.text(max_size=3), st.integers(1, 99), max_size=30),
    people=st.dictionaries(st.integers(), st.integers(1, 99), max_size=30),
    active_days=st.integers(0, 90),
    seen_days=st.integers(0, 90),
)


@given(activities)
def test_axes_lie_between_minus_one_and_one(of: Activity) -> None:
    found = style_of(of)
    for axis in found.axes:
        assert axis.value is None or -1 <= axis.value <= 1
    assert (found.style is None) == (found.missing is not None)


@given(activities, st.integers(1, 50))
def test_one_more_of_an_end_moves_towards_it(of: Activity, more: int) -> None:
    def value(changed: Activity, axis: int) -> float:
        return style_of(changed).axes[axis].value or 0.0

    if of.own_posts + of.reshares + of.link_posts:
        assert value(replace(of, own_posts=of.own_posts + more), 0) >= value(of, 0)
        assert value(replace(of, reshares=of.reshares + more), 0) <= value(of, 0)
        assert value(replace(of, talk=of.talk + more), 1) >= value(of, 1)


@pytest.mark.parametrize(("uses", "number"), [([40], 1), ([5, 5], 2.25), ([1] * 7, 7)])
def test_the_effective_number_is_that_of_equally_frequent_things(
    uses: list[int], number: float
) -> None:
    assert style.effective_number(uses) == pytest.approx(number)


@pytest.mark.parametrize("uses", [[], [1], [3, -1]])
def test_the_spread_of_fewer_than_two_uses_is_refused(uses: list[int]) -> None:
    with pytest.raises(ValueError, match="not known"):
        style.effective_number(uses)

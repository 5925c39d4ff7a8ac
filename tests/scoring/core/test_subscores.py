"""Reach, amplification, network: what they count, where they lie, what moves them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.core.parts import NetworkParts, Parts, packed
from scoring.core.subscores import Subscores, amounts_of, subscores
from tests.scoring.core.accounts import MODEL, REFERENCE, Floats, persons

KINDS = ("likes", "reshares", "comments", "quotes", "mentions", "anonymous")
people = st.floats(0, 5e6) | st.floats(0, 30) | st.just(0.0)
mixes = st.fixed_dictionaries(dict.fromkeys((*KINDS, "quality"), people))


def parts(*accounts: dict[str, float | None], imputed: tuple[str, ...] = ()) -> Parts:
    """Return the parts of a person of these accounts."""
    return Parts(
        MODEL.params.version,
        1.0,
        0.0,
        {
            n: NetworkParts("mastodon", 0.0, 0.0, dict(x), {}, imputed)
            for n, x in enumerate(accounts)
        },
    )


def sides(*accounts: dict[str, float | None]) -> tuple[float, float, float]:
    return values(subscores(parts(*accounts), MODEL))


def values(found: Subscores) -> tuple[float, float, float]:
    assert found.reach is not None
    assert found.amplification is not None
    assert found.network is not None
    return found.reach, found.amplification, found.network


@given(st.lists(mixes, min_size=1, max_size=3))
def test_every_side_is_from_1_to_100(accounts: list[dict[str, float | None]]) -> None:
    assert all(1 <= side <= 100 for side in sides(*accounts))


def test_an_account_without_reactions_has_the_lowest_of_all_sides() -> None:
    nothing: dict[str, float | None] = dict.fromkeys((*KINDS, "quality"), 0.0)
    assert sides({**nothing, "followers": 5e6, "lists": 900.0}) == (1, 1, 1)
    assert sides() == (1, 1, 1)


def test_the_reference_person_stands_near_67_on_every_side() -> None:
    assert sides({**REFERENCE, "anonymous": 0.0}) == pytest.approx((67.0, 67.0, 67.0), abs=0.6)


@given(mixes, st.sampled_from((*KINDS, "quality")), st.floats(0.1, 1e5))
def test_one_more_reaction_never_lowers_reach_or_network(
    mix: dict[str, float | None], name: str, more: float
) -> None:
    before = sides(mix)
    after = sides({**mix, name: (mix[name] or 0.0) + more})
    assert after[0] >= before[0]
    assert after[2] >= before[2]


@given(mixes, st.sampled_from(("reshares", "quotes")), st.floats(0.1, 1e5))
def test_one_more_who_passes_on_never_lowers_amplification(
    mix: dict[str, float | None], name: str, more: float
) -> None:
    grown = {**mix, name: (mix[name] or 0.0) + more}
    assert sides(grown)[1] >= sides(mix)[1] - 1e-9


@given(mixes)
def test_an_idle_network_changes_no_side(mix: dict[str, float | None]) -> None:
    assert sides(mix, dict.fromkeys((*KINDS, "quality"), 0.0)) == sides(mix)


def test_people_lie_between_the_largest_kind_and_all_kinds() -> None:
    amounts = amounts_of(parts({"likes": 40.0, "reshares": 10.0, "quotes": 2.0}), MODEL)
    assert amounts.people == (40 + 52) / 2
    assert amounts.passing_on == (10 + 12) / 2
    assert amounts.rate == 11 / (46 + 8)


def test_a_few_people_do_not_make_a_rate_of_a_hundred_per_cent() -> None:
    assert amounts_of(parts({"reshares": 2.0}), MODEL).rate == 0.2


def test_what_was_filled_in_is_left_out_and_what_nobody_tells_is_none() -> None:
    mix: dict[str, float | None] = {"likes": 12.0, "reshares": 5.0, "quotes": None, "quality": 9.0}
    found = subscores(parts(mix, imputed=("reshares",)), MODEL)
    assert found.amounts.people == 12.0
    assert found.amplification is None
    assert found.reach is not None
    assert found.network is not None


@given(mixes, st.floats(1.1, 16))
def test_a_higher_standing_of_the_same_people_raises_network_alone(
    mix: dict[str, float | None], factor: float
) -> None:
    grown = {**mix, "quality": (mix["quality"] or 0.0) * factor}
    before, after = sides(mix), sides(grown)
    assert (after[0], after[1]) == (before[0], before[1])
    assert after[2] >= before[2]


@given(persons, st.floats(1, 100))
def test_a_limited_account_moves_as_many_people_as_its_mass_that_counts(
    x: Floats, most_mass: float
) -> None:
    index = np.zeros(len(x), dtype=np.int64)
    ids, names = list(range(len(x))), ["mastodon"] * len(x)
    whole, limited = (
        packed(MODEL, MODEL.evaluate(x, index, 1, most_mass=limit), index, ids, names, [0.0])[0]
        for limit in (None, np.full(len(x), most_mass))
    )
    before, after = amounts_of(whole, MODEL), amounts_of(limited, MODEL)
    if limited == whole:
        assert after == before
    shares = [
        min(1.0, most_mass / account.mass) if account.mass else 1.0
        for account in whole.networks.values()
    ]
    assert min(shares) * before.people * (1 - 1e-6) <= after.people <= before.people * (1 + 1e-9)

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.core.model import Model
from scoring.core.params import CURRENT, by_version
from scoring.core.params.definition import Family
from tests.scoring.core.accounts import (
    MODEL,
    REFERENCE,
    Floats,
    K,
    amounts,
    inputs,
    persons,
    raw,
    row,
)


def test_an_account_without_audience_and_reactions_is_one() -> None:
    assert raw(row()) == 1.0


def test_a_person_without_an_account_is_one() -> None:
    assert MODEL.evaluate(np.zeros((0, K)), [], 1).raw.tolist() == [1.0]


def test_an_empty_population_gives_no_scores() -> None:
    assert MODEL.evaluate(np.zeros((0, K)), [], 0).raw.shape == (0,)


def test_a_second_equally_strong_network_adds_about_five_points() -> None:
    x = row(**REFERENCE)
    both = MODEL.evaluate(np.array([x, x]), [0, 0], 1).raw[0]
    assert both - raw(x) == pytest.approx(5, abs=0.01)


@pytest.mark.parametrize("bad", [-1.0, np.nan, np.inf, 5.1e9])
@pytest.mark.parametrize("measure", ["followers", "quality"])
def test_absurd_inputs_are_refused_and_the_measure_is_named(bad: float, measure: str) -> None:
    with pytest.raises(ValueError, match=measure):
        MODEL.evaluate(row(**{measure: bad})[np.newaxis], [0], 1)


def test_inputs_of_a_wrong_shape_are_refused() -> None:
    with pytest.raises(ValueError, match="shape"):
        MODEL.parts(np.zeros((2, K + 1)))


def test_what_stands_at_an_unknown_place_is_not_read() -> None:
    x = row(followers=10, lists=np.nan)[np.newaxis]
    unknown = np.isnan(x)
    assert 1 < MODEL.evaluate(x, [0], 1, unknown=unknown).raw[0] < 100


def test_a_billion_reactions_of_one_network_stay_below_one_hundred() -> None:
    assert raw(np.full(K, 5e9)) <= 100


@given(st.floats(0, 400))
def test_the_scale_is_monotone_and_its_inverse_leads_back(z: float) -> None:
    assert MODEL.scale(z) <= MODEL.scale(z + 0.01)
    assert 1 <= MODEL.scale(z) <= 100
    assert float(MODEL.scale(MODEL.unscale(MODEL.scale(z)))) == pytest.approx(
        float(MODEL.scale(z)), abs=1e-9
    )


def test_the_scale_bends_at_80_without_a_kink() -> None:
    below, at, above = (float(MODEL.scale(z)) for z in (79 - 1e-6, 79, 79 + 1e-6))
    assert at == 80
    assert (at - below) == pytest.approx(above - at, rel=1e-4)
    assert float(MODEL.slope(79)) == 1
    assert float(MODEL.slope(99)) == pytest.approx(np.exp(-1))


@pytest.mark.parametrize("score", [0.9, 100.1, np.nan])
def test_a_score_outside_its_range_has_no_strength(score: float) -> None:
    with pytest.raises(ValueError, match="1 to 100"):
        MODEL.unscale(score)


@given(inputs)
def test_strength_is_the_sum_of_parts_and_mass_leads_back_to_the_score(x: Floats) -> None:
    result = MODEL.evaluate(x[np.newaxis], [0], 1)
    assert result.strength[0] == pytest.approx(result.parts.sum(), abs=1e-9)
    assert np.all(result.parts >= 0)
    assert float(MODEL.score(MODEL.mass_of_score(result.raw[0]))) == pytest.approx(
        result.raw[0], abs=1e-6
    )


@given(persons, st.floats(0, 1e6))
def test_anonymous_counts_add_at_most_five_points_over_all_networks(
    x: Floats, count: float
) -> None:
    named = x.copy()
    column = MODEL.measures.index("anonymous")
    named[:, column] = 0
    named[:, MODEL.measures.index("followers")] = np.minimum(named[:, 0], 100)
    more = named.copy()
    more[:, column] = count
    one = np.zeros(len(x), dtype=int)
    without, with_them = MODEL.evaluate(named, one, 1), MODEL.evaluate(more, one, 1)
    limit = CURRENT.anonymous_max_points + 1e-9
    assert without.raw[0] - 1e-9 <= with_them.raw[0] <= without.raw[0] + limit
    assert with_them.strength == pytest.approx(with_them.parts.sum(axis=1), abs=1e-9)


def test_the_limit_of_anonymous_counts_is_reached_by_ten_empty_accounts() -> None:
    x = np.zeros((10, K))
    x[:, MODEL.measures.index("anonymous")] = 1e9
    assert MODEL.evaluate(x, np.zeros(10, dtype=int), 1).raw[0] == pytest.approx(6, abs=1e-9)


def test_a_unit_factor_scales_what_is_typical_on_a_network() -> None:
    from dataclasses import replace

    model = Model(replace(CURRENT, unit_factors={"big": {"followers": 10.0}}))
    x = np.array([row(followers=50), row(followers=50)])
    parts = model.parts(x, ["small", "big"])
    assert parts[0].tolist() == MODEL.parts(x)[0].tolist()
    assert parts[1, 0] < parts[0, 0]


@given(amounts, amounts)
def test_every_curve_is_monotone_and_starts_at_zero(a: float, b: float) -> None:
    low, high = sorted((a, b))
    parts = MODEL.parts(np.array([np.zeros(K), np.full(K, low), np.full(K, high)]))
    assert not parts[0].any()
    assert np.all(parts[1] <= parts[2])


def test_an_unknown_version_is_named_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"2020\.01.*2026\.11"):
        by_version("2020.01")
    assert by_version("2026.11") is CURRENT


def test_the_released_numbers_of_2026_11_do_not_move() -> None:
    weights = {m.name: (m.weight, m.start_weight, m.unit) for m in by_version("2026.11").measures}
    assert weights == {
        "followers": (1.0, 2.2, 0.2),
        "lists": (1.5, 0.0, 1.0),
        "likes": (0.15, 0.0, 8.0),
        "reshares": (0.25, 0.0, 8.0),
        "comments": (0.15, 0.0, 8.0),
        "quotes": (0.1, 0.0, 8.0),
        "mentions": (0.2, 0.0, 8.0),
        "quality": (1.1, 0.0, 5.0),
        "top_posts": (0.2, 0.0, 8.0),
        "anonymous": (0.65, 0.0, 8.0),
    }


def test_trust_can_move_at_most_half_of_a_mass() -> None:
    """Points per doubling over the five points of a doubling of mass: an elasticity."""
    weighted = sum(m.weight for m in CURRENT.measures if m.family is Family.QUALITY)
    assert weighted * CURRENT.beta / np.log(2) <= 0.5


def test_no_weight_is_negative() -> None:
    assert all(m.weight >= 0 and m.start_weight >= 0 and m.unit > 0 for m in CURRENT.measures)

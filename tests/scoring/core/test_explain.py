import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.core.explain import ChangeKind, change, shares, total_change
from scoring.core.model import Evaluation, Model
from scoring.core.params import VERSIONS
from scoring.core.parts import NetworkParts, Parts, packed
from tests.scoring.core.accounts import MODEL, REFERENCE, Floats, K, faded, inputs, persons, row

MODELS = {version: Model(params) for version, params in VERSIONS.items()}
OLD, NEW = MODELS["2026.11"], MODELS["2026.12"]
IDS = (11, 12, 13, 14, 15, 16)
NETWORKS = ("sample", "mastodon", "bluesky", "mastodon", "bluesky", "sample")


def explained(
    x: Floats,
    held: float = 0.0,
    ids: tuple[int, ...] = IDS,
    *,
    carried: bool = False,
    model: Model = MODEL,
) -> Parts:
    """Return the Parts of one person with these accounts."""
    one = np.zeros(len(x), dtype=int)
    result: Evaluation = model.evaluate(x, one, 1)
    late = np.full(len(x), carried)
    return packed(model, result, one, ids[: len(x)], NETWORKS[: len(x)], [held], carried=late)[0]


def shown(parts: Parts) -> float:
    return parts.raw - parts.held_back


@given(persons)
def test_law_13_shares_of_networks_and_signals_sum_to_one(x: Floats) -> None:
    parts = explained(x)
    found = shares(parts, MODEL)
    assert all(0 < share.share <= 1 for share in found)
    if any(part.mass for part in parts.networks.values()):
        assert sum(share.share for share in found) == pytest.approx(1, abs=1e-9)
    else:
        assert not found


def test_a_score_of_one_is_made_of_nothing() -> None:
    assert shares(explained(row()[np.newaxis]), MODEL) == []


@given(persons, persons, st.floats(0, 20), st.floats(0, 20))
def test_law_13_the_parts_of_a_change_sum_to_it(
    before: Floats, after: Floats, held_before: float, held_after: float
) -> None:
    """Also where accounts were linked or unlinked, the scale bends, and points were held back."""
    first = explained(before, min(held_before, explained(before).raw - 1))
    last = explained(after, min(held_after, explained(after).raw - 1), IDS[::-1])
    parts = change(first, last, MODEL)
    assert sum(part.points for part in parts) == pytest.approx(shown(last) - shown(first), abs=1e-9)


@given(inputs, st.floats(1e-12, 1e-3))
def test_law_13_the_parts_of_a_tiny_change_sum_to_it(x: Floats, step: float) -> None:
    first = explained(x[np.newaxis])
    last = explained(np.minimum(x * (1 + step), 5e9)[np.newaxis])
    parts = change(first, last, MODEL)
    assert sum(part.points for part in parts) == pytest.approx(shown(last) - shown(first), abs=1e-9)


@given(st.lists(persons, min_size=2, max_size=5))
def test_law_13_the_parts_of_a_range_of_days_sum_to_its_change(days: list[Floats]) -> None:
    explained_days = [explained(x) for x in days]
    parts = total_change(explained_days, MODELS)
    assert sum(part.points for part in parts) == pytest.approx(
        shown(explained_days[-1]) - shown(explained_days[0]), abs=1e-9
    )
    sizes = [abs(part.points) for part in parts]
    assert sizes == sorted(sizes, reverse=True)


@given(
    st.lists(persons, min_size=1, max_size=4),
    st.lists(persons, min_size=0, max_size=3),
    st.floats(0, 20),
)
def test_law_14_the_models_part_of_a_change_is_apart_and_all_parts_sum_to_it(
    before: list[Floats], after: list[Floats], held: float
) -> None:
    """The day of the change is explained under both versions; the cap may hold points back."""
    old = [explained(x, model=OLD) for x in before]
    changed = explained(before[-1], model=NEW)
    changed = explained(before[-1], min(held, changed.raw - 1), model=NEW)
    new = [changed, *(explained(x, model=NEW) for x in after)]
    parts = total_change([*old, *new], MODELS)
    total = shown(new[-1]) - shown(old[0])
    assert sum(part.points for part in parts) == pytest.approx(total, abs=1e-9)
    of_model = [part.points for part in parts if part.kind is ChangeKind.MODEL]
    assert sum(of_model) == pytest.approx(shown(changed) - shown(old[-1]), abs=1e-9)
    quiet = total_change([old[-1], changed], MODELS)
    assert {part.kind for part in quiet} <= {ChangeKind.MODEL}


@given(persons)
def test_law_13_a_steady_account_shows_no_change(x: Floats) -> None:
    assert change(explained(x), explained(x), MODEL) == []


def test_law_13_new_and_fading_of_one_signal_are_netted_over_the_days() -> None:
    x = row(**REFERENCE)
    days = [explained(rows[np.newaxis]) for rows in (x, faded(x, 5), x)]
    assert [abs(part.points) < 1e-9 for part in total_change(days, MODELS)] == [True] * len(
        total_change(days, MODELS)
    )
    fall = total_change(days[:2], MODELS)
    assert {part.kind for part in fall} == {ChangeKind.FADING}
    rise = total_change(days[1:], MODELS)
    assert {part.kind for part in rise} == {ChangeKind.NEW}
    assert rise[0].measure == "quality"


def test_a_linked_account_and_an_unlinked_one_are_named() -> None:
    x = row(**REFERENCE)
    one, two = explained(x[np.newaxis]), explained(np.array([x, x]))
    linked = change(one, two, MODEL)
    assert {(part.kind, part.account_id) for part in linked} == {(ChangeKind.LINKED, 12)}
    assert sum(part.points for part in linked) == pytest.approx(5, abs=0.01)
    assert {part.kind for part in change(two, one, MODEL)} == {ChangeKind.UNLINKED}


def test_a_true_value_in_place_of_an_imputed_one_is_a_correction() -> None:
    x = row(**REFERENCE)[np.newaxis]
    missing = np.array([[name == "lists" for name in MODEL.measures]])
    result = MODEL.evaluate(x, [0], 1, unknown=missing)
    imputed = packed(MODEL, result, [0], [11], ["mastodon"], [0.0], unknown=missing)[0]
    assert imputed.networks[11].imputed == ("lists",)
    found = change(imputed, explained(x), MODEL)
    assert [(part.kind, part.measure) for part in found] == [(ChangeKind.CORRECTION, "lists")]


def test_a_fetched_day_after_a_carried_one_is_a_correction() -> None:
    x = row(**REFERENCE)[np.newaxis]
    carried = explained(x, carried=True)
    found = change(carried, explained(faded(x, 2)), MODEL)
    assert {part.kind for part in found} == {ChangeKind.CORRECTION}


def test_points_held_back_are_a_part_of_their_own() -> None:
    x = row(**REFERENCE)[np.newaxis]
    found = change(explained(x, 5.0), explained(x, 2.0), MODEL)
    assert [(part.kind, part.points) for part in found] == [(ChangeKind.HELD_BACK, 3.0)]


def test_another_version_is_one_part_of_its_own() -> None:
    old = Parts("2026.01", 40.0, 0.0, {})
    found = change(old, explained(row(**REFERENCE)[np.newaxis]), MODEL)
    assert [part.kind for part in found] == [ChangeKind.MODEL]


@given(persons)
def test_parts_survive_json_bit_by_bit(x: Floats) -> None:
    parts = explained(x, 0.25, carried=True)
    assert Parts.from_json(json.dumps(parts.to_json())) == parts
    assert Parts.from_json(json.loads(json.dumps(parts.to_json()))) == parts


def test_a_signal_that_is_unknown_and_not_imputed_is_null() -> None:
    missing = np.ones((1, K), dtype=bool)
    result = MODEL.evaluate(np.zeros((1, K)), [0], 1, unknown=missing)
    parts = packed(MODEL, result, [0], [11], ["sample"], [0.0], unknown=missing)[0]
    assert set(parts.networks[11].x.values()) == {None}


def test_the_body_has_the_declared_shape() -> None:
    part = NetworkParts("sample", 10.0, 3.0, {"likes": None}, {"likes": 10.0})
    body = Parts("2026.11", 11.0, 0.5, {7: part}).to_json()
    assert body == {
        "version": "2026.11",
        "raw": 11.0,
        "held_back": 0.5,
        "networks": {
            "7": {
                "network": "sample",
                "strength": 10.0,
                "mass": 3.0,
                "x": {"likes": None},
                "parts": {"likes": 10.0},
            }
        },
    }

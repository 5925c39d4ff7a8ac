"""Explanations written by columns are those written one by one."""

import json
from dataclasses import replace

import numpy as np
import pytest

from scoring.core.model import Model
from scoring.core.params import CURRENT
from scoring.core.parts import Parts, PlusKPart, packed
from scoring.core.plus_k import Counted
from scoring.explanations import Why, bodies
from scoring.plus_k import Day, nothing

MODEL = Model(CURRENT)
K = len(MODEL.measures)


def why(seed: int, accounts: int, people: int, *, networks: int = 3, unknown: float = 0.2) -> Why:
    """Return random accounts of random people: some of nobody's, some people without any."""
    rng = np.random.default_rng(seed)
    x = np.floor(10 ** rng.uniform(-1, 6, (accounts, K)))
    x[rng.random((accounts, K)) < 0.3] = 0
    x += np.where(rng.random((accounts, K)) < 0.5, rng.random((accounts, K)), 0)
    x[:, K - 1] = 0
    missing = rng.random((accounts, K)) < unknown
    names = ("bluesky", "mastodon", "sample")[:networks]
    of = tuple(names[n] for n in rng.integers(0, networks, accounts))
    index = rng.integers(0, people, accounts)
    result = MODEL.evaluate(x, index, people, unknown=missing, networks=of)
    held = np.where(rng.random(people) < 0.2, rng.random(people) * 30, 0.0)
    ids = rng.permutation(accounts).astype(np.int64) + 2**40
    carried = rng.random(accounts) < 0.3
    return Why(MODEL, result, index, ids, of, held, missing, carried)


def one_by_one(given: Why) -> list[Parts]:
    return packed(
        given.model,
        given.evaluation,
        given.person_index,
        given.account_ids.tolist(),
        given.networks,
        given.held_back,
        unknown=given.unknown,
        carried=given.carried,
    )


@pytest.mark.parametrize(
    ("seed", "networks", "unknown"), [(1, 3, 0.2), (2, 1, 0.0), (3, 2, 0.9), (4, 1, 1.0)]
)
def test_they_are_read_back_exactly(seed: int, networks: int, unknown: float) -> None:
    given = why(seed, 60, 40, networks=networks, unknown=unknown)
    (found,) = (texts.to_pylist() for texts in bodies(given, 40))
    expected = one_by_one(given)
    assert [Parts.from_json(text) for text in found] == expected
    assert [json.loads(text) for text in found] == [part.to_json() for part in expected]


def test_one_account_each_is_read_back_exactly() -> None:
    given = replace(why(8, 50, 50), person_index=np.random.default_rng(8).permutation(50))
    (found,) = (texts.to_pylist() for texts in bodies(given, 50))
    assert [Parts.from_json(text) for text in found] == one_by_one(given)


def test_in_pieces_they_are_the_same() -> None:
    given = why(5, 60, 41)
    (whole,) = (texts.to_pylist() for texts in bodies(given, 100))
    pieces = [texts.to_pylist() for texts in bodies(given, 7)]
    assert [len(texts) for texts in pieces] == [7, 7, 7, 7, 7, 6]
    assert [text for texts in pieces for text in texts] == whole


def test_people_without_an_account_are_made_of_nothing() -> None:
    given = why(6, 1, 3)
    (texts,) = (found.to_pylist() for found in bodies(given, 3))
    empty = [text for text in texts if json.loads(text)["networks"] == {}]
    assert len(texts) == 3
    assert len(empty) == 2


def test_nobody_has_no_explanation() -> None:
    given = why(7, 0, 0)
    assert [texts.to_pylist() for texts in bodies(given, 10)] == [[]]


def test_a_number_that_is_none_is_refused() -> None:
    given = why(9, 20, 20)
    given.evaluation.strength[3] = np.nan
    with pytest.raises(ValueError, match="not finite"):
        list(bodies(given, 20))


def test_plus_k_is_read_back_exactly_of_those_who_have_any() -> None:
    given, rng = why(9, 60, 40), np.random.default_rng(9)
    points = np.where(np.arange(40) < 20, 0.0, rng.random(40) * 2)
    people = rng.integers(1, 90, 40)
    credit = Day(Counted(nothing(40, 40).counted.sums, people), rng.random(40) * 50, points)
    given = replace(given, plus_k=credit)
    expected = [
        replace(part, plus_k=PlusKPart(count, x, more) if more else None)
        for part, count, x, more in zip(
            one_by_one(given), people.tolist(), credit.x.tolist(), points.tolist(), strict=True
        )
    ]
    # In pieces: of some nobody has any.
    texts = [text for piece in bodies(given, 7) for text in piece.to_pylist()]
    assert [Parts.from_json(text) for text in texts] == expected
    assert [json.loads(text) for text in texts] == [part.to_json() for part in expected]

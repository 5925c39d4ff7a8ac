"""What identifies a version: its digest, and the numbers in which two versions differ."""

import json
from dataclasses import replace

import numpy as np
import pytest

from scoring.core.model import Model
from scoring.core.params import CURRENT, VERSIONS
from scoring.core.params.canonical import canonical, differences, digest, flat
from scoring.learning import fit
from tests.scoring.core.accounts import REFERENCE, faded, row

CATALOGUE = [["mastodon.likes", "reaction", "named"], ["bluesky.likes", "reaction", "named"]]
CANDIDATE = VERSIONS["2026.12"]


def test_a_digest_is_the_same_each_time_whatever_the_order_of_the_catalogue() -> None:
    assert digest(CURRENT, CATALOGUE) == digest(CURRENT, CATALOGUE[::-1])
    assert len(digest(CURRENT, CATALOGUE)) == 64
    # It is the digest of something that anybody can write down.
    body = json.loads(canonical(CURRENT, CATALOGUE))
    assert body["parameters"]["beta"] == CURRENT.beta
    assert body["parameters"]["integrity"]["ring_floor"] == CURRENT.integrity.ring_floor


@pytest.mark.parametrize(
    "changed",
    [
        replace(CURRENT, version="2030.01"),
        replace(CURRENT, beta=float(np.nextafter(CURRENT.beta, 1))),
        replace(CURRENT, networks=CURRENT.networks[:-1]),
        replace(CURRENT, measures=CURRENT.measures[:-1]),
        replace(CURRENT, unit_factors={"mastodon": {"likes": 2.0}}),
        replace(CURRENT, integrity=replace(CURRENT.integrity, low_people=21.0)),
    ],
)
def test_whatever_moves_in_a_version_moves_its_digest(changed: object) -> None:
    assert digest(changed, CATALOGUE) != digest(CURRENT, CATALOGUE)  # type: ignore[arg-type]


def test_a_signal_more_moves_the_digest() -> None:
    assert digest(CURRENT, CATALOGUE[:1]) != digest(CURRENT, CATALOGUE)


def test_what_stands_at_its_default_is_left_out() -> None:
    """So a rule that is added later, off by default, leaves earlier versions as they are."""
    assert "unit_factors" not in json.loads(canonical(CURRENT, []))["parameters"]


def test_every_number_has_a_name() -> None:
    names = flat(CURRENT)
    assert names["followers.start_weight"] == "2.2"
    assert names["integrity.ring_partners"] == "3, 6"
    assert names["networks"] == ", ".join(CURRENT.networks)
    assert all(names.values())


def test_the_candidate_differs_in_two_numbers() -> None:
    assert [(row.name, row.before, row.after) for row in differences(CURRENT, CANDIDATE)] == [
        ("followers.start_weight", "2.2", "2.4"),
        ("quality.weight", "1.1", "1"),
    ]
    assert differences(CURRENT, CURRENT) == []


def test_a_number_that_only_one_version_has_is_told() -> None:
    fewer = replace(CURRENT, measures=CURRENT.measures[1:])
    gone = differences(CURRENT, fewer)
    assert {row.after for row in gone} == {""}
    assert {row.name.split(".")[0] for row in gone} == {"followers"}


def test_the_candidate_misses_law_5_by_what_its_module_says() -> None:
    x = row(**REFERENCE)
    people = Model(CANDIDATE).evaluate(np.array([x, faded(x, 30)]), [0, 1], 2)
    assert [round(float(value), 2) for value in people.raw] == [68.15, 59.02]
    assert fit.offline_loss(CANDIDATE) == pytest.approx(9.13, abs=0.005)

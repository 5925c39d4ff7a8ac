"""Random numbers that depend only on where they are used."""

import numpy as np
import pytest

from connectors.samplenet import noise

MANY = np.arange(200_000)


def test_numbers_depend_on_seed_purpose_and_indices_only() -> None:
    alone = noise.uniform(7, 1, 41, 12)
    among = noise.uniform(7, 1, np.asarray([40, 41]), np.asarray([12, 12]))
    assert alone[0] == among[1]
    others = [noise.uniform(8, 1, 41, 12), noise.uniform(7, 2, 41, 12), noise.uniform(7, 1, 12, 41)]
    assert all(alone[0] != other[0] for other in others)


def test_uniform_numbers_fill_the_unit_interval_evenly() -> None:
    levels = noise.uniform(7, 1, MANY)
    assert levels.min() >= 0
    assert levels.max() < 1
    counts = np.histogram(levels, bins=20, range=(0, 1))[0]
    # Five standard deviations of a count with mean 10,000.
    assert abs(counts - 10_000).max() < 500


def test_neighbouring_indices_are_unrelated() -> None:
    levels = noise.uniform(7, 1, MANY)
    assert abs(np.corrcoef(levels[:-1], levels[1:])[0, 1]) < 0.01
    across = noise.uniform(7, 2, MANY)
    assert abs(np.corrcoef(levels, across)[0, 1]) < 0.01


def test_normal_numbers_have_mean_zero_and_spread_one() -> None:
    values = noise.normal(7, 1, MANY)
    assert abs(values.mean()) < 0.012
    assert abs(values.std() - 1) < 0.01


@pytest.mark.parametrize("mean", [0.2, 3.0, 25.0, 31.0, 400.0])
def test_poisson_counts_have_their_mean_as_variance(mean: float) -> None:
    counts = noise.poisson(mean, 7, 1, MANY)
    assert counts.min() >= 0
    assert counts.mean() == pytest.approx(mean, rel=0.02)
    assert counts.var() == pytest.approx(mean, rel=0.03)


def test_a_mean_of_zero_gives_nothing() -> None:
    assert noise.poisson(0.0, 7, 1, MANY).sum() == 0


def test_shares_are_met() -> None:
    places = noise.from_shares(noise.uniform(7, 1, MANY), (1, 2, 1))
    assert np.bincount(places) / len(places) == pytest.approx([0.25, 0.5, 0.25], abs=0.01)

"""Other measures in the points of the score, and what an attack gains by each."""

import numpy as np
import pytest

from scoring.gaming import measures
from scoring.gaming.measures import ENGAGEMENT, FOLLOWERS, KRED, OURS, in_points, scale
from scoring.gaming.observed import Observed
from scoring.gaming.report import Attacked, gains, moved_bystanders

DAYS = 40


def observed(scores: list[float], followers: list[float], *, reactions: float = 0.0) -> Observed:
    """People who stand still, each day with so many reactions."""
    held = np.ones((1, DAYS))
    column = np.asarray(scores)[:, np.newaxis] * held
    none = np.zeros_like(column)
    return Observed(
        np.asarray([f"p{n}" for n in range(len(scores))]),
        column,
        np.asarray(followers)[:, np.newaxis] * held,
        none.copy(),
        none + reactions,
        none.copy(),
        none.copy(),
    )


def test_a_measure_in_the_same_order_as_the_score_has_the_same_distribution() -> None:
    generator = np.random.default_rng(7)
    score = np.sort(generator.uniform(10, 70, 500))
    value = np.exp(score / 9)
    points = scale(value, score).of(value)
    assert np.all(np.diff(points) >= 0)
    assert np.quantile(points, np.arange(11) / 10) == pytest.approx(
        np.quantile(score, np.arange(11) / 10), abs=0.05
    )


def test_nothing_is_one_point_and_nothing_passes_a_hundred() -> None:
    found = scale(np.arange(1.0, 101), np.linspace(20, 60, 100))
    assert found.of(np.array([0.0, 100.0, 110.0, 1e9])) == pytest.approx(
        [1, 60, 64.04, 100], abs=0.1
    )


def test_people_without_anything_do_not_make_nothing_worth_points() -> None:
    value = np.concatenate([np.zeros(60), np.arange(1.0, 41)])
    found = scale(value, np.linspace(1, 50, 100))
    assert found.of(np.zeros(1)) == 1
    assert np.all(np.diff(found.of(np.linspace(0, 60, 200))) >= 0)


def test_engagement_is_that_of_a_month_and_kred_never_fades() -> None:
    told = observed([20.0], [0.0])
    told.reactions[0, 3] = told.reshares[0, 3] = 9.0
    found = measures.values(told)
    assert found[ENGAGEMENT][0, 2:5].tolist() == pytest.approx([0, 1, 1])
    assert found[ENGAGEMENT][0, 30:32].tolist() == pytest.approx([1, 0])
    assert found[KRED][0, 2] == 0
    assert found[KRED][0, 3] == found[KRED][0, -1] > 0


def test_a_gain_is_the_largest_of_a_day_from_the_first_day_of_the_attack_on() -> None:
    crowd = list(np.linspace(10, 60, 40))
    followers = [float(n) for n in range(1, 41)]
    control, attacked = observed(crowd, followers), observed(crowd, followers)
    attacked.scores[0, 5] += 9
    attacked.scores[0, 12] += 2
    attacked.followers[0, 20:] = 40.0
    calm = np.arange(40) > 0
    both = in_points(control, attacked, calm)
    row = Attacked("bought", "bought", 10, "low", ("p0",), limit=2.0)
    (gain,) = gains([row], both, control, 10)
    assert gain.in_all[OURS] == pytest.approx(2.0)
    assert gain.each[OURS] == pytest.approx(0.2)
    assert gain.in_all[FOLLOWERS] > 40
    assert gain.is_met is False
    assert moved_bystanders(control, attacked, calm) == 0
    attacked.scores[3, 1] -= 0.7
    assert moved_bystanders(control, attacked, calm) == pytest.approx(0.7)


def test_where_the_attackers_are_the_attacked_each_has_their_mean_and_the_law_sees_the_most() -> (
    None
):
    control, attacked = observed([20.0] * 30, [5.0] * 30), observed([20.0] * 30, [5.0] * 30)
    attacked.scores[0, 20] += 1
    attacked.scores[1, 30] += 3
    row = Attacked("pod", "pod", 2, "low", ("p0", "p1"), limit=2.0, own=True)
    both = in_points(control, attacked, np.arange(30) > 1)
    (gain,) = gains([row], both, control, 10)
    assert (gain.in_all[OURS], gain.each[OURS], gain.largest[OURS]) == (4, 2, 3)
    assert gain.is_met is False

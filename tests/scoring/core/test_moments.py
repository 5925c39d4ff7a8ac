import numpy as np
import pytest

from scoring.core import moments
from tests.scoring.core.accounts import MODEL, REFERENCE, faded, row


def test_the_gain_of_a_day_is_shared_over_accounts_by_the_mass_that_each_gained() -> None:
    today = np.array([row(**REFERENCE), row(followers=500, likes=40, quality=40)])
    before = np.array([faded(today[0], 1), row(followers=500)])
    one = [0, 0]
    results = [MODEL.evaluate(x, one, 1) for x in (today, before)]
    gain = moments.gains(MODEL, results[0], results[1], one)
    assert gain.sum() == pytest.approx(results[0].raw[0] - results[1].raw[0], abs=1e-9)
    assert np.all(gain > 0)


def test_a_day_without_reactions_gains_nothing() -> None:
    result = MODEL.evaluate(row(**REFERENCE)[np.newaxis], [0], 1)
    assert moments.gains(MODEL, result, result, [0]).tolist() == [0]


def test_posts_share_a_gain_by_the_people_who_reacted_and_mentions_keep_their_part() -> None:
    points = moments.points_per_post([4.0, 0.0], [0, 0, 1], [30.0, 10.0, 5.0], [40.0, 0.0])
    assert points.tolist() == [1.5, 0.5, 0.0]


def test_negative_people_are_refused_and_the_argument_is_named() -> None:
    with pytest.raises(ValueError, match="post_people"):
        moments.points_per_post([1.0], [0], [-1.0], [0.0])

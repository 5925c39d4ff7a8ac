import numpy as np
import pytest
from hypothesis import given

from scoring.core import features
from scoring.core.params import CURRENT
from tests.scoring.core import plain
from tests.scoring.core.accounts import ACCOUNTS, Row, pair_rows, pairs, post_rows, posts


@given(pair_rows)
def test_people_agree_with_the_plain_oracle(rows: list[Row]) -> None:
    fast = features.people(pairs(rows), ACCOUNTS, CURRENT)
    np.testing.assert_allclose(fast, plain.people(rows, ACCOUNTS, CURRENT), rtol=0, atol=1e-9)


@given(pair_rows)
def test_quality_agrees_with_the_plain_oracle(rows: list[Row]) -> None:
    fast = features.quality(pairs(rows), ACCOUNTS, CURRENT)
    np.testing.assert_allclose(fast, plain.quality(rows, ACCOUNTS, CURRENT), rtol=0, atol=1e-9)


@given(post_rows)
def test_top_posts_agree_with_the_plain_oracle(rows: list[Row]) -> None:
    fast = features.top_posts(posts(rows), ACCOUNTS, CURRENT)
    np.testing.assert_allclose(fast, plain.top_posts(rows, ACCOUNTS, CURRENT), rtol=0, atol=1e-9)


def test_a_reactor_who_acts_today_counts_as_one_and_after_a_half_life_as_half() -> None:
    rows = [(0, 7, 0, 3, 0), (0, 8, 0, 3, 4)]
    half_life = next(m for m in CURRENT.measures if m.name == "likes").half_life_days
    assert half_life == 4.5
    likes = features.people(pairs(rows), 1, CURRENT)[0, 0]
    assert likes == pytest.approx(1 + 2 ** (-4 / 4.5), abs=1e-12)


def test_no_rows_give_zeros() -> None:
    assert not features.people(pairs([]), 2, CURRENT).any()
    assert not features.quality(pairs([]), 2, CURRENT).any()
    assert not features.top_posts(posts([]), 2, CURRENT).any()


@pytest.mark.parametrize(
    ("row", "word"),
    [
        ((ACCOUNTS, 1, 0, 3, 0), "account"),
        ((0, 1, 9, 3, 0), "kind"),
        ((0, 1, 0, 3, -1), "age"),
    ],
)
def test_rows_outside_the_window_or_the_arrays_are_refused(row: Row, word: str) -> None:
    with pytest.raises(ValueError, match=word):
        features.people(pairs([row]), ACCOUNTS, CURRENT)


def test_a_class_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="trust class"):
        features.quality(pairs([(0, 1, 0, 8, 0)]), ACCOUNTS, CURRENT)


def test_negative_people_of_a_post_are_refused() -> None:
    with pytest.raises(ValueError, match="people of a post"):
        features.top_posts(posts([(0, 1, 3, -1, 0)]), ACCOUNTS, CURRENT)


def test_anonymous_counts_are_taken_for_ever_fewer_people_and_never_more_than_the_audience() -> (
    None
):
    counts = np.array([0.0, 1.0, 10.0, 100.0, 1e4, 1e9])
    found = features.anonymous_people(counts, np.full(6, 50.0), CURRENT)
    assert found[0] == 0
    assert np.all(np.diff(found) >= 0)
    assert np.all(np.diff(found[:4] / np.maximum(counts[:4], 1))[1:] < 0)
    assert found[-1] == pytest.approx(50)
    assert found[1] == pytest.approx(0.5, rel=0.02)


def test_anonymous_counts_without_a_known_audience_are_nobody() -> None:
    assert features.anonymous_people([1000.0], [0.0], CURRENT)[0] == 0


def test_anonymous_counts_below_zero_are_refused() -> None:
    with pytest.raises(ValueError, match="anonymous"):
        features.anonymous_people([-1.0], [10.0], CURRENT)


def test_the_audience_of_unnamed_reactions_is_the_followers_or_else_the_people_named() -> None:
    followers, untold = [500.0, 0.0, 0.0], [False, True, True]
    people = np.array([[3.0, 9.0], [3.0, 9.0], [0.0, 0.0]])
    found = features.anonymous_audience(followers, untold, people)
    assert found.tolist() == [500.0, 9.0, 0.0]
    more = features.anonymous_audience(
        followers, untold, people + np.array([[0, 0], [7, 0], [0, 1]])
    )
    assert (more >= found).all()

"""The comparison on judgements: the product's own path, the baselines, the same folds."""

import numpy as np
import pytest

from scoring.core.model import Model
from scoring.core.params import CURRENT
from scoring.learning import baselines, human, pairs
from scoring.learning.auc import auc
from scoring.learning.fit import CannotLearn
from tests.scoring.learning import invented

TOLD = invented.judged(300, 3000, followers=0.1, lists=0.15, quality=0.16, seed=2)


@pytest.fixture(scope="module")
def found() -> human.HumanEvidence:
    return human.evidence(TOLD, CURRENT, seed=1, folds=4, repeats=2)


def test_the_score_comes_first_and_every_baseline_is_there(found: human.HumanEvidence) -> None:
    assert [row.name for row in found.rows][:3] == [
        human.SHIPPED,
        human.LEARNED,
        human.UNCONSTRAINED,
    ]
    assert len(found.rows) == 7
    assert found.pairs_count == 3000
    assert 0 < found.held_out_count < 3000


def test_the_auc_in_sample_is_that_of_the_scores_of_two_people(
    found: human.HumanEvidence,
) -> None:
    x, unknown = pairs.inputs(TOLD.features, CURRENT)
    people = np.arange(len(x))
    score = Model(CURRENT).evaluate(x, people, len(x), unknown=unknown).raw
    margin = score[TOLD.first] - score[TOLD.second]
    assert found.rows[0].in_sample == pytest.approx(auc(margin, TOLD.choice))


def test_where_people_judge_as_the_model_the_model_beats_followers(
    found: human.HumanEvidence,
) -> None:
    rows = {row.name: row for row in found.rows}
    assert rows[human.LEARNED].disjoint > rows["followers"].disjoint + 0.01
    assert rows[human.LEARNED].difference > -0.01
    assert rows[human.UNCONSTRAINED].difference == 0
    for row in found.rows:
        assert 0 < row.in_sample_error < 0.05
        assert 0 < row.disjoint_error < 0.05


def test_the_same_seed_gives_the_same_figures(found: human.HumanEvidence) -> None:
    assert human.evidence(TOLD, CURRENT, seed=1, folds=4, repeats=2) == found


def test_too_few_accounts_are_refused() -> None:
    with pytest.raises(CannotLearn, match="cannot be parted"):
        human.evidence(invented.judged(3, 20), CURRENT)


def test_kred_gives_ten_points_an_action_and_a_thousand_to_the_top() -> None:
    told = np.zeros((3, len(pairs.NAMES)))
    told[1, pairs.NAMES.index("follower_count")] = 10
    told[2, pairs.NAMES.index("mentions_received")] = 70
    none, some, top = baselines.kred(told).tolist()
    # 100 points are ln 2 levels, 700 points ln 8.
    assert (none, top) == (0, pytest.approx(1000))
    assert some == pytest.approx(1000 / 3)
    assert baselines.kred(np.zeros((2, len(pairs.NAMES)))).tolist() == [0, 0]

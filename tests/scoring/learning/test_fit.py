"""The fit on invented judgements: known weights come back, the scale holds, a seed decides."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from scoring.core.params import CURRENT, v2026_11
from scoring.learning import fit, human, module, scale
from scoring.learning.fit import CannotLearn
from scoring.learning.pairs import Judgements
from tests.scoring.core.accounts import MODEL, REFERENCE, faded, row
from tests.scoring.learning import invented

TOLD = invented.judged(400, 6000)
ROWS = np.arange(6000)


def learn(told: Judgements, *, seed: int = 0, folds: int = 4) -> fit.Learned:
    return fit.learn(told, CURRENT, np.arange(len(told.choice)), folds=folds, repeats=2, seed=seed)


@pytest.mark.parametrize(
    ("followers", "lists", "quality"), [(0.3, 0.5, 0.6), (0.6, 0.2, 0.8), (0.8, 0.0, 0.5)]
)
def test_known_weights_come_back_in_their_proportions(
    followers: float, lists: float, quality: float
) -> None:
    told = invented.judged(400, 6000, followers=followers, lists=lists, quality=quality, seed=3)
    found = learn(told)
    # What fades has one weight together; reactions are part of the invented quality's share.
    exchange = _exchange()
    fading = found.quality + exchange * found.reactions
    per_log_odds = found.points_per_log_odds
    assert found.followers / per_log_odds == pytest.approx(followers, abs=0.12)
    assert found.lists / per_log_odds == pytest.approx(lists, abs=0.12)
    assert fading / per_log_odds == pytest.approx(quality, abs=0.15)


def _exchange() -> float:
    fall = scale.fall_offline(CURRENT)
    quality = MODEL.measures.index("quality")
    shares = [m.weight if m.family in scale.REACTING else 0.0 for m in CURRENT.measures]
    return float(fall @ np.array(shares) / sum(shares) / fall[quality])


def test_no_weight_is_negative_even_where_judges_dislike_lists() -> None:
    found = learn(invented.judged(300, 3000, followers=0.6, lists=-0.5, seed=4))
    assert found.lists == 0
    assert min(found.followers, found.quality, found.start) >= 0


def test_size_classes_lie_on_the_line_of_real_scores() -> None:
    found = learn(TOLD)
    params = fit.with_weights(CURRENT, found, "test")
    scores = human.scores(TOLD.features, params)
    for accounts in scale.size_classes(TOLD.features[:, 0]):
        usual = scale.usual_score(TOLD.features[accounts, 0]).mean()
        assert scores[accounts].mean() == pytest.approx(usual, abs=3)


def test_a_month_offline_costs_what_the_model_says_of_the_reference_person() -> None:
    assert REFERENCE == scale.REFERENCE
    x = row(**REFERENCE)
    lost = MODEL.parts(x[np.newaxis]).sum() - MODEL.parts(faded(x, 30)[np.newaxis]).sum()
    assert fit.offline_loss(CURRENT) == pytest.approx(float(lost))


def test_sharing_out_keeps_what_a_month_offline_costs() -> None:
    told = fit.curves(TOLD, CURRENT)
    found = fit.learn_with(TOLD, told, CURRENT, ROWS, 0.003)
    assert found.reactions == pytest.approx(fit.declared_reactions(CURRENT))
    whole = fit.offline_loss(fit.with_weights(CURRENT, found, "test"))
    alone = replace(found, reactions=0.0, quality=found.quality + _exchange() * found.reactions)
    assert fit.offline_loss(fit.with_weights(CURRENT, alone, "test")) == pytest.approx(whole)


def test_trust_never_gets_more_than_half_of_a_mass() -> None:
    found = learn(invented.judged(400, 4000, followers=0.1, lists=0.0, quality=0.9, seed=6))
    limit = 0.5 * np.log(2) / CURRENT.beta
    assert found.quality <= limit + 1e-12


def test_the_same_seed_gives_the_same_weights() -> None:
    assert learn(TOLD, seed=5) == learn(TOLD, seed=5)
    curves = fit.curves(TOLD, CURRENT)
    losses = [fit.ridge_losses(TOLD, curves, ROWS, 4, 1, seed) for seed in (5, 5, 6)]
    assert losses[0] == losses[1] != losses[2]


def test_the_order_of_the_pairs_does_not_change_the_weights() -> None:
    order = np.random.default_rng(1).permutation(6000)
    told = replace(
        TOLD, choice=TOLD.choice[order], first=TOLD.first[order], second=TOLD.second[order]
    )
    curves = fit.curves(TOLD, CURRENT)
    weights = [fit.learn_with(t, curves, CURRENT, ROWS, 0.01) for t in (TOLD, told)]
    assert weights[0].quality == pytest.approx(weights[1].quality, abs=1e-9)
    assert weights[0].followers == pytest.approx(weights[1].followers, abs=1e-9)


def test_rounded_weights_are_tenths() -> None:
    rounded = fit.Learned(0.961, 1.449, 1.05, 1.05, 2.3749, 0.01, 10.0).rounded()
    assert (rounded.followers, rounded.lists, rounded.start) == (1.0, 1.4, 2.4)
    assert rounded.reactions == 1.05


def test_errors_of_weights_come_from_drawing_accounts_again() -> None:
    errors = fit.weight_errors(TOLD, fit.curves(TOLD, CURRENT), CURRENT, 0.003, draws=20, seed=1)
    assert set(errors) == set(fit.shipped(CURRENT))
    assert all(0 < error < 1 for error in errors.values())


@pytest.mark.parametrize(
    ("told", "why"),
    [
        (invented.judged(3, 20), "3 accounts cannot be parted into 4 folds"),
        (invented.judged(40, 600, lists=0.2, quality=0.2), "too few sizes"),
        (
            invented.judged(300, 3000, followers=-0.9, lists=-0.5, quality=-0.6),
            "no measure of the model speaks",
        ),
    ],
)
def test_pairs_that_teach_nothing_say_why(told: Judgements, why: str) -> None:
    with pytest.raises(CannotLearn, match=why):
        learn(told)


RECORD = module.FitRecord(
    "ab" * 32, 2477, 606, 3, 5, 20, 0.01, 0.8691, 0.0157, 0.8702, 0.0163, "2026-03-01"
)


def test_the_printed_module_holds_the_learned_weights_and_the_template_s_reasons() -> None:
    template = Path(v2026_11.__file__).read_text(encoding="utf-8")
    learned = fit.Learned(0.9, 1.3, 1.05, 1.2, 2.5, 0.01, 10.0)
    params = fit.with_weights(CURRENT, learned, "2031.02")
    text = module.text(template, params, RECORD)
    space: dict[str, object] = {}
    exec(compile(text, "v2031_02.py", "exec"), space)  # noqa: S102 - our own text
    assert space["PARAMS"] == params
    told = str(space["__doc__"])
    assert told.startswith("Version 2031.02 of the model")
    for fact in ("2477 pairs", "ab" * 32, "seed 3", "0.8691", "0.8702", "2026-03-01"):
        assert fact in " ".join(told.split())
    comments = [line for line in template.splitlines() if line.strip().startswith("#")]
    assert [line for line in text.splitlines() if line.strip().startswith("#")] == comments
    assert all(len(line) <= 100 for line in text.splitlines())


def test_the_shipped_module_is_its_own_template() -> None:
    shipped = fit.shipped(CURRENT)
    learned = fit.Learned(
        shipped["followers"],
        shipped["lists"],
        fit.declared_reactions(CURRENT),
        shipped["quality"],
        shipped["start"],
        0.01,
        10.0,
    )
    assert fit.with_weights(CURRENT, learned, CURRENT.version) == CURRENT

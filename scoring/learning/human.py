"""AUC on human judgements: the model through its own path, beside the baselines, same folds."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scoring.core.model import Model
from scoring.core.params.definition import Params
from scoring.learning import baselines, fit
from scoring.learning.auc import account_draws, auc, auc_draws, standard_error
from scoring.learning.folds import Fold, account_disjoint
from scoring.learning.pairs import Judgements, inputs
from scoring.learning.solvers import logistic

Floats = npt.NDArray[np.float64]
Indexes = npt.NDArray[np.int64]
# Learns from the pairs of these rows and returns a value for each account, shape (A,).
Ranker = Callable[[Indexes], Floats]

DRAWS = 200


@dataclass(frozen=True, slots=True)
class Judged:
    """How well one way of ranking agrees with the judgements."""

    name: str
    in_sample: float
    in_sample_error: float
    # On accounts that were not learned from; pairs that were never held out are left out.
    disjoint: float
    disjoint_error: float
    # Disjoint AUC minus that of the regression without constraint, on the same pairs.
    difference: float
    difference_error: float


@dataclass(frozen=True, slots=True)
class HumanEvidence:
    """The ways of ranking, the product's first, and what they were measured on."""

    rows: list[Judged]
    pairs_count: int
    accounts_count: int
    held_out_count: int
    seed: int
    folds: int
    repeats: int


SHIPPED = "this score, shipped weights"
LEARNED = "this score, weights learned anew"
UNCONSTRAINED = "logistic regression, all features, no constraint"


def scores(features: Floats, params: Params) -> Floats:
    """Return the scores of the accounts of the pairs, each as a person of one account, 1 … 100.

    The same call that scores real people, imputation of unknown signals included.
    """
    x, unknown = inputs(features, params)
    n_accounts = len(features)
    return Model(params).evaluate(x, np.arange(n_accounts), n_accounts, unknown=unknown).raw


def evidence(
    pairs: Judgements, params: Params, *, seed: int = 0, folds: int = 5, repeats: int = 20
) -> HumanEvidence:
    """Return the AUC of the model and of the baselines, in-sample and account-disjoint.

    Raises
    ------
    fit.CannotLearn, solvers.NoSolution
        If the pairs are too few or too alike.
    """
    try:
        splits = list(
            account_disjoint(
                pairs.first,
                pairs.second,
                pairs.n_accounts,
                folds=folds,
                repeats=repeats,
                seed=seed,
            )
        )
    except ValueError as error:
        raise fit.CannotLearn(str(error)) from None
    everything = np.arange(len(pairs.choice))
    whole = [Fold(everything, everything)]
    draws = account_draws(pairs.n_accounts, DRAWS, seed)
    found = {
        name: (
            _auc_and_draws(pairs, ranker, whole, draws),
            _auc_and_draws(pairs, ranker, splits, draws),
        )
        for name, ranker in _rankers(pairs, params, seed=seed, folds=folds).items()
    }
    free = found[UNCONSTRAINED][1]
    if np.isnan(free[0]):
        raise fit.CannotLearn("no pairs of both answers are left to hold out")
    rows = [
        Judged(
            name,
            inside[0],
            standard_error(inside[1]),
            apart[0],
            standard_error(apart[1]),
            apart[0] - free[0],
            standard_error(apart[1] - free[1]),
        )
        for name, (inside, apart) in found.items()
    ]
    held_out = np.unique(np.concatenate([fold.test for fold in splits])).size
    return HumanEvidence(rows, everything.size, pairs.n_accounts, held_out, seed, folds, repeats)


def _rankers(pairs: Judgements, params: Params, *, seed: int, folds: int) -> dict[str, Ranker]:
    features = pairs.features
    fixed = {
        SHIPPED: scores(features, params),
        "followers": baselines.followers(features),
        "lists": baselines.lists(features),
        "points as Kred gave them": baselines.kred(features),
    }

    def learned(rows: Indexes) -> Floats:
        weights = fit.learn(pairs, params, rows, folds=folds, repeats=1, seed=seed)
        return scores(features, fit.with_weights(params, weights.rounded(), params.version))

    def regression(columns: Floats, *, non_negative: bool) -> Ranker:
        def ranker(rows: Indexes) -> Floats:
            x = columns[pairs.first[rows]] - columns[pairs.second[rows]]
            result: Floats = columns @ logistic(
                x, pairs.choice[rows], ridge=1e-6, non_negative=non_negative
            )
            return result

        return ranker

    def constant(values: Floats) -> Ranker:
        return lambda rows: values

    first, *others = fixed
    return {
        first: constant(fixed[first]),
        LEARNED: learned,
        UNCONSTRAINED: regression(baselines.all_logs(features), non_negative=False),
        "log-linear, without activity, no negative weight": regression(
            baselines.influence_logs(features), non_negative=True
        ),
        **{name: constant(fixed[name]) for name in others},
    }


def _auc_and_draws(
    pairs: Judgements, ranker: Ranker, splits: list[Fold], draws: Indexes
) -> tuple[float, Floats]:
    """Return the mean AUC over the folds, by their pairs, and the same in each bootstrap sample.

    The AUC is of each fold apart: a mean of the margins over folds would be an ensemble, better
    than any of the models in it.
    """
    total, sums, counts = 0.0, np.zeros(len(draws)), np.zeros(len(draws))
    pairs_count = 0
    for fold in splits:
        values = ranker(fold.train)
        first, second = pairs.first[fold.test], pairs.second[fold.test]
        margin, y = values[first] - values[second], pairs.choice[fold.test]
        area = auc(margin, y)
        if np.isnan(area):
            continue
        total += area * fold.test.size
        pairs_count += fold.test.size
        areas, weights = auc_draws(margin, y, first, second, draws)
        sums += np.where(weights > 0, areas, 0.0) * weights
        counts += weights
    if not pairs_count:
        return float("nan"), np.full(len(draws), np.nan)
    return total / pairs_count, np.divide(
        sums, counts, out=np.full(len(draws), np.nan), where=counts > 0
    )

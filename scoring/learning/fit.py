"""Learns the weights of the model from human judgements on pairs.

1. The pairs' accounts go through the model's own inputs and imputation.
2. Non-negative logistic regression gives the log-odds per doubling of four columns: followers,
   lists, reactions (the kinds in their declared proportions) and quality.
3. Reactions are shared out: the pairs do not tell likes, comments, quotes and single posts apart,
   so these keep the weights that the template declares, and what the fit gave them less is taken
   from quality such that a month offline costs the same.
4. Points: the strengths are scaled, and the start of the curve of followers is set, so that the
   means of size classes lie on the line of real scores (non-negative least squares).
5. Weights are rounded to a tenth: their standard errors are larger.
"""

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from scoring.core.model import Model
from scoring.core.params.definition import Family, Params
from scoring.learning import scale
from scoring.learning.auc import account_draws
from scoring.learning.folds import account_disjoint
from scoring.learning.pairs import Judgements, inputs
from scoring.learning.solvers import (
    NoSolution,
    log_loss,
    logistic,
    non_negative_least_squares,
)

Floats = npt.NDArray[np.float64]
Indexes = npt.NDArray[np.int64]

# λ is chosen among these by the log-loss on accounts that were not learned from.
RIDGES = (0.0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3)
STEP = 0.1
COLUMNS = ("followers", "lists", "reactions", "quality")
# Trust may move at most half of a mass (docs/scoring.md, "Who reacts").
MOST_ELASTICITY = 0.5


class CannotLearn(ValueError):
    """The pairs are too few or too alike to learn weights from; the text says which."""


class Curves(NamedTuple):
    """What the fit needs to know of the accounts of the pairs (A)."""

    columns: Floats  # (A, 4) doublings, in the order of COLUMNS
    start: Floats  # (A,) doublings of the start of followers
    followers: Floats  # (A,)


@dataclass(frozen=True, slots=True)
class Learned:
    """Weights in points per doubling.

    Attributes
    ----------
    followers, lists, reactions, quality : float
        `reactions` is the sum over the kinds of reaction and the best posts.
    start : float
        Further points per doubling of the first followers.
    ridge : float
        The λ that was used.
    points_per_log_odds : float
    """

    followers: float
    lists: float
    reactions: float
    quality: float
    start: float
    ridge: float
    points_per_log_odds: float

    def rounded(self) -> "Learned":
        """Return the weights as they are shipped: to a tenth of a point."""
        names = ("followers", "lists", "quality", "start")
        tenths = {name: round(round(getattr(self, name) / STEP) * STEP, 10) for name in names}
        return replace(self, **tenths)


def curves(pairs: Judgements, template: Params) -> Curves:
    """Return the accounts' columns, through the model's own imputation and curves."""
    x, unknown = inputs(pairs.features, template)
    n_accounts = pairs.n_accounts
    filled = Model(template).evaluate(x, np.arange(n_accounts), n_accounts, unknown=unknown).x
    doublings, start = scale.doublings(filled, template)
    place = {m.name: k for k, m in enumerate(template.measures)}
    columns = np.column_stack(
        [
            doublings[:, place["followers"]],
            doublings[:, place["lists"]],
            doublings @ _shares(template),
            doublings[:, place["quality"]],
        ]
    )
    return Curves(columns, start, filled[:, place["followers"]])


def learn(
    pairs: Judgements, template: Params, rows: Indexes, *, folds: int, repeats: int, seed: int
) -> Learned:
    """Return the weights that the pairs `rows` teach, with λ chosen on these pairs alone.

    Raises CannotLearn.
    """
    told = curves(pairs, template)
    ridge = min(ridge_losses(pairs, told, rows, folds, repeats, seed), key=lambda row: row[1])[0]
    return learn_with(pairs, told, template, rows, ridge)


def ridge_losses(
    pairs: Judgements, told: Curves, rows: Indexes, folds: int, repeats: int, seed: int
) -> list[tuple[float, float]]:
    """Return each λ and its mean log-loss on held-out accounts of the pairs `rows`."""
    accounts, inverse = np.unique(
        np.concatenate([pairs.first[rows], pairs.second[rows]]), return_inverse=True
    )
    first, second = np.split(inverse.ravel().astype(np.int64), 2)
    x = told.columns[pairs.first[rows]] - told.columns[pairs.second[rows]]
    y = pairs.choice[rows]
    losses, counts = np.zeros(len(RIDGES)), 0
    try:
        splits = account_disjoint(
            first, second, len(accounts), folds=folds, repeats=repeats, seed=seed
        )
        for fold in splits:
            counts += fold.test.size
            for number, ridge in enumerate(RIDGES):
                try:
                    weights = logistic(x[fold.train], y[fold.train], ridge=ridge)
                except NoSolution:
                    losses[number] = np.inf
                    continue
                losses[number] += log_loss(x[fold.test] @ weights, y[fold.test]) * fold.test.size
    except ValueError as error:
        raise CannotLearn(str(error)) from None
    if not counts or np.all(np.isinf(losses)):
        raise CannotLearn(
            f"{len(rows)} pairs are too few for {folds} folds without common accounts"
        )
    return list(zip(RIDGES, (losses / counts).tolist(), strict=True))


def learn_with(
    pairs: Judgements, told: Curves, template: Params, rows: Indexes, ridge: float
) -> Learned:
    """Return the weights that the pairs `rows` teach under a given λ. Raises CannotLearn."""
    x = told.columns[pairs.first[rows]] - told.columns[pairs.second[rows]]
    try:
        log_odds = logistic(x, pairs.choice[rows], ridge=ridge)
    except NoSolution as error:
        raise CannotLearn(str(error)) from None
    if not log_odds.any():
        raise CannotLearn("no measure of the model speaks for the accounts that were chosen")
    accounts = np.unique(np.concatenate([pairs.first[rows], pairs.second[rows]]))
    chosen = Curves(told.columns[accounts], told.start[accounts], told.followers[accounts])
    return _in_points(log_odds, chosen, template, ridge)


def with_weights(template: Params, learned: Learned, version: str) -> Params:
    """Return the template's parameters with the learned weights."""
    declared = declared_reactions(template)
    factor = learned.reactions / declared if declared else 0.0
    measures = []
    for m in template.measures:
        if m.family is Family.AUDIENCE:
            measures.append(replace(m, weight=learned.followers, start_weight=learned.start))
        elif m.family is Family.STANDING:
            measures.append(replace(m, weight=learned.lists))
        elif m.family is Family.QUALITY:
            measures.append(replace(m, weight=learned.quality))
        else:
            # Kinds in their declared proportions, counts without names with them.
            measures.append(replace(m, weight=round(m.weight * factor, 10)))
    return replace(template, version=version, measures=tuple(measures))


def declared_reactions(template: Params) -> float:
    """Return the declared weight of the kinds of reaction and the best posts together."""
    return sum(m.weight for m in template.measures if m.family in scale.REACTING)


def shipped(params: Params) -> dict[str, float]:
    """Return the learned weights of a version, by the names that `Learned` gives them."""
    named = {m.family: m for m in params.measures}
    audience = named[Family.AUDIENCE]
    return {
        "followers": audience.weight,
        "lists": named[Family.STANDING].weight,
        "quality": named[Family.QUALITY].weight,
        "start": audience.start_weight,
    }


def weight_errors(
    pairs: Judgements, told: Curves, template: Params, ridge: float, *, draws: int, seed: int
) -> dict[str, float]:
    """Return the standard errors of the weights in points, from a bootstrap of accounts."""
    found = []
    for draw in account_draws(pairs.n_accounts, draws, seed):
        times = draw[pairs.first] * draw[pairs.second]
        rows = np.repeat(np.arange(len(times)), times)
        try:
            found.append(learn_with(pairs, told, template, rows, ridge))
        except CannotLearn:
            continue
    names = ("followers", "lists", "quality", "start")
    if len(found) < 2:
        return dict.fromkeys(names, float("nan"))
    return {name: float(np.std([getattr(f, name) for f in found], ddof=1)) for name in names}


def offline_loss(params: Params) -> float:
    """Return the points that a month offline costs the reference person (law 5: 10 ± 2)."""
    weights = np.array([m.weight for m in params.measures])
    return float(scale.fall_offline(params) @ weights)


def _shares(template: Params) -> Floats:
    declared = declared_reactions(template)
    return np.array(
        [m.weight / declared if m.family in scale.REACTING else 0.0 for m in template.measures]
    )


def _in_points(log_odds: Floats, told: Curves, template: Params, ridge: float) -> Learned:
    """Return the weights in points: reactions shared out, size classes on the line."""
    classes = scale.size_classes(told.followers)
    if len(classes) < 3:
        raise CannotLearn(
            "the accounts are of too few sizes to set the scale: "
            f"three half decades of followers with {scale.LEAST_ACCOUNTS} accounts are needed"
        )
    fall = scale.fall_offline(template)
    place = {m.name: k for k, m in enumerate(template.measures)}
    # Points of quality that cost as much in a month offline as a point of reactions.
    exchange = float(fall @ _shares(template) / fall[place["quality"]])
    means = np.array([told.columns[rows].mean(axis=0) for rows in classes])
    start = np.array([told.start[rows].mean() for rows in classes])
    target = np.array([scale.usual_score(told.followers[rows]).mean() - 1.0 for rows in classes])
    followers, lists, reactions, quality = log_odds
    declared = declared_reactions(template)
    # All that fades, as quality; the declared reactions are exchanged for a part of it.
    fading = quality + exchange * reactions
    strength = means @ np.array([followers, lists, 0.0, fading])
    offset = declared * (means[:, 2] - exchange * means[:, 3])
    points, steep = non_negative_least_squares(
        np.column_stack([strength, start]), target - offset
    ).tolist()
    if points * reactions > declared or points * fading < declared * exchange:
        # The pairs tell more of reactions than was declared, or less of all that fades.
        points, steep = non_negative_least_squares(
            np.column_stack([means @ log_odds, start]), target
        ).tolist()
        shared, rest = points * reactions, points * quality
    else:
        shared, rest = declared, points * fading - declared * exchange
    if points <= 0:
        raise CannotLearn("the learned strengths do not rise with the audience")
    most = MOST_ELASTICITY * float(np.log(2)) / template.beta
    return Learned(
        points * followers, points * lists, shared, min(rest, most), steep, ridge, points
    )

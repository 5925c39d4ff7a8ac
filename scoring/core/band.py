"""How sure a score is: an 80 % interval, and whether to show it as provisional."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scoring.core.model import Evaluation, Model
from scoring.core.params.definition import Family

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

# Families that are counted: their noise is that of counting people.
_COUNTED = frozenset({Family.REACTION, Family.QUALITY, Family.CONCENTRATION, Family.ANONYMOUS})


@dataclass(frozen=True, slots=True)
class Band:
    """An 80 % interval around each person's score."""

    low: Floats  # (P,), 1 … value
    high: Floats  # (P,), value … 100
    provisional: Bools  # (P,)


def band(
    model: Model,
    evaluation: Evaluation,
    value: npt.ArrayLike,
    person_index: npt.ArrayLike,
    observed_days: npt.ArrayLike,
) -> Band:
    """Return the band of each person's score.

    Parameters
    ----------
    model : Model
    evaluation : Evaluation
        Of A accounts and P persons.
    value : array_like, shape (P,)
        Shown scores (after the daily cap), 1 … 100.
    person_index : array_like of int, shape (A,)
    observed_days : array_like, shape (A,)
        Days of the account that were observed or whose records are dated, ≥ 0.

    Returns
    -------
    Band

    Notes
    -----
    The standard deviation of an account's strength adds up, squared, from: counting noise (√(x+1)
    people in x, at the slope of each curve, the measures of one account taken as fully correlated
    because they are largely the same people); a quarter of imputed and anonymous parts; and what
    is not yet known of the account's rhythm, `unobserved_points` / √days. Deviations of a person's
    accounts are added by their weight in the logarithm of the mass, at the slope of the scale.

    A score is firm if one of the person's accounts, taken alone, has been observed for 14 days and
    has a band of at most 10 points; else provisional. So linking one more network never makes
    a firm score provisional (law 3).
    """
    values = np.asarray(value, dtype=np.float64)
    index = np.asarray(person_index, dtype=np.int64)
    days = np.asarray(observed_days, dtype=np.float64)
    if np.any(~(days >= 0)):
        raise ValueError("observed days must not be negative or NaN")
    p = model.params
    deviation = _strength_deviation(model, evaluation, days)
    share = np.exp(p.beta * evaluation.strength) / (1.0 + evaluation.person_mass[index])
    person_deviation = np.bincount(index, weights=share * deviation, minlength=values.size)
    strength = model.unscale(values)
    reach = p.band_deviations * person_deviation
    low = np.minimum(model.scale(np.maximum(strength - reach, 0.0)), values)
    high = np.maximum(model.scale(strength + reach), values)
    alone = p.band_deviations * deviation
    width = model.scale(evaluation.strength + alone) - model.scale(
        np.maximum(evaluation.strength - alone, 0.0)
    )
    firm = (days >= p.provisional_under_days) & (width <= p.provisional_over_points)
    provisional = np.bincount(index[firm], minlength=values.size) == 0
    return Band(low, high, provisional)


def _strength_deviation(model: Model, evaluation: Evaluation, days: Floats) -> Floats:
    """Return the standard deviation of each account's strength in points, shape (A,)."""
    p = model.params
    counted = np.array([m.family in _COUNTED for m in p.measures])
    unit = np.array([m.unit for m in p.measures])[counted]
    weight = np.array([m.weight for m in p.measures])[counted] / np.log(2)
    x = evaluation.x[:, counted]
    noise = (weight * np.sqrt(x + 1.0) / (unit + x)).sum(axis=1)
    anonymous = np.array([m.family is Family.ANONYMOUS for m in p.measures])
    unsure = (evaluation.parts * (evaluation.imputed | anonymous)).sum(axis=1)
    # An empty account has no rhythm to be unsure of.
    rhythm = np.minimum(p.unobserved_points, evaluation.strength) / np.sqrt(np.maximum(days, 1.0))
    total: Floats = np.sqrt(noise**2 + (p.imputed_deviation_share * unsure) ** 2 + rhythm**2)
    return total

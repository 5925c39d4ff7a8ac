"""How much a reactor's act says, in eight coarse classes: 0 unknown, 1 least … 7 most trusted."""

import numpy as np
import numpy.typing as npt

from scoring.core.params.definition import Params

Floats = npt.NDArray[np.float64]
Classes = npt.NDArray[np.int16]

UNKNOWN = 0
ORDINARY = 3
HIGHEST = 7


def class_from_audience(followers: npt.ArrayLike, params: Params) -> Classes:
    """Return the trust class of reactors of whom only the public audience is known.

    Parameters
    ----------
    followers : array_like of float
        People, ≥ 0; NaN where the network does not say. Any shape.
    params : Params

    Returns
    -------
    ndarray of int16, same shape, 0 … 7
        0 where the audience is unknown or smaller than an audience of one's own.

    Raises
    ------
    ValueError
        For a negative number.
    """
    audience = np.asarray(followers, dtype=np.float64)
    if np.any(audience < 0):
        raise ValueError("followers of a reactor must not be negative")
    known = np.nan_to_num(audience, nan=0.0)
    return np.searchsorted(params.audience_thresholds, known, side="right").astype(np.int16)


def normaliser(mass: npt.ArrayLike, out_people: npt.ArrayLike, params: Params) -> float:
    """Return the trust of the population's ordinary person, > 0.

    The median of mass per person acted on, over the people with a standing of their own, drawn on
    the log scale towards `params.ordinary_trust` as if `params.prior_people` ordinary people
    were there too: a handful of people cannot set the measure.

    Parameters
    ----------
    mass : array_like, shape (P,)
        Yesterday's mass, ≥ 0.
    out_people : array_like, shape (P,)
        Distinct people whom each acted on in the window.
    """
    trust = _trust(mass, out_people, params)
    standing = trust[trust > 0]
    if standing.size == 0:
        return params.ordinary_trust
    total = standing.size + params.prior_people
    log_trust = standing.size * float(np.log(np.median(standing)))
    log_prior = params.prior_people * float(np.log(params.ordinary_trust))
    return float(np.exp((log_trust + log_prior) / total))


def class_from_mass(
    mass: npt.ArrayLike,
    out_people: npt.ArrayLike,
    params: Params,
    *,
    ordinary: float | None = None,
    previous: npt.ArrayLike | None = None,
) -> Classes:
    """Return the trust class of reactors whom the model scored yesterday.

    Parameters
    ----------
    mass : array_like, shape (P,)
        Yesterday's mass, ≥ 0.
    out_people : array_like, shape (P,)
        Distinct people whom each acted on in the window; 0 and 1 are the same.
    params : Params
    ordinary : float, optional
        The trust of an ordinary person (`normaliser`); without it the parameters' own.
    previous : array_like of int, shape (P,), optional
        Yesterday's classes. Who stands within `params.class_margin` of a step of the edge keeps
        their class, so that a population with constant input comes to rest; 0 keeps nothing.

    Returns
    -------
    ndarray of int16, shape (P,), 0 … 7
        One class per factor `params.class_ratio` of trust around class 3, the ordinary person;
        0 for a mass below `params.standing_mass`.

    Notes
    -----
    Dividing by the people acted on makes it PageRank with one step a day: what somebody who reacts
    to everybody says of each is little (Brin and Page, 1998, section 2.1).
    """
    trust = _trust(mass, out_people, params)
    ratio = trust / (params.ordinary_trust if ordinary is None else ordinary)
    with np.errstate(divide="ignore"):
        place = ORDINARY + np.log(ratio) / np.log(params.class_ratio)
    classes = np.clip(np.floor(place + 0.5), 1, HIGHEST)
    if previous is not None:
        before = np.asarray(previous, dtype=np.float64)
        near = np.abs(place - before) <= 0.5 + params.class_margin
        classes = np.where((before > UNKNOWN) & near, before, classes)
    return np.where(trust > 0, classes, UNKNOWN).astype(np.int16)


def class_weights(trust_class: npt.ArrayLike, params: Params) -> Floats:
    """Return what a reactor of each class weighs, in ordinary people.

    Raises
    ------
    ValueError
        For a class outside 0 … 7.
    """
    classes = np.asarray(trust_class, dtype=np.int64)
    if np.any((classes < UNKNOWN) | (classes > HIGHEST)):
        raise ValueError("a trust class is a whole number from 0 to 7")
    return np.asarray(params.class_weights, dtype=np.float64)[classes]


def with_unknown(known: Floats, unknown: Floats, params: Params, *, unit: float = 1.0) -> Floats:
    """Return the known ones plus what the unknown ones may add (law 12).

    Parameters
    ----------
    known, unknown : ndarray, same shape
        Sums over reactors of known and of unknown standing, ≥ 0.
    params : Params
    unit : float
        What one unknown person weighs in these sums (1 for people, the weight of class 0 for
        quality).

    Notes
    -----
    known + min(unknown, share · known + people): it rises with both, so that a further reaction
    never lowers it.
    """
    limit = params.unknown_share * known + params.unknown_people * unit
    return known + np.minimum(unknown, limit)


def _trust(mass: npt.ArrayLike, out_people: npt.ArrayLike, params: Params) -> Floats:
    masses = np.asarray(mass, dtype=np.float64)
    people = np.maximum(np.asarray(out_people, dtype=np.float64), 1.0)
    if not np.all(np.isfinite(masses)) or np.any(masses < 0):
        raise ValueError("mass must be finite and not negative")
    trust: Floats = np.where(masses >= params.standing_mass, masses / people, 0.0)
    return trust

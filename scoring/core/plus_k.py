"""+K: what the credit that people here give one another adds to a score, and what limits it.

It is of no network: its points are added to the person's strength after the masses of the networks
were added. Nobody's mass changes by it, so that no trust comes of it.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from scoring.core import features
from scoring.core.integrity import Bools, Sums, holds, known_counted
from scoring.core.params.definition import Params, PlusK
from scoring.core.trust import UNKNOWN, Classes, class_from_mass, class_weights

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.integer]

# What +K is called where signals have a network and a measure.
NETWORK, MEASURE = "klout", "plus_k"


@dataclass(frozen=True, slots=True)
class Credits:
    """Credits that hold on a day as arrays of one length N, in any order.

    Attributes
    ----------
    giver, receiver : ndarray of int
        Key of who gave it and of who got it: the same person has the same key on both sides.
    person : ndarray of int
        Index of the receiver among the P people asked for, −1 for others: what is given to these
        tells whom a giver credits.
    trust_class : ndarray of int
        Class of the giver on the day, 0 … 7.
    age_days : ndarray of float
        Days since it was given, from 0 to less than `PlusK.days`.
    ring : ndarray of float
        How far the giver is in a dense reciprocal group of the receiver by what they do elsewhere
        (core.integrity), 0 … 1.
    server, quota : ndarray
        As those of features.Pairs.
    """

    giver: Integers
    receiver: Integers
    person: Integers
    trust_class: Integers
    age_days: Floats
    ring: Floats
    server: Integers
    quota: Floats


@dataclass(frozen=True, slots=True)
class Counted:
    """What the credits of P people come to, before limits."""

    sums: Sums  # (P,) ordinary people, faded
    people: npt.NDArray[np.int64]  # (P,) different givers of some standing


def giver_classes(
    trust_class: npt.ArrayLike, mass: npt.ArrayLike, params: Params, rule: PlusK
) -> Classes:
    """Return the class that the credit of people has, 0 … 7.

    Parameters
    ----------
    trust_class : array_like of int
        Their class as reactors (core.trust), −1 without one.
    mass : array_like, same shape
        Their mass, ≥ 0; 0 without one.
    params, rule : Params, PlusK

    Notes
    -----
    No higher than their mass over `least_people` gives: whoever hardly acts on anybody is of a
    high class as a reactor, because what they say is rare.
    """
    people = np.full(np.shape(mass), rule.least_people)
    standing = class_from_mass(mass, people, params)
    return np.minimum(np.maximum(trust_class, UNKNOWN), standing).astype(np.int16)


def counted(credits: Credits, n_people: int, params: Params, rule: PlusK) -> Counted:
    """Return the givers of each person, each once, by their standing.

    A giver counts as max over their credits of weight · (1 − age / days), `weight` being that of
    their class, times receivers / n where they credit n people and n is more than `receivers`: who
    credits everybody says little of each. Somebody of class 0 counts nothing. Who was credited
    back by the receiver counts as one inside the receiver's own group, wholly.

    Notes
    -----
    Nothing that somebody receives makes other credit of theirs count less (law 2): whom they credit
    back is their own act, and of several credits of one giver the one that is least in a group says
    how far the giver is.
    """
    giver, receiver, n_keys = _numbered(credits)
    pairs = _ascending(giver * n_keys + receiver)
    given_to = np.bincount(pairs // n_keys, minlength=n_keys)
    share = rule.receivers / np.maximum(given_to, rule.receivers)
    returned = holds(pairs, receiver * n_keys + giver)
    rows = (credits.person >= 0) & (credits.trust_class > UNKNOWN)
    giver, owner = giver[rows], credits.person[rows].astype(np.int64)
    left = class_weights(credits.trust_class[rows], params) * share[giver]
    left *= _fresh(credits.age_days[rows], rule)
    ring = np.where(returned[rows], 1.0, credits.ring[rows])
    pair = owner * n_keys + giver
    found, place = np.unique(pair, return_inverse=True)
    place = place.reshape(-1)
    least = np.ones(found.size)
    np.minimum.at(least, place, ring)
    given = features.Pairs(
        owner,
        giver,
        np.zeros(owner.size, dtype=np.int64),
        credits.trust_class[rows],
        credits.age_days[rows],
        least[place],
        credits.server[rows],
        credits.quota,
    )
    sums = Sums(*features.distinct(owner, given, left, n_people, params))
    people = np.bincount(found // n_keys, minlength=n_people).astype(np.int64)
    return Counted(sums, people)


def amount(of: Counted, params: Params, free: Bools | None = None) -> Floats:
    """Return how many ordinary people the credit of each person comes to, ≥ 0, shape (P,).

    Limited as reactions are (integrity.counted), but that who is beyond a quota counts nothing.
    `free` are people whose discount was lifted.
    """
    sums = of.sums
    if free is not None:
        sums = replace(sums, excess=np.where(free, 0.0, sums.excess))
    low = params.class_weights[params.integrity.low_class]
    return known_counted(sums, params, low_unit=low, ring_free=free, low_free=free)


def points(people: npt.ArrayLike, rule: PlusK) -> Floats:
    """Return the points of strength of so many ordinary people's credit: most · x / (x + half).

    It rises with each of them, by ever less, and stays below `most_points`.
    """
    x = np.asarray(people, dtype=np.float64)
    found: Floats = rule.most_points * x / (x + rule.half_people)
    return found


def _numbered(credits: Credits) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], int]:
    """Return givers and receivers as 0 … n − 1, the same for the same key, and n."""
    keys = np.concatenate([credits.giver, credits.receiver])
    found, number = np.unique(keys, return_inverse=True)
    number = number.reshape(-1).astype(np.int64)
    return number[: credits.giver.size], number[credits.giver.size :], max(found.size, 1)


def _ascending(numbers: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return the different numbers; by sorting, which is faster than np.unique for millions."""
    ordered = np.sort(numbers)
    first = np.ones(ordered.size, dtype=np.bool_)
    first[1:] = ordered[1:] != ordered[:-1]
    return ordered[first]


def _fresh(age_days: Floats, rule: PlusK) -> Floats:
    if np.any(~((age_days >= 0) & (age_days < rule.days))):
        raise ValueError(f"a credit counts for {rule.days} days from 0 on")
    return 1.0 - age_days / rule.days

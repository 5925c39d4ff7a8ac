"""Why a score is what it is, in shares, and why it changed, in points that add up exactly."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from scoring.core.model import Model
from scoring.core.parts import Apart, NetworkParts, Parts, packed
from scoring.core.plus_k import MEASURE, NETWORK

__all__ = [
    "Apart",
    "ChangeKind",
    "ChangePart",
    "NetworkParts",
    "Parts",
    "Share",
    "change",
    "packed",
    "plus_k_share",
    "shares",
    "total_change",
]


class ChangeKind(StrEnum):
    """What a part of a change comes from."""

    # Reactions or audience came in, over the whole range more than faded.
    NEW = "new"
    # What was there faded or went, and less came in.
    FADING = "fading"
    # An account was linked, or unlinked.
    LINKED = "linked"
    UNLINKED = "unlinked"
    # A true value replaced an imputed or carried one.
    CORRECTION = "correction"
    # Points held back by the daily cap, or counted now after having been held back.
    HELD_BACK = "held_back"
    # Another version of the model.
    MODEL = "model"


@dataclass(frozen=True, slots=True)
class Share:
    """A signal's share of a score; all shares of a score sum to 1 (a score of 1 has none).

    Account 0 where it is of no account: +K.
    """

    account_id: int
    network: str
    measure: str
    share: float


@dataclass(frozen=True, slots=True)
class ChangePart:
    """A part of a change in points; account 0, network "" and measure "" where there is none.

    +K is of account 0 and has a network's name and measure of its own.
    """

    kind: ChangeKind
    account_id: int
    network: str
    measure: str
    points: float


def plus_k_share(parts: Parts, model: Model) -> float:
    """Return the share of +K in a score, 0–1: its points among those of the person's strength.

    What is left is shared by the networks. So it is what it would be as a signal of a person's
    only network.
    """
    if parts.plus_k is None:
        return 0.0
    mass = sum(part.mass for part in parts.networks.values())
    return parts.plus_k.points / (math.log1p(mass) / model.params.beta + parts.plus_k.points)


def shares(parts: Parts, model: Model) -> list[Share]:
    """Return what each signal's share of the score is, greatest first, each above 0, sum 1.

    A network's share is its part of the person's mass; in it, signals share by their points. +K
    has its share first (`plus_k_share`). An empty list where the person has neither mass nor +K: a
    score of 1 is made of nothing.
    """
    total = sum(part.mass for part in parts.networks.values())
    credit = plus_k_share(parts, model)
    found = [Share(0, NETWORK, MEASURE, credit)] if credit else []
    for account_id, part in parts.networks.items() if total > 0 else ():
        strength = sum(part.parts.values())
        for measure, points in part.parts.items():
            share = (1 - credit) * part.mass / total * (points / strength) if points > 0 else 0.0
            if share > 0:
                found.append(Share(account_id, part.network, measure, share))
    return sorted(found, key=lambda s: (-s.share, s.account_id, s.measure))


def change(first: Parts, last: Parts, model: Model) -> list[ChangePart]:
    """Return the parts of the change of the shown score from `first` to `last`.

    The parts sum to (last.raw − last.held_back) − (first.raw − first.held_back) to 1e-9.

    Parameters
    ----------
    first, last : Parts
        Of one person, on two days, usually one after the other.
    model : Model
        The version of both; where they differ, the whole change is one part of kind MODEL.

    Notes
    -----
    The logarithmic-mean decomposition (LMDI-I; Ang, Energy Policy 33, 2005, 867–871) of
    score = g(log(1 + M)/β + K), M = Σ exp(β z) − 1, z = Σ parts: each change of a part counts with
    the logarithmic means of exp(β z) and of 1 + M, and with the chord's slope of g; a change of K,
    the points of +K, with that slope. It has no residual, and a part that does not change has
    exactly 0 points. New and fading of one signal are netted.
    """
    if first.version != last.version:
        return [ChangePart(ChangeKind.MODEL, 0, "", "", _shown(last) - _shown(first))]
    slope, factor = _slopes(first, last, model)
    found = []
    for account_id, before, after in _matched(first.networks, last.networks):
        found += _account_change(account_id, before, after, factor, model.params.beta)
    credit = slope * (_credit(last) - _credit(first))
    found.append(ChangePart(_signed(ChangeKind.NEW, credit), 0, NETWORK, MEASURE, credit))
    held = first.held_back - last.held_back
    if held:
        found.append(ChangePart(ChangeKind.HELD_BACK, 0, "", "", held))
    return [part for part in found if part.points]


def total_change(days: Iterable[Parts], models: Mapping[str, Model]) -> list[ChangePart]:
    """Return the parts of the change over a range of days: the daily ones, netted per signal.

    Parameters
    ----------
    days : iterable of Parts
        In the order of time; the first is the day from which the change is counted. A day on
        which the version changed is there twice: under the old version, then under the new one.
    models : mapping of str to Model
        Of every version among the days.

    Returns
    -------
    list of ChangePart
        Greatest first; a signal's kind NEW or FADING follows the sign of its sum.
    """
    sums: dict[tuple[ChangeKind, int, str, str], float] = {}
    before: Parts | None = None
    for day in days:
        for part in [] if before is None else change(before, day, models[before.version]):
            moved = part.kind in (ChangeKind.NEW, ChangeKind.FADING)
            kind = ChangeKind.NEW if moved else part.kind
            key = (kind, part.account_id, part.network, part.measure)
            sums[key] = sums.get(key, 0.0) + part.points
        before = day
    found = [
        ChangePart(_signed(kind, points), account_id, network, measure, points)
        for (kind, account_id, network, measure), points in sums.items()
        if points
    ]
    return sorted(found, key=lambda p: (-abs(p.points), p.kind, p.account_id, p.measure))


def _matched(
    first: Mapping[int, NetworkParts], last: Mapping[int, NetworkParts]
) -> list[tuple[int, NetworkParts | None, NetworkParts | None]]:
    """Return what there was and is of each network with the number that it is filed under.

    One of several accounts may have been linked or unlinked: whatever shares an account is the
    same.
    """
    filed = {other: key for key, part in first.items() for other in (key, *part.others)}
    found: list[tuple[int, NetworkParts | None, NetworkParts | None]] = []
    left = dict(first)
    for key, part in last.items():
        known = [filed[other] for other in (key, *part.others) if other in filed]
        before = next((left.pop(other) for other in known if other in left), None)
        found.append((key, before, part))
    found += [(key, part, None) for key, part in left.items()]
    return sorted(found, key=lambda row: row[0])


def _shown(parts: Parts) -> float:
    return parts.raw - parts.held_back


def _signed(kind: ChangeKind, points: float) -> ChangeKind:
    if kind is ChangeKind.NEW and points < 0:
        return ChangeKind.FADING
    return kind


def _log_mean(log_a: float, log_b: float) -> float:
    """Return the logarithmic mean of exp(log_a) and exp(log_b): (b − a)/(log b − log a)."""
    difference = log_b - log_a
    if difference == 0:
        return math.exp(log_a)
    return math.exp(log_a) * math.expm1(difference) / difference


def _slopes(first: Parts, last: Parts, model: Model) -> tuple[float, float]:
    """Return the points of score per point of strength, and per unit of mass, between two days."""
    beta = model.params.beta
    days = (first, last)
    logs = [
        math.log1p(sum(math.expm1(beta * _strength(n)) for n in parts.networks.values()))
        for parts in days
    ]
    ends = [log / beta + _credit(parts) for log, parts in zip(logs, days, strict=True)]
    moved = ends[1] - ends[0]
    # Rounding of the chord of a tiny move: the tangent is exact to second order.
    if abs(moved) * beta < 1e-6:
        slope = float(model.slope((ends[0] + ends[1]) / 2))
    else:
        scale = model.scale(np.array(ends))
        slope = (float(scale[1]) - float(scale[0])) / moved
    return slope, slope / beta / _log_mean(logs[0], logs[1])


def _credit(parts: Parts) -> float:
    return parts.plus_k.points if parts.plus_k is not None else 0.0


def _strength(part: NetworkParts) -> float:
    return sum(part.parts.values())


def _account_change(
    account_id: int,
    before: NetworkParts | None,
    after: NetworkParts | None,
    factor: float,
    beta: float,
) -> list[ChangePart]:
    some = after or before
    assert some is not None
    old: Mapping[str, float] = before.parts if before else {}
    new: Mapping[str, float] = after.parts if after else {}
    log_mean = _log_mean(beta * sum(old.values()), beta * sum(new.values()))
    found = []
    for measure in {**old, **new}:
        moved = new.get(measure, 0.0) - old.get(measure, 0.0)
        points = factor * log_mean * beta * moved
        kind = _kind(before, after, measure, points)
        if before and after and 1 + len(before.others) != 1 + len(after.others):
            # The day's own change is told with it: the two cannot be told apart.
            more = len(after.others) > len(before.others)
            kind = ChangeKind.LINKED if more else ChangeKind.UNLINKED
        found.append(ChangePart(kind, account_id, some.network, measure, points))
    return found


def _kind(
    before: NetworkParts | None, after: NetworkParts | None, measure: str, points: float
) -> ChangeKind:
    if before is None:
        return ChangeKind.LINKED
    if after is None:
        return ChangeKind.UNLINKED
    if (measure in before.imputed) != (measure in after.imputed):
        return ChangeKind.CORRECTION
    if before.carried and not after.carried:
        return ChangeKind.CORRECTION
    return _signed(ChangeKind.NEW, points)

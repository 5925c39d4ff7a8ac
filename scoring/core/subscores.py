"""Reach, amplification and network: three sides of one score, each from 1 to 100.

They are computed from the amounts that entered the score (`core.parts.Parts`), so that whoever has
read an explanation needs nothing else. Amounts that were filled in for a network that does not
tell them are left out here: a side says what was seen.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scoring.core.model import Model
from scoring.core.params.definition import Family
from scoring.core.parts import NetworkParts, Parts

Floats = npt.NDArray[np.float64]

# The kinds of reaction that show a post to further people.
PASSED_ON = ("reshares", "quotes")

# Each side is the scale of the score over weight · log2(1 + amount / unit), with weights by which
# the reference person of docs/scoring.md (score 67; 290 people, 45 of whom pass posts on, quality
# 490) stands at 67 ± 0.6 on all three: whoever reacts in the usual mix has three equal sides, near
# the score. One person, one hundredth and one ordinary person are the units: the least that says
# something.
REACH_UNIT, REACH_WEIGHT = 1.0, 8.0
AMPLIFICATION_UNIT, AMPLIFICATION_WEIGHT = 0.01, 16.5
NETWORK_UNIT, NETWORK_WEIGHT = 1.0, 7.4

# So many further people who pass nothing on are supposed behind everybody's rate: the unit of
# people of the model, under which a rate is mostly chance. Two of two are then 20 %, not 100 %.
SUPPOSED_PEOPLE = 8.0

# Parts below those of the inputs by more than this share were limited.
ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Amounts:
    """What the sides are made of, over all accounts of a person."""

    # Different people who react, decayed: of one account at least those of its largest kind of
    # reaction, at most the sum of all kinds; the middle of the two.
    people: float
    # The same of those who reshare or quote; ≤ people.
    passing_on: float
    # Ordinary people whom the reactors stand for (measure "quality").
    standing: float
    # False where no network of the person tells the kinds of reaction, or the reactors' standing.
    people_told: bool
    passing_on_told: bool
    standing_told: bool

    @property
    def rate(self) -> float:
        """Of those who react, the share that passes on, 0–1, shrunk by SUPPOSED_PEOPLE."""
        return self.passing_on / (self.people + SUPPOSED_PEOPLE)

    @property
    def mean_standing(self) -> float:
        """Ordinary people for whom one reactor stands on average; 0 without any."""
        return self.standing / self.people if self.people else 0.0


@dataclass(frozen=True, slots=True)
class Subscores:
    """The three sides of a score, each 1–100; None where no network of the person tells it."""

    reach: float | None
    amplification: float | None
    network: float | None
    amounts: Amounts


def subscores(parts: Parts, model: Model) -> Subscores:
    """Return how many people are moved, how likely they pass posts on, and who they are.

    Parameters
    ----------
    parts : Parts
        Of one person on one day.
    model : Model
        Of the same version: its scale bends the sides above 80 as it bends the score.

    Notes
    -----
    Reach never falls with a further reaction, network neither (law 2: `standing` is a sum, so that
    a reaction of somebody unknown takes nothing from anybody's). Amplification is a rate: it rises
    with each further person who passes something on, and is the lower the more react otherwise.
    An account without reactions has 1 on all three.
    """
    amounts = amounts_of(parts, model)
    sides = model.scale(
        np.array(
            [
                _points(amounts.people, REACH_UNIT, REACH_WEIGHT),
                _points(amounts.rate, AMPLIFICATION_UNIT, AMPLIFICATION_WEIGHT),
                _points(amounts.standing, NETWORK_UNIT, NETWORK_WEIGHT),
            ]
        )
    ).tolist()
    return Subscores(
        reach=sides[0] if amounts.people_told else None,
        amplification=sides[1] if amounts.passing_on_told else None,
        network=sides[2] if amounts.standing_told else None,
        amounts=amounts,
    )


def amounts_of(parts: Parts, model: Model) -> Amounts:
    """Return what the sides are made of: sums over the person's accounts.

    Of an account that its server's standing limits (core.servers) as much as the share of its mass
    that counted: nobody is reached because a server says so.
    """
    params = model.params
    kinds = [m.name for m in params.measures if m.family in (Family.REACTION, Family.ANONYMOUS)]
    named = [m.name for m in params.measures if m.family is Family.REACTION]
    passed_on = [name for name in named if name in PASSED_ON]
    standing = [m.name for m in params.measures if m.family is Family.QUALITY]
    accounts = list(parts.networks.values())
    shares = [_counted(account, model) for account in accounts]
    weighed = list(zip(accounts, shares, strict=True))
    return Amounts(
        people=math.fsum(share * _different(account, kinds) for account, share in weighed),
        passing_on=math.fsum(share * _different(account, passed_on) for account, share in weighed),
        standing=math.fsum(
            share * _known(account, name) for account, share in weighed for name in standing
        ),
        people_told=_told(accounts, kinds),
        passing_on_told=_told(accounts, passed_on),
        standing_told=_told(accounts, standing),
    )


def _points(amount: float, unit: float, weight: float) -> float:
    return weight * math.log1p(amount / unit) / math.log(2)


def _counted(account: NetworkParts, model: Model) -> float:
    """Return the share of an account's mass that counted, 1 without a limit.

    Read from the named parts: a limit on anonymous counts leaves them as they are.
    """
    named = [m.name for m in model.params.measures if m.family is not Family.ANONYMOUS]
    counted = math.fsum(account.parts.get(name, 0.0) for name in named)
    if not counted:
        return 1.0
    x = np.array([[account.x.get(name) or 0.0 for name in model.measures]])
    points = dict(zip(model.measures, model.parts(x, [account.network])[0].tolist(), strict=True))
    whole = math.fsum(points[name] for name in named)
    if counted >= whole * (1 - ROUNDING):
        return 1.0
    beta = model.params.beta
    return math.expm1(beta * counted) / math.expm1(beta * whole)


def _different(account: NetworkParts, names: list[str]) -> float:
    """Return about how many different people are behind several kinds of reaction."""
    amounts = [_known(account, name) for name in names]
    return (max(amounts, default=0.0) + math.fsum(amounts)) / 2


def _known(account: NetworkParts, name: str) -> float:
    return 0.0 if name in account.imputed else account.x.get(name) or 0.0


def _told(accounts: list[NetworkParts], names: list[str]) -> bool:
    return not accounts or any(
        name not in account.imputed and account.x.get(name) is not None
        for account in accounts
        for name in names
    )

"""The measures that attacks are tried on, each in the points of the score: ours and three others.

Pure. The others are put on our scale by the people whom nobody attacks: whoever stands at the same
place of two rankings has the same points. So a measure that an attack lifts past a quarter of the
population has lifted it by as many points as that quarter is apart.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scoring.gaming.observed import Observed
from scoring.learning import baselines
from scoring.learning.pairs import NAMES

Floats = npt.NDArray[np.float64]

OURS, FOLLOWERS, ENGAGEMENT, KRED = "this score", "follower-log", "raw engagement", "Kred-style"
MEASURES = (OURS, FOLLOWERS, ENGAGEMENT, KRED)
# Vendors of raw engagement add up a month.
ENGAGEMENT_DAYS = 28
# Quantiles of the population at which two scales are tied together: fewer than 20 people between
# two of them would follow single people instead of the population.
KNOTS = 11


def values(of: Observed) -> dict[str, Floats]:
    """Return each measure of the people and days, (P, D), in its own unit."""
    return {
        OURS: of.scores,
        FOLLOWERS: np.log10(1 + of.followers),
        ENGAGEMENT: np.log10(1 + _last_days(of.reactions, ENGAGEMENT_DAYS)),
        KRED: _kred(of),
    }


def _last_days(counts: Floats, days: int) -> Floats:
    """Return for each day the sum over so many days up to it."""
    sums = np.cumsum(counts, axis=1)
    sums[:, days:] -= sums[:, :-days].copy()
    return sums


def _kred(of: Observed) -> Floats:
    """Return Kred's level of the people and days: what was received adds up and never fades."""
    people, days = of.scores.shape
    features = np.zeros((people * days, len(NAMES)))
    received = {
        "follower_count": of.followers,
        "listed_count": of.lists,
        "mentions_received": np.cumsum(of.mentions, axis=1),
        "retweets_received": np.cumsum(of.reshares, axis=1),
    }
    for name, counts in received.items():
        features[:, NAMES.index(name)] = counts.ravel()
    # The top of 1,000 is one and the same for both runs only before it is made relative.
    level: Floats = baselines.kred_level(features).reshape(people, days)
    return level


@dataclass(frozen=True, slots=True)
class Scale:
    """What a measure's value is in points: straight between the knots, and on beyond the last."""

    at: Floats
    points: Floats

    def of(self, value: Floats) -> Floats:
        """Return the points, 1 … 100, of values."""
        inside = np.interp(value, self.at, self.points)
        if self.at.size < 2:
            return np.full(np.shape(value), self.points[0])
        slope = (self.points[-1] - self.points[-2]) / max(self.at[-1] - self.at[-2], 1e-9)
        beyond = self.points[-1] + slope * (value - self.at[-1])
        found: Floats = np.clip(np.where(value > self.at[-1], beyond, inside), 1.0, 100.0)
        return found


def scale(value: Floats, score: Floats) -> Scale:
    """Return the scale that gives a population (P,) the distribution of its scores.

    Nothing is one point; the quantiles of the population are tied to one another.
    """
    shares = np.linspace(0, 1, KNOTS)
    at = np.concatenate([[0.0], np.quantile(value, shares)])
    points = np.concatenate([[1.0], np.quantile(score, shares)])
    # Of people with equal values the middle of their scores.
    distinct = np.unique(at)
    tied = np.array([points[at == each].mean() for each in distinct])
    if distinct[0] == 0.0:
        tied[0] = 1.0
    return Scale(distinct, np.maximum.accumulate(tied))


def in_points(control: Observed, attacked: Observed, calm: npt.NDArray[np.bool_]) -> "Both":
    """Return both runs in points, tied together by those of the control run who are `calm` (P,)."""
    before, after = values(control), values(attacked)
    found: dict[str, tuple[Floats, Floats]] = {OURS: (before[OURS], after[OURS])}
    last = control.scores[calm, -1]
    for name in MEASURES[1:]:
        tie = scale(before[name][calm, -1], last)
        found[name] = (tie.of(before[name]), tie.of(after[name]))
    return Both(found)


@dataclass(frozen=True, slots=True)
class Both:
    """Each measure in the control run and in the attacked one, points, each (P, D)."""

    of: dict[str, tuple[Floats, Floats]]

    def gains(self, name: str, people: npt.NDArray[np.int64], first_day: int) -> Floats:
        """Return the largest gain of a day from the first one on, of each of the people."""
        control, attacked = self.of[name]
        apart = attacked[people, first_day:] - control[people, first_day:]
        most: Floats = np.nanmax(apart, axis=1)
        return most

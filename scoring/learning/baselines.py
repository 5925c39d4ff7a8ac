"""What the model is compared with: followers, lists, points as Kred gave them, free regressions."""

import numpy as np
import numpy.typing as npt

from scoring.learning.pairs import NAMES

Floats = npt.NDArray[np.float64]

# Kred, 2011–: ten points for a common action (a reply, mention, reshare, follow, list).
KRED_POINTS = 10.0
# Its second level was at 270 points and the first at 100: each 2.7 times harder.
KRED_FIRST_LEVEL_POINTS = 100.0
# The top person of the population has 1,000.
KRED_MOST = 1000.0


def followers(features: Floats) -> Floats:
    """Return log10(1 + followers) of the accounts of the pairs, shape (A,)."""
    result: Floats = np.log10(1 + features[:, NAMES.index("follower_count")])
    return result


def lists(features: Floats) -> Floats:
    """Return log10(1 + lists), shape (A,)."""
    result: Floats = np.log10(1 + features[:, NAMES.index("listed_count")])
    return result


def kred(features: Floats) -> Floats:
    """Return points as Kred gave them, 0 … 1,000, shape (A,): the top account has 1,000."""
    level = kred_level(features)
    top = level.max(initial=0.0)
    result: Floats = KRED_MOST * level / top if top > 0 else level
    return result


def kred_level(features: Floats) -> Floats:
    """Return on which of Kred's levels the accounts are, from 0 on, shape (A,).

    Notes
    -----
    Ten points for each mention, reshare, follow and list that the account received; then the
    curve, by which each level takes 2.7 times the points of the one before. The additional points
    for actors of more than 10,000 followers cannot be told from pairs and are left out.
    """
    received = ("follower_count", "listed_count", "mentions_received", "retweets_received")
    points = KRED_POINTS * sum(features[:, NAMES.index(name)] for name in received)
    level: Floats = np.log1p(np.asarray(points, dtype=np.float64) / KRED_FIRST_LEVEL_POINTS)
    return level


def all_logs(features: Floats) -> Floats:
    """Return the logs of all eleven features, for the regression without constraint, (A, 11)."""
    result: Floats = np.log1p(features)
    return result


def influence_logs(features: Floats) -> Floats:
    """Return the logs of what others did, for the non-negative log-linear baseline, (A, 6)."""
    column = dict(zip(NAMES, features.T, strict=True))
    result: Floats = np.log1p(
        np.column_stack(
            [
                column["follower_count"],
                column["listed_count"],
                column["mentions_received"],
                column["retweets_received"],
                column["network_feature_1"],
                column["network_feature_1"] * column["network_feature_2"],
            ]
        )
    )
    return result

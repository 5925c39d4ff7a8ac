"""Which posts moved a score on a day, by how many points, and how many people acted on them."""

from collections.abc import Sequence

import numpy as np

from connectors.types import Kind
from scoring import loading, windows
from scoring.core import moments, trust
from scoring.core.params import Params
from scoring.loading import Floats, Integers
from scoring.windows import PostWindow

# A post that brought less on a day is no moment.
LEAST_POINTS = 0.01

# Posts, the positions of their accounts, points, and people: arrays of one length.
Moved = tuple[Integers, Integers, Floats, Integers]


def none() -> Moved:
    """Return that no post moved anything."""
    nothing = np.zeros(0, dtype=np.int64)
    return nothing, nothing, np.zeros(0), nothing


def moved(
    gain: Floats,
    today: PostWindow,
    window: Sequence[PostWindow],
    unit_of: Integers,
    params: Params,
) -> Moved:
    """Return the posts that moved a score on the day.

    Parameters
    ----------
    gain : ndarray, shape (U,)
        What the reactions of the day brought each unit, in points.
    today : PostWindow
        The reactions of the day; those to no post have the post 0 and keep their share.
    window : sequence of PostWindow
        Those of the last days, the day itself included: for the number of people.
    unit_of : ndarray of int, shape (A,)
        The unit of each account.
    params : Params
    """
    # Added up in one order, whatever the order of the rows.
    keys = (today.trust_class, today.kind, today.post, today.account)
    today = windows.picked(today, np.lexsort(keys))
    weight = today.people * trust.class_weights(today.trust_class, params)
    nowhere = today.post == 0
    elsewhere = np.bincount(
        unit_of[today.account[nowhere]], weights=weight[nowhere], minlength=gain.size
    )
    ids, first, inverse = np.unique(today.post[~nowhere], return_index=True, return_inverse=True)
    account = today.account[~nowhere][first]
    total = np.bincount(inverse, weights=weight[~nowhere], minlength=ids.size)
    points = moments.points_per_post(gain, unit_of[account], total, elsewhere)
    keep = points >= LEAST_POINTS
    return ids[keep], account[keep], points[keep], _people_of(ids[keep], window)


def _people_of(posts: Integers, window: Sequence[PostWindow]) -> Integers:
    """Return how many people acted on each post in the window, at least.

    Each likes or reshares a post once, so the most frequent kind counts distinct people.
    """
    kinds = max(Kind) + 1
    sums = np.zeros(posts.size * kinds)
    for block in window:
        place = loading.positions(posts, block.post)
        rows = place >= 0
        group = place[rows] * kinds + block.kind[rows]
        sums += np.bincount(group, weights=block.people[rows], minlength=sums.size)
    most: Integers = sums.reshape(posts.size, kinds).max(axis=1, initial=0).astype(np.int64)
    return most

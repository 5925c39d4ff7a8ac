"""How strongly one person acts on another: whom somebody listens to, and who listens to them."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

# What an act of each kind says of a relation, in likes. By what it costs: words more than a click,
# showing a post to one's own audience more than words. Only their order is taken from research:
# reshares and mentions tell influence where likes and follows hardly do (Cha et al., "Measuring
# User Influence in Twitter: The Million Follower Fallacy", ICWSM 2010). A follow is one click once.
KIND_WEIGHTS = {
    "like": 1.0,
    "reshare": 3.0,
    "comment": 2.0,
    "quote": 3.0,
    "mention": 2.0,
    "follow": 1.0,
    "save": 1.0,
}
# A relation outlives a post: it is told of the last quarter, and a month ago counts half.
HALF_LIFE_DAYS = 30.0
WINDOW_DAYS = 90


def strengths(
    person: npt.ArrayLike,
    weight: npt.ArrayLike,
    age_days: npt.ArrayLike,
    count: npt.ArrayLike,
    n_people: int,
) -> Floats:
    """Return how strong each relation is, ≥ 0, shape (n_people,), in likes of today.

    Parameters
    ----------
    person : array_like of int, shape (N,), 0 … n_people − 1
        The other one of each row. A row is one kind of act on one day.
    weight : array_like, shape (N,)
        Of the row's kind (KIND_WEIGHTS), ≥ 0.
    age_days : array_like, shape (N,)
        Days since the row's day, ≥ 0.
    count : array_like of int, shape (N,)
        Acts of that kind on that day, ≥ 0.
    n_people : int

    Notes
    -----
    Σ weight · 2^(−age / half-life) · log2(1 + count): three likes on one day are two, so that
    somebody who reacts every day is closer than somebody who once clicked through everything.
    One more act never weakens a relation. The query of scoring.insights.relations sums the same
    in the database.
    """
    index = np.asarray(person, dtype=np.int64)
    weights, ages, counts = (
        np.asarray(values, dtype=np.float64) for values in (weight, age_days, count)
    )
    for name, values in (("weight", weights), ("age_days", ages), ("count", counts)):
        if np.any(~(values >= 0)):
            raise ValueError(f"{name} must not be negative or NaN")
    parts = weights * np.exp2(-ages / HALF_LIFE_DAYS) * np.log2(1.0 + counts)
    return np.bincount(index, weights=parts, minlength=n_people).astype(np.float64)

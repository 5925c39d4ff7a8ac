"""Human judgements on pairs of accounts: the file's format, and the way into the model's inputs."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from scoring.core.params.definition import Family, Params
from scoring.learning import tables
from scoring.learning.tables import BadTable, Column

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Indexes = npt.NDArray[np.int64]

# Counts above are refused, as the model does.
_MOST = 5e9
FEATURES = (
    Column("follower_count", "followers, people", high=_MOST),
    Column("following_count", "accounts followed", high=_MOST),
    Column("listed_count", "lists that the account is on", high=_MOST),
    Column("mentions_received", "mentions by others, time-decayed count", high=_MOST),
    Column("retweets_received", "reshares by others, time-decayed count", high=_MOST),
    Column("mentions_sent", "mentions of others, time-decayed count", high=_MOST),
    Column("retweets_sent", "reshares of others, time-decayed count", high=_MOST),
    Column("posts", "posts, time-decayed count", high=_MOST),
    Column("network_feature_1", "people who interacted with the account", high=_MOST),
    Column("network_feature_2", "mean standing of these people, any unit", high=_MOST),
    Column("network_feature_3", "mean audience of these people; not used", high=_MOST),
)
CHOICE = Column("Choice", "1 where A was judged the more influential, 0 where B was", high=1.0)
COLUMNS = (
    CHOICE,
    *(
        Column(f"{side}_{c.name}", f"account {side}: {c.meaning}", high=c.high)
        for side in "AB"
        for c in FEATURES
    ),
)
NAMES = tuple(c.name for c in FEATURES)

# The median standing of a reactor (network_feature_2) over the accounts of the first pairs that
# were measured: by it, quality becomes a number of ordinary people.
ORDINARY_STANDING = 50.0


@dataclass(frozen=True, slots=True)
class Judgements:
    """Pairs of accounts of which people said which is the more influential.

    Attributes
    ----------
    choice : ndarray of float, shape (N,)
        1.0 where the first account was chosen, 0.0 where the second.
    first, second : ndarray of int, shape (N,)
        Rows of `features`. Accounts are told apart by their features: the file has no names.
    features : ndarray, shape (A, 11)
        In the order of `NAMES`.
    sha256 : str
        Of the file, in hex; "" for pairs that came from none.
    """

    choice: Floats
    first: Indexes
    second: Indexes
    features: Floats
    sha256: str = ""

    @property
    def n_accounts(self) -> int:
        """How many accounts there are (A)."""
        return len(self.features)


def read(path: Path) -> Judgements:
    """Return the pairs of a CSV file.

    Raises BadTable where a column is missing or a value is none, and where all answers are the
    same, of which nothing can be learned.
    """
    rows = tables.read(path, COLUMNS)
    choice = np.array(rows.numbers["Choice"])
    wrong = np.flatnonzero((choice != 0) & (choice != 1))
    if wrong.size:
        raise BadTable(f"{path.name}: Choice of pair {wrong[0] + 1} is {choice[wrong[0]]:g}.")
    if np.all(choice == choice[0]):
        raise BadTable(f"{path.name}: Choice is {choice[0]:g} in all rows.")
    both = [
        np.column_stack([rows.numbers[f"{side}_{name}"] for name in NAMES]) for side in ("A", "B")
    ]
    return judgements(choice, both[0], both[1], rows.sha256)


def judgements(choice: Floats, a: Floats, b: Floats, sha256: str = "") -> Judgements:
    """Return pairs whose accounts are told apart by their features, shapes (N,), (N, 11) twice."""
    features, inverse = np.unique(np.vstack([a, b]), axis=0, return_inverse=True)
    index = inverse.ravel().astype(np.int64)
    return Judgements(choice, index[: len(a)], index[len(a) :], features, sha256)


def inputs(features: Floats, params: Params) -> tuple[Floats, Bools]:
    """Return the model's inputs for accounts of the pairs, and which of them are unknown.

    Notes
    -----
    followers = follower_count; lists = listed_count; mentions and reshares = what was received;
    quality = network_feature_1 · network_feature_2 / 50, the sum of the reactors' standing in
    ordinary people. The other kinds of reaction and single posts are unknown, so the model imputes
    them as it does for a person whose network cannot give them. What the account itself does
    (following, sent, posts) is no input of the model.
    """
    column = dict(zip(NAMES, features.T, strict=True))
    known = {
        "followers": column["follower_count"],
        "lists": column["listed_count"],
        "mentions": column["mentions_received"],
        "reshares": column["retweets_received"],
        "quality": np.minimum(
            column["network_feature_1"] * column["network_feature_2"] / ORDINARY_STANDING,
            params.max_count,
        ),
    }
    x = np.zeros((len(features), len(params.measures)))
    unknown = np.zeros(x.shape, dtype=np.bool_)
    for k, measure in enumerate(params.measures):
        if measure.name in known:
            x[:, k] = known[measure.name]
        elif measure.family is not Family.ANONYMOUS:
            unknown[:, k] = True
    return x, unknown

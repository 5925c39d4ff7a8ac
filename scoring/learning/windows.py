"""Prediction of what comes: people ranked on one window, the reactions per post of the next."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt

from scoring.core import features, trust
from scoring.core.model import Model
from scoring.core.params.definition import Family, Params
from scoring.learning import tables
from scoring.learning.auc import ranks, spearman, standard_error
from scoring.learning.tables import BadTable, Column

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

WINDOW_DAYS = 14
# A post's reactions are counted on its day and the two after it, in both windows alike.
GATHER_DAYS = 3
DRAWS = 200

KINDS = {
    "like": "likes",
    "reshare": "reshares",
    "comment": "comments",
    "quote": "quotes",
    "mention": "mentions",
}
CASCADE_COLUMNS = (
    Column("author", "any name or key of who published the post", kind="text"),
    Column("author_followers", "followers of the author on that day, people", high=5e9),
    Column("post", "any name or key of the post", kind="text"),
    Column("posted_on", "day of the post (UTC)", kind="day"),
    Column(
        "kind",
        "how somebody reacted: " + ", ".join(KINDS) + "; empty for a post without reactions",
        kind="text",
        may_be_empty=True,
    ),
    Column("reactor", "any name or key of who reacted", kind="text", may_be_empty=True),
    Column(
        "reactor_followers",
        "followers of the reactor, people; empty where unknown",
        high=5e9,
        may_be_empty=True,
    ),
    Column("reacted_on", "day of the reaction (UTC)", kind="day", may_be_empty=True),
)


@dataclass(frozen=True, slots=True)
class Prediction:
    """How well one ranking of a window orders the people by the next."""

    name: str
    # Rank correlation with the reactions per post of the next window, and its standard error.
    spearman: float
    error: float
    # The score's correlation minus this one's, over the same people; 0 for the score itself.
    behind: float
    behind_error: float


@dataclass(frozen=True, slots=True)
class Predicted:
    """The rankings that were compared, the score's first."""

    rows: list[Prediction]
    people_count: int
    # Last day of the window that is ranked on.
    split: date


SCORE = "this score"


def compare(
    rankings: Mapping[str, Floats], outcome: Floats, split: date, *, seed: int = 0
) -> Predicted | None:
    """Return how each ranking agrees with the outcome; None for fewer than three people.

    Parameters
    ----------
    rankings : mapping of name to ndarray, shape (P,)
        `SCORE` first.
    outcome : ndarray, shape (P,)
        Reactions per post of the next window.
    """
    if len(outcome) < 3:
        return None
    rng = np.random.default_rng(seed)
    picks = rng.integers(0, len(outcome), (DRAWS, len(outcome)))
    found = {
        name: (
            spearman(values, outcome),
            np.array([spearman(values[pick], outcome[pick]) for pick in picks]),
        )
        for name, values in rankings.items()
    }
    value, drawn = found[SCORE]
    rows = [
        Prediction(name, of[0], standard_error(of[1]), value - of[0], standard_error(drawn - of[1]))
        for name, of in found.items()
    ]
    return Predicted(rows, len(outcome), split)


@dataclass(frozen=True, slots=True)
class Cascades:
    """Posts and reactions to them; days as days since 0001-01-01.

    Attributes
    ----------
    post_author, post_day : ndarray of int, shape (N,)
    post_followers : ndarray, shape (N,)
        Followers of the author on that day.
    post, reactor, day : ndarray of int, shape (R,)
        Of each reaction: position of its post, key of who reacted, day.
    kind : ndarray of int, shape (R,)
        Position in KINDS.
    reactor_followers : ndarray, shape (R,)
        NaN where unknown.
    """

    post_author: Integers
    post_day: Integers
    post_followers: Floats
    post: Integers
    reactor: Integers
    day: Integers
    kind: Integers
    reactor_followers: Floats


def read_cascades(path: Path) -> Cascades:
    """Return the posts and reactions of a CSV file, one row for each reaction. Raises BadTable.

    A post without reactions has one row in which kind, reactor and day are empty. The reactor's
    own posts make no reaction: an author who reacts to themselves is left out.
    """
    rows = tables.read(path, CASCADE_COLUMNS)
    posted = np.array([day.toordinal() for day in rows.days["posted_on"]])
    reacted = np.array([day.toordinal() for day in rows.days["reacted_on"]])
    people = {name: n for n, name in enumerate(rows.texts["author"] + rows.texts["reactor"])}
    author = np.array([people[name] for name in rows.texts["author"]])
    reactor = np.array([people[name] for name in rows.texts["reactor"]])
    words = {"": -1} | {word: n for n, word in enumerate(KINDS)}
    for number, (word, name) in enumerate(
        zip(rows.texts["kind"], rows.texts["reactor"], strict=True)
    ):
        where = f"{path.name}, reaction {number + 1}"
        if word not in words:
            raise BadTable(f"{where}: kind is {word!r}; it must be {', '.join(KINDS)} or empty.")
        if bool(word) != bool(name) or bool(word) != (reacted[number] > 1):
            raise BadTable(f"{where}: kind, reactor and reacted_on must all be given, or none.")
        if word and reacted[number] < posted[number]:
            raise BadTable(f"{where}: reacted_on is before posted_on.")
    kind = np.array([words[word] for word in rows.texts["kind"]])
    _, first, post = np.unique(np.array(rows.texts["post"]), return_index=True, return_inverse=True)
    post = post.ravel()
    for name, column in (("author", author), ("posted_on", posted)):
        differs = np.flatnonzero(column != column[first][post])
        if differs.size:
            raise BadTable(
                f"{path.name}, reaction {differs[0] + 1}: {name} differs from another row of "
                "the same post."
            )
    keep = (kind >= 0) & (reactor != author)
    return Cascades(
        author[first],
        posted[first],
        np.array(rows.numbers["author_followers"])[first],
        post[keep],
        reactor[keep],
        reacted[keep],
        kind[keep],
        np.array(rows.numbers["reactor_followers"])[keep],
    )


def predict(
    told: Cascades, params: Params, *, window_days: int = WINDOW_DAYS, seed: int = 0
) -> Predicted | None:
    """Return how the score of one window orders the authors by the next.

    The last `window_days` days are the next window, the same number before them gives the own
    past mean; authors with a post in both are compared, None where there are fewer than three.
    """
    end = int(max(told.post_day.max(), told.day.max(initial=0)))
    split = end - window_days
    past, past_authors = reactions_per_post(told, split - window_days, split)
    following, next_authors = reactions_per_post(told, split, end)
    authors = np.intersect1d(past_authors, next_authors)
    score, followers = _scores(told, authors, split, params)
    rankings = {
        SCORE: score,
        "followers": followers,
        "own past mean": past[np.searchsorted(past_authors, authors)],
    }
    outcome = following[np.searchsorted(next_authors, authors)]
    return compare(rankings, outcome, date.fromordinal(max(split, 1)), seed=seed)


def reactions_per_post(told: Cascades, after: int, until: int) -> tuple[Floats, Integers]:
    """Return the mean number of people who reacted to a post, and the authors, ascending.

    Of the posts of the days after `after`, as far as all their counted reactions fall before the
    end of `until`; each person counts once for a post.
    """
    chosen = (told.post_day > after) & (told.post_day <= until - GATHER_DAYS + 1)
    soon = chosen[told.post] & (told.day < told.post_day[told.post] + GATHER_DAYS)
    pairs = np.unique(np.column_stack([told.post[soon], told.reactor[soon]]), axis=0)
    people = np.bincount(pairs[:, 0], minlength=len(told.post_day))
    authors, place = np.unique(told.post_author[chosen], return_inverse=True)
    sums = np.bincount(place.ravel(), weights=people[chosen], minlength=authors.size)
    return sums / np.maximum(np.bincount(place.ravel(), minlength=authors.size), 1), authors


def _scores(told: Cascades, authors: Integers, day: int, params: Params) -> tuple[Floats, Floats]:
    """Return the authors' scores and followers on a day, from what had happened by then."""
    place = {int(author): n for n, author in enumerate(authors)}
    of_post = np.array([place.get(int(author), -1) for author in told.post_author])
    followers = np.zeros(len(authors))
    for n in np.argsort(told.post_day, kind="stable"):
        if of_post[n] >= 0 and told.post_day[n] <= day:
            followers[of_post[n]] = told.post_followers[n]
    age = (day - told.day).astype(np.float64)
    half_lives = [m.half_life_days for m in params.measures if m.half_life_days is not None]
    oldest = params.window_half_lives * max(half_lives)
    rows = (of_post[told.post] >= 0) & (age >= 0) & (age <= oldest)
    account = of_post[told.post[rows]]
    classes = trust.class_from_audience(told.reactor_followers[rows], params)
    measures = features.people_measures(params)
    kinds = np.array([measures.index(name) for name in KINDS.values()])
    pairs = features.Pairs(account, told.reactor[rows], kinds[told.kind[rows]], classes, age[rows])
    one = np.ones(int(rows.sum()), dtype=np.int64)
    acts = features.PostPeople(account, told.post[rows], classes, one, age[rows])
    n_accounts = len(authors)
    people = features.people(pairs, n_accounts, params)
    columns = dict(zip(measures, people.T, strict=True)) | {
        "followers": followers,
        "quality": features.quality(pairs, n_accounts, params),
        "top_posts": features.top_posts(acts, n_accounts, params),
    }
    x = np.zeros((n_accounts, len(params.measures)))
    unknown = np.zeros(x.shape, dtype=np.bool_)
    for k, measure in enumerate(params.measures):
        x[:, k] = columns.get(measure.name, 0.0)
        unknown[:, k] = measure.family is Family.STANDING
    model = Model(params)
    return model.evaluate(x, np.arange(n_accounts), n_accounts, unknown=unknown).raw, followers


@dataclass(frozen=True, slots=True)
class Stability:
    """How much scores move from day to day."""

    people_count: int
    days_count: int
    # Mean size of the change from one day to the next, points.
    mean_change: float
    # Share of people who stand in the same quarter of the ranks on the first and last day, 0–1.
    same_quarter_share: float


def same_quarter(first: Floats, last: Floats) -> float:
    """Return the share of people in the same quarter of the ranks on both days, 0 … 1."""
    if not len(first):
        return float("nan")
    quarters = [np.minimum(4 * (ranks(day) - 0.5) // len(day), 3) for day in (first, last)]
    return float(np.mean(quarters[0] == quarters[1]))

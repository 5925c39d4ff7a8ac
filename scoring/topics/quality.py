"""How often topics are found, and found rightly: on labelled posts of the sample network.

The labels are read here and nowhere else; the texts go the way of fetched posts (the network's own
parser, then the matcher). Standard errors come from drawing the distinct texts again: the same
sentence written by many people tells no more than once.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from connectors.samplenet import history, names, population, rows
from scoring.learning.table import Row
from scoring.topics.matcher import Matcher
from scoring.topics.ontology import own_entries
from scoring.topics.own import PREFIX

Floats = npt.NDArray[np.float64]
START = date(2026, 1, 1)
DAYS = 120
# Of the sample network that `make run` starts.
POPULATION_SEED = 7
DRAWS = 400
SECTION = "topics"


@dataclass(frozen=True, slots=True)
class Labelled:
    """A distinct text, what it is about and what was found, and how often it was written."""

    text: str
    true: frozenset[str]
    found: frozenset[str]
    language: str
    count: int


def evaluated(people: int, seed: int) -> list[Row]:
    """Return the table of the project's own topics on so many invented people."""
    posts = labelled(POPULATION_SEED, people, DAYS, Matcher(own_entries()))
    return table(posts, seed)


def labelled(seed: int, people: int, days: int, matcher: Matcher) -> list[Labelled]:
    """Return the posts of a sample population, texts that are alike together."""
    invented = population.build(seed, people, START, days)
    texts: Counter[tuple[str, frozenset[str], str]] = Counter()
    for number in range(1, invented.people + 1):
        for choice in history.posts_of(invented, number, days - 1).choice.tolist():
            written = rows.text_of(invented, number, choice)
            texts[written.text, frozenset(written.topics), written.language] += 1
    return [
        Labelled(
            text,
            true,
            frozenset(
                topic.removeprefix(PREFIX)
                for topic in matcher.topics(text, names.hashtags_in(text))
            ),
            language,
            count,
        )
        for (text, true, language), count in texts.items()
    ]


def table(posts: Sequence[Labelled], seed: int) -> list[Row]:
    """Return precision and recall over all finds (micro) and as the mean of topics (macro)."""
    slugs = sorted({topic for post in posts for topic in post.true})
    place = {slug: number for number, slug in enumerate(slugs)}
    # What is found though no post is about it counts as a topic of its own, at the end.
    right, wrong, missed = (np.zeros((len(posts), len(slugs) + 1)) for _ in range(3))
    for row, post in enumerate(posts):
        for topic in post.found | post.true:
            column = place.get(topic, len(slugs))
            where = right if topic in post.true & post.found else missed
            where = wrong if topic not in post.true else where
            where[row, column] += post.count
    drawn = np.random.default_rng(seed)
    measured = _measures(right.sum(0), wrong.sum(0), missed.sum(0))
    again = []
    for _ in range(DRAWS):
        times = np.bincount(drawn.integers(0, len(posts), len(posts)), minlength=len(posts))
        again.append(_measures(times @ right, times @ wrong, times @ missed))
    n = sum(post.count for post in posts)
    silent = sum(post.count for post in posts if not post.true)
    rightly_silent = sum(post.count for post in posts if not post.true and not post.found)
    note = f"synthetic; {len(posts)} distinct texts, {len(slugs)} topics"
    return [
        *(
            Row(
                SECTION,
                "labelled posts",
                name,
                value,
                _spread([other[name] for other in again]),
                n,
                note,
            )
            for name, value in measured.items()
        ),
        Row(
            SECTION,
            "posts about nothing",
            "share without any find",
            rightly_silent / silent if silent else None,
            count=silent,
            note="synthetic",
        ),
    ]


def _measures(right: Floats, wrong: Floats, missed: Floats) -> Mapping[str, float]:
    with np.errstate(divide="ignore", invalid="ignore"):
        precision = (right / (right + wrong))[:-1]
        recall = (right / (right + missed))[:-1]
    return {
        "precision, micro": float(right.sum() / max(right.sum() + wrong.sum(), 1)),
        "recall, micro": float(right.sum() / max(right.sum() + missed.sum(), 1)),
        "precision, macro": _mean(precision),
        "recall, macro": _mean(recall),
    }


def _spread(values: Sequence[float]) -> float:
    known = np.array([value for value in values if not math.isnan(value)])
    return float(known.std()) if known.size else math.nan


def _mean(of_topics: Floats) -> float:
    """Return the mean over the topics of which there is one; NaN without any."""
    known = of_topics[~np.isnan(of_topics)]
    return float(known.mean()) if known.size else math.nan


def worst(posts: Sequence[Labelled], kind: str, limit: int = 10) -> list[str]:
    """Return the commonest texts with a false find ("wrong") or without a true one ("missed")."""
    lines = []
    for post in sorted(posts, key=lambda post: -post.count):
        topics = post.found - post.true if kind == "wrong" else post.true - post.found
        if topics:
            lines.append(f"{post.count} × {post.text!r}: {', '.join(sorted(topics))}")
    return lines[:limit]

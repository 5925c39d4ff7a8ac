"""Topics found in posts, against splitting the same texts into words and no more."""

import re
from collections.abc import Iterator
from statistics import median

from connectors.samplenet import history, population, rows
from klout.bench.measure import Goal, Result, in_turns
from scoring.topics.matcher import Matcher
from scoring.topics.ontology import own_entries
from scoring.topics.quality import START

GOAL_A_SECOND = 20_000
_WORD = re.compile(r"\w+")


def matching(posts: int, rounds: int) -> Iterator[Result]:
    """Yield the matcher's time for so many posts of the sample network, on one core."""
    matcher = Matcher(own_entries())
    texts = list(_texts(posts))

    def ours() -> None:
        for text in texts:
            matcher.topics(text)

    def words() -> None:
        for text in texts:
            _WORD.findall(text.lower())

    ours()
    found, split = in_turns(rounds, ours, words)
    yield Result(
        "topics",
        f"topics of {len(texts):,} posts found, one core",
        found,
        [len(texts) / GOAL_A_SECOND] * len(found),
        rows=len(texts),
        goal=Goal.AT_LEAST,
        limit=1.0,
        against=(
            f"{GOAL_A_SECOND:,} posts a second; splitting the same texts into lower-case words "
            f"takes {median(split):.2f} s"
        ),
    )


def _texts(posts: int) -> Iterator[str]:
    invented = population.build(7, max(40, posts // 90), START, 120)
    found = 0
    while found < posts:
        for number in range(1, invented.people + 1):
            for choice in history.posts_of(invented, number, 119).choice.tolist():
                if found == posts:
                    return
                found += 1
                yield rows.text_of(invented, number, choice).text

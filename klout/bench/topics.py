"""Topics found in posts, against splitting the same texts into words and no more."""

import re
from collections.abc import Iterator

from connectors.samplenet import history, population, rows
from klout.bench.measure import Result, in_turns
from scoring.topics.matcher import Matcher
from scoring.topics.ontology import own_entries
from scoring.topics.quality import START

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
    yield Result(
        "topics",
        f"topics of {len(texts):,} posts found, one core",
        *in_turns(rounds, ours, words),
        rows=len(texts),
        against="the same texts split into lower-case words; wanted are 20,000 posts a second",
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

"""How long it takes to count who qualifies for a perk, among a million people."""

from collections.abc import Callable, Iterator
from datetime import timedelta

from django.db import connection
from django.utils import timezone

from klout.bench.measure import Goal, Result, timed
from perks import candidates
from perks.eligibility import Rules

# A million people: scores as a falling line from 1 to 100, two networks, ten topics.
_FILL = """
INSERT INTO perks_candidate (person_id, since, until, score, networks, is_sample, topics)
SELECT n, %(day)s::date - (n %% 60)::int, 'infinity'::date,
       1 + 99 * power(random(), 2), CASE WHEN n %% 3 = 0 THEN 6 ELSE 2 END, false,
       ARRAY['topic-' || n %% 200, 'topic-' || (n / 7) %% 200]
  FROM generate_series(1, %(people)s) AS n
"""
# What sponsors may ask for, from nearly everybody to hardly anybody.
QUESTIONS: dict[str, Rules] = {
    "everybody linked for 14 days": Rules(),
    "a score of 40 or more": Rules(least_score=40),
    "a score of 30 to 60 on one of two networks": Rules(30, 60, networks=("bluesky", "x")),
    "one of ten topics, a score of 20 or more": Rules(
        20, topics=tuple(f"topic-{n}" for n in range(10))
    ),
}
GOAL_SECONDS = 0.2


def estimates(people: int, rounds: int) -> Iterator[Result]:
    """Yield the time of each question, in times of 0.2 s."""
    with connection.cursor() as cursor:
        cursor.execute(_FILL, {"day": timezone.now().date() - timedelta(days=1), "people": people})
        cursor.execute("VACUUM ANALYZE perks_candidate")
    for what, rules in QUESTIONS.items():
        ask = _asking(rules)
        # The first one warms the pages up.
        ask()
        times = [timed(ask) for _ in range(max(rounds, 3))]
        yield Result(
            part="perks",
            what=f"Who qualifies: {what}, {people:,} people",
            ours=times,
            theirs=[GOAL_SECONDS] * len(times),
            goal=Goal.AT_MOST,
            limit=1.0,
            against=f"{1000 * GOAL_SECONDS:.0f} ms",
        )


def _asking(rules: Rules) -> Callable[[], object]:
    return lambda: candidates.estimate(rules, sample=False)

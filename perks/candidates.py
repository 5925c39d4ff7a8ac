"""Everybody's facts in one table, written anew after each scored day, to count who qualifies.

A claim asks the rows themselves (perks.facts); this table serves estimates and notices only.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from connectors import registry
from connectors.copying import copy_rows
from perks.eligibility import Rules
from perks.facts import Linked, steps, vouched_networks
from perks.models import Followed
from scoring.models import ScoreRun
from scoring.topics.queries import LEAST_WEIGHT

FOREVER = date.max
COLUMNS = ("person_id", "since", "until", "score", "networks", "is_sample", "topics")
# Rows that are read, and written, at a time.
BATCH = 20_000
# An estimate is never finer: nobody can be told from the numbers of two of them.
LEAST_TOLD = 20

# What each linked account on a vouched network adds to a firm score of the day.
_UNITS = """
SELECT s.person_id, s.model_version, s.value, array_to_json(ARRAY(
           SELECT w.topic_id FROM topics_persontopic w
            WHERE w.person_id = s.person_id AND w.weight >= %(weight)s
              AND NOT EXISTS (SELECT FROM topics_topicchoice h
                               WHERE h.person_id = w.person_id AND h.topic_id = w.topic_id
                                 AND h.choice = 'hidden'))),
       a.network, a.linked_at, (part.value->>'mass')::float8
  FROM scoring_score s
  JOIN scoring_explanation e USING (day, person_id, model_version)
  JOIN people_person p ON p.id = s.person_id
 CROSS JOIN LATERAL jsonb_each(e.body->'networks') AS part
  JOIN connectors_account a ON a.id = part.key::bigint AND a.person_id = s.person_id
 WHERE s.day = %(day)s AND s.shown AND NOT s.provisional
   AND a.status = 'linked' AND a.linked_at IS NOT NULL AND a.network = ANY(%(networks)s)
   AND (p.hidden_until IS NULL OR p.hidden_until <= %(now)s)
 ORDER BY s.person_id
"""
# What a perk's rules ask of a candidate c; country and age are asked with a claim.
QUALIFIES = """
    c.is_sample = %(is_sample)s AND c.score >= %(least)s AND c.score < %(above)s
    AND c.since <= %(linked_on)s AND c.until > %(linked_on)s
    AND (c.networks & %(networks)s) <> 0
    AND (%(topics)s::varchar[] = '{}' OR c.topics && %(topics)s::varchar[])
"""


@dataclass(frozen=True, slots=True)
class Estimate:
    """How many people qualify, coarse on purpose."""

    # Rounded; LEAST_TOLD where it is no more than that.
    count: int
    # Whether there are fewer than `count`, or none.
    is_fewer: bool
    # The day of the scores; None before the first.
    day: date | None


@dataclass(frozen=True, slots=True)
class _Whose:
    """What is the same in all rows of a person."""

    person_id: int
    version: str
    score: float
    topics: Sequence[str]


def bits(networks: Iterator[str] | tuple[str, ...] | frozenset[str]) -> int:
    """Return the networks as bits of a number, in the order of the registry."""
    order = list(registry.CONNECTORS)
    return sum(1 << order.index(network) for network in networks if network in order)


def parameters(rules: Rules, *, sample: bool, today: date) -> dict[str, Any]:
    """Return the values of QUALIFIES for a perk's rules. Scores compare as pages show them."""
    return {
        "is_sample": sample,
        "least": (rules.least_score or 0) - 0.5,
        "above": (rules.most_score or 100) + 0.5,
        "linked_on": today - timedelta(days=rules.linked_days),
        "networks": bits(rules.networks) or -1,
        "topics": list(rules.topics),
    }


def estimate(rules: Rules, *, sample: bool) -> Estimate:
    """Return about how many people qualify, by the newest scored day. Two queries."""
    values = parameters(rules, sample=sample, today=timezone.now().date())
    with connection.cursor() as cursor:
        cursor.execute(_count(rules), values)
        found = int(cursor.fetchone()[0])
    newest = Followed.objects.order_by("-day").values_list("day", flat=True).first()
    return coarse(found, newest)


def _count(rules: Rules) -> str:
    """Return the question how many fit, without conditions that everybody meets.

    They would be asked of each of a million rows; and rare topics are found by their index.
    """
    asked = {
        "c.score >= %(least)s": rules.least_score,
        "c.score < %(above)s": rules.most_score,
        "c.topics && %(topics)s::varchar[]": rules.topics,
    }
    conditions = [
        "c.is_sample = %(is_sample)s",
        "c.since <= %(linked_on)s AND c.until > %(linked_on)s",
        "(c.networks & %(networks)s) <> 0",
        *(condition for condition, value in asked.items() if value),
    ]
    return f"SELECT count(*) FROM perks_candidate c WHERE {' AND '.join(conditions)}"  # noqa: S608


def coarse(found: int, day: date | None = None) -> Estimate:
    """Return a count rounded to two digits, and to tens; small ones are "fewer than 20"."""
    if found < LEAST_TOLD:
        return Estimate(LEAST_TOLD, True, day)
    step = max(10, 10 ** (len(str(found)) - 2))
    return Estimate(max(LEAST_TOLD, round(found / step) * step), False, day)


def newest_run() -> ScoreRun | None:
    """Return the newest finished run of the scoring. One query."""
    return ScoreRun.objects.filter(status=ScoreRun.Status.DONE).order_by("-day", "pk").first()


def refresh(day: date) -> int:
    """Write the candidates of a scored day anew; return how many people they are.

    One transaction: whoever counts meanwhile sees those of the day before.
    """
    now = timezone.now()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM perks_candidate")
        count = 0
        for sample in (False, True):
            networks = vouched_networks(sample=sample)
            values = {"day": day, "networks": networks, "now": now, "weight": LEAST_WEIGHT}
            batch: list[tuple[object, ...]] = []
            for rows in _candidates(values, now.date(), sample=sample):
                count += 1
                batch += rows
                if len(batch) >= BATCH:
                    _write(batch)
                    batch = []
            _write(batch)
        Followed.objects.update_or_create(day=day, defaults={"people_count": count, "at": now})
    return count


def _write(rows: list[tuple[object, ...]]) -> None:
    with connection.cursor() as cursor:
        copy_rows(cursor, "perks_candidate", COLUMNS, rows)


def _candidates(
    values: dict[str, Any], today: date, *, sample: bool
) -> Iterator[list[tuple[object, ...]]]:
    """Yield the rows of each person, reading by a cursor on the server."""
    assert connection.connection is not None
    with connection.connection.cursor(name="perks_units") as cursor:
        cursor.itersize = BATCH
        cursor.execute(_UNITS, values)
        whose: _Whose | None = None
        units: list[Linked] = []
        for person_id, version, value, topics, network, linked_at, mass in cursor:
            if whose is not None and whose.person_id != person_id:
                yield _rows(whose, units, today, sample=sample)
                units = []
            whose = _Whose(person_id, version, value, topics)
            units.append(Linked(network, mass, linked_at.date()))
        if whose is not None:
            yield _rows(whose, units, today, sample=sample)


def _rows(
    whose: _Whose, units: list[Linked], today: date, *, sample: bool
) -> list[tuple[object, ...]]:
    found = steps(units, today, whose.version, whose.score)
    begins = [today - timedelta(days=step.linked_days) for step in found]
    ends = [*begins[1:], FOREVER]
    topics = "{" + ",".join(json.dumps(topic) for topic in whose.topics) + "}"
    return [
        (
            whose.person_id,
            begin,
            end,
            repr(round(step.score, 6)),
            bits(step.networks),
            sample,
            topics,
        )
        for step, begin, end in zip(found, begins, ends, strict=True)
    ]

"""The pages of topics: who leads in one, who rises, what is near it."""

from dataclasses import dataclass
from typing import Any

from scoring.reactors import opted_out
from scoring.topics.models import Topic
from scoring.topics.queries import NAME, TopicLink, language, rows

# Ranks are told among so many; who comes after them is not on the page.
MOST_RANKED = 500
SHOWN = 50
RISING_SHOWN = 5
# A rise of less is within what a score swings by itself.
LEAST_RISE = 1.0
RELATED_SHOWN = 8
# Topics that fewer of the people share are chance.
LEAST_SHARED = 3


@dataclass(frozen=True, slots=True)
class LeaderRow:
    """A listed person of a topic."""

    person_id: int
    slug: str
    name: str
    # The score of the newest scored day, and by how much it changed in 30 days (None: unknown).
    score: float
    provisional: bool
    change: float | None
    weight: float
    people_count: int
    # Between these places the person most likely stands: bands that overlap are not told apart.
    rank_from: int
    rank_to: int
    is_sample: bool


@dataclass(frozen=True, slots=True)
class TopicPage:
    """All that a topic's page tells."""

    topic: TopicLink
    kind: str
    parents: list[TopicLink]
    children: list[TopicLink]
    leaders: list[LeaderRow]
    rising: list[LeaderRow]
    related: list[TopicLink]
    # Listed people, 500 at most.
    people_count: int


_LEADERS = """
SELECT p.id, p.slug, p.name, s.value, s.provisional, w.change, w.weight, w.people_count,
       w.low, w.high, a.network, a.native_id, a.handle, p.owner_id IS NULL
  FROM topics_persontopic w JOIN people_person p ON p.id = w.person_id
  JOIN LATERAL (SELECT value, provisional FROM scoring_score
                 WHERE person_id = p.id AND shown AND day <= w.day
                 ORDER BY day DESC LIMIT 1) AS s ON true
  JOIN LATERAL (SELECT network, native_id, handle FROM connectors_account
                 WHERE person_id = p.id AND status <> 'unlinked' ORDER BY id LIMIT 1) AS a ON true
 WHERE w.topic_id = %(topic)s AND w.is_listed AND w.weight >= %(least)s
   AND p.visibility = 'public' AND (p.hidden_until IS NULL OR p.hidden_until <= now())
   AND (p.expires_at IS NULL OR p.expires_at > now())
   AND NOT EXISTS (SELECT 1 FROM topics_topicchoice c WHERE c.person_id = p.id
                      AND c.topic_id = w.topic_id AND c.choice = 'hidden')
 ORDER BY w.influence DESC, p.id LIMIT %(limit)s
"""
# What fills less of somebody's pull is no reason to list them under it.
LEAST_LISTED_WEIGHT = 0.1


def leaders_of(topic_id: str) -> list[LeaderRow]:
    """Return the listed people of a topic, the most influential first, 500 at most.

    Two queries. Everybody's wish is asked again: who became private, was hidden or opted out since
    the last round is not there.
    """
    values = {"topic": topic_id, "limit": MOST_RANKED, "least": LEAST_LISTED_WEIGHT}
    found = rows(_LEADERS, values)
    away = opted_out({(row[10], row[11], row[12]) for row in found})
    found = [row for row in found if (row[10], row[11]) not in away]
    lows, highs = [row[8] for row in found], [row[9] for row in found]
    return [_leader(row, lows, highs) for row in found]


def _leader(row: tuple[Any, ...], lows: list[float], highs: list[float]) -> LeaderRow:
    """Return a row with the places between which its band lets the person stand."""
    low, high = row[8:10]
    first = 1 + sum(other > high for other in lows)
    last = sum(other >= low for other in highs)
    return LeaderRow(*(*row[:8], first, last, row[10] == "sample"))


def topic_page(slug: str) -> TopicPage | None:
    """Return what the page of a topic tells; None where there is no such topic. Five queries."""
    topic = Topic.objects.filter(slug=slug, is_active=True).first()
    if topic is None:
        return None
    near = rows(_NEAR, {"topic": topic.pk, "language": language()})
    names = [TopicLink(*row[1:]) for row in near if row[0] == "self"]
    leaders = leaders_of(topic.pk)
    rising = sorted(
        (row for row in leaders if row.change is not None and row.change >= LEAST_RISE),
        key=lambda row: (-(row.change or 0), row.person_id),
    )
    near_ids = [row[1] for row in near]
    return TopicPage(
        names[0],
        topic.kind,
        [TopicLink(*row[1:]) for row in near if row[0] == "parent"],
        [TopicLink(*row[1:]) for row in near if row[0] == "child"],
        leaders[:SHOWN],
        rising[:RISING_SHOWN],
        _related([row.person_id for row in leaders], near_ids),
        len(leaders),
    )


_NEAR = f"""
SELECT x.what, t.id, t.slug, {NAME} AS name
  FROM (SELECT 'self' AS what, %(topic)s AS id
         UNION ALL SELECT 'parent', parent_id FROM topics_topicedge WHERE child_id = %(topic)s
         UNION ALL SELECT 'child', child_id FROM topics_topicedge WHERE parent_id = %(topic)s) AS x
  JOIN topics_topic t ON t.id = x.id AND t.is_active
 ORDER BY name LIMIT 300
"""  # noqa: S608 - names of ours only
# Of listed people only: what others are about is nobody's business. Areas say too little.
_RELATED = f"""
SELECT t.id, t.slug, {NAME} AS name
  FROM (SELECT w.topic_id, count(*) AS shared, sum(w.weight) AS weight FROM topics_persontopic w
         WHERE w.person_id = ANY(%(people)s) AND w.is_listed AND w.weight >= %(least)s
           AND w.topic_id <> ALL(%(near)s)
           AND NOT EXISTS (SELECT 1 FROM topics_topicchoice c WHERE c.person_id = w.person_id
                              AND c.topic_id = w.topic_id AND c.choice = 'hidden')
         GROUP BY w.topic_id HAVING count(*) >= %(shared)s) AS found
  JOIN topics_topic t ON t.id = found.topic_id AND t.is_active AND t.kind <> 'area'
 ORDER BY found.shared DESC, found.weight DESC, t.slug LIMIT %(limit)s
"""  # noqa: S608 - names of ours only


def _related(person_ids: list[int], near: list[str]) -> list[TopicLink]:
    """Return what the people are about besides. One query, none without people."""
    if not person_ids:
        return []
    values = {
        "people": person_ids,
        "near": near,
        "least": 0.05,
        "shared": LEAST_SHARED,
        "limit": RELATED_SHOWN,
        "language": language(),
    }
    return [TopicLink(*row) for row in rows(_RELATED, values)]


@dataclass(frozen=True, slots=True)
class AreaRow:
    """An area with what is in it."""

    topic: TopicLink
    children: list[TopicLink]


_AREAS = f"""
SELECT a.id, a.slug, t.id, t.slug, {NAME} AS name
  FROM topics_topic a LEFT JOIN topics_topicedge e ON e.parent_id = a.id
  JOIN topics_topic t ON t.is_active AND (t.id = e.child_id OR t.id = a.id)
 WHERE a.kind = 'area' AND a.is_active
 GROUP BY a.id, t.id ORDER BY a.slug, name LIMIT 5000
"""  # noqa: S608 - names of ours only


def areas(most_children: int = 24) -> list[AreaRow]:
    """Return the areas with the topics that are directly in them, by name. One query."""
    names: dict[str, TopicLink] = {}
    children: dict[str, list[TopicLink]] = {}
    for area, _slug, *link in rows(_AREAS, {"language": language()}):
        topic = TopicLink(*link)
        if topic.topic_id == area:
            names[area] = topic
        else:
            children.setdefault(area, []).append(topic)
    found = [AreaRow(name, children.get(area, [])[:most_children]) for area, name in names.items()]
    return sorted(found, key=lambda row: row.topic.name.casefold())

"""What pages ask about topics: complete answers, one query each, in the reader's language."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import get_language

from connectors.copying import clean
from scoring.search import LEAST_ALIKE, MISSPELLED_FROM
from scoring.topics import folding

# What fills less of a person's pull is not told of.
LEAST_WEIGHT = 0.05
MOST_SHOWN = 10


@dataclass(frozen=True, slots=True)
class TopicRow:
    """A topic of a person."""

    topic_id: str
    slug: str
    name: str
    # Share of what moved people, 0–1; 0 for a topic that the person added.
    weight: float
    # People moved by posts about it.
    people_count: int
    posts_count: int
    # True where the person says so, and no posts do.
    is_added: bool


@dataclass(frozen=True, slots=True)
class TopicLink:
    """A topic to choose or to go to."""

    topic_id: str
    slug: str
    name: str


# The name in the language asked for, else in English, else any.
NAME = """coalesce(
    (SELECT n.name FROM topics_topicname n
      WHERE n.topic_id = t.id AND n.shown AND n.language IN (%(language)s, 'en')
      ORDER BY n.language = %(language)s DESC LIMIT 1), t.slug)"""


def language() -> str:
    """Return the language of the page, without its country."""
    return (get_language() or "en").split("-")[0]


_OF_PEOPLE = f"""
SELECT x.person_id, t.id, t.slug, {NAME} AS name, x.weight, x.people_count, x.posts_count, x.added
  FROM (SELECT w.person_id, w.topic_id, w.weight, w.people_count, w.posts_count, false AS added
          FROM topics_persontopic w
         WHERE w.person_id = ANY(%(people)s) AND w.weight >= %(least)s
           AND NOT EXISTS (SELECT 1 FROM topics_topicchoice c WHERE c.person_id = w.person_id
                              AND c.topic_id = w.topic_id AND c.choice = 'hidden')
         UNION ALL
        SELECT c.person_id, c.topic_id, 0, 0, 0, true FROM topics_topicchoice c
         WHERE c.person_id = ANY(%(people)s) AND c.choice = 'added'
           AND NOT EXISTS (SELECT 1 FROM topics_persontopic w WHERE w.person_id = c.person_id
                              AND w.topic_id = c.topic_id AND w.weight >= %(least)s)) AS x
  JOIN topics_topic t ON t.id = x.topic_id AND t.is_active
   -- Areas say too little, but whoever means one may say so.
   AND (x.added OR t.kind <> 'area')
 ORDER BY x.person_id, x.weight DESC, t.slug
"""  # noqa: S608 - names of ours only


def topics_of(person_ids: Iterable[int]) -> dict[int, list[TopicRow]]:
    """Return the shown topics of each person who has any, the weightiest first, ten at most.

    Who may see them is asked before (people.visibility). One query.
    """
    wanted = {"people": list(person_ids), "least": LEAST_WEIGHT, "language": language()}
    found: dict[int, list[TopicRow]] = {}
    for person_id, *row in rows(_OF_PEOPLE, wanted):
        topics = found.setdefault(person_id, [])
        if len(topics) < MOST_SHOWN:
            topics.append(TopicRow(*row))
    return found


_MATCHING = f"""
SELECT t.id, t.slug, {NAME} AS name
  FROM (SELECT n.topic_id, max(CASE WHEN n.folded = %(text)s THEN 3
                                    WHEN n.folded LIKE %(begins)s THEN 2 ELSE 1 END) AS fits,
               bool_or(n.shown) AS by_name
          FROM topics_topicname n WHERE n.folded LIKE %(holds)s GROUP BY n.topic_id) AS found
  JOIN topics_topic t ON t.id = found.topic_id AND t.is_active
 ORDER BY found.fits DESC, found.by_name DESC, length(t.slug), t.slug LIMIT %(limit)s
"""  # noqa: S608 - names of ours only


def topics_matching(text: str, limit: int = 5) -> list[TopicLink]:
    """Return the topics whose name or another word for them holds the text, best first.

    For forms: in any language, whatever case and accents. One query; none for a text
    of less than two signs.
    """
    wanted = _wanted(text)
    if len(wanted) < 2:
        return []
    escaped = _escaped(wanted)
    values = {
        "text": wanted,
        "begins": f"{escaped}%",
        "holds": f"%{escaped}%",
        "language": language(),
        "limit": limit,
    }
    return [TopicLink(*row) for row in rows(_MATCHING, values)]


# By topic_name_trigrams: a pattern that begins a name or a word of it has trigrams from two letters
# on. What is spelled alike ("%", from 0.3 on) is looked for only where nothing begins so; what is
# less alike than people's words may be (scoring.search) is left out.
_LIKE = f"""
WITH begun AS MATERIALIZED (
    SELECT n.topic_id, bool_or(n.shown) AS by_name,
           max(CASE WHEN n.folded = %(text)s THEN 4
                    WHEN n.folded LIKE %(begins)s THEN 3 ELSE 2 END)::real AS fits
      FROM topics_topicname n
     WHERE n.folded LIKE %(begins)s OR n.folded LIKE %(word)s
     GROUP BY n.topic_id
), alike AS (
    SELECT n.topic_id, bool_or(n.shown) AS by_name, max(similarity(n.folded, %(text)s)) AS fits
      FROM topics_topicname n
     WHERE %(forgive)s AND (SELECT count(*) FROM begun) = 0 AND n.folded %% %(text)s
     GROUP BY n.topic_id
)
SELECT t.id, t.slug, {NAME} AS name
  FROM (SELECT * FROM begun UNION ALL SELECT * FROM alike WHERE fits >= %(least)s) AS found
  JOIN topics_topic t ON t.id = found.topic_id AND t.is_active
   AND (NOT %(with_people)s OR EXISTS (SELECT 1 FROM topics_persontopic w
                                        WHERE w.topic_id = t.id AND w.is_listed))
 ORDER BY found.fits DESC, found.by_name DESC, length(t.slug), t.slug LIMIT %(limit)s
"""  # noqa: S608 - names of ours only


def topics_like(text: str, limit: int, *, with_people: bool = False) -> list[TopicLink]:
    """Return the topics that a typed text begins, or is spelled like, best first.

    As one types: in any language, whatever case and accents, typos forgiven; `with_people` leaves
    out topics for which nobody agreed to be listed. One query; none for less than two signs.
    """
    wanted = _wanted(text)
    if len(wanted) < 2:
        return []
    begins = _escaped(wanted) + "%"
    values = {
        "text": wanted,
        "begins": begins,
        "word": f"% {begins}",
        "forgive": len(wanted) >= MISSPELLED_FROM,
        "least": LEAST_ALIKE,
        "with_people": with_people,
        "language": language(),
        "limit": limit,
    }
    return [TopicLink(*row) for row in rows(_LIKE, values)]


def _wanted(text: str) -> str:
    """Return a typed text as names are folded."""
    return " ".join(folding.folded(clean(text).strip().lstrip("#")[:100]).split())


def _escaped(text: str) -> str:
    """Return a text of which LIKE takes every sign as itself."""
    return text.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")


_NAMED = f"SELECT t.id, t.slug, {NAME} AS name FROM topics_topic t WHERE t.id = ANY(%(ids)s)"  # noqa: S608


def topics_named(topic_ids: Sequence[str]) -> dict[str, TopicLink]:
    """Return the topics by number, named in the language of the page. One query."""
    found = rows(_NAMED, {"ids": list(topic_ids), "language": language()})
    return {row[0]: TopicLink(*row) for row in found}


_OF_SLUG = f"SELECT t.id, t.slug, {NAME} AS name FROM topics_topic t WHERE t.slug = %(slug)s AND t.is_active"  # noqa: S608, E501


def topic_of_slug(slug: str) -> TopicLink | None:
    """Return the topic at an address, named in the language of the page; None: none. One query."""
    found = rows(_OF_SLUG, {"slug": slug, "language": language()})
    return TopicLink(*found[0]) if found else None


def rows(query: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Return all rows of a query."""
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return list(cursor.fetchall())

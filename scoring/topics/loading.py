"""Writes a published ontology beside the project's own topics; the same files twice change nothing.

A published topic with the slug of one of ours is that one: it keeps its number, and gets the names
and edges of both. Topics that an earlier file had and this one has not stay: people may have them.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection, transaction

from connectors.copying import copy_rows, staged
from scoring.topics import folding
from scoring.topics.models import Topic
from scoring.topics.ontology import changed, set_kinds, store_own_topics
from scoring.topics.published import Published

# A name of one word with fewer letters means too much by itself.
SHORTEST_SURE = 5


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many rows are there now, and how many of them are new."""

    topics: int
    new_topics: int
    names: int
    edges: int
    merged: int


_TOPICS = """
INSERT INTO topics_topic (id, slug, kind, context, hosts, is_active, published_id)
SELECT id, slug, 'topic', '[]', '[]', true, id FROM stage_topic
ON CONFLICT (id) DO UPDATE SET slug = excluded.slug
 WHERE topics_topic.slug <> excluded.slug
"""
_MERGED = """
UPDATE topics_topic t SET published_id = s.published_id FROM stage_merged s
 WHERE t.id = s.id AND t.published_id IS DISTINCT FROM s.published_id
"""
# A name that the project's own topics have in a language stays.
_NAMES = """
INSERT INTO topics_topicname (topic_id, language, name, folded, shown, doubtful)
SELECT s.topic_id, s.language, s.name, s.folded, true, s.doubtful FROM stage_name s
 WHERE NOT EXISTS (SELECT 1 FROM topics_topicname n
                    WHERE n.topic_id = s.topic_id AND n.language = s.language AND n.shown)
ON CONFLICT DO NOTHING
"""
_RENAMED = """
UPDATE topics_topicname n SET name = s.name, folded = s.folded, doubtful = s.doubtful
  FROM stage_name s
 WHERE n.topic_id = s.topic_id AND n.language = s.language AND n.shown
   AND n.topic_id NOT LIKE 'own:%%' AND (n.name, n.doubtful) <> (s.name, s.doubtful)
"""
_EDGES = """
INSERT INTO topics_topicedge (parent_id, child_id) SELECT parent, child FROM stage_edge
ON CONFLICT DO NOTHING
"""


@transaction.atomic
def load(published: Published) -> Loaded:
    """Write the ontology in one transaction; return what is there now."""
    store_own_topics()
    before = Topic.objects.count()
    own = dict(Topic.objects.filter(id__startswith="own:").values_list("slug", "id"))
    number = {topic: own.get(slug, topic) for topic, slug in published.slugs.items()}
    merged = [(ours, topic) for topic, ours in number.items() if ours != topic]
    fresh = [(topic, slug) for topic, slug in published.slugs.items() if number[topic] == topic]
    with connection.cursor() as cursor:
        stage = staged(cursor, "stage_topic", "id text, slug text")
        copy_rows(cursor, stage, ("id", "slug"), fresh)
        cursor.execute(_TOPICS)
        stage = staged(cursor, "stage_merged", "id text, published_id text")
        copy_rows(cursor, stage, ("id", "published_id"), merged)
        cursor.execute(_MERGED)
        columns = ("topic_id", "language", "name", "folded", "doubtful")
        definition = "topic_id text, language text, name text, folded text, doubtful boolean"
        stage = staged(cursor, "stage_name", definition)
        copy_rows(cursor, stage, columns, _name_rows(published, number))
        cursor.execute(_RENAMED, [])
        cursor.execute(_NAMES)
        stage = staged(cursor, "stage_edge", "parent text, child text")
        edges = {(number[parent], number[child]) for parent, child in published.edges}
        copy_rows(cursor, stage, ("parent", "child"), sorted(e for e in edges if e[0] != e[1]))
        cursor.execute(_EDGES)
        cursor.execute("SELECT count(*) FROM topics_topicname")
        names = int(cursor.fetchone()[0])
        cursor.execute("SELECT count(*) FROM topics_topicedge")
        edges_count = int(cursor.fetchone()[0])
    set_kinds()
    changed()
    after = Topic.objects.count()
    return Loaded(after, after - before, names, edges_count, len(merged))


def _name_rows(published: Published, number: dict[str, str]) -> Iterator[tuple[object, ...]]:
    for topic, names in published.names.items():
        for language, name in names.items():
            folded = folding.folded(name)[:200]
            words = folding.tokens(name)
            short = len(words) == 1 and len(words[0]) < SHORTEST_SURE
            yield number[topic], language, name, folded, short

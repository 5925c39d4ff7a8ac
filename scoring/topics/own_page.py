"""A person's own topics with their evidence, and what the person says of them."""

import json
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from connectors import crypto
from connectors.errors import Relink
from connectors.models import Post
from people.models import Person
from scoring.topics.models import PersonTopic, Topic, TopicChoice
from scoring.topics.queries import LEAST_WEIGHT, NAME, TopicLink, language, rows

# More topics than these nobody can mean.
MOST_ADDED = 20


class TooMany(Exception):
    """The person added as many topics as one may."""


@dataclass(frozen=True, slots=True)
class EvidencePost:
    """A post of the person's own that speaks for a topic."""

    url: str
    # "" where it may not be kept.
    text: str
    created_at: datetime
    people_count: int


@dataclass(frozen=True, slots=True)
class OwnTopicRow:
    """A topic as its person sees it."""

    topic: TopicLink
    weight: float
    people_count: int
    posts_count: int
    is_hidden: bool
    is_added: bool
    evidence: list[EvidencePost]


_OWN = f"""
SELECT t.id, t.slug, {NAME} AS name, coalesce(w.weight, 0), coalesce(w.people_count, 0),
       coalesce(w.posts_count, 0), coalesce(c.choice, ''), coalesce(w.evidence, '[]'::jsonb)::text
  FROM (SELECT * FROM topics_persontopic WHERE person_id = %(person)s AND weight >= %(least)s) AS w
  FULL JOIN (SELECT * FROM topics_topicchoice WHERE person_id = %(person)s) AS c
       ON c.topic_id = w.topic_id
  JOIN topics_topic t ON t.id = coalesce(w.topic_id, c.topic_id) AND t.is_active
 WHERE t.kind <> 'area' OR c.choice IS NOT NULL
 ORDER BY coalesce(w.weight, 0) DESC, t.slug LIMIT 60
"""  # noqa: S608 - names of ours only


def own_topics(person_id: int) -> list[OwnTopicRow]:
    """Return all topics of a person, hidden ones too, for the person alone. Two queries."""
    values = {"person": person_id, "least": LEAST_WEIGHT, "language": language()}
    found = [(*row[:-1], json.loads(row[-1])) for row in rows(_OWN, values)]
    posts = _posts(person_id, {post_id for *_, told in found for post_id, _ in told})
    return [
        OwnTopicRow(
            TopicLink(topic_id, slug, name),
            weight,
            people,
            count,
            choice == TopicChoice.Choice.HIDDEN,
            # Said by the person, and not by any posts.
            choice == TopicChoice.Choice.ADDED and weight == 0,
            [_evidence(posts[post_id], moved) for post_id, moved in told if post_id in posts],
        )
        for topic_id, slug, name, weight, people, count, choice, told in found
    ]


def _posts(person_id: int, post_ids: set[int]) -> dict[int, Post]:
    return Post.objects.filter(account__person_id=person_id).in_bulk(post_ids) if post_ids else {}


def _evidence(post: Post, people_count: int) -> EvidencePost:
    text = ""
    if post.text_until is not None and post.text_until > timezone.now():
        try:
            text = crypto.decrypt_text(post.text)
        except Relink:
            # Encrypted under a key that is no longer there.
            text = ""
    return EvidencePost(post.url, text, post.created_at, people_count)


@transaction.atomic
def add(person: Person, topic_id: str) -> None:
    """Have the topic shown as one that the person names; it has no weight in any ranking.

    Raises Topic.DoesNotExist, and TooMany.
    """
    topic = Topic.objects.get(pk=topic_id, is_active=True)
    Person.objects.select_for_update().get(pk=person.pk)
    others = TopicChoice.objects.filter(person=person, choice=TopicChoice.Choice.ADDED)
    if others.exclude(topic=topic).count() >= MOST_ADDED:
        raise TooMany
    _choose(person, topic, TopicChoice.Choice.ADDED)


@transaction.atomic
def hide(person: Person, topic_id: str) -> None:
    """Show the topic as one of the person's nowhere; from topic pages it goes at once.

    Raises Topic.DoesNotExist for a topic that is not the person's: choices are no list of all.
    """
    topic = Topic.objects.get(pk=topic_id)
    known = (
        PersonTopic.objects.filter(person=person, topic=topic).exists()
        or TopicChoice.objects.filter(person=person, topic=topic).exists()
    )
    if not known:
        raise Topic.DoesNotExist
    if PersonTopic.objects.filter(person=person, topic=topic).exists():
        _choose(person, topic, TopicChoice.Choice.HIDDEN)
    else:
        TopicChoice.objects.filter(person=person, topic=topic).delete()


def show(person: Person, topic_id: str) -> None:
    """Show a hidden topic again; nothing where it is not hidden."""
    TopicChoice.objects.filter(
        person=person, topic_id=topic_id, choice=TopicChoice.Choice.HIDDEN
    ).delete()


def _choose(person: Person, topic: Topic, choice: str) -> None:
    TopicChoice.objects.update_or_create(
        person=person, topic=topic, defaults={"choice": choice, "at": timezone.now()}
    )

"""The topics as rows and as a matcher: the project's own set, and what was loaded beside it."""

import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from scoring.topics import folding
from scoring.topics.matcher import Entry, Matcher
from scoring.topics.models import Ontology, Topic, TopicEdge, TopicName
from scoring.topics.own import HOSTS, OwnTopic, own_topics

# A worker that runs on notices a changed ontology after this time.
LOOK_AGAIN_SECONDS = 60.0
# Names in texts are written with these endings as well: the last word, four letters or more.
_ENDINGS = {"en": ("s",), "nb": ("en", "er", "ene", "et")}


def ensure_own_topics() -> bool:
    """Store the project's own topics where there are none yet; return whether it did."""
    if Topic.objects.exists():
        return False
    store_own_topics()
    return True


@transaction.atomic
def store_own_topics() -> int:
    """Store the project's own topics, those that are there brought up to date; return how many."""
    own = own_topics()
    Topic.objects.bulk_create(
        [
            Topic(
                id=topic.id,
                slug=topic.slug,
                context=list(topic.context),
                hosts=list(HOSTS.get(topic.slug, ())),
            )
            for topic in own
        ],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["context", "hosts"],
    )
    ids = {topic.slug: topic.id for topic in own}
    TopicEdge.objects.bulk_create(
        [
            TopicEdge(parent_id=ids[parent], child_id=topic.id)
            for topic in own
            for parent in topic.parents
        ],
        ignore_conflicts=True,
    )
    TopicName.objects.filter(topic_id__in=ids.values(), language__in=("", "en", "nb")).delete()
    TopicName.objects.bulk_create(
        [name for topic in own for name in _names_of(topic)], ignore_conflicts=True
    )
    set_kinds()
    changed()
    return len(own)


def _names_of(topic: OwnTopic) -> Iterable[TopicName]:
    doubtful = {folding.folded(word) for word in topic.doubtful}
    for language, name in topic.names.items():
        yield named(topic.id, language, name, shown=True, doubtful=doubtful)
    for word in topic.words:
        yield named(topic.id, "", word, shown=False, doubtful=doubtful)


def named(
    topic_id: str, language: str, name: str, *, shown: bool, doubtful: Iterable[str] = ()
) -> TopicName:
    """Return the row of a name; `doubtful` are folded words that mean other things too."""
    folded = folding.folded(name)[:200]
    return TopicName(
        topic_id=topic_id,
        language=language,
        name=name[:200],
        folded=folded,
        shown=shown,
        doubtful=folded in set(doubtful),
    )


def set_kinds() -> None:
    """Tell areas (no parent), fields (with children) and topics apart. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH kinds AS (SELECT t.id, CASE"
            " WHEN NOT EXISTS (SELECT 1 FROM topics_topicedge e WHERE e.child_id = t.id)"
            " THEN 'area'"
            " WHEN EXISTS (SELECT 1 FROM topics_topicedge e WHERE e.parent_id = t.id)"
            " THEN 'field' ELSE 'topic' END AS kind FROM topics_topic t)"
            " UPDATE topics_topic t SET kind = k.kind FROM kinds k"
            " WHERE k.id = t.id AND k.kind <> t.kind"
        )


def changed() -> None:
    """Let every worker read the topics again."""
    Ontology.objects.update_or_create(id=1, defaults={"changed_at": timezone.now()})


# --- The matcher ----------------------------------------------------------------------------------
class _Kept:
    """The matcher of this process, and of which state of the topics it is."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.matcher: Matcher | None = None
        self.state: datetime | None = None
        self.looked_at = float("-inf")


_kept = _Kept()


def matcher() -> Matcher:
    """Return the matcher of the topics as they are, a minute old at most.

    One query a minute, and three where the topics changed.
    """
    with _kept.lock:
        now = time.monotonic()
        if _kept.matcher is None or now - _kept.looked_at > LOOK_AGAIN_SECONDS:
            state = Ontology.objects.values_list("changed_at", flat=True).first()
            if _kept.matcher is None or state != _kept.state:
                entries = own_entries() if state is None else stored_entries()
                _kept.matcher, _kept.state = Matcher(entries), state
            _kept.looked_at = now
        return _kept.matcher


def forget_matcher() -> None:
    """Have the next call of matcher() look at the rows."""
    with _kept.lock:
        _kept.matcher, _kept.looked_at = None, float("-inf")


def own_entries() -> list[Entry]:
    """Return the project's own topics as the matcher takes them; no query."""
    return [
        Entry(
            topic.id,
            tuple("own:" + parent for parent in topic.parents),
            (
                *(form for lang, name in topic.names.items() for form in _forms(name, lang)),
                *topic.words,
            ),
            _with_forms(topic.doubtful),
            topic.context,
            HOSTS.get(topic.slug, ()),
        )
        for topic in own_topics()
    ]


def _forms(name: str, language: str) -> Sequence[str]:
    """Return the name and the forms in which texts have it."""
    last = name.split()[-1] if name.split() else ""
    if len(last) < 4:
        return (name,)
    return (name, *(name + ending for ending in _ENDINGS.get(language, ())))


def _with_forms(words: Iterable[str]) -> frozenset[str]:
    """Return the doubtful words with the forms of them that are doubtful as well."""
    ends = [ending for endings in _ENDINGS.values() for ending in endings]
    return frozenset(form for word in words for form in (word, *(word + end for end in ends)))


def stored_entries() -> list[Entry]:
    """Return the active topics as the matcher takes them. Three queries."""
    parents: dict[str, list[str]] = defaultdict(list)
    for parent, child in TopicEdge.objects.values_list("parent_id", "child_id"):
        parents[child].append(parent)
    words: dict[str, list[str]] = defaultdict(list)
    doubtful: dict[str, set[str]] = defaultdict(set)
    for topic_id, language, name, doubt in TopicName.objects.values_list(
        "topic_id", "language", "name", "doubtful"
    ):
        forms = _forms(name, language)
        words[topic_id].extend(forms)
        if doubt:
            doubtful[topic_id].update(_with_forms(forms))
    return [
        Entry(
            topic_id,
            tuple(parents[topic_id]),
            tuple(words[topic_id]),
            frozenset(doubtful[topic_id]),
            tuple(context),
            tuple(hosts),
        )
        for topic_id, context, hosts in Topic.objects.filter(is_active=True)
        .order_by("id")
        .values_list("id", "context", "hosts")
    ]

"""Invented questions and answers for trial installations, of the sample network's people."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from people.models import Person
from scoring.questions.models import Answer, Question
from scoring.topics.models import PersonTopic, Topic


@dataclass(frozen=True, slots=True)
class Sample:
    """An invented question of a topic of our own."""

    topic: str
    title: str
    details: str
    answers: tuple[str, ...] = ()
    # The first answer is the one that helped.
    is_solved: bool = False


SAMPLES = (
    Sample(
        "photography",
        "Which lens would you take on a walk in the rain?",
        "I carry one small camera and would rather not change anything outside.",
        (
            ("A small fixed one of 35 mm. It sees about what you see, and a hood keeps most drops "
            "off. Wipe the front with a soft cloth that you keep in an inner pocket."),
            "Whatever is on the camera. Wet streets do half of the work after dark.",
        ),
        is_solved=True,
    ),
    Sample(
        "photography",
        "How do you ask strangers whether you may take their picture?",
        "I find it hard to begin, and pictures from behind are not what I want.",
        (
            ("Say what you like about the scene before you say anything about a camera. Then show "
            "the picture, and offer to send it."),
        ),
    ),
    Sample(
        "cycling",
        "How much water for a day of riding in the mountains?",
        "Two of us, about seven hours, no shops on the way.",
        (
            ("Two bottles each to start with, and a filter: there is nearly always a stream below "
            "the snow fields until August."),
        ),
    ),
    Sample(
        "open-source",
        "When is a small project ready for its first release?",
        "It works for me, and I keep finding something to tidy up.",
        (
            ("When a stranger can install it and get something done within five minutes. Write "
            "down those five minutes; that is your first page of documentation."),
            "When you would miss it if the disk broke. Everything after that is version two.",
        ),
        is_solved=True,
    ),
    Sample(
        "baking",
        "What do you do with bread that is three days old?",
        "Apart from toast, please.",
        ("Cut it into cubes, fry it slowly in butter with garlic, and put it on any soup.",),
    ),
    Sample(
        "music",
        "Which record would you play to somebody who says they do not like jazz?",
        "",
    ),
    Sample(
        "gardening",
        "What grows on a balcony that never sees the sun?",
        "North side, third floor, some wind.",
    ),
    Sample(
        "books",
        "Which short novel can be read in one evening and stays for years?",
        "Any language that has been translated into English or Norwegian.",
        ("One about a lighthouse. Take the shortest that you find; they are all about waiting.",),
    ),
)  # fmt: skip


def ask_samples(demo: Person | None = None) -> int:
    """Store the sample questions that are missing; return how many were added.

    Their authors are the sample network's most influential people of each topic. The log-in for
    trying things out has asked the first one without an end, so that it can accept an answer.
    """
    known = set(Question.objects.filter(author_user=None).values_list("title", flat=True))
    if demo is not None:
        known |= set(Question.objects.filter(author=demo).values_list("title", flat=True))
    added = 0
    for number, sample in enumerate(SAMPLES):
        topic = Topic.objects.filter(pk=f"own:{sample.topic}", is_active=True).first()
        people = _people(f"own:{sample.topic}", 1 + len(sample.answers))
        if topic is None or sample.title in known or len(people) <= len(sample.answers):
            continue
        _ask(sample, topic, people, number, demo if number == 1 else None)
        added += 1
    return added


def _people(topic_id: str, most: int) -> list[Person]:
    """Return invented people of a topic, the most influential first."""
    rows = (
        PersonTopic.objects.filter(
            topic_id=topic_id, is_listed=True, person__owner=None, person__visibility="public"
        )
        .select_related("person")
        .order_by("-influence", "person_id")[:most]
    )
    return [row.person for row in rows]


@transaction.atomic
def _ask(
    sample: Sample, topic: Topic, people: list[Person], number: int, demo: Person | None
) -> None:
    *answerers, asker = people
    # The later in the list, the newer, as numbers of rows are.
    at = timezone.now() - timedelta(days=2 * (len(SAMPLES) - number), hours=5 * number % 24)
    question = Question.objects.create(
        topic=topic,
        author=demo or asker,
        author_user=demo.owner if demo else None,
        title=sample.title,
        details=sample.details,
        day=at.date(),
        slot=1,
        at=at,
    )
    for place, (person, text) in enumerate(zip(answerers, sample.answers, strict=True)):
        accepted = sample.is_solved and place == 0
        Answer.objects.create(
            question=question,
            author=person,
            text=text,
            day=at.date(),
            slot=1,
            at=at + timedelta(hours=3 + 7 * place),
            accepted_at=at + timedelta(hours=9) if accepted else None,
        )

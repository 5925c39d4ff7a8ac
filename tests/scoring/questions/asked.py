"""People who may write, and questions of theirs, for the tests of questions."""

from datetime import timedelta
from itertools import count

from allauth.account.models import EmailAddress
from django.utils import timezone

from people.models import Person, User
from scoring.questions import answering, asking
from scoring.questions.models import Answer, Question
from scoring.topics.models import Topic, TopicChoice, TopicName
from tests.conftest import make_person

_numbers = count(1)
CHESS = "own:chess"
TEXT = "Play the endgames first; openings can wait."


def topics() -> None:
    """Store a few topics, once for a test: all of our own take most of a second."""
    if Topic.objects.filter(pk=CHESS).exists():
        return
    names = {"chess": ("Chess", "Sjakk"), "opera": ("Opera", "Opera"), "jazz": ("Jazz", "Jazz")}
    Topic.objects.bulk_create(Topic(id=f"own:{slug}", slug=slug) for slug in names)
    TopicName.objects.bulk_create(
        TopicName(
            topic_id=f"own:{slug}", language=language, name=name, folded=name.lower(), shown=True
        )
        for slug, both in names.items()
        for language, name in zip(("en", "nb"), both, strict=True)
    )


def confirmed(person: Person, *, days: int = 30, visibility: str = "public") -> Person:
    """Return the person with a confirmed address, signed up so long ago, and public."""
    assert person.owner is not None
    user = person.owner
    EmailAddress.objects.get_or_create(
        user=user, email=str(user.email), defaults={"verified": True, "primary": True}
    )
    User.objects.filter(pk=user.pk).update(date_joined=timezone.now() - timedelta(days=days))
    Person.objects.filter(pk=person.pk).update(visibility=visibility)
    return Person.objects.select_related("owner").get(pk=person.pk)


def somebody() -> Person:
    """Return another person who may write."""
    return confirmed(make_person(f"Somebody{next(_numbers)}"))


def shows(person: Person, topic_id: str = CHESS) -> None:
    """Have the person show a topic."""
    TopicChoice.objects.get_or_create(person=person, topic_id=topic_id, choice="added")


def question(author: Person, title: str = "", details: str = "", topic: str = CHESS) -> Question:
    """Return a question of the author, unlike any other."""
    topics()
    title = title or f"How does one begin with number {next(_numbers)}?"
    made = asking.ask(author, topic, title, details)
    return Question.objects.get(pk=made.pk)


def answer(author: Person, to: Question, text: str = TEXT) -> Answer:
    """Return an answer of the author's."""
    return answering.answer(author, to.pk, text)

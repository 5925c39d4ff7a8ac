"""Thanks for an answer: readers mark it as helpful, who asked accepts one; +K goes with either.

The +K is the one of scoring.topics.plus_k, within its limits: an answer is only an occasion for it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from people.models import Person, User
from scoring.questions.answering import open_question
from scoring.questions.models import Answer, Helpful, is_there
from scoring.questions.notices import note_accepted
from scoring.questions.page import AnswerText
from scoring.questions.posting import NotThere, OwnThing, check_address, today
from scoring.questions.things import Thing
from scoring.topics import plus_k
from scoring.topics.models import AGAIN_DAYS, CREDITS_A_DAY, Credit
from scoring.topics.queries import topics_of


@dataclass(frozen=True, slots=True)
class Thanks:
    """What became of a press of a button."""

    question_id: int
    # How many +K are left of today, where one was given.
    left: int | None = None
    # Why none was, where one was asked for.
    refusal: plus_k.NotGiven | None = None


def mark(giver: Person, answer_id: int, *, with_credit: bool) -> Thanks:
    """Note that an answer helped the giver's user; a second press changes nothing.

    Raises NoAddress, NotThere and OwnThing. Whether +K goes with it or not, the mark stays.
    """
    user = _owner(giver)
    check_address(user)

    def thank(answer: Answer) -> None:
        Helpful.objects.bulk_create([Helpful(answer=answer, user=user)], ignore_conflicts=True)

    return _thank(giver, answer_id, thank, with_credit=with_credit)


def unmark(user: User, answer_id: int) -> int:
    """Take the user's mark back; return the question's number. Raises NotThere."""
    with transaction.atomic():
        found = _readable(answer_id)
        Helpful.objects.filter(answer=found, user=user).delete()
    return found.question_id


def accept(giver: Person, answer_id: int, *, with_credit: bool) -> Thanks:
    """Note that an answer helped who asked, instead of another one; its author is to be told.

    Raises NotThere where the giver's user did not ask.
    """
    user = _owner(giver)

    def thank(answer: Answer) -> None:
        if answer.question.author_user_id != user.pk:
            raise NotThere
        others = Answer.objects.filter(question_id=answer.question_id, accepted_at__isnull=False)
        others.exclude(pk=answer.pk).update(accepted_at=None)
        if answer.accepted_at is None:
            Answer.objects.filter(pk=answer.pk).update(accepted_at=timezone.now())
            note_accepted(answer)

    return _thank(giver, answer_id, thank, with_credit=with_credit)


def take_back(user: User, answer_id: int) -> int:
    """Accept an answer no longer; return the question's number. Raises NotThere."""
    with transaction.atomic():
        found = _readable(answer_id)
        if found.question.author_user_id != user.pk:
            raise NotThere
        Answer.objects.filter(pk=found.pk).update(accepted_at=None)
    return found.question_id


def question_of(answer_id: int) -> int:
    """Return the number of an answer's question; raise NotThere."""
    return Thing(Answer, answer_id).question_id


def _owner(giver: Person) -> User:
    if giver.owner is None:
        raise NotThere
    return giver.owner


def _readable(answer_id: int) -> Answer:
    """Return an answer that everybody may read, its question locked; raise NotThere."""
    question = open_question(question_of(answer_id))
    found = Answer.objects.filter(is_there(), pk=answer_id).select_related("author").first()
    if found is None:
        raise NotThere
    found.question = question
    return found


def _thank(
    giver: Person, answer_id: int, thank: Callable[[Answer], None], *, with_credit: bool
) -> Thanks:
    with transaction.atomic():
        found = _readable(answer_id)
        if found.author_user_id == giver.owner_id:
            raise OwnThing
        thank(found)
    if not with_credit:
        return Thanks(found.question_id)
    try:
        if found.author is None:
            raise plus_k.NotTheirTopic
        left = plus_k.give(giver, found.author, found.question.topic_id)
    except plus_k.NotGiven as why:
        return Thanks(found.question_id, refusal=why)
    return Thanks(found.question_id, left=left)


@dataclass(frozen=True, slots=True)
class Offers:
    """Which +K a reader could give on the page of a question."""

    # +K that the reader has left today.
    left: int
    # Answers whose authors could get one from the reader now.
    answer_ids: frozenset[int]
    # The reader shows the topic, so that they could get one themselves.
    shows_topic: bool


def offers(reader: Person, topic_id: str, answers: Sequence[AnswerText]) -> Offers:
    """Return what +K the reader could give for these answers. Two queries.

    Only whom everybody sees can get one, for a topic that they show, and once in seven days.
    """
    user = _owner(reader)
    named = {
        row.author_id: row.pk
        for row in answers
        if row.author_id is not None and row.author.slug and not row.is_own
    }
    shown = topics_of([*named, reader.pk])
    show = {pk for pk, rows in shown.items() if any(row.topic_id == topic_id for row in rows)}
    since = today() - timedelta(days=AGAIN_DAYS)
    again = Q(receiver_id__in=list(named), topic_id=topic_id, day__gt=since)
    given = Credit.objects.filter(Q(day=today()) | again, giver_user=user)
    rows = list(given.values_list("day", "receiver_id", "topic_id"))
    left = CREDITS_A_DAY - sum(day == today() for day, _, _ in rows)
    recent = {receiver for _, receiver, topic in rows if topic == topic_id}
    free = {pk for author, pk in named.items() if author in show and author not in recent}
    return Offers(max(left, 0), frozenset(free if left > 0 else ()), reader.pk in show)

"""Thanks for an answer: readers mark it as helpful, who asked accepts one; +K goes with either.

The +K is the one of scoring.topics.plus_k, within its limits: an answer is only an occasion for it.
Whoever takes a mark back takes the +K back that went with it, as far as it still stands.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from people.models import Person, User
from scoring.questions.answering import open_question
from scoring.questions.models import Answer, Helpful, MarkCredit, is_there
from scoring.questions.notices import note_accepted
from scoring.questions.page import AnswerText
from scoring.questions.posting import NotThere, OwnThing, check_address, locked, today
from scoring.questions.things import Thing
from scoring.topics import plus_k
from scoring.topics.models import AGAIN_DAYS, CREDITS_A_DAY, Credit
from scoring.topics.queries import topics_of

Kind = MarkCredit.Kind


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What became of a press of the button that takes a mark back."""

    question_id: int
    # How many +K went with it.
    credits_count: int


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

    return _thank(giver, answer_id, thank, Kind.HELPFUL if with_credit else None)


def unmark(user: User, answer_id: int) -> TakenBack:
    """Take the user's mark back, and the +K that went with it. Raises NotThere."""
    with transaction.atomic():
        found = _readable(answer_id)
        Helpful.objects.filter(answer=found, user=user).delete()
        count = _credits_back(Kind.HELPFUL, user, [found.pk])
    return TakenBack(found.question_id, count)


def accept(giver: Person, answer_id: int, *, with_credit: bool) -> Thanks:
    """Note that an answer helped who asked, instead of another one; its author is to be told.

    Raises NotThere where the giver's user did not ask.
    """
    user = _owner(giver)

    def thank(answer: Answer) -> None:
        if answer.question.author_user_id != user.pk:
            raise NotThere
        others = Answer.objects.filter(question_id=answer.question_id, accepted_at__isnull=False)
        before = list(others.exclude(pk=answer.pk).values_list("pk", flat=True))
        Answer.objects.filter(pk__in=before).update(accepted_at=None)
        _credits_back(Kind.ACCEPTED, user, before)
        if answer.accepted_at is None:
            Answer.objects.filter(pk=answer.pk).update(accepted_at=timezone.now())
            note_accepted(answer)

    return _thank(giver, answer_id, thank, Kind.ACCEPTED if with_credit else None)


def take_back(user: User, answer_id: int) -> TakenBack:
    """Accept an answer no longer, and take the +K back that went with it. Raises NotThere."""
    with transaction.atomic():
        found = _readable(answer_id)
        if found.question.author_user_id != user.pk:
            raise NotThere
        Answer.objects.filter(pk=found.pk).update(accepted_at=None)
        count = _credits_back(Kind.ACCEPTED, user, [found.pk])
    return TakenBack(found.question_id, count)


def _credits_back(kind: str, user: User, answer_ids: list[int]) -> int:
    """Take back the +K of the user's marks of these answers; return how many still stood.

    Within the transaction that holds the question: a mark that is made at once waits for it.
    """
    given = MarkCredit.objects.filter(kind=kind, user=user, answer_id__in=answer_ids)
    count = plus_k.take_back_these(list(given.values_list("credit_id", flat=True)))
    given.delete()
    return count


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
    giver: Person, answer_id: int, thank: Callable[[Answer], None], kind: str | None
) -> Thanks:
    """Keep the mark, and give +K with it where a kind is told: in one transaction."""
    user = _owner(giver)
    with transaction.atomic():
        if kind is not None:
            # The user before the question, as whoever writes does.
            locked(user)
        found = _readable(answer_id)
        if found.author_user_id == user.pk:
            raise OwnThing
        thank(found)
        if kind is None:
            return Thanks(found.question_id)
        try:
            if found.author is None:
                raise plus_k.NotTheirTopic
            given = plus_k.give(giver, found.author, found.question.topic_id)
        except plus_k.NotGiven as why:
            return Thanks(found.question_id, refusal=why)
        MarkCredit.objects.create(
            credit_id=given.credit_id, answer_id=found.pk, user_id=user.pk, kind=kind
        )
    return Thanks(found.question_id, left=given.left)


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

"""What people are to be told of their questions and answers: rows, each of them once."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from people.models import Person
from scoring.questions.models import Answer, Notice, Question, Written

# Told or not, older ones are no news.
KEPT_DAYS = 90
MOST_SHOWN = 20


def note_answer(question: Question, answer: Answer) -> None:
    """Note that who asked is to be told of an answer; an answer is news once."""
    _note(question.author_id, Notice.Kind.ANSWERED, question.pk, answer.pk)


def note_accepted(answer: Answer) -> None:
    """Note that the author of an answer is to be told that it helped who asked."""
    _note(answer.author_id, Notice.Kind.ACCEPTED, answer.question_id, answer.pk)


def note_decision(written: Written, kind: Notice.Kind) -> None:
    """Note that the author is to be told that their text was hidden or is shown again."""
    if isinstance(written, Answer):
        question_id, answer_id = written.question_id, written.pk
    else:
        question_id, answer_id = written.pk, None
    # A second time is news again.
    same = {"kind": kind, "question_id": question_id, "answer_id": answer_id}
    if written.author_id is not None:
        Notice.objects.filter(person_id=written.author_id, **same).delete()
    _note(written.author_id, kind, question_id, answer_id)


def _note(
    person_id: int | None, kind: Notice.Kind, question_id: int, answer_id: int | None
) -> None:
    # Nobody is told who is erased, or of the sample network.
    if person_id is None or not Person.objects.filter(pk=person_id, owner__isnull=False).exists():
        return
    Notice.objects.bulk_create(
        [
            Notice(
                person_id=person_id,
                kind=kind,
                question_id=question_id,
                answer_id=answer_id,
                at=timezone.now(),
            )
        ],
        ignore_conflicts=True,
    )


@dataclass(frozen=True, slots=True)
class News:
    """A line of what happened to a person's questions and answers."""

    kind: str
    question_id: int
    answer_id: int | None
    # Of the question; "" where it was withdrawn.
    title: str
    at: datetime
    is_new: bool


def news_of(person: Person, *, new_only: bool = False) -> list[News]:
    """Return what a person is told, the newest first, a few. One query.

    Nothing of a question or answer that is gone or hidden meanwhile, but that one's own was hidden.
    """
    rows = Notice.objects.select_related("question", "answer").filter(person=person)
    if new_only:
        rows = rows.filter(told_at__isnull=True)
    return [
        News(
            row.kind,
            row.question_id,
            row.answer_id,
            row.question.title,
            row.at,
            row.told_at is None,
        )
        for row in rows.order_by("-id")[: MOST_SHOWN * 2]
        if _is_still_so(row)
    ][:MOST_SHOWN]


def _is_still_so(notice: Notice) -> bool:
    about: Written = notice.answer or notice.question
    if notice.kind == Notice.Kind.HIDDEN:
        return about.state == Written.State.HIDDEN
    return (
        about.state == Written.State.SHOWN
        and not about.is_away
        and notice.question.state == Written.State.SHOWN
        and (
            notice.kind != Notice.Kind.ACCEPTED
            or notice.answer is None
            or notice.answer.accepted_at is not None
        )
    )


def mark_told(person: Person, before: datetime) -> int:
    """Note that the person was told of everything up to a moment; return how much was new."""
    return Notice.objects.filter(person=person, told_at__isnull=True, at__lte=before).update(
        told_at=timezone.now()
    )


def expire(now: datetime, batch: int = 10_000) -> int:
    """Remove notices of long ago, a bounded number at a time; return how many."""
    old = Notice.objects.filter(at__lt=now - timedelta(days=KEPT_DAYS)).values_list("pk", flat=True)
    return Notice.objects.filter(pk__in=list(old[:batch])).delete()[0]

"""A question or an answer by its number, as reports and moderators speak of either."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from people.models import User
from scoring.questions.audit import acting_as
from scoring.questions.models import Answer, Question, Report, is_there
from scoring.questions.posting import NotThere


@dataclass(frozen=True, slots=True)
class Thing:
    """Which question, or which answer."""

    kind: type[Question] | type[Answer]
    pk: int

    @property
    def reports(self) -> dict[str, int]:
        """The condition of its reports."""
        return {"answer_id" if self.kind is Answer else "question_id": self.pk}

    @property
    def question_id(self) -> int:
        """The question that it is or belongs to; raises NotThere."""
        if self.kind is Question:
            return self.pk
        rows = Answer.objects.filter(pk=self.pk).values_list("question_id", flat=True)
        if (found := rows.first()) is None:
            raise NotThere
        return found


def reported(report: Report) -> Thing:
    """Return what a report is about."""
    if report.answer_id is not None:
        return Thing(Answer, report.answer_id)
    assert report.question_id is not None
    return Thing(Question, report.question_id)


def thing(row: Question | Answer) -> Thing:
    """Return the thing of a row."""
    return Thing(type(row), row.pk)


def readable_title(about: Thing) -> str | None:
    """Return the title of a question that everybody may read, or of an answer's; else None."""
    if about.kind is Question:
        asked = Question.objects.filter(is_there(), pk=about.pk, topic__is_active=True)
        return asked.values_list("title", flat=True).first()
    answers = Answer.objects.filter(
        is_there(),
        pk=about.pk,
        question__state=Question.State.SHOWN,
        question__is_away=False,
        question__topic__is_active=True,
    )
    return answers.values_list("question__title", flat=True).first()


@contextmanager
def held(about: Thing, by: User | None) -> Iterator[Question | Answer]:
    """A transaction noted as the user's, in which nobody else changes the thing.

    Its question is locked first, as by everybody who writes about it. Raises NotThere.
    """
    question_id = about.question_id
    with acting_as(by):
        question = Question.objects.select_for_update(no_key=True).filter(pk=question_id).first()
        if question is None:
            raise NotThere
        if about.kind is Question:
            yield question
            return
        found = Answer.objects.select_for_update(no_key=True).filter(pk=about.pk).first()
        if found is None:
            raise NotThere
        found.question = question
        yield found

"""Who exports and erases which rows of questions and answers."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from people.erasure import Rows, leaving_user, plain
from people.erasure import register as register_model
from people.models import Person
from scoring.questions.models import (
    Answer,
    Change,
    Helpful,
    MarkCredit,
    Notice,
    Question,
    Report,
)

# Of one's own text: who wrote is oneself.
_OWN = ("author", "author_user")


def register() -> None:
    """Register this package's models with people.erasure, parents before children."""
    erased = _("until you withdraw it, or erase everything")
    register_model(
        Question,
        export=lambda person: (plain(row, *_OWN) for row in _by(Question, person)),
        erase=_erase_questions,
        what=_("Questions that you asked, and what became of them"),
        source=_("from you; counts from readers"),
        until=erased,
    )
    register_model(
        Answer,
        export=lambda person: (plain(row, *_OWN) for row in _by(Answer, person)),
        erase=lambda person: _by(Answer, person).delete()[0],
        what=_("Answers that you gave, and how many they helped"),
        source=_("from you; counts from readers"),
        until=erased,
    )
    register_model(
        Helpful,
        export=_of_user(Helpful),
        erase=_erase_of_user(Helpful),
        what=_("Which answers you marked as helpful"),
        source=_("from you"),
        until=_("until you take it back, or erase everything"),
    )
    register_model(
        MarkCredit,
        export=_of_user(MarkCredit),
        erase=_erase_of_user(MarkCredit),
        what=_("Which +K of yours went with such a mark"),
        source=_("from you"),
        until=_("until you take it back, or erase everything"),
    )
    register_model(
        Report,
        export=_of_user(Report),
        erase=_erase_of_user(Report),
        what=_("Your reports about questions and answers"),
        source=_("from you"),
        until=_("until you erase everything"),
    )
    register_model(
        Notice,
        export=lambda person: map(plain, Notice.objects.filter(person_id=person.pk).order_by("pk")),
        erase=lambda person: Notice.objects.filter(person_id=person.pk).delete()[0],
        what=_("Of which answers, thanks and decisions you are told"),
        source=_("computed here"),
        until=_("90 days"),
    )
    register_model(
        Change,
        export=_of_user(Change, "by"),
        # What was done stays on record; who did it goes.
        erase=lambda person: (
            Change.objects.filter(by__people=person.pk).update(by=None)
            if leaving_user(person)
            else 0
        ),
        what=_("Questions and answers that you withdrew, hid or showed again"),
        source=_("written down with each change"),
        until=_("until you erase everything; then without your name"),
    )


def _by(model: type[Any], person: Person) -> QuerySet[Any]:
    return model._default_manager.filter(author_id=person.pk).order_by("pk")  # type: ignore[no-any-return]


def _erase_questions(person: Person) -> int:
    """Remove the person's questions; of those with answers of others an empty row stays.

    Nobody sees it; the answers in it are their authors' own, who find them among theirs.
    """
    answered = Answer.objects.exclude(author_id=person.pk).values("question_id")
    kept = Question.objects.filter(author_id=person.pk, pk__in=answered)
    Report.objects.filter(question__in=kept).delete()
    count = kept.update(
        state=Question.State.WITHDRAWN,
        author=None,
        author_user=None,
        title="",
        details="",
        objection="",
    )
    return count + _by(Question, person).delete()[0]


def _of_user(model: type[Any], column: str = "user") -> Callable[[Person], Rows]:
    return lambda person: (
        plain(row, column)
        for row in model._default_manager.filter(**{f"{column}__people": person.pk}).order_by("pk")
    )


def _erase_of_user(model: type[Any]) -> Callable[[Person], int]:
    return lambda person: (
        model._default_manager.filter(user__people=person.pk).delete()[0]
        if leaving_user(person)
        else 0
    )

"""Buttons below an answer: it helped me, it helped who asked; +K with either."""

from collections.abc import Callable
from typing import Protocol

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from dashboard.questions.refusals import said
from dashboard.questions.writing import answer_address
from dashboard.topics.person import refusal_words
from people.acting import acting_person
from people.limits import counted_within
from people.models import Person, User
from scoring.questions import thanking
from scoring.questions.posting import NotPosted, NotThere, TooOften

# Marks in an hour, by one user.
MARKS_AN_HOUR = 60


class Thank(Protocol):
    """What a button does: `thanking.mark` or `thanking.accept`."""

    def __call__(self, giver: Person, answer_id: int, *, with_credit: bool) -> thanking.Thanks: ...


@login_required
@require_POST
def mark_helpful(request: HttpRequest, answer_id: int) -> HttpResponse:
    """Mark an answer as helpful, with +K or without; or take the mark back."""
    return _pressed(request, answer_id, thanking.mark, thanking.unmark)


@login_required
@require_POST
def accept_answer(request: HttpRequest, answer_id: int) -> HttpResponse:
    """Say as who asked that an answer helped, with +K or without; or take that back."""
    return _pressed(request, answer_id, thanking.accept, thanking.take_back)


def _pressed(
    request: HttpRequest,
    answer_id: int,
    thank: Thank,
    take_back: Callable[[User, int], thanking.TakenBack],
) -> HttpResponse:
    assert isinstance(request.user, User)
    act = request.POST.get("act")
    try:
        if not counted_within(f"questions:thanks:{request.user.pk}", MARKS_AN_HOUR, 3600):
            raise TooOften
        if act == "take_back":
            gone = take_back(request.user, answer_id)
            question_id = gone.question_id
            with_it = _("Taken back, with the +K that went with it.")
            messages.success(request, with_it if gone.credits_count else _("Taken back."))
        else:
            done = thank(acting_person(request), answer_id, with_credit=act == "credit")
            question_id = done.question_id
            _say(request, done)
    except NotThere:
        raise Http404 from None
    except NotPosted as why:
        messages.error(request, said(why))
        question_id = thanking.question_of(answer_id)
    return redirect(answer_address(question_id, answer_id))


def _say(request: HttpRequest, done: thanking.Thanks) -> None:
    if done.refusal is not None:
        told = _("Noted: it helped. No +K went with it: %(why)s")
        messages.warning(request, told % {"why": refusal_words(done.refusal)})
    elif done.left is not None:
        told = ngettext(
            "Noted, and +K given. You have %(count)d more for today.",
            "Noted, and +K given. You have %(count)d more for today.",
            done.left,
        )
        messages.success(request, told % {"count": done.left})
    else:
        messages.success(request, _("Noted: it helped."))

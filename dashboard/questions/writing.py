"""Asking, answering, changing and withdrawing, as forms and buttons."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from connectors.copying import clean
from dashboard.questions.forms import AnswerForm, AskForm
from dashboard.questions.refusals import said
from dashboard.questions.views import question_answer
from people.acting import acting_person
from people.letters import has_address
from people.limits import counted_within
from people.models import User
from scoring.questions import answering, asking
from scoring.questions.posting import NotPosted, NotThere, TooLate, TooOften
from scoring.questions.wording import Unfit
from scoring.topics.queries import TopicLink, topic_of_slug

# Changes of texts in an hour, by one user.
CHANGES_AN_HOUR = 30


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask the people of a topic; says before what becomes of a question."""
    topic = topic_of_slug(clean(slug, 101))
    if topic is None:
        raise Http404
    form = AskForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        author = acting_person(request)
        try:
            made = asking.ask(
                author, topic.topic_id, _posted(request, "title"), _posted(request, "details")
            )
        except Unfit as why:
            form.refuse(why)
        except asking.AskedAlready as known:
            messages.info(request, _("You asked this already; here it is."))
            return redirect("dashboard:question", known.question_id)
        except NotPosted as why:
            messages.error(request, said(why))
        else:
            messages.success(request, _("Asked. Here is where the answers will be."))
            return redirect("dashboard:question", made.pk)
    return _ask_page(request, topic, form)


def _ask_page(request: HttpRequest, topic: TopicLink, form: AskForm) -> HttpResponse:
    assert isinstance(request.user, User)
    context = {
        "topic": topic,
        "form": form,
        "person": acting_person(request),
        "has_address": has_address(request.user),
    }
    return render(request, "questions/ask.html", context, status=400 if form.is_bound else 200)


def _posted(request: HttpRequest, name: str) -> str:
    return request.POST.get(name, "")


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def change_question(request: HttpRequest, question_id: int) -> HttpResponse:
    """Change a question of one's own while nobody answered it."""
    assert isinstance(request.user, User)
    try:
        question = asking.own_question(request.user, question_id)
    except NotThere:
        raise Http404 from None
    form = AskForm(
        request.POST if request.method == "POST" else None,
        initial={"title": question.title, "details": question.details},
    )
    try:
        if request.method == "POST":
            _count_change(request.user)
            asking.change(
                request.user, question_id, _posted(request, "title"), _posted(request, "details")
            )
            messages.success(request, _("Changed."))
            return redirect("dashboard:question", question_id)
        if not asking.is_changeable(question):
            raise TooLate
    except Unfit as why:
        form.refuse(why)
    except asking.AskedAlready as known:
        messages.info(request, _("You asked this already; here it is."))
        return redirect("dashboard:question", known.question_id)
    except NotPosted as why:
        messages.error(request, said(why))
        return redirect("dashboard:question", question_id)
    context = {"question": question, "form": form}
    return render(
        request, "questions/change_question.html", context, status=400 if form.is_bound else 200
    )


@login_required
@require_POST
def withdraw_question(request: HttpRequest, question_id: int) -> HttpResponse:
    """Take a question of one's own away."""
    assert isinstance(request.user, User)
    try:
        asking.withdraw(request.user, question_id)
    except NotThere:
        raise Http404 from None
    messages.success(request, _("Withdrawn: nobody sees it any more."))
    return redirect("dashboard:my_questions")


@never_cache
@login_required
@require_POST
def answer(request: HttpRequest, question_id: int) -> HttpResponse:
    """Answer a question, once."""
    form = AnswerForm(request.POST)
    try:
        made = answering.answer(acting_person(request), question_id, _posted(request, "text"))
    except NotThere:
        raise Http404 from None
    except Unfit as why:
        form.refuse(why)
        return question_answer(request, question_id, form, status=400)
    except answering.AnsweredAlready as known:
        messages.info(request, said(known))
        return redirect(answer_address(question_id, known.answer_id))
    except NotPosted as why:
        messages.error(request, said(why))
        return redirect("dashboard:question", question_id)
    messages.success(request, _("Thank you. Your answer is there."))
    return redirect(answer_address(question_id, made.pk))


def answer_address(question_id: int, answer_id: int) -> str:
    """Return the address of an answer on the page of its question."""
    return reverse("dashboard:question", args=[question_id]) + f"#answer-{answer_id}"


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def change_answer(request: HttpRequest, answer_id: int) -> HttpResponse:
    """Change an answer of one's own; it is marked as edited."""
    assert isinstance(request.user, User)
    try:
        mine = answering.own_shown(request.user, answer_id)
    except NotThere:
        raise Http404 from None
    form = AnswerForm(
        request.POST if request.method == "POST" else None, initial={"text": mine.text}
    )
    if request.method == "POST":
        try:
            _count_change(request.user)
            answering.change(request.user, answer_id, _posted(request, "text"))
        except Unfit as why:
            form.refuse(why)
        except NotPosted as why:
            messages.error(request, said(why))
            return redirect("dashboard:my_questions")
        else:
            messages.success(request, _("Changed."))
            return redirect(answer_address(mine.question_id, answer_id))
    context = {"answer": mine, "form": form, "title": answering.title_of(mine)}
    return render(
        request, "questions/change_answer.html", context, status=400 if form.is_bound else 200
    )


@login_required
@require_POST
def withdraw_answer(request: HttpRequest, answer_id: int) -> HttpResponse:
    """Take an answer of one's own away."""
    assert isinstance(request.user, User)
    try:
        answering.withdraw(request.user, answer_id)
    except NotThere:
        raise Http404 from None
    messages.success(request, _("Withdrawn: nobody sees it any more."))
    return redirect("dashboard:my_questions")


def _count_change(user: User) -> None:
    if not counted_within(f"questions:change:{user.pk}", CHANGES_AN_HOUR, 3600):
        raise TooOften

"""Reporting a question or an answer, and objecting where one's own was hidden."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from dashboard.questions.forms import ObjectionForm, ReportForm
from dashboard.questions.refusals import said
from people.models import User
from scoring.questions import moderation, reporting
from scoring.questions.models import Answer, Question
from scoring.questions.posting import NotPosted, NotThere
from scoring.questions.things import Thing, readable_title
from scoring.questions.wording import Unfit


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def report_question(request: HttpRequest, question_id: int) -> HttpResponse:
    """Report a question."""
    return _report(request, Thing(Question, question_id))


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def report_answer(request: HttpRequest, answer_id: int) -> HttpResponse:
    """Report an answer."""
    return _report(request, Thing(Answer, answer_id))


def _report(request: HttpRequest, about: Thing) -> HttpResponse:
    assert isinstance(request.user, User)
    title = readable_title(about)
    if title is None:
        raise Http404
    form = ReportForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            hid = reporting.report(request.user, about, given["reason"], given["words"])
        except Unfit as why:
            form.refuse(why)
        except NotThere:
            raise Http404 from None
        except NotPosted as why:
            messages.info(request, said(why))
            return redirect("dashboard:question", about.question_id)
        else:
            messages.success(request, _("Thank you. Somebody will look at it."))
            if hid and about.kind is Question:
                return redirect("dashboard:questions")
            return redirect("dashboard:question", about.question_id)
    context = {
        "form": form,
        "title": title,
        "question_id": about.question_id,
        "is_answer": about.kind is Answer,
    }
    return render(request, "questions/report.html", context, status=400 if form.errors else 200)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def object_question(request: HttpRequest, question_id: int) -> HttpResponse:
    """Object to the hiding of one's own question."""
    return _object(request, Thing(Question, question_id))


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def object_answer(request: HttpRequest, answer_id: int) -> HttpResponse:
    """Object to the hiding of one's own answer."""
    return _object(request, Thing(Answer, answer_id))


def _object(request: HttpRequest, about: Thing) -> HttpResponse:
    assert isinstance(request.user, User)
    try:
        row = moderation.own_hidden(request.user, about)
    except NotThere:
        raise Http404 from None
    form = ObjectionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        try:
            moderation.object_to(request.user, about, request.POST.get("words", ""))
        except Unfit as why:
            form.refuse(why)
        except NotPosted:
            raise Http404 from None
        else:
            messages.success(request, _("Thank you. Somebody will look at it."))
            return redirect("dashboard:my_questions")
    context = {
        "form": form,
        "why": row.hidden_why,
        "text": row.text if isinstance(row, Answer) else row.title,
    }
    return render(request, "questions/object.html", context, status=400 if form.is_bound else 200)

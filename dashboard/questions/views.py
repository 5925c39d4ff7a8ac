"""Pages of questions: those of a topic, one with its answers, those for a person, and their own."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from connectors.copying import clean
from dashboard.questions.forms import AnswerForm
from people.acting import acting_person
from people.consent import text_of
from people.letters import choose_answers, plan_of
from people.models import User
from scoring.questions import notices, queries
from scoring.questions.models import Notice
from scoring.questions.page import QuestionPage, question_page
from scoring.questions.thanking import offers
from scoring.topics.queries import topic_of_slug, topics_of

SORTS: dict[str, Promise] = {
    "new": gettext_lazy("Newest"),
    "unanswered": gettext_lazy("Unanswered"),
    "helpful": gettext_lazy("Most helpful"),
}


def reader(request: HttpRequest) -> User | None:
    """Return who is signed in, None for a stranger."""
    return request.user if isinstance(request.user, User) else None


@never_cache
@require_safe
def topic_questions(request: HttpRequest, slug: str) -> HttpResponse:
    """The questions of a topic, sorted as the address asks."""
    topic = topic_of_slug(clean(slug, 101))
    if topic is None:
        raise Http404
    wanted = request.GET.get("sort", "")
    sort = wanted if wanted in SORTS else "new"
    after = request.GET.get("after", "")
    context = {
        "topic": topic,
        "sort": sort,
        "sorts": SORTS.items(),
        "listing": queries.questions_of(topic.topic_id, sort, after),
        "is_further": queries.place(after) is not None,
    }
    return render(request, "questions/topic.html", context)


@never_cache
@require_safe
def question(request: HttpRequest, question_id: int) -> HttpResponse:
    """A question with its answers."""
    return question_answer(request, question_id, AnswerForm())


def question_answer(
    request: HttpRequest, question_id: int, form: AnswerForm, status: int = 200
) -> HttpResponse:
    """Return the page of a question with the form for an answer; not found for who may not see."""
    user = reader(request)
    page = question_page(question_id, user, request.GET.get("after", ""))
    if page is None:
        raise Http404
    person = acting_person(request) if user is not None else None
    context = {
        "page": page,
        "question": page.question,
        "form": form,
        "may_answer": _may_answer(page, user),
        "person": person,
        "offers": offers(person, page.question.topic.topic_id, page.answers) if person else None,
    }
    return render(request, "questions/question.html", context, status=status)


def _may_answer(page: QuestionPage, user: User | None) -> bool:
    asked = page.question
    return user is not None and page.own is None and not asked.is_own and not asked.hidden_why


@never_cache
@login_required
@require_safe
def for_you(request: HttpRequest) -> HttpResponse:
    """Open questions in the topics that the person shows."""
    person = acting_person(request)
    assert isinstance(request.user, User)
    topics = topics_of([person.pk]).get(person.pk, [])
    after = request.GET.get("after", "")
    context = {
        "topics": topics,
        "listing": queries.questions_for(request.user, [row.topic_id for row in topics], after),
        "is_further": queries.place(after) is not None,
    }
    return render(request, "questions/for_you.html", context)


@never_cache
@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Where the person asked and answered."""
    person = acting_person(request)
    news, now = notices.news_of(person), timezone.now()
    if any(row.is_new for row in news):
        notices.mark_told(person, now)
    context = {
        "news": [(Notice.Kind(row.kind).label, row) for row in news],
        "by_letter": plan_of(person).answers,
        "consent": text_of("answers").text,
        "asked": queries.questions_by(person.pk, request.GET.get("asked", "")),
        "answered": queries.answers_by(person.pk, request.GET.get("answered", "")),
    }
    return render(request, "questions/mine.html", context)


@login_required
@require_POST
def choose_letters(request: HttpRequest) -> HttpResponse:
    """Turn the e-mails about one's questions and answers on or off."""
    choose_answers(acting_person(request), wanted=request.POST.get("wanted") == "yes")
    messages.success(request, _("Your choice is saved."))
    return redirect("dashboard:my_questions")

"""Pages of topics: one's own, all of them, and the people of each."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from connectors.copying import clean
from people.acting import acting_person
from people.consent import text_of
from people.models import Person
from scoring.questions.queries import newest_of
from scoring.topics import listing, own_page
from scoring.topics.leaders import areas, topic_page
from scoring.topics.models import Topic
from scoring.topics.own_page import MOST_ADDED, TooMany
from scoring.topics.queries import topics_like, topics_matching

FOUND_SHOWN = 20


@never_cache
@login_required
@require_safe
def own(request: HttpRequest) -> HttpResponse:
    """What the person is influential about, why, and what they say of it."""
    person = acting_person(request)
    rows = own_page.own_topics(person.pk)
    wanted = request.GET.get("q", "").strip()[:100]
    context = {
        "shown": [row for row in rows if not row.is_hidden and not row.is_added],
        "added": [row for row in rows if row.is_added],
        "hidden": [row for row in rows if row.is_hidden],
        "wanted": wanted,
        "found": topics_matching(wanted, FOUND_SHOWN) if wanted else [],
        "is_listed": listing.is_listed(person),
        "is_public": person.visibility == Person.Visibility.PUBLIC,
        "consent": text_of("topics").text,
    }
    return render(request, "topics/own.html", context)


@login_required
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Add, hide or show again a topic of one's own."""
    person, topic_id = acting_person(request), request.POST.get("topic", "")[:100]
    act = request.POST.get("act")
    try:
        if act == "add":
            own_page.add(person, topic_id)
            messages.success(request, _("Added. It is marked as said by you."))
        elif act == "hide":
            own_page.hide(person, topic_id)
            messages.success(request, _("Hidden: it is shown as yours nowhere."))
        elif act == "show":
            own_page.show(person, topic_id)
            messages.success(request, _("Shown again."))
    except (Topic.DoesNotExist, ValueError):
        raise Http404 from None
    except TooMany:
        messages.error(request, _("You can add %d topics at most.") % MOST_ADDED)
    return redirect("dashboard:own_topics")


@login_required
@require_POST
def list_me(request: HttpRequest) -> HttpResponse:
    """Agree to be listed on topic pages, or take it back."""
    person = acting_person(request)
    if request.POST.get("listed") == "yes":
        listing.agree(person)
        messages.success(request, _("You are listed on the pages of your topics."))
    else:
        listing.take_back(person)
        messages.success(request, _("You are listed no longer."))
    return redirect("dashboard:own_topics")


@require_safe
def browse(request: HttpRequest) -> HttpResponse:
    """All areas with their topics; or what is found for a name."""
    wanted = request.GET.get("q", "").strip()[:100]
    found = topics_like(wanted, FOUND_SHOWN) if wanted else []
    context = {"wanted": wanted, "found": found, "areas": [] if wanted else areas()}
    return render(request, "topics/browse.html", context)


@require_safe
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    """Who is influential about a topic: people who agreed to be listed."""
    page = topic_page(clean(slug, 101))
    if page is None:
        raise Http404
    context = {"page": page, "topic": page.topic, "questions": newest_of(page.topic.topic_id)}
    return render(request, "topics/topic.html", context)

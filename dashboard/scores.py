"""The page of one's own score."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from connectors.queries import Progress, network_states
from dashboard.discounts import discount_lines
from dashboard.networks import SYNCING
from dashboard.polling import by_script, load_again
from dashboard.signed_in import user_of
from dashboard.trend.page import my_score_context
from people.acting import acting_person
from people.kept_pages import KeptPage, Viewer, render_kept
from people.models import Person
from scoring.row_versions import own_score_version


@never_cache
@login_required
@require_safe
def my_score(request: HttpRequest) -> HttpResponse:
    """One's own score with its reasons; before there is one, what is missing for it."""
    person = acting_person(request)
    if not request.GET and not by_script(request):
        page = KeptPage("score", person.pk, Viewer.OWNER, own_score_version(person.pk))
        return render_kept(request, "score.html", page, lambda: _context(request, person))
    context = _context(request, person)
    if by_script(request) and (context["head"] is not None or context["apart"]):
        # The page of progress asks: the first score is there.
        return load_again()
    return render(request, "score.html", context)


def _context(request: HttpRequest, person: Person) -> dict[str, Any]:
    """Return what the page shows of the days that the address asks for."""
    context = my_score_context(person, user_of(request), request.GET)
    if context["head"] is None and not context["apart"]:
        # How far the first sync is changes by the second.
        return context | _without_score(person.pk) | {"kept_until": timezone.now()}
    if context.get("has_discounts") and not context["comparison"].query():
        # A comparison asks questions of its own: the page keeps to eight.
        context["discounts"] = discount_lines(person.pk)
    return context


def _without_score(person_id: int) -> dict[str, object]:
    """Return whether an account is linked, and how far its first sync is."""
    own = [state for state in network_states(person_id) if state.account_id is not None]
    # Read and not yet scored is still on the way to the first score.
    coming = [state for state in own if state.state in SYNCING or state.state == "ok"]
    parts = [state.progress for state in coming if state.progress is not None]
    sync = Progress(
        done=sum(part.done for part in parts),
        total=len(coming),
        posts=sum(part.posts for part in parts),
        interactions=sum(part.interactions for part in parts),
    )
    return {"linked": bool(own), "syncing": bool(coming), "sync": sync}

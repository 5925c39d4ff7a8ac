"""The public page of a person: what anybody may see, or the page that says no more."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dashboard.claiming import claim_choices
from dashboard.lookups import unavailable
from dashboard.score_page import score_context
from people.kept_pages import KeptPage, Viewer, render_kept
from people.models import Person
from people.sharing import image_token_of
from people.visibility import is_hidden, may_see
from scoring.profiles import Profile, profile_at
from scoring.topics.queries import topics_of


@require_safe
def profile(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a person's score to who may see it; everybody else gets the same page as for nobody."""
    found = profile_at(slug)
    if found is None or not may_see(found.person, request.user, found.named):
        return unavailable(request)
    person = found.person
    is_owner = person.owner_id is not None and person.owner_id == request.user.pk
    if is_owner and "others" in request.GET and not may_see(person, AnonymousUser(), found.named):
        return unavailable(request)
    if request.GET:
        return render(request, "profile.html", _context(request, found, is_owner=is_owner))
    viewer = Viewer.SIGNED_IN if request.user.is_authenticated else Viewer.STRANGER
    page = KeptPage("profile", person.pk, Viewer.OWNER if is_owner else viewer, found.version)
    return render_kept(
        request, "profile.html", page, lambda: _context(request, found, is_owner=is_owner)
    )


def _context(request: HttpRequest, found: Profile, *, is_owner: bool) -> dict[str, Any]:
    """Return what the page shows; of the visitor it knows only whether they are signed in."""
    person, accounts = found.person, found.accounts
    unclaimed = person.owner_id is None
    score = score_context(person.pk, request.GET)
    ends = [score.get("kept_until"), person.hidden_until if is_hidden(person) else None]
    return score | {
        "kept_until": min((end for end in ends if end is not None), default=None),
        "person": person,
        "accounts": accounts,
        "source_networks": ", ".join(dict.fromkeys(a.network_name for a in accounts)),
        "is_sample": any(account.network == "sample" for account in accounts),
        "unclaimed": unclaimed,
        "claims": claim_choices(accounts, signed_in=request.user.is_authenticated)
        if unclaimed
        else [],
        "topics": topics_of([person.pk]).get(person.pk, []),
        "is_owner": is_owner,
        "as_others": is_owner and "others" in request.GET,
        "hidden": is_hidden(person),
        # Search engines see only what somebody chose to show to everybody.
        "indexable": not unclaimed and person.visibility == Person.Visibility.PUBLIC,
        "image_token": image_token_of(person),
        "site_url": settings.SITE_URL,
    }

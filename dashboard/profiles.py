"""The public page of a person: what anybody may see, or the page that says no more."""

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from connectors.queries import public_accounts
from dashboard.claiming import claim_choices
from dashboard.lookups import unavailable
from dashboard.score_page import score_context
from people.models import Person
from people.queries import person_by_slug
from people.sharing import image_token_of
from people.visibility import is_hidden, may_see
from scoring.topics.queries import topics_of


@require_safe
def profile(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a person's score to who may see it; everybody else gets the same page as for nobody."""
    person = person_by_slug(slug)
    if person is None or not may_see(person, request.user):
        return unavailable(request)
    is_owner = person.owner_id is not None and person.owner_id == request.user.pk
    as_others = is_owner and "others" in request.GET
    if as_others and not may_see(person, AnonymousUser()):
        return unavailable(request)
    accounts = public_accounts(person.pk)
    unclaimed = person.owner_id is None
    context = score_context(person.pk, request.GET) | {
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
        "as_others": as_others,
        "hidden": is_hidden(person),
        # Search engines see only what somebody chose to show to everybody.
        "indexable": not unclaimed and person.visibility == Person.Visibility.PUBLIC,
        "image_token": image_token_of(person),
        "site_url": settings.SITE_URL,
    }
    return render(request, "profile.html", context)

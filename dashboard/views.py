"""The first page and the pages that explain."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from dashboard.catalogue import asked_for, catalogue
from dashboard.sample import sample_state
from scoring import versions


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The first page: one sentence, the look-up box, how it works."""
    return render(request, "home.html", {"sample": sample_state()})


@require_safe
@cache_control(public=True, max_age=3600)
def robots(request: HttpRequest) -> HttpResponse:
    """What crawlers may read."""
    return render(request, "robots.txt", content_type="text/plain")


@require_safe
def method(request: HttpRequest) -> HttpResponse:
    """How the score is computed."""
    return render(request, "method.html", {"version": versions.in_use().version})


@require_safe
def signals(request: HttpRequest) -> HttpResponse:
    """The signals by network, and those of a network, family or role with their meaning."""
    version = versions.in_use()
    asked = asked_for(request.GET)
    # Unfiltered it is the same for everybody: the template keeps it.
    page = catalogue(asked, version) if any(asked.values()) else None
    return render(request, "signals.html", {"page": page, "version": version.version})

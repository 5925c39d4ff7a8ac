"""Pages beside the score: its sides, style, closest people, best times, and what-if."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dashboard.heat_map import week_of
from dashboard.lookups import unavailable
from dashboard.sides import side_lines_of
from dashboard.styles import style_card
from dashboard.what_if import what_if_context
from people.acting import acting_person
from people.models import Person
from people.queries import person_by_slug
from people.visibility import may_see
from scoring.core import timing
from scoring.core.style import style_of
from scoring.insights.activity import activity_of
from scoring.insights.newest import newest_parts
from scoring.insights.relations import relations_of
from scoring.insights.times import timing_of


@never_cache
@login_required
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """The sides of one's own score, the style, and the closest people."""
    person = acting_person(request)
    return render(request, "insights.html", _overview(person) | {"tab": "overview"})


@require_safe
def profile(request: HttpRequest, slug: str) -> HttpResponse:
    """The same of somebody else, to who may see them; the page that says no more to others."""
    person = person_by_slug(slug)
    if person is None or not may_see(person, request.user):
        return unavailable(request)
    indexable = person.owner_id is not None and person.visibility == Person.Visibility.PUBLIC
    context = _overview(person) | {"person": person, "indexable": indexable}
    return render(request, "profile_insights.html", context)


@require_safe
def people(request: HttpRequest, slug: str) -> HttpResponse:
    """Who moves a person and whom they move; the profile shows this part of the page.

    It is asked anew each time and stands in no kept page: what others choose about their own
    profiles holds at once.
    """
    person = person_by_slug(slug)
    if person is None or not may_see(person, request.user):
        return unavailable(request)
    relations = relations_of(person.pk, datetime.now(UTC).date())
    return render(request, "profile_people.html", {"person": person, "relations": relations})


def _overview(person: Person) -> dict[str, Any]:
    newest = newest_parts(person.pk)
    if newest is None:
        return {"sides": None}
    today = datetime.now(UTC).date()
    return {
        "sides": side_lines_of(newest.parts),
        "style": style_card(style_of(activity_of(person.pk, today))),
        "relations": relations_of(person.pk, today),
    }


@never_cache
@login_required
@require_safe
def times(request: HttpRequest) -> HttpResponse:
    """When one's own posts move most people, in one's own time zone."""
    person = acting_person(request)
    zone = timezone.get_current_timezone()
    assert isinstance(zone, ZoneInfo)
    found = timing_of(person.pk, zone, datetime.now(UTC))
    context = {
        "tab": "times",
        "timing": found,
        "week": week_of(found) if found.enough else None,
        "zone": zone.key,
        "least_reactions": timing.LEAST_REACTIONS,
        "least_posts": timing.LEAST_POSTS,
    }
    return render(request, "insights_times.html", context)


@never_cache
@login_required
@require_safe
def what_if(request: HttpRequest) -> HttpResponse:
    """What one's own score would be if something changed; the address holds the question."""
    person = acting_person(request)
    context = what_if_context(newest_parts(person.pk), request.GET)
    return render(request, "insights_what_if.html", context | {"tab": "what_if"})

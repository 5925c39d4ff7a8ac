"""The page of a comparison and its file."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dashboard import limits
from dashboard.compare.page import MOST, asked_for, compare_context, csv_rows
from dashboard.csv_cells import csv_answer
from people.acting import acting_person


@never_cache
@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """Up to five people in one chart; those who may not be shown are left out, whoever they are."""
    asked = asked_for(request.GET)
    own = acting_person(request).slug if request.user.is_authenticated else ""
    if own and request.GET.get("with") == "me":
        # The address that can be passed on names people; "me" is somebody else for each reader.
        return redirect(asked.address(slugs=[own, *(s for s in asked.slugs if s != own)][:MOST]))
    if asked.text and not limits.may_search(request):
        return render(request, "429.html", status=429)
    return render(request, "compare.html", compare_context(asked, request.user, own))


@never_cache
@require_safe
def scores_csv(request: HttpRequest) -> HttpResponse:
    """The same as a file."""
    head, rows = csv_rows(asked_for(request.GET), request.user)
    return csv_answer("compare", head, rows)

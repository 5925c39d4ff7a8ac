"""What /components/ shows: the parts with invented values, each as the pages show it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dashboard.components import cards, charts

# The styles of the rooms whose parts are shown, beside site.css.
ROOMS = ("score", "insights", "lists", "topics", "questions", "perks", "networks")
CHART_ROOMS = ("insights", "compare")


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The parts that pages are made of, in one place. No query."""
    return render(request, "components/index.html", _index())


def _index() -> dict[str, Any]:
    return {
        "rooms": [f"css/{room}.css" for room in ROOMS],
        "head": charts.head(),
        "deltas": (3.4, -1.2, 0.0),
        "chart": charts.trend(),
        "sides": charts.sides(),
        **cards.examples(),
        "levels": ("debug", "success", "warning", "error"),
        "badges": ("", "good", "calm", "wait", "sample"),
    }


@require_safe
def more_charts(request: HttpRequest) -> HttpResponse:
    """The charts that would make one page too heavy. No query."""
    context = {
        "rooms": [f"css/{room}.css" for room in CHART_ROOMS],
        "stack": charts.stack(),
        "week": charts.week(),
        **charts.comparison(),
    }
    return render(request, "components/charts.html", context)

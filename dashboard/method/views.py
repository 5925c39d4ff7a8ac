"""Public pages: the laws with their charts, and the measured evidence."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dashboard.method.evidence import ATTACKS, EVIDENCE
from dashboard.method.laws import LAWS


@require_safe
def laws(request: HttpRequest) -> HttpResponse:
    """What the score must do, whatever happens, with a chart of each."""
    return render(request, "method/laws.html", {"laws": LAWS})


@require_safe
def evidence(request: HttpRequest) -> HttpResponse:
    """How good the score is, measured."""
    return render(request, "method/evidence.html", {"evidence": EVIDENCE, "attacks": ATTACKS})

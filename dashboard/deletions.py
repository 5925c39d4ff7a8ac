"""Where Meta's networks call us back, and the page that tells how a request to erase went."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from connectors import deletions, registry
from dashboard.limits import AN_HOUR_SECONDS
from people.limits import within_limit

# Networks whose applications sign their calls as Meta does.
SIGNED = frozenset({"instagram", "threads", "facebook"})
# Meta calls from few addresses; a forged call costs us one comparison.
MOST_CALLS = 600
MOST_PAGES = 60


@never_cache
@csrf_exempt
@require_POST
def deauthorised(request: HttpRequest, network_id: str) -> HttpResponse:
    """Unlink what rests on an access that was taken back at the network."""
    refusal = _refusal(request, network_id)
    if refusal is not None:
        return refusal
    signed = request.POST.get("signed_request", "")
    if not deletions.deauthorised(network_id, signed, timezone.now()):
        return _forged()
    return JsonResponse({})


@never_cache
@csrf_exempt
@require_POST
def erased(request: HttpRequest, network_id: str) -> HttpResponse:
    """Erase what was read by an access; the answer leads to a page that tells so."""
    refusal = _refusal(request, network_id)
    if refusal is not None:
        return refusal
    code = deletions.erased(network_id, request.POST.get("signed_request", ""), timezone.now())
    if code is None:
        return _forged()
    address = settings.SITE_URL + reverse("dashboard:deletion", args=[code])
    return JsonResponse({"url": address, "confirmation_code": code})


@never_cache
@require_safe
def status(request: HttpRequest, code: str) -> HttpResponse:
    """Tell how a request to erase went, to whoever has its code; of whom it was is not kept."""
    if not within_limit(request, "deletion", limit=MOST_PAGES, per_seconds=AN_HOUR_SECONDS):
        return render(request, "429.html", status=429)
    found = deletions.request_of(code)
    if found is None or found.network not in registry.CONNECTORS:
        raise Http404
    context = {"asked": found, "network": registry.network(found.network)}
    return render(request, "deletion.html", context)


def _refusal(request: HttpRequest, network_id: str) -> HttpResponse | None:
    if network_id not in SIGNED or network_id not in registry.CONNECTORS:
        raise Http404
    if not within_limit(request, "meta-call", limit=MOST_CALLS, per_seconds=AN_HOUR_SECONDS):
        return JsonResponse({"error": "too many calls"}, status=429)
    return None


def _forged() -> HttpResponse:
    return JsonResponse({"error": "not signed by the network"}, status=400)

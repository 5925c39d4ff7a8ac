"""Which account to link, where a sign-in proves several: Pages or blogs of one person."""

import logging
from collections.abc import Sequence

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from connectors import linking, proofs
from connectors.oauth import Proof
from connectors.types import Network
from dashboard import flows
from dashboard import linking as linking_pages
from people.consent import text_of

log = logging.getLogger(__name__)

# What waits to be picked: encrypted, for it holds what reads the accounts; in the session's row,
# never in a cookie.
SESSION_KEY = "choosing"


def offer(
    request: HttpRequest, network: Network, several: Sequence[Proof], person: str
) -> HttpResponse:
    """Keep the proofs in the session, with whose account it will be, and ask which one is meant."""
    request.session[SESSION_KEY] = {
        "network": network.id,
        "person": person,
        "proofs": [proofs.sealed(network.id, proof) for proof in several],
    }
    return redirect("dashboard:choose", network.id)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def choose(request: HttpRequest, network_id: str) -> HttpResponse:
    """Ask which of the proven accounts is to be linked, and link it: each question is used once."""
    network = flows.network_of(network_id)
    kept = request.session.get(SESSION_KEY) or {}
    found = [proofs.opened(text) for text in kept.get("proofs", ())]
    offered = [pair[1] for pair in found if pair is not None and pair[0] == network_id]
    if kept.get("network") != network_id or not offered:
        request.session.pop(SESSION_KEY, None)
        messages.error(
            request,
            _("Linking %(network)s took too long. Please try anew.") % {"network": network.name},
        )
        return redirect("dashboard:networks")
    if "cancel" in request.POST:
        del request.session[SESSION_KEY]
        # One yes stands behind all of them.
        linking.discard(network_id, offered[0])
        return redirect("dashboard:networks")
    wanted = request.POST.get("account", "")
    chosen = next((proof for proof in offered if proof.profile.native_id == wanted), None)
    if chosen is not None:
        del request.session[SESSION_KEY]
        return linking_pages.attach(request, network, chosen, kept.get("person", ""))
    context = {
        "network": network,
        "profiles": [proof.profile for proof in offered],
        "consent": str(text_of(f"link:{network_id}").text),
    }
    return render(request, "choosing.html", context)

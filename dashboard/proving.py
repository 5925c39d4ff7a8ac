"""Linking by a code in the text of a profile: the page with the code, and the check."""

import logging
from functools import partial
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from connectors import linking, proof_codes, registry
from connectors.errors import ConnectorError
from connectors.queries import can_link
from connectors.types import AccountRef, AuthKind, Network
from dashboard import flows
from people.acting import acting_person
from people.consent import text_of
from people.limits import counted_within
from people.models import Person
from scoring import tasks as scoring_tasks

log = logging.getLogger(__name__)

# Each asks the network once; somebody who pastes a code needs two or three.
CHECKS_AN_HOUR = 20
AN_HOUR_SECONDS = 3600


def page_of(network: Network, handle: str) -> str:
    """Return the address of the page with the code for an account."""
    address = reverse("dashboard:prove", args=[network.id])
    return f"{address}?{urlencode({'handle': handle})}"


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def prove(request: HttpRequest, network_id: str) -> HttpResponse:
    """Show the code for the account that was typed; on POST look for it in the profile."""
    network = flows.network_of(network_id)
    if network.auth is not AuthKind.PROOF_CODE or not can_link(network):
        raise Http404
    asked = request.POST if request.method == "POST" else request.GET
    handle = asked.get("handle", "").strip()[:300]
    account = _meant(network, handle)
    if account is None:
        messages.error(
            request,
            _("%(network)s knows no such account. Please check the name.")
            % {"network": network.name},
        )
        return redirect("dashboard:networks")
    person = acting_person(request)
    if request.method == "POST":
        return _check(request, person, network, account, handle)
    code = proof_codes.code_for(person.pk, network_id, account, timezone.now().date())
    return render(
        request,
        "prove.html",
        {
            "network": network,
            "handle": handle,
            "shown": account.handle or account.native_id,
            "code": code,
            "consent": str(text_of(f"link:{network_id}").text),
        },
    )


def _meant(network: Network, handle: str) -> AccountRef | None:
    """Return the account that was typed; a bare name is clear on the network's own card."""
    found = registry.parse_handle(network.id, handle)
    prefix, colon, _name = network.handle_hint.partition(":")
    if found is None and colon:
        found = registry.parse_handle(network.id, f"{prefix}:{handle}")
    return found


def _check(
    request: HttpRequest, person: Person, network: Network, account: AccountRef, handle: str
) -> HttpResponse:
    if not counted_within(f"limit:prove:{person.pk}", CHECKS_AN_HOUR, AN_HOUR_SECONDS):
        return render(request, "429.html", status=429)
    try:
        proof = proof_codes.prove(person.pk, network.id, account, timezone.now())
        with transaction.atomic():
            linked = linking.attach(person, network.id, proof)
            transaction.on_commit(partial(scoring_tasks.sync_and_score.delay, linked.pk))
    except (ConnectorError, linking.AlreadyLinked, linking.MixedSample) as error:
        log.info("proof_refused network=%s error=%s", network.id, type(error).__name__)
        messages.error(request, flows.said(error, network))
        return redirect(page_of(network, handle))
    messages.success(
        request,
        _("%(network)s is linked. You may take the code out of your profile now.")
        % {"network": network.name},
    )
    return redirect("dashboard:networks")

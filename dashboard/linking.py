"""Linking a network: to its sign-in and back, bound to this session; and unlinking."""

import logging
from functools import partial

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from connectors import linking, registry
from connectors.errors import ConnectorError
from connectors.models import Account
from connectors.oauth import Proof, Several
from connectors.oauth.bluesky import client_metadata
from connectors.types import AuthKind, Network
from dashboard import choosing, entry, flows, proving
from dashboard.signed_in import user_of
from people.acting import acting_person, own_person
from people.models import Person
from scoring import tasks as scoring_tasks

log = logging.getLogger(__name__)


@never_cache
@login_required
@require_POST
def link(request: HttpRequest, network_id: str) -> HttpResponse:
    """Begin: ask the network where to go, remember the flow, send the person there."""
    network = flows.network_of(network_id)
    hint = request.POST.get("hint", "").strip()[:300]
    if network.auth is AuthKind.PROOF_CODE:
        return redirect(proving.page_of(network, hint))
    try:
        begun = linking.begin(network_id, hint=hint, redirect_uri=flows.redirect_uri(network_id))
    except (ConnectorError, KeyError) as error:
        log.info("link_not_begun network=%s error=%s", network_id, type(error).__name__)
        messages.error(request, flows.said(error, network))
        return redirect("dashboard:networks")
    # Whose account it will be is settled now: another tab may change whom one acts as.
    return flows.move_on(request, begun, person=str(acting_person(request).pk))


@never_cache
@require_GET
def callback(request: HttpRequest, network_id: str) -> HttpResponse:
    """Come back from the network: check that the flow is ours, attach the account, sync it."""
    network = flows.network_of(network_id)
    params = {name: str(value) for name, value in request.GET.items()}
    kept = flows.take(request, params.get("state", ""))
    if entry.PURPOSE in kept:
        return entry.come_back(request, network, kept, params)
    if not request.user.is_authenticated:
        # A network's answer to nothing that was begun here.
        return redirect("account_login")
    try:
        proof = linking.complete(
            network_id, redirect_uri=flows.redirect_uri(network_id), kept=kept, params=params
        )
    except Several as several:
        return choosing.offer(request, network, several.proofs, kept.get("person", ""))
    except ConnectorError as error:
        return _refused(request, network, error)
    return attach(request, network, proof, kept.get("person", ""))


def attach(request: HttpRequest, network: Network, proof: Proof, person: str) -> HttpResponse:
    """Link a proven account to the person that the flow began for, and sync it."""
    try:
        with transaction.atomic():
            account = linking.attach(_for_whom(request, person), network.id, proof)
            transaction.on_commit(partial(scoring_tasks.sync_and_score.delay, account.pk))
    except (linking.AlreadyLinked, linking.MixedSample) as error:
        return _refused(request, network, error)
    messages.success(
        request,
        _("%(network)s is linked. Your posts are being read now.") % {"network": network.name},
    )
    return redirect("dashboard:networks")


def _refused(request: HttpRequest, network: Network, error: Exception) -> HttpResponse:
    log.info("link_refused network=%s error=%s", network.id, type(error).__name__)
    messages.error(request, flows.said(error, network))
    return redirect("dashboard:networks")


def _for_whom(request: HttpRequest, person: str) -> Person:
    """Return the one of the user's people for whom the flow began."""
    begun_for = own_person(user_of(request), person)
    return begun_for or acting_person(request)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def unlink(request: HttpRequest, account_id: int) -> HttpResponse:
    """Ask whether to keep or erase the history, then unlink."""
    account = get_object_or_404(
        Account.objects.select_related("person__owner"),
        pk=account_id,
        person__owner=request.user,
        status=Account.Status.LINKED,
    )
    network = registry.network(account.network)
    history = request.POST.get("history", "")
    if request.method == "POST" and history in {"keep", "erase"}:
        linking.unlink(account, erase_history=history == "erase")
        messages.success(
            request,
            _("%(network)s is unlinked and its history erased.") % {"network": network.name}
            if history == "erase"
            else _("%(network)s is unlinked; its history is kept.") % {"network": network.name},
        )
        return redirect("dashboard:networks")
    return render(request, "unlink.html", {"account": account, "network": network})


@require_GET
def bluesky_client_metadata(request: HttpRequest) -> HttpResponse:
    """Return who we are to the authorization servers of Bluesky accounts, which read it here."""
    return JsonResponse(client_metadata(settings.SITE_URL, flows.redirect_uri("bluesky")))

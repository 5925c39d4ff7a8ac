"""Linking a network: to its sign-in and back, bound to this session; and unlinking."""

import logging
import time
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from connectors import linking, registry
from connectors.errors import ConnectorError, RateLimited
from connectors.models import Account
from connectors.oauth import LinkRefused
from connectors.oauth.bluesky import client_metadata
from connectors.types import Network
from dashboard.signed_in import user_of
from people.queries import main_person
from scoring import tasks as scoring_tasks

log = logging.getLogger(__name__)

SESSION_KEY = "linking"
# Flows that one session may have open at once (tabs); the oldest makes room.
MOST_FLOWS = 5


def _network(network_id: str) -> Network:
    """Return an enabled network; 404 for any other word."""
    for network in registry.enabled():
        if network.id == network_id:
            return network
    raise Http404


def _redirect_uri(network_id: str) -> str:
    return settings.SITE_URL + reverse("dashboard:link_callback", args=[network_id])


def _keep(request: HttpRequest, kept: dict[str, str]) -> None:
    """Keep a flow in the session under its state, which comes back from the network."""
    flows: dict[str, Any] = request.session.get(SESSION_KEY, {})
    newest = sorted(flows, key=lambda state: flows[state]["at"])[-(MOST_FLOWS - 1) :]
    flows = {state: flows[state] for state in newest}
    flows[kept["state"]] = {"kept": kept, "at": time.time()}
    request.session[SESSION_KEY] = flows


def _take(request: HttpRequest, state: str) -> dict[str, str]:
    """Take a flow out of the session: each answer is used once. {} for one not begun here."""
    flows: dict[str, Any] = request.session.get(SESSION_KEY, {})
    flow = flows.pop(state, None)
    request.session[SESSION_KEY] = flows
    return flow["kept"] if flow else {}


def _said(error: Exception, network: Network) -> str:
    """Return what a person is told about a link that did not come about."""
    if isinstance(error, LinkRefused):
        reasons = {
            "denied": _("You said no at %(network)s, so nothing was linked."),
            "state": _(
                "That answer of %(network)s belongs to no link begun here. Please try anew."
            ),
            "expired": _("Linking %(network)s took too long. Please try anew."),
            "app": _("%(network)s does not let us in at the moment. It is not your fault."),
            "account": _(
                "%(network)s knows no such account or server, or named another one than you asked "
                "for. Please check the name."
            ),
        }
        return reasons[error.reason] % {"network": network.name}
    if isinstance(error, linking.AlreadyLinked):
        return _("This account is already linked to another profile. Unlink it there first.")
    if isinstance(error, linking.MixedSample):
        return _(
            "Accounts of the sample network stay apart from real ones: unlink the others first."
        )
    if isinstance(error, RateLimited):
        return _("%(network)s asks us to wait. Please try again in some minutes.") % {
            "network": network.name
        }
    return _("%(network)s could not be reached or was not understood. Please check the name.") % {
        "network": network.name
    }


@never_cache
@login_required
@require_POST
def link(request: HttpRequest, network_id: str) -> HttpResponse:
    """Begin: ask the network where to go, remember the flow, send the person there.

    The answer is a page that moves on by itself and not a redirect: the policy of forms
    (form-action 'self') would stop a redirect to another host.
    """
    network = _network(network_id)
    hint = request.POST.get("hint", "").strip()[:300]
    try:
        begun = linking.begin(network_id, hint=hint, redirect_uri=_redirect_uri(network_id))
    except (ConnectorError, KeyError) as error:
        log.info("link_not_begun network=%s error=%s", network_id, type(error).__name__)
        messages.error(request, _said(error, network))
        return redirect("dashboard:networks")
    target = urlsplit(begun.redirect_url)
    if target.scheme not in {"http", "https"}:
        raise Http404
    _keep(request, begun.kept)
    return render(request, "linking.html", {"target": begun.redirect_url, "host": target.netloc})


@never_cache
@login_required
@require_GET
def callback(request: HttpRequest, network_id: str) -> HttpResponse:
    """Come back from the network: check that the flow is ours, attach the account, sync it."""
    network = _network(network_id)
    params = {name: str(value) for name, value in request.GET.items()}
    kept = _take(request, params.get("state", ""))
    try:
        proof = linking.complete(
            network_id, redirect_uri=_redirect_uri(network_id), kept=kept, params=params
        )
        with transaction.atomic():
            account = linking.attach(main_person(user_of(request)), network_id, proof)
            transaction.on_commit(partial(scoring_tasks.sync_and_score.delay, account.pk))
    except (ConnectorError, linking.AlreadyLinked, linking.MixedSample) as error:
        log.info("link_refused network=%s error=%s", network_id, type(error).__name__)
        messages.error(request, _said(error, network))
        return redirect("dashboard:networks")
    messages.success(
        request,
        _("%(network)s is linked. Your posts are being read now.") % {"network": network.name},
    )
    return redirect("dashboard:networks")


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
    return JsonResponse(client_metadata(settings.SITE_URL, _redirect_uri("bluesky")))

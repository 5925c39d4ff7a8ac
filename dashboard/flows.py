"""A visit to a network's sign-in and back: bound to this session by its state, used once."""

import time
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from connectors import linking, registry
from connectors.errors import Gone, RateLimited
from connectors.oauth import Begun, LinkRefused
from connectors.types import Network

SESSION_KEY = "linking"
# Flows that one session may have open at once (tabs); the oldest makes room.
MOST_FLOWS = 5


def network_of(network_id: str) -> Network:
    """Return an enabled network; 404 for any other word."""
    for network in registry.enabled():
        if network.id == network_id:
            return network
    raise Http404


def redirect_uri(network_id: str) -> str:
    """Return where the network sends people back to, the same for linking and signing in."""
    return settings.SITE_URL + reverse("dashboard:link_callback", args=[network_id])


def _keep(request: HttpRequest, kept: dict[str, str]) -> None:
    """Keep a flow in the session under its state, which comes back from the network."""
    flows: dict[str, Any] = request.session.get(SESSION_KEY, {})
    newest = sorted(flows, key=lambda state: flows[state]["at"])[-(MOST_FLOWS - 1) :]
    flows = {state: flows[state] for state in newest}
    flows[kept["state"]] = {"kept": kept, "at": time.time()}
    request.session[SESSION_KEY] = flows


def take(request: HttpRequest, state: str) -> dict[str, str]:
    """Take a flow out of the session: each answer is used once. {} for one not begun here."""
    flows: dict[str, Any] = request.session.get(SESSION_KEY, {})
    if state not in flows:
        return {}
    kept: dict[str, str] = flows.pop(state)["kept"]
    request.session[SESSION_KEY] = flows
    return kept


def move_on(request: HttpRequest, begun: Begun, **more: str) -> HttpResponse:
    """Remember the flow, with what else belongs to it, and send the person to the network.

    The answer is a page that moves on by itself and not a redirect: the policy of forms
    (form-action 'self') would stop a redirect to another host.
    """
    target = urlsplit(begun.redirect_url)
    if target.scheme not in {"http", "https"}:
        raise Http404
    _keep(request, {**begun.kept, **more})
    return render(request, "linking.html", {"target": begun.redirect_url, "host": target.netloc})


def said(error: Exception, network: Network) -> str:
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
            "none": _(
                "At %(network)s you allowed no account that can be linked. Facebook links Pages "
                "that you run, Instagram professional accounts."
            ),
            "code": _(
                "The code is not in your profile at %(network)s yet. Some networks take a minute "
                "to show a change: please check that it is saved, and try again."
            ),
        }
        return reasons[error.reason] % {"network": network.name}
    if isinstance(error, linking.AlreadyLinked):
        return _("This account is already linked to another profile. Unlink it there first.")
    if isinstance(error, linking.MixedSample):
        return _(
            "Accounts of the sample network stay apart from real ones: unlink the others first."
        )
    if isinstance(error, Gone):
        return _("%(network)s knows no such account. Please check the name.") % {
            "network": network.name
        }
    if isinstance(error, RateLimited):
        return _("%(network)s asks us to wait. Please try again in some minutes.") % {
            "network": network.name
        }
    return _("%(network)s could not be reached or was not understood. Please check the name.") % {
        "network": network.name
    }

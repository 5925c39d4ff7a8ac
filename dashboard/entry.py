"""Signing in and up by proof of an account on a network, for visitors who are not signed in."""

import logging
from dataclasses import dataclass
from functools import partial

from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from connectors import linking, proofs, registry
from connectors.errors import ConnectorError
from connectors.oauth import Proof
from connectors.queries import can_sign_in
from connectors.types import Network
from dashboard import flows
from dashboard.limits import AN_HOUR_SECONDS
from dashboard.networks import link_field
from people.adapters import PENDING_SIGN_UP_SECONDS
from people.consent import text_of
from people.forms import AgeForm
from people.limits import within_limit
from people.signup import sign_in_by_proof, sign_up_by_proof
from scoring import tasks as scoring_tasks

log = logging.getLogger(__name__)

# Set in a flow that began here; a flow of linking has no such word.
PURPOSE = "sign_in"
# The proof of somebody who is new, encrypted, until the form is sent; it holds what reads an
# account, so it lies in the row of the session and never in a cookie.
PROOF_KEY = "proof"
# Each begins requests to a host of the visitor's choice.
MOST_PER_HOUR = 30


@dataclass(frozen=True, slots=True)
class EntryChoice:
    """A network that one may sign in with."""

    id: str
    name: str
    # The form's field where the network asks one, else "".
    hint_label: str
    hint: str
    hint_example: str


def choices() -> list[EntryChoice]:
    """Return the networks that offer a proof of ownership, those that ask nothing first."""
    found = [
        EntryChoice(network.id, network.name, *link_field(network))
        for network in registry.enabled()
        if can_sign_in(network) and network.signs_in
    ]
    return sorted(found, key=lambda choice: bool(choice.hint_label))


@never_cache
@require_POST
def begin(request: HttpRequest, network_id: str) -> HttpResponse:
    """Ask the network where to go, remember the flow, send the visitor there."""
    network = flows.network_of(network_id)
    if not network.signs_in:
        raise Http404
    if request.user.is_authenticated:
        return redirect("dashboard:networks")
    if not within_limit(request, "entry", limit=MOST_PER_HOUR, per_seconds=AN_HOUR_SECONDS):
        return render(request, "429.html", status=429)
    hint = request.POST.get("hint", "").strip()[:300]
    try:
        begun = linking.begin(network_id, hint=hint, redirect_uri=flows.redirect_uri(network_id))
    except (ConnectorError, KeyError) as error:
        log.info("entry_not_begun network=%s error=%s", network_id, type(error).__name__)
        messages.error(request, flows.said(error, network))
        return redirect("account_login")
    # A visitor who never comes back leaves nothing behind for long.
    request.session.set_expiry(PENDING_SIGN_UP_SECONDS)
    return flows.move_on(request, begun, **{PURPOSE: "1", "next": request.POST.get("next", "")})


def come_back(
    request: HttpRequest, network: Network, kept: dict[str, str], params: dict[str, str]
) -> HttpResponse:
    """Sign in whoever linked the proven account; ask everybody else what sign-up asks."""
    if request.user.is_authenticated:
        # Signed in meanwhile, in another tab: an answer must not change who it is.
        return redirect("dashboard:networks")
    try:
        proof = linking.complete(
            network.id, redirect_uri=flows.redirect_uri(network.id), kept=kept, params=params
        )
    except ConnectorError as error:
        log.info("entry_refused network=%s error=%s", network.id, type(error).__name__)
        messages.error(request, flows.said(error, network))
        return redirect("account_login")
    account = linking.owned(network.id, proof)
    if account is None:
        request.session[PROOF_KEY] = proofs.sealed(network.id, proof)
        return redirect("dashboard:entry_finish")
    linking.renew(account, proof)
    assert account.person.owner is not None
    wanted = kept.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return sign_in_by_proof(
        request, account.person.owner, redirect_url=wanted if safe else settings.LOGIN_REDIRECT_URL
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def finish(request: HttpRequest) -> HttpResponse:
    """Ask a newcomer with a proof for name, age and terms; then make the profile and link it."""
    found = proofs.opened(request.session.get(PROOF_KEY, ""))
    if found is None or request.user.is_authenticated:
        request.session.pop(PROOF_KEY, None)
        return redirect("account_login")
    network_id, proof = found
    network = flows.network_of(network_id)
    if "cancel" in request.POST:
        request.session.flush()
        linking.discard(network_id, proof)
        return redirect("dashboard:home")
    proposed = {"name": proof.profile.name or proof.profile.handle}
    form = AgeForm(request.POST if request.method == "POST" else None, initial=proposed)
    try:
        valid = form.is_valid()
    except ImmediateHttpResponse:
        # Too young: the form has emptied the session, and the access goes back as well.
        linking.discard(network_id, proof)
        raise
    if valid:
        return _sign_up(request, network, proof, form.cleaned_data["name"])
    context = {
        "form": form,
        "network": network,
        "handle": proof.profile.handle,
        "consent": str(text_of(f"link:{network_id}").text),
    }
    return render(request, "entry_finish.html", context)


def _sign_up(request: HttpRequest, network: Network, proof: Proof, name: str) -> HttpResponse:
    """Return the answer that signs the new person in, with the account attached and its sync."""
    request.session.pop(PROOF_KEY, None)
    try:
        with transaction.atomic():
            person, answer = sign_up_by_proof(request, name)
            account = linking.attach(person, network.id, proof)
            transaction.on_commit(partial(scoring_tasks.sync_and_score.delay, account.pk))
    except (linking.AlreadyLinked, linking.MixedSample) as error:
        # Linked by somebody meanwhile: the user is gone again, and so must the session be.
        request.session.flush()
        log.info("entry_refused network=%s error=%s", network.id, type(error).__name__)
        messages.error(request, flows.said(error, network))
        return redirect("account_login")
    messages.success(
        request,
        _("%(network)s is linked. Your posts are being read now.") % {"network": network.name},
    )
    return answer

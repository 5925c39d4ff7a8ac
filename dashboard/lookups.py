"""Looking somebody up by handle: a form, a page of progress, one answer for all not shown."""

from dataclasses import dataclass
from functools import partial
from urllib.parse import urlencode
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from connectors import registry
from connectors.lookup import begin_lookup, understand
from connectors.models import Lookup
from connectors.types import AccountRef
from dashboard import limits
from dashboard.polling import by_script, load_again, move_to
from dashboard.searching import paid_notes, searchable
from people.models import User
from scoring import tasks as scoring_tasks

UNAVAILABLE_STATUS = 404


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the progress; `state` is "done", "now" or ""."""

    name: str
    state: str


def unavailable(request: HttpRequest) -> HttpResponse:
    """The one page for absent, private, not indexable and opted-out accounts."""
    return render(request, "unavailable.html", status=UNAVAILABLE_STATUS)


def _ask(request: HttpRequest, handle: str, choices: list[tuple[str, AccountRef]]) -> HttpResponse:
    """Return the form, or, where the handle may mean several networks, the question which."""
    context = {
        "handle": handle,
        "networks": searchable(),
        "paid_notes": [] if choices else paid_notes(),
        "choices": [registry.network(network_id) for network_id, _ref in choices],
    }
    return render(request, "lookup_choice.html", context)


def _too_many(request: HttpRequest, reason: str, wait_seconds: int) -> HttpResponse:
    answer = render(request, "429.html", {"reason": reason}, status=429)
    answer["Retry-After"] = str(wait_seconds)
    return answer


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Take a handle, and begin its look-up where it is clear which network is meant."""
    handle = request.POST.get("handle", "").strip()[:300].replace("\0", "")
    wanted = request.POST.get("network", "")
    if request.method != "POST" or not handle:
        return _ask(request, "", [])
    found = [(name, ref) for name, ref in understand(handle) if wanted in {"", name}]
    if not found:
        # No handle: perhaps a name. The results say how a handle is written where nobody is found.
        return redirect(f"{reverse('dashboard:search')}?{urlencode({'q': handle})}")
    if len(found) > 1:
        return _ask(request, handle, found)
    if not limits.may_look_up(request):
        return _too_many(
            request,
            _("There were many look-ups from your address in the last hour."),
            limits.AN_HOUR_SECONDS,
        )
    network_id, ref = found[0]
    lookup = begin(network_id, ref, request.user if isinstance(request.user, User) else None)
    if lookup is None:
        return _too_many(
            request,
            _("Other look-ups are under way at this network. Please try again in a minute."),
            60,
        )
    return redirect("dashboard:lookup_progress", lookup_id=lookup.pk)


def begin(network_id: str, ref: AccountRef, asked_by: User | None) -> Lookup | None:
    """Return the look-up, answered or handed to a worker; None where its host has no place free."""
    host = ref.server or network_id
    began_at = timezone.now()
    with transaction.atomic():
        lookup = begin_lookup(network_id, ref, asked_by)
        if lookup.state in Lookup.FINISHED:
            return lookup
        held = limits.running_at(host)
        finished = set(held) - _unfinished(held)
        signed_in = asked_by is not None
        if not limits.take_place(host, str(lookup.pk), signed_in=signed_in, finished=finished):
            transaction.set_rollback(True)
            return None
        # An older one that is still under way has its task already.
        if lookup.created_at >= began_at:
            transaction.on_commit(partial(scoring_tasks.run_lookup.delay, str(lookup.pk)))
    return lookup


def _unfinished(ids: list[str]) -> set[str]:
    rows = Lookup.objects.filter(pk__in=ids).exclude(state__in=Lookup.FINISHED)
    return {str(pk) for pk in rows.values_list("pk", flat=True)}


def _steps(lookup: Lookup) -> list[Step]:
    order = [
        (Lookup.State.QUEUED, _("Waiting for a free place")),
        (Lookup.State.PROFILE, _("Asking for the profile")),
        (Lookup.State.SYNCING, _("Reading public posts and reactions")),
        (Lookup.State.SCORING, _("Computing the score")),
    ]
    at = [state for state, _name in order].index(Lookup.State(lookup.state))
    return [
        Step(name, "done" if number < at else "now" if number == at else "")
        for number, (_state, name) in enumerate(order)
    ]


@never_cache
@require_safe
def progress(request: HttpRequest, lookup_id: UUID) -> HttpResponse:
    """The look-up's progress; once finished, the way to the profile or the page for all others."""
    lookup = get_object_or_404(Lookup.objects.select_related("person"), pk=lookup_id)
    if lookup.state == Lookup.State.DONE and lookup.person is not None:
        address = reverse("dashboard:profile", args=[lookup.person.slug])
        return move_to(address) if by_script(request) else redirect(address)
    if lookup.state in Lookup.FINISHED:
        return load_again() if by_script(request) else unavailable(request)
    network = registry.network(lookup.network)
    context = {"handle": lookup.handle, "network_name": network.name, "steps": _steps(lookup)}
    return render(request, "lookup.html", context)

"""The page of all networks: what is linked, how it is, what can be seen there."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from connectors import identity, wikidata
from connectors.archives.registry import formats_of
from connectors.checks import web_address
from connectors.queries import NetworkState, Progress, network_states
from connectors.row_versions import networks_version
from connectors.types import AuthKind, Network
from dashboard.capabilities import CapabilityRow, capability_rows, grouped
from dashboard.catalogue import network_name
from people.acting import acting_person
from people.consent import text_of
from people.kept_pages import KeptPage, Viewer, render_kept

# What a badge looks like for a state; "" (grey) for all others.
_TONES = {
    "ok": "good",
    "syncing": "calm",
    "new": "calm",
    "retry": "wait",
    "limited": "wait",
    "relink": "wait",
    "broken": "wait",
    "budget": "wait",
    "operator": "wait",
    "gone": "wait",
}
SYNCING = frozenset({"new", "syncing"})


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One account of a network's card."""

    id: int
    label: str
    state: str
    state_name: str
    tone: str
    # One sentence where something is to be known or done, else "".
    detail: str
    # None unless a sync is under way.
    progress: Progress | None
    last_synced_at: datetime | None
    relink: bool
    can_unlink: bool
    # What reading the account has cost this month, "" where it costs nothing.
    usage: str


@dataclass(frozen=True, slots=True)
class NetworkCard:
    """A network with the person's accounts there."""

    network: Network
    accounts: list[AccountLine]
    unavailable: str
    can_link: bool
    # The form's field, where the network asks one: server or handle.
    hint_label: str
    hint: str
    hint_example: str
    consent: str
    capabilities: list[CapabilityRow]
    # A key of GROUPS.
    group: str
    # Files of the network that can be imported, "" for none.
    imports: str


@dataclass(frozen=True, slots=True)
class NetworkGroup:
    """Cards of one kind under a heading."""

    id: str
    title: str
    # One sentence below the heading, or "".
    words: str
    cards: list[NetworkCard]


# In the order of the page: what is one's own, what can be done, what cannot.
GROUPS: dict[str, tuple[Promise, Promise | str]] = {
    "linked": (gettext_lazy("Linked"), ""),
    "open": (gettext_lazy("Ready to link"), ""),
    "asked": (
        gettext_lazy("On request"),
        gettext_lazy("What nobody owns is attached by whoever runs this site, where you ask."),
    ),
    "keys": (
        gettext_lazy("Waiting for the operator"),
        gettext_lazy("The operator of this site has to register it with these networks first."),
    ),
    "import": (
        gettext_lazy("By a file only"),
        gettext_lazy("These networks let nobody in, but give you a file of what is yours."),
    ),
    "retired": (
        gettext_lazy("Gone"),
        gettext_lazy("Networks and services that there were, and why they are no longer read."),
    ),
}


def _detail(state: NetworkState) -> str:
    """Return what a person should know of an account's state, with when it goes on."""
    if state.state == "limited" and state.resume_at is not None:
        return _(
            "Limited until %(at)s: the network asks us to wait, and we go on by ourselves."
        ) % {"at": date_format(timezone.localtime(state.resume_at), "H:i T")}
    if state.state == "budget" and state.resume_at is not None:
        return _(
            "Waits until %(day)s: this month's budget for %(network)s is spent. "
            "We go on by ourselves."
        ) % {"day": date_format(state.resume_at, "j F"), "network": state.network.name}
    if state.state == "operator":
        return _(
            "%(network)s does not let this site in at the moment. Its operator has to act; "
            "you need do nothing."
        ) % {"network": state.network.name}
    if state.state == "retry":
        words = _("The network did not answer. We try again by ourselves.")
        if state.resume_at is not None:
            words = _("The network did not answer. We try again at %(at)s, by ourselves.") % {
                "at": date_format(timezone.localtime(state.resume_at), "H:i T")
            }
        return words
    if state.state == "relink":
        return _("Access has expired. Link the account again, and its history goes on.")
    if state.state == "gone":
        return _("The network says that this account is not there any more.")
    if state.state == "broken":
        return _("The network's answer could not be read. We look into it and try again tomorrow.")
    return ""


def _line(state: NetworkState) -> AccountLine:
    assert state.account_id is not None
    return AccountLine(
        id=state.account_id,
        label=state.handle,
        state=state.state,
        state_name=str(state.state_label),
        tone=_TONES.get(state.state, ""),
        detail=_detail(state),
        progress=(state.progress or Progress(0, 1, 0, 0)) if state.state in SYNCING else None,
        last_synced_at=state.last_synced_at,
        relink=state.state == "relink",
        can_unlink=state.can_unlink,
        usage=_usage(state),
    )


def _usage(state: NetworkState) -> str:
    """Return what the person's month has cost where a network charges for reading."""
    if state.usage is None:
        return ""
    words = _(
        "%(network)s charges this site for what it reads. Yours has cost $%(spent)s this month, "
        "of $%(limit)s at most; a new month begins on %(day)s."
    )
    return words % {
        "network": state.network.name,
        "spent": number_format(state.usage.spent_usd, 2),
        "limit": number_format(state.usage.limit_usd, 0),
        "day": date_format(state.usage.anew_at, "j F"),
    }


def link_field(network: Network) -> tuple[str, str, str]:
    """Return the label, the default and an example of the form's field; ("", "", "") for none."""
    if network.federated:
        return _("Your Mastodon server"), settings.MASTODON_DEFAULT_SERVER, "mastodon.social"
    if network.id == "bluesky":
        return _("Your Bluesky handle"), "", "name.bsky.social"
    if network.auth is AuthKind.PROOF_CODE:
        return (
            _("Your name at %(network)s") % {"network": network.name},
            "",
            network.handle_hint,
        )
    return "", "", ""


def cards_of(states: Iterable[NetworkState]) -> list[NetworkCard]:
    """Return one card for each network."""
    by_network: dict[str, list[NetworkState]] = {}
    for state in states:
        by_network.setdefault(state.network.id, []).append(state)
    cards = []
    linked = {network_id for network_id, rows in by_network.items() if any(map(_holds, rows))}
    for rows in by_network.values():
        network = rows[0].network
        label, default, example = link_field(network)
        mixed = _mixed(network, linked)
        can_link = any(row.can_link for row in rows) and not mixed
        cards.append(
            NetworkCard(
                network=network,
                accounts=[_line(row) for row in rows if row.account_id is not None],
                unavailable=_unavailable(network, can_link=can_link, rows=rows, mixed=mixed),
                can_link=can_link,
                hint_label=label,
                hint=default,
                hint_example=example,
                consent=str(text_of(f"link:{network.id}").text),
                capabilities=[] if network.retired_because else grouped(capability_rows(network)),
                group=_group(rows),
                imports=", ".join(form.name for form in formats_of(network.id)),
            )
        )
    return cards


def groups_of(cards: Iterable[NetworkCard]) -> list[NetworkGroup]:
    """Return the cards in their groups; a group without cards is left out."""
    by_group: dict[str, list[NetworkCard]] = {}
    for card in cards:
        by_group.setdefault(card.group, []).append(card)
    return [
        NetworkGroup(name, str(title), str(words), by_group[name])
        for name, (title, words) in GROUPS.items()
        if name in by_group
    ]


def _group(rows: list[NetworkState]) -> str:
    network = rows[0].network
    if any(row.account_id is not None for row in rows):
        return "linked"
    if network.retired_because:
        return "retired"
    if rows[0].missing_keys:
        return "keys"
    if network.auth is AuthKind.NONE:
        return "asked"
    if rows[0].can_link or not formats_of(network.id):
        return "open"
    return "import"


def _holds(state: NetworkState) -> bool:
    """Return whether the row is an account that still counts."""
    return state.account_id is not None and state.state != "unlinked"


def _mixed(network: Network, linked: set[str]) -> str:
    """Return why the network cannot be linked beside those that are, "" where it can."""
    if network.id != "sample" and "sample" in linked:
        return _("Unlink the sample network first: invented and real accounts are never mixed.")
    if network.id == "sample" and linked - {"sample"}:
        return _("Unlink your real accounts first: invented and real accounts are never mixed.")
    return ""


def _unavailable(network: Network, *, can_link: bool, rows: list[NetworkState], mixed: str) -> str:
    if network.retired_because:
        return _(network.retired_because)
    missing = rows[0].missing_keys
    if missing:
        return _(
            "%(network)s cannot be read yet: the operator of this site has not given its keys. "
            "Missing: %(keys)s, from %(address)s."
        ) % {"network": network.name, "keys": ", ".join(missing), "address": network.keys_url}
    if network.auth is AuthKind.NONE:
        return _(
            "Nobody owns an article. Ask the operator of this site to attach the one about you."
        )
    if mixed:
        return mixed
    if not can_link and all(row.account_id is None for row in rows):
        return _("Linking needs keys that the operator of this site has not set up yet.")
    return ""


@dataclass(frozen=True, slots=True)
class OfferLine:
    """An account that is probably the person's, with the evidence in words."""

    id: int
    network: Network
    handle: str
    url: str
    evidence: str
    can_link: bool
    # What the form of linking is filled with, "" where it asks nothing.
    hint: str


def _offers(
    person_id: int, cards: list[NetworkCard], states: list[NetworkState]
) -> list[OfferLine]:
    own = [
        (state.network.id, name)
        for state in states
        if _holds(state)
        for name in (state.native_id, state.handle)
    ]
    if not own:
        # Only linked accounts point at others.
        return []
    by_network = {card.network.id: card for card in cards}
    lines = []
    for offer in identity.offers(person_id, own):
        card = by_network.get(offer.network)
        if card is None:
            continue
        hint = offer.handle if card.hint_label else ""
        if card.network.federated:
            hint = offer.handle.rpartition("@")[2]
        lines.append(
            OfferLine(
                id=offer.id,
                network=card.network,
                handle=offer.handle,
                url=web_address(offer.url),
                evidence=_evidence(offer),
                can_link=card.can_link,
                hint=hint,
            )
        )
    return lines


def _evidence(offer: identity.Offer) -> str:
    """Return why the account is probably the person's."""
    where = {"network": network_name(offer.from_network), "handle": offer.from_handle}
    if offer.by_wikidata:
        return _("Wikidata names it beside your account %(handle)s at %(network)s.") % where
    if offer.from_network == "wikipedia":
        return _("Wikidata names it in what it tells of %(handle)s.") % where
    if offer.points_back:
        return _("Your profile %(handle)s at %(network)s links to it, and it links back.") % where
    if offer.verified:
        return (
            _("Your profile %(handle)s at %(network)s links to it, and %(network)s verified it.")
            % where
        )
    return _("Your profile %(handle)s at %(network)s links to it.") % where


@never_cache
@login_required
@require_safe
def networks(request: HttpRequest) -> HttpResponse:
    """Every network with its state, and the forms to link and unlink."""
    person = acting_person(request)
    page = KeptPage("networks", person.pk, Viewer.OWNER, networks_version(person.pk))
    return render_kept(request, "networks.html", page, lambda: _context(person.pk))


def _context(person_id: int) -> dict[str, Any]:
    """Return what the page shows; while a network is read, how far it is changes by the second."""
    states = network_states(person_id)
    cards = cards_of(states)
    syncing = any(line.progress for card in cards for line in card.accounts)
    return {
        "groups": groups_of(cards),
        "syncing": syncing,
        "offers": _offers(person_id, cards, states),
        "can_ask_wikidata": wikidata.can_ask(s.network.id for s in states if _holds(s)),
        "kept_until": timezone.now() if syncing else None,
    }


@never_cache
@login_required
@require_POST
def not_mine(request: HttpRequest, offer_id: int) -> HttpResponse:
    """Take an account that is not the person's off the page for good."""
    if identity.dismiss(acting_person(request).pk, offer_id):
        messages.success(request, _("That account will not be offered again."))
    return redirect("dashboard:networks")

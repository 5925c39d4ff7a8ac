"""What an operator asks about networks: which are set up, used, answering, and what they cost."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connections
from django.db.models import Count, Q

from connectors import clients, costs, registry, server_apps
from connectors.errors import ConnectorError
from connectors.models import Account
from connectors.types import LookupKind, Network

# How long an address has to answer, and how many networks are asked at once.
REACH_SECONDS = 4.0
AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class NetworkLine:
    """One network of the registry."""

    id: str
    # "ready", "not offered", "retired" or "keys missing: …".
    setup: str
    # Whether others can be looked up: "open", "no", "paid, off", …
    lookups: str
    # Linked accounts, and those of them that wait for somebody to act.
    linked: int
    waiting: int
    # "$1.25 of $100", or "free".
    cost: str
    # "$0.005 a post, …", or "".
    prices: str
    # "answers", what went wrong, or "" where nothing was asked.
    reached: str


def network_lines(now: datetime, *, reach: bool = False) -> list[NetworkLine]:
    """Return a line for each network of the registry.

    One query, and one for each network that charges; with `reach` a request to each address.
    """
    counts: dict[str, Any] = {
        row["network"]: row
        for row in Account.objects.filter(status=Account.Status.LINKED)
        .values("network")
        .annotate(
            linked=Count("pk"),
            waiting=Count("pk", filter=Q(state__in=["relink", "operator", "budget"])),
        )
    }
    offered = {network.id for network in registry.enabled()}
    networks = registry.networks()
    reached = _all_reached([n for n in networks if n.id in offered]) if reach else {}
    lines = []
    for network in networks:
        told: dict[str, Any] = counts.get(network.id, {})
        lines.append(
            NetworkLine(
                id=network.id,
                setup=_setup(network, offered),
                lookups=_lookups(network, offered, now),
                linked=told.get("linked", 0),
                waiting=told.get("waiting", 0),
                cost=_cost(network, now),
                prices=prices(network),
                reached=reached.get(network.id, ""),
            )
        )
    return lines


def _setup(network: Network, offered: Iterable[str]) -> str:
    if network.retired_because:
        return f"retired {network.retired_on}" if network.retired_on else "retired"
    if network.id not in offered:
        return "not offered"
    if not server_apps.is_registered(network):
        return f"keys missing: {', '.join(network.keys)}"
    return "ready"


def _lookups(network: Network, offered: Iterable[str], now: datetime) -> str:
    """Return whether others can be looked up at a network here, and what keeps them from it."""
    kind = network.capabilities.lookup
    if network.id not in offered or kind is LookupKind.NONE:
        return "no"
    if kind is LookupKind.PAID:
        if not settings.PAID_LOOKUPS.get(network.id):
            return f"paid, off ({network.id.upper()}_LOOKUPS)"
        if not registry.may_look_up(network.id):
            return "paid, key missing"
        return "paid, on" if costs.can_look_up(network, now) else "paid, share spent"
    return "open" if registry.may_look_up(network.id) else "key missing"


def _cost(network: Network, now: datetime) -> str:
    month = costs.usage(network, None, now)
    return "free" if month is None else f"${month.spent_usd:.2f} of ${month.limit_usd:.0f}"


def prices(network: Network) -> str:
    """Return what a network charges, "" for nothing."""
    if network.costs is None:
        return ""
    return ", ".join(
        f"${price / costs.MICRO:.3f} a {row}" for row, price in network.costs.micro_usd.items()
    )


def _all_reached(networks: list[Network]) -> dict[str, str]:
    """Return by network whether its addresses answer; several are asked at once."""
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        answers = pool.map(_reached_alone, networks)
        return dict(zip([n.id for n in networks], answers, strict=True))


def _reached_alone(network: Network) -> str:
    """Return the answer from a thread of its own, which leaves no connection behind."""
    try:
        return _reached(network)
    finally:
        connections.close_all()


def _reached(network: Network) -> str:
    """Return whether the network's addresses answer anything at all; a refusal is an answer."""
    problems = []
    for name, address in clients.base_urls().items():
        if name != network.id and not name.startswith(f"{network.id}_"):
            continue
        url = address if "://" in address else f"https://{address}"
        try:
            with clients.client_for(
                network, server=url.partition("://")[2], timeout_seconds=REACH_SECONDS
            ) as client:
                client.get(url, accept=range(200, 600))
        except ConnectorError as error:
            problems.append(f"{type(error).__name__}: {error}")
    return "; ".join(dict.fromkeys(problems)) or "answers"

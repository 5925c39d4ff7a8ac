"""Claiming a profile that nobody owns: from its page straight to the sign-in of its network."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from connectors import registry
from connectors.queries import PublicAccount, can_link, can_sign_in
from connectors.types import AuthKind, Network


@dataclass(frozen=True, slots=True)
class ClaimChoice:
    """One button: the form's address, and what it tells the network's sign-in."""

    network_name: str
    action: str
    hint: str


def claim_choices(accounts: Sequence[PublicAccount], *, signed_in: bool) -> list[ClaimChoice]:
    """Return the accounts by whose proof the profile can be claimed.

    Who is signed in links the account; a stranger signs up with it, which links it too. A code in
    the profile's text needs a sign-in here first.
    """
    choices = []
    for account in accounts:
        network = registry.network(account.network)
        if not (can_link(network) if signed_in else can_sign_in(network)):
            continue
        route = "dashboard:link" if signed_in else "dashboard:entry"
        action = reverse(route, args=[network.id])
        choices.append(ClaimChoice(network.name, action, _hint(network, account.handle)))
    return choices


def _hint(network: Network, handle: str) -> str:
    """Return what the form of the network asks for: its server, or the name there."""
    if network.federated:
        return handle.rpartition("@")[2]
    return handle if network.id == "bluesky" or network.auth is AuthKind.PROOF_CODE else ""

"""Clients with this copy's settings and the budget that all its workers share."""

from django.conf import settings

from connectors import budget, costs
from connectors.http import Client
from connectors.types import Network


def base_urls() -> dict[str, str]:
    """Return the addresses that connectors take from the settings, without a final slash."""
    return {
        "sample": settings.SAMPLE_NETWORK_URL,
        "bluesky_appview": settings.BLUESKY_APPVIEW_URL,
        "bluesky_plc": settings.BLUESKY_PLC_URL,
        "bluesky_pds": settings.BLUESKY_PDS_URL,
        "x": settings.X_API_URL,
        "x_authorize": settings.X_AUTHORIZE_URL,
        "hackernews": settings.HACKERNEWS_URL,
        "hackernews_search": settings.HACKERNEWS_SEARCH_URL,
        "mastodon_default": settings.MASTODON_DEFAULT_SERVER,
    }


def client_for(
    network: Network,
    *,
    server: str = "",
    credential_id: int | None = None,
    person_id: int | None = None,
    first: bool = False,
) -> Client:
    """Return a client whose requests count against the budget of network, host or credential.

    Where the network charges, `person_id` says whose month pays, and `first` that it is a whole
    history that is fetched.
    """
    return Client(
        network.id,
        contact=settings.CONTACT,
        spend=budget.spender(network, server=server, credential_id=credential_id),
        local_origins=settings.LOCAL_ORIGINS,
        urls=base_urls(),
        meter=costs.meter_for(network, person_id, first=first),
    )

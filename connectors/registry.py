"""Every network that the product knows, spelled out."""

from django.conf import settings

from connectors import bluesky, hackernews, instagram, mastodon, rows, sample, stackexchange, x
from connectors.types import AccountRef, Connector, Network

CONNECTORS: dict[str, Connector] = {
    "mastodon": mastodon,
    "bluesky": bluesky,
    "x": x,
    "hackernews": hackernews,
    "instagram": instagram,
    "stackexchange": stackexchange,
    "sample": sample,
}

# Networks without a connector.
ROWS: dict[str, Network] = rows.ROWS


def connector(network_id: str) -> Connector:
    """Return the connector of a network; raises KeyError for an unknown one."""
    return CONNECTORS[network_id]


def parse_handle(network_id: str, text: str) -> AccountRef | None:
    """Return the account that a typed text means at a network; None if it is not one there.

    Servers of development, which have a port, are understood at LOCAL_ORIGINS only.
    """
    if network_id == "mastodon":
        return mastodon.parse_handle(text, local_servers())
    return CONNECTORS[network_id].parse_handle(text)


def network(network_id: str) -> Network:
    """Return the description of a network; raises KeyError for an unknown one."""
    module = CONNECTORS.get(network_id)
    return module.NETWORK if module is not None else ROWS[network_id]


def networks() -> list[Network]:
    """Return every network, those that have a connector first."""
    return [*(module.NETWORK for module in CONNECTORS.values()), *ROWS.values()]


def local_servers() -> list[str]:
    """Return the development origins that may be servers of a federated network."""
    taken = {
        settings.SAMPLE_NETWORK_URL,
        settings.BLUESKY_APPVIEW_URL,
        settings.BLUESKY_PLC_URL,
        settings.BLUESKY_PDS_URL,
    }
    return [origin for origin in settings.LOCAL_ORIGINS if origin not in taken]


def enabled() -> list[Network]:
    """Return the networks that can be asked; the sample one only where the settings say so."""
    return [
        module.NETWORK
        for name, module in CONNECTORS.items()
        if name != "sample" or settings.SAMPLE_NETWORK
    ]

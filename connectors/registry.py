"""Every network that the product knows, spelled out."""

from django.conf import settings

from connectors import bluesky, mastodon, sample
from connectors.types import Connector, Network

CONNECTORS: dict[str, Connector] = {
    "mastodon": mastodon,
    "bluesky": bluesky,
    "sample": sample,
}


def connector(network_id: str) -> Connector:
    """Return the connector of a network; raises KeyError for an unknown one."""
    return CONNECTORS[network_id]


def network(network_id: str) -> Network:
    """Return the description of a network; raises KeyError for an unknown one."""
    return CONNECTORS[network_id].NETWORK


def enabled() -> list[Network]:
    """Return the networks offered here; the sample network only where the settings say so."""
    return [
        module.NETWORK
        for name, module in CONNECTORS.items()
        if name != "sample" or settings.SAMPLE_NETWORK
    ]

"""Every network that the product knows, spelled out."""

from dataclasses import replace

from django.conf import settings

from connectors import (
    bluesky,
    facebook,
    foursquare,
    github,
    hackernews,
    instagram,
    linkedin,
    mastodon,
    pinterest,
    reddit,
    rows,
    sample,
    stackexchange,
    threads,
    tiktok,
    tumblr,
    twitch,
    wikipedia,
    x,
    yammer,
    youtube,
)
from connectors.types import AccountRef, Connector, LookupKind, Network

CONNECTORS: dict[str, Connector] = {
    "mastodon": mastodon,
    "bluesky": bluesky,
    "x": x,
    "youtube": youtube,
    "linkedin": linkedin,
    "github": github,
    "wikipedia": wikipedia,
    "hackernews": hackernews,
    "instagram": instagram,
    "threads": threads,
    "facebook": facebook,
    "stackexchange": stackexchange,
    "yammer": yammer,
    "tiktok": tiktok,
    "reddit": reddit,
    "twitch": twitch,
    "foursquare": foursquare,
    "pinterest": pinterest,
    "tumblr": tumblr,
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
    """Return the description of a network as it is here; raises KeyError for an unknown one.

    A network kept apart may be combined where the operator states the agreement that allows it.
    """
    module = CONNECTORS.get(network_id)
    declared = module.NETWORK if module is not None else ROWS[network_id]
    if not settings.NETWORK_AMENDMENTS.get(declared.policy.amendment):
        return declared
    return replace(declared, policy=replace(declared.policy, may_combine=True, apart_because=""))


def networks() -> list[Network]:
    """Return every network as it is here, those that have a connector first."""
    return [network(name) for name in (*CONNECTORS, *ROWS)]


def may_look_up(network_id: str) -> bool:
    """Return whether other people's accounts can be looked up at a network, here and now.

    One that needs a key of ours and is kept apart makes no scores of people who did not ask; at
    one that charges it is the operator who decides (settings.PAID_LOOKUPS).
    """
    found = network(network_id)
    if found.retired_because:
        return False
    if found.capabilities.lookup is LookupKind.NEEDS_KEY:
        return found.policy.may_combine and bool(settings.NETWORK_KEYS.get(network_id))
    if found.capabilities.lookup is LookupKind.PAID:
        return has_paid_lookups(network_id)
    return found.capabilities.lookup is LookupKind.OPEN


def has_paid_lookups(network_id: str) -> bool:
    """Return whether the operator pays for look-ups at a network that charges for them."""
    wanted = settings.PAID_LOOKUPS.get(network_id, False)
    return wanted and bool(settings.NETWORK_KEYS.get(network_id))


def tells_everybody(network_id: str) -> bool:
    """Return whether a network tells everybody's audience to everybody, without charging."""
    paid = network(network_id).capabilities.lookup is LookupKind.PAID
    return not paid and may_look_up(network_id)


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
    return [network(name) for name in CONNECTORS if name != "sample" or settings.SAMPLE_NETWORK]

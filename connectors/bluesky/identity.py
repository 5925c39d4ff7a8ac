"""Whose account a handle or DID is: handle -> DID -> document -> PDS.

Reference: https://atproto.com/specs/did and https://atproto.com/specs/handle (read 2026-11).
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from connectors.bluesky.payloads import DID, NETWORK_ID, text_of, views_of
from connectors.errors import BadPayload
from connectors.http import Answer, Client


@dataclass(frozen=True, slots=True)
class Identity:
    """What an account's DID document says: its handles (each still to be believed) and its PDS."""

    did: str
    handles: tuple[str, ...]
    # "https://host" of the server that keeps the account, without a final slash.
    pds: str


def origin_of(client: Client, host: str) -> str:
    """Return the address of a host: https, but for exact local origins of development."""
    local = f"http://{host}"
    return local if client.is_local(local) else f"https://{host}"


def document_url(client: Client, did: str) -> str:
    """Return where the DID's document is; raises BadPayload for a DID that cannot be resolved."""
    if DID.fullmatch(did) is None:
        raise BadPayload("That is no DID of this network.", network=NETWORK_ID)
    if did.startswith("did:plc:"):
        return f"{client.urls['bluesky_plc']}/{did}"
    host = unquote(did.removeprefix("did:web:"))
    address = origin_of(client, host)
    # atproto allows a bare host; a port only for development.
    if "/" in host or "@" in host or (":" in host and address.startswith("https:")):
        raise BadPayload("That is no DID of this network.", network=NETWORK_ID)
    return f"{address}/.well-known/did.json"


def resolve_did(client: Client, did: str) -> Identity:
    """Return what the DID's document says; raises Gone where there is none."""
    answer = client.get(
        document_url(client, did), headers={"Accept": "application/did+ld+json, application/json"}
    )
    if text_of(answer.data, "id", answer.path) != did:
        raise BadPayload("The DID's document is another's.", network=NETWORK_ID, path=answer.path)
    names = answer.data.get("alsoKnownAs") or []
    handles = tuple(
        name.removeprefix("at://").lower()
        for name in names
        if isinstance(name, str) and name.startswith("at://")
    )
    return Identity(did, handles, _pds(answer))


def _pds(answer: Answer) -> str:
    services: list[dict[str, Any]] = views_of(answer.data, "service", answer.path)
    for service in services:
        if (
            str(service.get("id", "")).endswith("#atproto_pds")
            and service.get("type") == "AtprotoPersonalDataServer"
        ):
            return text_of(service, "serviceEndpoint", answer.path).rstrip("/")
    raise BadPayload("The account has no server.", network=NETWORK_ID, path=answer.path)

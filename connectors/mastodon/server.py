"""Where an account lives: its own server, asked by name; webfinger where that is another host."""

from typing import Any
from urllib.parse import urlsplit

from connectors.errors import BadPayload, Gone, Relink
from connectors.fields import objects, optional
from connectors.http import Client
from connectors.mastodon.handles import understood_server
from connectors.mastodon.payloads import NETWORK_ID, Source, flag_of, full_handle, text_of
from connectors.types import AccountRef


def base_url(client: Client, server: str) -> str:
    """Return the address of a server: https, but for exact local origins of development."""
    local = f"http://{server}"
    return local if client.is_local(local) else f"https://{server}"


def find_account(client: Client, account: AccountRef) -> tuple[str, dict[str, Any], Source]:
    """Return the address of the account's server, the Account entity, and where it came from."""
    name, _, domain = account.handle.lower().partition("@")
    base = base_url(client, domain)
    try:
        data, source = _lookup_at(client, base, name, domain, account.token)
    except (Gone, BadPayload):
        # "@name@example.org" may live at social.example.org: the handle's host says where.
        elsewhere = _server_by_webfinger(client, base, name, domain)
        if elsewhere is None:
            raise
        base = base_url(client, elsewhere)
        data, source = _lookup_at(client, base, name, domain, account.token)
    if flag_of(data, "suspended", source):
        raise Gone(f"The account is suspended at {domain}.", network=NETWORK_ID, path=source.path)
    return base, data, source


def _lookup_at(
    client: Client, base: str, name: str, domain: str, token: str
) -> tuple[dict[str, Any], Source]:
    # Reference: https://docs.joinmastodon.org/methods/accounts/#lookup (read 2026-11)
    address = f"{base}/api/v1/accounts/lookup"
    try:
        answer = client.get(address, params={"acct": name}, token=token)
    except Relink as refused:
        if token:
            raise
        # A server in limited mode shows nothing to strangers; no credential has expired.
        raise Gone(
            f"{domain} shows no accounts without signing in.",
            network=NETWORK_ID,
            path=refused.path,
        ) from None
    source = Source(domain, answer.path)
    if full_handle(text_of(answer.data, "acct", source), domain) != f"{name}@{domain}":
        raise BadPayload(
            f"{domain} answers with another account.", network=NETWORK_ID, path=answer.path
        )
    return answer.data, source


def _server_by_webfinger(client: Client, base: str, name: str, domain: str) -> str | None:
    """Return the host that serves the account, where it is another than the handle's."""
    # Reference: https://docs.joinmastodon.org/spec/webfinger/ (read 2026-11)
    try:
        answer = client.get(
            f"{base}/.well-known/webfinger",
            params={"resource": f"acct:{name}@{domain}"},
            headers={"Accept": "application/jrd+json, application/json"},
        )
    except (Gone, BadPayload, Relink):
        return None
    for link in objects(answer.data, "links", path=answer.path, network=NETWORK_ID):
        address = optional(link, "href", str, path=answer.path, network=NETWORK_ID)
        if link.get("rel") == "self" and address and address.startswith("https://"):
            host = understood_server(urlsplit(address).netloc)
            return None if host == domain else host
    return None

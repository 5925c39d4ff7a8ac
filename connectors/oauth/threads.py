"""Linking an account of Threads, by its own sign-in.

Reference: https://developers.facebook.com/documentation/threads/get-started/
get-access-tokens-and-permissions (read 2026-11).
"""

from collections.abc import Mapping
from dataclasses import replace

from connectors.errors import ConnectorError
from connectors.fields import field
from connectors.graph import VERSIONS
from connectors.http import Client
from connectors.oauth import App, Begun, Proof, meta
from connectors.oauth.meta import RENEW_BEFORE, Exchange
from connectors.threads import NETWORK, whose
from connectors.threads.payloads import parse_profile

__all__ = ["RENEW_BEFORE", "begin", "complete", "refresh", "revoke"]


def begin(client: Client, *, redirect_uri: str, hint: str, app: App | None) -> Begun:
    """Return where the person says yes; Threads asks them which account by itself."""
    return meta.begin(client, NETWORK.id, NETWORK.scopes, redirect_uri, _app(app))


def complete(
    client: Client,
    *,
    redirect_uri: str,
    kept: Mapping[str, str],
    params: Mapping[str, str],
    app: App | None,
) -> Proof:
    """Return whose account it is and its token; raises LinkRefused where there is no proof."""
    how = _how(client)
    given = meta.code_taken(
        client, how, redirect_uri=redirect_uri, kept=kept, params=params, app=_app(app)
    )
    short = field(given, "access_token", str, path="/oauth/access_token", network=NETWORK.id)
    try:
        proof = meta.exchanged(client, how, short, _app(app))
        answer = whose(client, proof.secret["access"])
        profile = parse_profile(answer.data, answer.path)
    except ConnectorError:
        revoke(client, secret={"access": short}, server="", app=app)
        raise
    # Threads does not tell what was left out: what is not opened is found when it is read.
    scopes = " ".join(NETWORK.scopes)
    return replace(proof, profile=profile, scopes=scopes, granted_by=profile.native_id)


def refresh(client: Client, *, secret: Mapping[str, str], server: str, app: App | None) -> Proof:
    """Return a newer token of 60 days; Relink where Threads no longer takes the older one."""
    return meta.refreshed(client, _how(client), secret)


def revoke(client: Client, *, secret: Mapping[str, str], server: str, app: App | None) -> None:
    """Take back what the person allowed; what ended already is no error."""
    address = f"{client.urls['threads']}/{VERSIONS['threads']}/me/permissions"
    meta.revoked(client, address, secret.get("access", ""))


def _how(client: Client) -> Exchange:
    return Exchange(
        network=NETWORK.id,
        name=NETWORK.name,
        code_url=f"{client.urls['threads']}/oauth/access_token",
        exchange_path="/access_token",
        exchange_grant="th_exchange_token",
        refresh_path="/refresh_access_token",
        refresh_grant="th_refresh_token",
    )


def _app(app: App | None) -> App:
    return meta.known(app, NETWORK.name, NETWORK.id)

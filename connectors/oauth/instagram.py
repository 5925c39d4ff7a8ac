"""Linking an account of Instagram, by Instagram Login: no Facebook Page is needed.

Reference: https://developers.facebook.com/documentation/instagram-platform/
instagram-api-with-instagram-login/business-login (read 2026-11).
"""

from collections.abc import Mapping
from dataclasses import replace

from connectors.errors import ConnectorError
from connectors.fields import field
from connectors.graph import VERSIONS
from connectors.graph.answers import text_of
from connectors.http import Client
from connectors.instagram import NETWORK, whose
from connectors.instagram.payloads import parse_profile
from connectors.oauth import App, Begun, LinkRefused, Proof, meta
from connectors.oauth.meta import RENEW_BEFORE, Exchange

__all__ = ["RENEW_BEFORE", "begin", "complete", "refresh", "revoke"]

# Without it nothing can be read; the others may be left out, then less is told.
_NEEDED = "instagram_business_basic"


def begin(client: Client, *, redirect_uri: str, hint: str, app: App | None) -> Begun:
    """Return where the person says yes; Instagram asks them which account by itself."""
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
    how, found = _how(client), {"path": "/oauth/access_token", "network": NETWORK.id}
    given = meta.code_taken(
        client, how, redirect_uri=redirect_uri, kept=kept, params=params, app=_app(app)
    )
    short = field(given, "access_token", str, path=found["path"], network=NETWORK.id)
    allowed = given.get("permissions")
    names = allowed if isinstance(allowed, list) else str(allowed or "").split(",")
    granted = [str(name).strip() for name in names if str(name).strip()]
    try:
        if granted and _NEEDED not in granted:
            raise LinkRefused(
                "Instagram was not allowed to show posts.", reason="denied", network=NETWORK.id
            )
        proof = meta.exchanged(client, how, short, _app(app))
        answer = whose(client, proof.secret["access"])
    except ConnectorError:
        revoke(client, secret={"access": short}, server="", app=app)
        raise
    return replace(
        proof,
        profile=parse_profile(answer.data, answer.path),
        scopes=" ".join(granted or NETWORK.scopes),
        granted_by=text_of(answer.data, "id", answer.path, NETWORK.id),
    )


def refresh(client: Client, *, secret: Mapping[str, str], server: str, app: App | None) -> Proof:
    """Return a newer token of 60 days; Relink where Instagram no longer takes the older one."""
    return meta.refreshed(client, _how(client), secret)


def revoke(client: Client, *, secret: Mapping[str, str], server: str, app: App | None) -> None:
    """Take back what the person allowed; what ended already is no error."""
    address = f"{client.urls['instagram']}/{VERSIONS['instagram']}/me/permissions"
    meta.revoked(client, address, secret.get("access", ""))


def _how(client: Client) -> Exchange:
    return Exchange(
        network=NETWORK.id,
        name=NETWORK.name,
        code_url=f"{client.urls['instagram_token']}/oauth/access_token",
        exchange_path="/access_token",
        exchange_grant="ig_exchange_token",
        refresh_path="/refresh_access_token",
        refresh_grant="ig_refresh_token",
    )


def _app(app: App | None) -> App:
    return meta.known(app, NETWORK.name, NETWORK.id)

"""Linking an account of the sample network: OAuth 2 authorization code with PKCE and state.

Reference: docs/sample-network.md, "Sign-in".
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from connectors.errors import BadPayload
from connectors.fields import field
from connectors.http import Client
from connectors.oauth import App, Begun, LinkRefused, Proof
from connectors.sample import NETWORK, parse_profile

SCOPES = "profile activity"


def begin(client: Client, *, redirect_uri: str, hint: str, app: App | None) -> Begun:
    """Return where the person signs in; `hint` is a handle to begin with, or ""."""
    state, verifier = secrets.token_urlsafe(24), secrets.token_urlsafe(48)
    digest = hashlib.sha256(verifier.encode()).digest()
    params = {
        "response_type": "code",
        "client_id": _app(app).client_id,
        "redirect_uri": redirect_uri,
        "scope": SCOPES,
        "state": state,
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    if hint:
        params["login_hint"] = hint.removeprefix("@").removesuffix("@sample")
    address = f"{client.urls['sample']}/oauth/authorize?{urlencode(params)}"
    return Begun(address, {"state": state, "verifier": verifier})


def complete(
    client: Client,
    *,
    redirect_uri: str,
    kept: Mapping[str, str],
    params: Mapping[str, str],
    app: App | None,
) -> Proof:
    """Return whose account it is and its tokens; raises LinkRefused where there is no proof."""
    expected = kept.get("state", "")
    if not expected or not hmac.compare_digest(expected.encode(), params.get("state", "").encode()):
        raise _refused("The answer belongs to no link that was begun here.", "state")
    if "error" in params:
        if params["error"] == "access_denied":
            raise _refused("Access was denied.", "denied")
        raise _refused("The sample network refused the request.", "app")
    if not params.get("code"):
        raise _refused("The sample network sent no code.", "state")
    answer = client.post(
        f"{client.urls['sample']}/oauth/token",
        form={
            "grant_type": "authorization_code",
            "code": params["code"],
            "redirect_uri": redirect_uri,
            "code_verifier": kept.get("verifier", ""),
            "client_id": _app(app).client_id,
            "client_secret": _app(app).client_secret,
        },
        accept=(400, 401),
    )
    if answer.status == 401:
        raise _refused("The sample network does not know this application.", "app")
    if answer.status == 400:
        raise _refused("The code was used before, or too late.", "expired")
    access = field(answer.data, "access_token", str, path=answer.path, network=NETWORK.id)
    seconds = field(answer.data, "expires_in", int, path=answer.path, network=NETWORK.id)
    me = client.get(f"{client.urls['sample']}/api/v1/me", token=access)
    return Proof(
        profile=parse_profile(me.data, me.path),
        secret={
            "access": access,
            "refresh": field(
                answer.data, "refresh_token", str, path=answer.path, network=NETWORK.id
            ),
        },
        scopes=field(answer.data, "scope", str, path=answer.path, network=NETWORK.id),
        expires_at=datetime.now(UTC) + timedelta(seconds=seconds),
    )


def revoke(client: Client, *, secret: Mapping[str, str], server: str, app: App | None) -> None:
    """Take the grant back at the network; a token that it does not know any more is no error."""
    token = secret.get("refresh") or secret.get("access")
    if not token:
        return
    client.post(
        f"{client.urls['sample']}/oauth/revoke",
        form={
            "token": token,
            "client_id": _app(app).client_id,
            "client_secret": _app(app).client_secret,
        },
    )


def _app(app: App | None) -> App:
    if app is None:
        raise BadPayload("The sample network needs our client id.", network=NETWORK.id)
    return app


def _refused(message: str, reason: str) -> LinkRefused:
    return LinkRefused(message, reason=reason, network=NETWORK.id)

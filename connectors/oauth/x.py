"""Linking an account of X: OAuth 2 authorization code with PKCE, and tokens that rotate.

Reference: https://docs.x.com/fundamentals/authentication/oauth-2-0/user-access-token (2026-11).
Access lasts two hours; each refresh gives a new refresh token and ends the old one.
"""

import secrets
from base64 import b64encode
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from connectors.errors import ConnectorError, NotAllowed, Relink
from connectors.fields import field, optional
from connectors.http import Answer, Client
from connectors.oauth import App, Begun, LinkRefused, Proof
from connectors.oauth.pkce import challenge_of, check_state, new_verifier
from connectors.types import AccountRef, Profile
from connectors.x import NETWORK, fetch_profile

SCOPES = " ".join(NETWORK.scopes)
# Without these nothing can be read; like.read may be left out, then likers are only counted.
_NEEDED = frozenset({"tweet.read", "users.read"})
# The network's words for a code or token that is used, old or not its own.
_USED = frozenset({"invalid_grant", "invalid_request"})


def begin(client: Client, *, redirect_uri: str, hint: str, app: App | None) -> Begun:
    """Return where the person says yes; X asks them which account by itself."""
    state, verifier = secrets.token_urlsafe(32), new_verifier()
    asked = {
        "response_type": "code",
        "client_id": _app(app).client_id,
        "redirect_uri": redirect_uri,
        "scope": SCOPES,
        "state": state,
        "code_challenge": challenge_of(verifier),
        "code_challenge_method": "S256",
    }
    address = f"{client.urls['x_authorize']}?{urlencode(asked)}"
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
    check_state(kept, params, NETWORK.id)
    form = {
        "grant_type": "authorization_code",
        "code": params["code"],
        "redirect_uri": redirect_uri,
        "code_verifier": kept.get("verifier", ""),
    }
    answer = _token(client, form, _app(app))
    if answer.status >= 400:
        reason = "expired" if _error(answer) in _USED else "app"
        raise _refused("X did not accept the answer.", reason, answer.path)
    tokens = _tokens(answer)
    try:
        if _NEEDED - set(tokens.scopes.split()):
            raise _refused("X was not allowed to show posts.", "denied", answer.path)
        account = AccountRef("", "", token=tokens.secret["access"])
        profile = fetch_profile(client, account)
    except ConnectorError:
        revoke(client, secret=tokens.secret, server="", app=app)
        raise
    return Proof(profile, "", tokens.secret, tokens.scopes, tokens.expires_at)


def refresh(client: Client, *, secret: Mapping[str, str], server: str, app: App | None) -> Proof:
    """Return newer tokens; Relink where X no longer takes the refresh token."""
    form = {"grant_type": "refresh_token", "refresh_token": secret["refresh"]}
    answer = _token(client, form, _app(app))
    if answer.status >= 400 and _error(answer) in _USED:
        raise Relink("The access that you gave has ended.", network=NETWORK.id, path=answer.path)
    if answer.status >= 400:
        raise NotAllowed(
            "X does not let this site's application in.", network=NETWORK.id, path=answer.path
        )
    return _tokens(answer)


def revoke(client: Client, *, secret: Mapping[str, str], server: str, app: App | None) -> None:
    """Take both tokens back at X; one that it does not know any more is no error."""
    for name in ("refresh", "access"):
        if secret.get(name):
            form, headers = _signed({"token": secret[name], "token_type_hint": name}, _app(app))
            client.post(
                f"{client.urls['x']}/2/oauth2/revoke",
                form=form,
                headers=headers,
                accept=(400, 401, 403, 404),
            )


def _token(client: Client, form: dict[str, str], app: App) -> Answer:
    signed, headers = _signed(form, app)
    return client.post(
        f"{client.urls['x']}/2/oauth2/token", form=signed, headers=headers, accept=(400, 401, 403)
    )


def _signed(form: dict[str, str], app: App) -> tuple[dict[str, str], dict[str, str]]:
    """Return the form and headers by which X knows a confidential or a public application."""
    if not app.client_secret:
        return {**form, "client_id": app.client_id}, {}
    word = b64encode(f"{app.client_id}:{app.client_secret}".encode()).decode()
    return form, {"Authorization": f"Basic {word}"}


def _tokens(answer: Answer) -> Proof:
    """Return the tokens of an answer, without a profile of their owner."""
    found: dict[str, Any] = {"path": answer.path, "network": NETWORK.id}
    secret = {"access": field(answer.data, "access_token", str, **found)}
    renewed = optional(answer.data, "refresh_token", str, **found)
    if renewed:
        secret["refresh"] = renewed
    seconds = field(answer.data, "expires_in", int, **found)
    return Proof(
        profile=Profile(native_id="", handle="", name="", url=""),
        secret=secret,
        scopes=optional(answer.data, "scope", str, **found) or SCOPES,
        expires_at=datetime.now(UTC) + timedelta(seconds=seconds),
    )


def _error(answer: Answer) -> str:
    found: dict[str, Any] = {"path": answer.path, "network": NETWORK.id}
    told = answer.data if isinstance(answer.data, dict) else {}
    return optional(told, "error", str, **found) or ""


def _app(app: App | None) -> App:
    if app is None:
        raise NotAllowed("This site is not registered at X.", network=NETWORK.id)
    return app


def _refused(message: str, reason: str, path: str) -> LinkRefused:
    return LinkRefused(message, reason=reason, network=NETWORK.id, path=path)

"""What Instagram and Threads share in linking: a code, a token of an hour, then one of 60 days.

Neither gives a refresh token: a token is exchanged for a newer one while it is still good.
References: https://developers.facebook.com/documentation/instagram-platform/
instagram-api-with-instagram-login/business-login and …/threads/get-started/
get-access-tokens-and-permissions (read 2026-11).
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from connectors.errors import NotAllowed
from connectors.fields import field
from connectors.graph.refusals import checked
from connectors.http import Answer, Client
from connectors.oauth import App, Begun, LinkRefused, Proof
from connectors.oauth.pkce import check_state
from connectors.types import Profile

# Of 60 days: a month in which each day's sync may try, and is never too late.
RENEW_BEFORE = timedelta(days=30)
_REFUSED = (400, 401, 403, 404)


@dataclass(frozen=True, slots=True)
class Exchange:
    """How one of the two networks calls the steps."""

    network: str
    name: str
    # Paths behind the network's addresses, and the grants' names.
    code_url: str
    exchange_path: str
    exchange_grant: str
    refresh_path: str
    refresh_grant: str


def begin(
    client: Client, network: str, scopes: tuple[str, ...], redirect_uri: str, app: App
) -> Begun:
    """Return where the person says yes."""
    state = secrets.token_urlsafe(32)
    asked = {
        "client_id": app.client_id,
        "redirect_uri": redirect_uri,
        "response_type": "code",
        "scope": ",".join(scopes),
        "state": state,
    }
    return Begun(f"{client.urls[f'{network}_authorize']}?{urlencode(asked)}", {"state": state})


def code_taken(
    client: Client,
    how: Exchange,
    *,
    redirect_uri: str,
    kept: Mapping[str, str],
    params: Mapping[str, str],
    app: App,
) -> Any:
    """Return what the network gives for a code: a token of an hour, and what it allows."""
    check_state(kept, params, how.network)
    answer = client.post(
        how.code_url,
        form={
            "client_id": app.client_id,
            "client_secret": app.client_secret,
            "grant_type": "authorization_code",
            "redirect_uri": redirect_uri,
            "code": params["code"].removesuffix("#_"),
        },
        accept=_REFUSED,
    )
    if answer.status >= 400:
        raise LinkRefused(
            f"{how.name} did not accept the answer.",
            reason="expired" if "code" in _sentence(answer).lower() else "app",
            network=how.network,
            path=answer.path,
        )
    data = answer.data
    # The documents show the object in a list, and without one.
    rows = data.get("data") if isinstance(data, dict) else None
    return rows[0] if isinstance(rows, list) and rows else data


def exchanged(client: Client, how: Exchange, short: str, app: App) -> Proof:
    """Return the token of 60 days for one of an hour, without a profile of its owner."""
    # The vendor takes this secret and these tokens in the address only; no address is logged.
    answer = client.get(
        f"{client.urls[how.network]}{how.exchange_path}",
        params={
            "grant_type": how.exchange_grant,
            "client_secret": app.client_secret,
            "access_token": short,
        },
        accept=_REFUSED,
    )
    if answer.status >= 400:
        raise LinkRefused(
            f"{how.name} did not accept the answer.",
            reason="app",
            network=how.network,
            path=answer.path,
        )
    return _tokens(answer, how)


def refreshed(client: Client, how: Exchange, secret: Mapping[str, str]) -> Proof:
    """Return a newer token; Relink where the network no longer takes the older one."""
    answer = client.get(
        f"{client.urls[how.network]}{how.refresh_path}",
        params={"grant_type": how.refresh_grant, "access_token": secret["access"]},
        accept=_REFUSED,
    )
    return _tokens(checked(answer, how.network, datetime.now(UTC)), how)


def revoked(client: Client, address: str, token: str) -> None:
    """Take back what the person allowed; a token that opens nothing any more is no error."""
    # Reference: https://developers.facebook.com/docs/graph-api/reference/user/permissions/
    # (read 2026-11); Instagram and Threads do not document it, and people can end it there.
    if token:
        client.delete(address, token=token, accept=_REFUSED)


def known(app: App | None, name: str, network: str) -> App:
    """Return our registration; NotAllowed where the operator gave none."""
    if app is None:
        raise NotAllowed(f"This site is not registered at {name}.", network=network)
    return app


def _tokens(answer: Answer, how: Exchange) -> Proof:
    found: dict[str, Any] = {"path": answer.path, "network": how.network}
    token = field(answer.data, "access_token", str, **found)
    seconds = field(answer.data, "expires_in", int, **found)
    return Proof(
        profile=Profile(native_id="", handle="", name="", url=""),
        # What is exchanged for a newer token is the token itself.
        secret={"access": token, "refresh": token},
        expires_at=datetime.now(UTC) + timedelta(seconds=seconds),
    )


def _sentence(answer: Answer) -> str:
    """Return the network's own sentence of a refusal, to look for a word in it only."""
    data = answer.data if isinstance(answer.data, dict) else {}
    error = data.get("error")
    told = error.get("message") if isinstance(error, dict) else data.get("error_message")
    return told if isinstance(told, str) else ""

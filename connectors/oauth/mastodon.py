"""Linking a Mastodon account: registers at the person's own server, then OAuth 2 with PKCE.

Reference: https://docs.joinmastodon.org/spec/oauth/ and …/api/oauth-scopes/ (read 2026-11).
"""

import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode, urlsplit

from connectors.errors import BadPayload, ConnectorError, Gone, Relink
from connectors.fields import field, optional
from connectors.http import Answer, Client
from connectors.mastodon import base_url, parse_handle
from connectors.mastodon.handles import understood_server
from connectors.mastodon.payloads import NETWORK_ID, Source, full_handle, parse_profile, text_of
from connectors.oauth import App, Begun, LinkRefused, Proof
from connectors.oauth.pkce import challenge_of, check_state, new_verifier

# Reading one's own account, posts and notifications; nothing can be written. "profile" (4.3 and
# later) would add nothing to read:accounts, which naming who reacted needs.
SCOPES = "read:accounts read:statuses read:notifications"
CLIENT_NAME = "Klout"


def server_of(hint: str, local_origins: Sequence[str] = ()) -> str:
    """Return the server in what a person typed: "@name@server", "server" or an address.

    Raises LinkRefused where there is none.
    """
    account = parse_handle(hint, local_origins)
    if account is not None:
        return account.server
    text = hint.strip()
    if "://" in text:
        text = text.partition("://")[2].partition("/")[0]
    server = understood_server(text, local_origins)
    if server is None:
        raise _refused("Which server is the account at?", "account")
    return server


def register(client: Client, *, server: str, redirect_uri: str) -> App:
    """Return our new registration at a server; LinkRefused where it is no Mastodon server."""
    # Reference: https://docs.joinmastodon.org/methods/apps/#create (read 2026-11)
    site = urlsplit(redirect_uri)
    form = {
        "client_name": CLIENT_NAME,
        "redirect_uris": redirect_uri,
        "scopes": SCOPES,
        "website": f"{site.scheme}://{site.netloc}",
    }
    try:
        answer = client.post(f"{base_url(client, server)}/api/v1/apps", form=form)
        return App(
            client_id=field(answer.data, "client_id", str, path=answer.path, network=NETWORK_ID),
            client_secret=field(
                answer.data, "client_secret", str, path=answer.path, network=NETWORK_ID
            ),
        )
    except (Gone, BadPayload, Relink) as error:
        raise _refused(f"{server} does not let us register.", "app", error.path) from None


def begin(client: Client, *, redirect_uri: str, hint: str, app: App | None) -> Begun:
    """Return where the person says yes at their server, named in `hint`."""
    server = server_of(hint, client.local_origins)
    if app is None:
        raise _refused("The server was not asked to let us link.", "app")
    base = base_url(client, server)
    account = parse_handle(hint, client.local_origins)
    state, verifier = secrets.token_urlsafe(32), ""
    asked = {
        "response_type": "code",
        "client_id": app.client_id,
        "redirect_uri": redirect_uri,
        "scope": SCOPES,
        "state": state,
    }
    if _knows_pkce(client, base):
        verifier = new_verifier()
        asked["code_challenge"] = challenge_of(verifier)
        asked["code_challenge_method"] = "S256"
    kept = {
        "state": state,
        "verifier": verifier,
        "server": server,
        "handle": account.handle if account else "",
    }
    return Begun(f"{base}/oauth/authorize?{urlencode(asked)}", kept)


def _knows_pkce(client: Client, base: str) -> bool:
    # Reference: https://docs.joinmastodon.org/methods/oauth/#authorization-server-metadata; there
    # from 4.3 on, and so is PKCE (read 2026-11)
    try:
        answer = client.get(f"{base}/.well-known/oauth-authorization-server")
        methods = optional(
            answer.data,
            "code_challenge_methods_supported",
            list,
            path=answer.path,
            network=NETWORK_ID,
        )
    except (Gone, BadPayload, Relink):
        return False
    return "S256" in (methods or [])


def complete(
    client: Client,
    *,
    redirect_uri: str,
    kept: Mapping[str, str],
    params: Mapping[str, str],
    app: App | None,
) -> Proof:
    """Return whose account it is, with the token that reads it for its owner."""
    check_state(kept, params, NETWORK_ID)
    if app is None:
        raise _refused("The server was not asked by us.", "app")
    server = kept["server"]
    base = base_url(client, server)
    # Reference: https://docs.joinmastodon.org/methods/oauth/#token (read 2026-11)
    form = {
        "grant_type": "authorization_code",
        "code": params["code"],
        "client_id": app.client_id,
        "client_secret": app.client_secret,
        "redirect_uri": redirect_uri,
        "scope": SCOPES,
    }
    if kept["verifier"]:
        form["code_verifier"] = kept["verifier"]
    answer = client.post(f"{base}/oauth/token", form=form, accept=(400, 401, 403))
    if answer.status >= 400:
        word = optional(answer.data, "error", str, path=answer.path, network=NETWORK_ID)
        reason = "expired" if word == "invalid_grant" else "app"
        raise _refused("The server did not accept the answer.", reason, answer.path)
    token = text_of(answer.data, "access_token", Source(server, answer.path))
    try:
        return _proof(client, base, server, kept["handle"], token, answer)
    except ConnectorError:
        revoke(client, secret={"access": token}, server=server, app=app)
        raise


def _proof(
    client: Client, base: str, server: str, handle: str, token: str, granted: Answer
) -> Proof:
    # Reference: https://docs.joinmastodon.org/methods/accounts/#verify_credentials (read 2026-11)
    answer = client.get(f"{base}/api/v1/accounts/verify_credentials", token=token)
    domain = handle.partition("@")[2] or server
    source = Source(domain, answer.path)
    told = full_handle(text_of(answer.data, "acct", source), domain)
    if handle and told != handle:
        raise _refused("The server says that you are another account.", "account", answer.path)
    seconds = optional(granted.data, "expires_in", int, path=granted.path, network=NETWORK_ID)
    scopes = optional(granted.data, "scope", str, path=granted.path, network=NETWORK_ID)
    return Proof(
        profile=parse_profile(answer.data, source),
        server=server,
        secret={"access": token},
        scopes=scopes or SCOPES,
        expires_at=datetime.now(UTC) + timedelta(seconds=seconds) if seconds else None,
    )


def revoke(client: Client, *, secret: Mapping[str, str], server: str, app: App | None) -> None:
    """Tell the server to forget the token; a server that cannot be reached changes nothing."""
    # Reference: https://docs.joinmastodon.org/methods/oauth/#revoke (read 2026-11)
    if app is None or not secret.get("access"):
        return
    form = {
        "client_id": app.client_id,
        "client_secret": app.client_secret,
        "token": secret["access"],
    }
    client.post(f"{base_url(client, server)}/oauth/revoke", form=form, accept=(400, 401, 403, 404))


def _refused(message: str, reason: str, path: str = "") -> LinkRefused:
    return LinkRefused(message, reason=reason, network=NETWORK_ID, path=path)

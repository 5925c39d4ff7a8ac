"""Linking a Bluesky account: proof of who it is, nothing else.

The steps of https://atproto.com/specs/oauth (read 2026-11): the account's own authorization
server is found and told what is wanted (PAR) before the person is sent there; PKCE and DPoP tie the
answer to us; in the end the account in the token must lead back to the server that gave it. Reading
needs no token (connectors.bluesky asks the public AppView), so it is revoked and thrown away.
"""

import contextlib
import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from connectors import bluesky
from connectors.bluesky.identity import Identity, resolve_did
from connectors.bluesky.payloads import DID, NETWORK_ID, text_of
from connectors.errors import BadPayload, ConnectorError, Gone, Relink
from connectors.fields import optional
from connectors.http import Client
from connectors.oauth import App, Begun, LinkRefused, Proof, dpop
from connectors.oauth.pkce import challenge_of, check_state, new_verifier

# Who the account is; without a "transition:" scope nothing of it can be read or written.
SCOPE = "atproto"
CLIENT_NAME = "Klout"
METADATA_PATH = "/oauth/bluesky/client-metadata.json"
_LOOPBACK = frozenset({"127.0.0.1", "::1"})
# What an authorization server must offer ("Authorization Servers" in the specification).
_MUST_LIST = {
    "response_types_supported": "code",
    "grant_types_supported": "authorization_code",
    "code_challenge_methods_supported": "S256",
    "dpop_signing_alg_values_supported": "ES256",
    "scopes_supported": SCOPE,
}
_MUST_BE_TRUE = (
    "authorization_response_iss_parameter_supported",
    "require_pushed_authorization_requests",
    "client_id_metadata_document_supported",
)


def client_id_of(redirect_uri: str) -> str:
    """Return our client id: the address of our metadata, or the loopback one of development.

    Raises LinkRefused for an address that no authorization server would take.
    """
    parts = urlsplit(redirect_uri)
    if parts.scheme == "https":
        return f"https://{parts.netloc}{METADATA_PATH}"
    if parts.hostname not in _LOOPBACK:
        # "localhost" as a redirect is refused too: open the site at 127.0.0.1.
        raise _refused("Bluesky links only to https sites, or to 127.0.0.1.", "app")
    return "http://localhost?" + urlencode({"redirect_uri": redirect_uri, "scope": SCOPE})


def client_metadata(site_url: str, redirect_uri: str) -> dict[str, object]:
    """Return the document that stands at METADATA_PATH and says who we are."""
    return {
        "client_id": f"{site_url}{METADATA_PATH}",
        "client_name": CLIENT_NAME,
        "client_uri": site_url,
        "application_type": "web",
        "dpop_bound_access_tokens": True,
        "grant_types": ["authorization_code"],
        "response_types": ["code"],
        "redirect_uris": [redirect_uri],
        "scope": SCOPE,
        # A public client: no token is kept, so there is nothing that a secret would protect.
        "token_endpoint_auth_method": "none",
    }


def begin(client: Client, *, redirect_uri: str, hint: str, app: App | None) -> Begun:
    """Return where the person says yes: at the server of the account in `hint`.

    Without a hint, at the PDS of the settings, where any of its accounts may be chosen.
    """
    client_id = app.client_id if app else client_id_of(redirect_uri)
    account, pds = _account(client, hint)
    issuer = _issuer_of(client, pds)
    server = _metadata(client, issuer)
    key, verifier, state = dpop.new_key(), new_verifier(), secrets.token_urlsafe(32)
    form = {
        "client_id": client_id,
        "response_type": "code",
        "redirect_uri": redirect_uri,
        "scope": SCOPE,
        "state": state,
        "code_challenge": challenge_of(verifier),
        "code_challenge_method": "S256",
    }
    if account is not None:
        form["login_hint"] = account.handles[0] if account.handles else account.did
    # RFC 9126: what is wanted goes from server to server, not through the browser.
    address = text_of(server, "pushed_authorization_request_endpoint", issuer)
    answer, nonce = dpop.post(client, address, form, key)
    if answer.status >= 400:
        raise _refused("The account's server does not let us ask.", "app", answer.path)
    asked = {
        "client_id": client_id,
        "request_uri": text_of(answer.data, "request_uri", answer.path),
    }
    page = _safe(client, text_of(server, "authorization_endpoint", issuer))
    kept = {
        "state": state,
        "verifier": verifier,
        "key": key,
        "nonce": nonce,
        "issuer": issuer,
        "client_id": client_id,
        "did": account.did if account else "",
    }
    return Begun(f"{page}{'&' if '?' in page else '?'}{urlencode(asked)}", kept)


def complete(
    client: Client,
    *,
    redirect_uri: str,
    kept: Mapping[str, str],
    params: Mapping[str, str],
    app: App | None,
) -> Proof:
    """Return whose account it is; the token has been revoked."""
    check_state(kept, params, NETWORK_ID)
    issuer = kept["issuer"]
    # RFC 9207: an answer of another server than asked must not be taken to this one.
    if params.get("iss") != issuer:
        raise _refused("The answer is of another server.", "state")
    server = _metadata(client, issuer)
    form = {
        "grant_type": "authorization_code",
        "code": params["code"],
        "client_id": kept["client_id"],
        "redirect_uri": redirect_uri,
        "code_verifier": kept["verifier"],
    }
    address = text_of(server, "token_endpoint", issuer)
    answer, nonce = dpop.post(client, address, form, kept["key"], kept["nonce"])
    if answer.status >= 400:
        word = optional(answer.data, "error", str, path=answer.path, network=NETWORK_ID)
        reason = "expired" if word == "invalid_grant" else "app"
        raise _refused("The account's server did not accept the answer.", reason, answer.path)
    try:
        did = _proven_did(client, answer.data, answer.path, kept)
    finally:
        _throw_away(client, server, answer.data, kept, nonce)
    try:
        profile = bluesky.fetch_profile(client, bluesky.AccountRef(native_id=did, handle=did))
    except Gone:
        raise _refused("The account has no Bluesky profile.", "account") from None
    return Proof(profile=profile, scopes=SCOPE)


def revoke(client: Client, *, secret: Mapping[str, str], server: str, app: App | None) -> None:
    """Do nothing: no token is kept after the proof."""


def _proven_did(client: Client, token: Any, path: str, kept: Mapping[str, str]) -> str:
    """Return the account that the token names, if its own server is the one that gave it."""
    if text_of(token, "token_type", path).lower() != "dpop":
        raise _refused("The account's server gave a token that others could use.", "app", path)
    if SCOPE not in text_of(token, "scope", path).split():
        raise _refused("The account's server did not grant what was asked.", "app", path)
    did = text_of(token, "sub", path)
    if not DID.fullmatch(did) or (kept["did"] and did != kept["did"]):
        raise _refused("The server names another account.", "account", path)
    # "Clients MUST verify": sub -> DID document -> PDS -> authorization server, all anew, for any
    # server could put anybody's DID into its token.
    try:
        issuer = _issuer_of(client, resolve_did(client, did).pds)
    except (Gone, BadPayload, Relink):
        issuer = ""
    if issuer != kept["issuer"]:
        raise _refused("The server does not keep the account that it names.", "account", path)
    return did


def _throw_away(
    client: Client, server: dict[str, Any], token: Any, kept: Mapping[str, str], nonce: str
) -> None:
    """Revoke the token; it ends by itself where the server cannot or does not."""
    address = server.get("revocation_endpoint")
    if not isinstance(address, str) or not isinstance(token, dict):
        return
    text = token.get("refresh_token") or token.get("access_token")
    if isinstance(text, str):
        form = {"token": text, "client_id": kept["client_id"]}
        with contextlib.suppress(ConnectorError):
            dpop.post(client, address, form, kept["key"], nonce)


def _account(client: Client, hint: str) -> tuple[Identity | None, str]:
    """Return the account in the hint, if any, and the server that keeps it."""
    if not hint.strip():
        return None, client.urls["bluesky_pds"]
    text = hint.strip()
    account = bluesky.parse_handle(text) or bluesky.parse_handle(f"bsky:{text.removeprefix('@')}")
    if account is None:
        raise _refused("That is no Bluesky handle.", "account")
    did = account.native_id
    try:
        if not did:
            # Reference: com.atproto.identity.resolveHandle (read 2026-11)
            answer = bluesky.query(
                client, "com.atproto.identity.resolveHandle", [("handle", account.handle)]
            )
            did = text_of(answer.data, "did", answer.path)
        identity = resolve_did(client, did)
    except (Gone, BadPayload):
        raise _refused("There is no such account.", "account") from None
    # A handle counts only if the account claims it, too.
    if not account.native_id and account.handle not in identity.handles:
        raise _refused("The account does not bear that handle.", "account")
    return identity, identity.pds


def _issuer_of(client: Client, pds: str) -> str:
    """Return the authorization server that a PDS names (RFC 9728)."""
    answer = client.get(f"{_origin(client, pds)}/.well-known/oauth-protected-resource")
    servers = answer.data.get("authorization_servers") if isinstance(answer.data, dict) else None
    if not isinstance(servers, list) or len(servers) != 1 or not isinstance(servers[0], str):
        raise BadPayload(
            "The PDS names no authorization server.", network=NETWORK_ID, path=answer.path
        )
    return _origin(client, servers[0])


def _metadata(client: Client, issuer: str) -> dict[str, Any]:
    """Return what the authorization server says of itself (RFC 8414), checked."""
    answer = client.get(f"{issuer}/.well-known/oauth-authorization-server")
    data = answer.data
    if text_of(data, "issuer", answer.path) != issuer:
        raise _refused("The authorization server calls itself by another name.", "app", answer.path)
    lacking = [name for name, value in _MUST_LIST.items() if value not in (data.get(name) or ())]
    lacking += [name for name in _MUST_BE_TRUE if data.get(name) is not True]
    if lacking:
        raise _refused(f"The authorization server lacks {lacking[0]}.", "app", answer.path)
    found: dict[str, Any] = data
    return found


def _origin(client: Client, address: str) -> str:
    """Return the address if it is a bare origin that may be asked, else raise BadPayload."""
    text = _safe(client, address.rstrip("/"))
    parts = urlsplit(text)
    if parts.path or parts.query or parts.fragment:
        raise BadPayload("A server's address has a path.", network=NETWORK_ID)
    return text


def _safe(client: Client, address: str) -> str:
    """Return the address if it is https, or exactly local; it may be one to send a person to."""
    try:
        parts = urlsplit(address)
        origin = f"{parts.scheme}://{parts.netloc}"
        usable = bool(parts.hostname) and not parts.username and not parts.password
        if usable and (parts.scheme == "https" or client.is_local(origin)):
            return address
    except ValueError:
        pass
    raise BadPayload("A server's address is not on https.", network=NETWORK_ID)


def _refused(message: str, reason: str, path: str = "") -> LinkRefused:
    return LinkRefused(message, reason=reason, network=NETWORK_ID, path=path)

"""Sign-in of the fake X: authorization code with PKCE, refresh tokens that are taken once."""

import secrets
from base64 import b64encode, urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, jsonify, redirect, request

CLIENT_ID, CLIENT_SECRET = "fake-x-client", "fake-x-secret"
# Of the application itself, which reads what everybody may see.
APP_TOKEN = "fake-x-app"
SCOPES = "tweet.read users.read like.read offline.access"
signing_in = Blueprint("signing_in", __name__)


@dataclass
class Tokens:
    """What was given out, and what of it still opens anything."""

    access_seconds: int = 7200
    # Code: (challenge, redirect_uri, scope).
    codes: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    access: set[str] = field(default_factory=set)
    refresh: set[str] = field(default_factory=set)
    revoked: list[str] = field(default_factory=list)
    refreshed: int = 0
    # Refresh tokens that were sent a second time.
    replayed: int = 0

    def granted(self, scope: str) -> dict[str, object]:
        """Return a new pair of tokens."""
        access, refresh = f"at-{secrets.token_hex(8)}", f"rt-{secrets.token_hex(8)}"
        self.access.add(access)
        told = {"token_type": "bearer", "expires_in": self.access_seconds, "scope": scope}
        if "offline.access" in scope:
            self.refresh.add(refresh)
            told["refresh_token"] = refresh
        return {**told, "access_token": access}


def tokens() -> Tokens:
    """Return the server's tokens, within a request."""
    found: Tokens = current_app.extensions["tokens"]
    return found


@signing_in.get("/i/oauth2/authorize")
def ask() -> Response:
    """Say yes, or with ?decision=deny no, for the person: the fake has no pages of its own."""
    asked = request.args
    assert asked["client_id"] == CLIENT_ID
    assert asked["response_type"] == "code"
    assert asked["code_challenge_method"] == "S256"
    back = {"state": asked["state"]}
    if asked.get("decision") == "deny":
        back["error"] = "access_denied"
    else:
        code = secrets.token_hex(8)
        granted = asked.get("granted", asked["scope"])
        tokens().codes[code] = (asked["code_challenge"], asked["redirect_uri"], granted)
        back["code"] = code
    answer = redirect(f"{asked['redirect_uri']}?{urlencode(back)}", 302)
    assert isinstance(answer, Response)
    return answer


def _known_client() -> bool:
    word = b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
    return request.headers.get("Authorization") == f"Basic {word}"


@signing_in.post("/2/oauth2/token")
def token() -> tuple[Response, int]:
    """Return tokens for a code or a refresh token, each of which is taken once."""
    if not _known_client():
        return jsonify(error="unauthorized_client", error_description="Missing header"), 401
    form, held = request.form, tokens()
    if form["grant_type"] == "refresh_token":
        if form["refresh_token"] not in held.refresh:
            held.replayed += 1
            words = "Value passed for the token was invalid."
            return jsonify(error="invalid_request", error_description=words), 400
        held.refresh.remove(form["refresh_token"])
        held.refreshed += 1
        return jsonify(held.granted(SCOPES)), 200
    challenge, back, scope = held.codes.pop(form["code"], ("", "", ""))
    digest = sha256(form["code_verifier"].encode()).digest()
    proven = urlsafe_b64encode(digest).decode().rstrip("=") == challenge
    if not proven or back != form["redirect_uri"]:
        words = "Value passed for the authorization code was invalid."
        return jsonify(error="invalid_request", error_description=words), 400
    return jsonify(held.granted(scope)), 200


@signing_in.post("/2/oauth2/revoke")
def revoke() -> tuple[Response, int]:
    """Let a token open nothing any more."""
    if not _known_client():
        return jsonify(error="unauthorized_client"), 401
    held, name = tokens(), request.form["token"]
    held.access.discard(name)
    held.refresh.discard(name)
    held.revoked.append(name)
    return jsonify(revoked=True), 200

"""Sign-in of the fake Graph: codes, tokens of an hour, tokens of 60 days, and taking them back."""

import secrets
from dataclasses import dataclass, field
from hashlib import sha256
from hmac import new
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, jsonify, redirect, request

CLIENT_SECRET = "fake-graph-secret"
CLIENT_IDS = {network: f"fake-{network}" for network in ("instagram", "threads", "facebook")}
LONG_SECONDS, SHORT_SECONDS = 5_184_000, 3600
GRANTS = {"instagram": "ig", "threads": "th"}
signing_in = Blueprint("signing_in", __name__)


@dataclass
class Tokens:
    """What was given out, and what of it still opens anything."""

    long_seconds: int = LONG_SECONDS
    # Code: (network, redirect_uri, scopes).
    codes: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    # Token: (network, "short", "long" or the id of a Page).
    valid: dict[str, tuple[str, str]] = field(default_factory=dict)
    refreshed: int = 0
    # What was taken back: (network, path).
    revoked: list[tuple[str, str]] = field(default_factory=list)

    def new(self, network: str, kind: str) -> str:
        """Return a new token."""
        token = f"tok-{network}-{secrets.token_hex(8)}"
        self.valid[token] = (network, kind)
        return token

    def end(self, network: str) -> None:
        """Let no token of the network open anything any more."""
        self.valid = {token: told for token, told in self.valid.items() if told[0] != network}


def tokens() -> Tokens:
    """Return the server's tokens, within a request."""
    found: Tokens = current_app.extensions["tokens"]
    return found


def proof_of(token: str) -> str:
    """Return the proof that a token is used by the application that it was given to."""
    return new(CLIENT_SECRET.encode(), token.encode(), sha256).hexdigest()


def refused(code: int, message: str, status: int = 400) -> tuple[Response, int]:
    """Return an error as the Graph writes it."""
    error = {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "A1b2"}
    return jsonify(error=error), status


@signing_in.get("/<network>/authorize")
def ask(network: str) -> Response:
    """Say yes, or with ?decision=deny no, for the person: the fake has no pages of its own."""
    asked = request.args
    assert asked["client_id"] == CLIENT_IDS[network]
    assert asked["response_type"] == "code"
    back = {"state": asked["state"]}
    if asked.get("decision") == "deny":
        back |= {"error": "access_denied", "error_reason": "user_denied"}
    else:
        code = secrets.token_hex(8)
        granted = asked.get("granted", asked["scope"])
        tokens().codes[code] = (network, asked["redirect_uri"], granted)
        back["code"] = code
    answer = redirect(f"{asked['redirect_uri']}?{urlencode(back)}#_", 302)
    assert isinstance(answer, Response)
    return answer


@signing_in.get("/facebook/v26.0/dialog/oauth")
def dialog() -> Response:
    """Say yes to Facebook, which has its dialog at an address with the version in it."""
    return ask("facebook")


@signing_in.get("/facebook/v26.0/oauth/access_token")
def facebook_token() -> tuple[Response, int]:
    """Return a token of the person's: for a code, or a long one for a short one."""
    asked, held = request.args, tokens()
    if asked["client_secret"] != CLIENT_SECRET or asked["client_id"] != CLIENT_IDS["facebook"]:
        return refused(101, "Error validating application.")
    if asked.get("grant_type") == "fb_exchange_token":
        if held.valid.pop(asked["fb_exchange_token"], None) != ("facebook", "short"):
            return refused(190, "Error validating access token")
        return jsonify(access_token=held.new("facebook", "long"), token_type="bearer"), 200
    known, back, _ = held.codes.pop(asked["code"], ("", "", ""))
    if known != "facebook" or back != asked["redirect_uri"]:
        return refused(100, "This authorization code has been used.")
    return jsonify(access_token=held.new("facebook", "short"), expires_in=SHORT_SECONDS), 200


@signing_in.post("/<network>/oauth/access_token")
def code_taken(network: str) -> tuple[Response, int]:
    """Return a token of an hour for a code, which is taken once."""
    form = request.form
    known, back, granted = tokens().codes.pop(form["code"], ("", "", ""))
    if form["client_secret"] != CLIENT_SECRET or form["client_id"] != CLIENT_IDS[network]:
        return jsonify(error_type="OAuthException", code=400, error_message="Invalid app"), 400
    if known != network or back != form["redirect_uri"]:
        words = "Matching code was not found or was already used"
        return jsonify(error_type="OAuthException", code=400, error_message=words), 400
    told = {"access_token": tokens().new(network, "short"), "user_id": 27001001}
    if network == "instagram":
        return jsonify(data=[{**told, "permissions": granted}]), 200
    return jsonify(told), 200


@signing_in.get("/<network>/access_token")
def exchanged(network: str) -> tuple[Response, int]:
    """Return a token of 60 days for one of an hour."""
    asked = request.args
    if asked["client_secret"] != CLIENT_SECRET:
        return refused(101, "Error validating application.")
    if asked["grant_type"] != f"{GRANTS[network]}_exchange_token":
        return refused(100, "Unsupported grant")
    if tokens().valid.get(asked["access_token"]) != (network, "short"):
        return refused(190, "Error validating access token", 401)
    return _long(network)


@signing_in.get("/<network>/refresh_access_token")
def refreshed(network: str) -> tuple[Response, int]:
    """Return a newer token of 60 days for one that is good."""
    asked = request.args
    if asked["grant_type"] != f"{GRANTS[network]}_refresh_token":
        return refused(100, "Unsupported grant")
    if tokens().valid.pop(asked["access_token"], None) != (network, "long"):
        return refused(190, "Session has expired")
    tokens().refreshed += 1
    return _long(network)


def _long(network: str) -> tuple[Response, int]:
    token = tokens().new(network, "long")
    told = {"access_token": token, "token_type": "bearer", "expires_in": tokens().long_seconds}
    return jsonify(told), 200


@signing_in.delete("/<network>/<version>/<who>/permissions")
def revoke(network: str, version: str, who: str) -> tuple[Response, int]:
    """Take back all that the person allowed."""
    held = tokens()
    if network == "facebook":
        app = f"{CLIENT_IDS[network]}|{CLIENT_SECRET}"
        assert request.headers["Authorization"] == f"Bearer {app}"
        assert request.args["appsecret_proof"] == proof_of(app)
    held.revoked.append((network, who))
    held.end(network)
    return jsonify(success=True), 200

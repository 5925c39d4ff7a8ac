"""Sign-in at the fake vendors: authorization code with PKCE, tokens, revocation."""

import secrets
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from urllib.parse import quote_plus, urlencode

from flask import Blueprint, Response, jsonify, redirect, request


@dataclass
class Vendor:
    """How one vendor gives tokens, what was given out, and what of it still opens anything."""

    name: str
    scopes: str
    basic: bool = False
    pkce: bool = True
    # Whether a refresh gives a new refresh token and ends the old one.
    rotating: bool = False
    refreshing: bool = True
    # What must be in the question beyond the standard.
    asked_too: dict[str, str] = field(default_factory=dict)
    access_seconds: int | None = 3600
    # Whether "no" comes with the status 200.
    soft: bool = False
    # Code: (challenge, redirect_uri, scope).
    codes: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    access: set[str] = field(default_factory=set)
    refresh: set[str] = field(default_factory=set)
    revoked: list[str] = field(default_factory=list)
    refreshed: int = 0

    @property
    def client_id(self) -> str:
        """Return our id at the vendor."""
        return f"fake-{self.name}-client"

    @property
    def client_secret(self) -> str:
        """Return our secret at the vendor."""
        return f"fake-{self.name}-secret"

    def reset(self) -> None:
        """Forget every token."""
        for held in (self.codes, self.access, self.refresh, self.revoked):
            held.clear()
        self.refreshed = 0

    def granted(self, scope: str, *, refresh: bool) -> dict[str, Any]:
        """Return new tokens."""
        access = f"at-{self.name}-{secrets.token_hex(8)}"
        self.access.add(access)
        told: dict[str, Any] = {"access_token": access, "token_type": "Bearer", "scope": scope}
        if self.access_seconds is not None:
            told["expires_in"] = self.access_seconds
        if refresh and self.refreshing:
            told["refresh_token"] = f"rt-{self.name}-{secrets.token_hex(8)}"
            self.refresh.add(told["refresh_token"])
        return told

    def ask(self) -> Response:
        """Say yes, or with ?decision=deny no, for the person: the fake has no pages of its own."""
        asked = request.args
        assert asked["client_id"] == self.client_id
        assert asked["response_type"] == "code"
        assert not self.pkce or asked["code_challenge_method"] == "S256"
        assert {name: asked[name] for name in self.asked_too} == self.asked_too
        back = {"state": asked["state"]}
        if asked.get("decision") == "deny":
            back["error"] = asked.get("word", "access_denied")
        else:
            code, granted = secrets.token_hex(8), asked.get("granted", asked.get("scope", ""))
            self.codes[code] = (asked.get("code_challenge", ""), asked["redirect_uri"], granted)
            back["code"] = code
        answer = redirect(f"{asked['redirect_uri']}?{urlencode(back)}", 302)
        assert isinstance(answer, Response)
        return answer

    def token(self) -> tuple[Response, int]:
        """Return tokens for a code or a refresh token."""
        form = request.form
        if not self._knows_us():
            return self._no("invalid_client", 401)
        if form["grant_type"] == "refresh_token":
            if form["refresh_token"] not in self.refresh:
                return self._no("invalid_grant", 400)
            self.refreshed += 1
            if self.rotating:
                self.refresh.remove(form["refresh_token"])
            return jsonify(self.granted(self.scopes, refresh=self.rotating)), 200
        challenge, back, scope = self.codes.pop(form["code"], ("", "", ""))
        digest = urlsafe_b64encode(sha256(form.get("code_verifier", "").encode()).digest())
        proven = not self.pkce or digest.decode().rstrip("=") == challenge
        if not proven or back != form["redirect_uri"]:
            return self._no("invalid_grant", 400)
        return jsonify(self.granted(scope, refresh=True)), 200

    def revoke(self) -> tuple[Response, int]:
        """Let a token open nothing any more."""
        name = request.form["token"]
        self.forget(name)
        return jsonify({}), 200

    def forget(self, name: str) -> None:
        """End a token, as its vendor does."""
        self.access.discard(name)
        self.refresh.discard(name)
        self.revoked.append(name)

    def _knows_us(self) -> bool:
        if self.basic:
            word = f"{quote_plus(self.client_id)}:{quote_plus(self.client_secret)}"
            told = f"Basic {b64encode(word.encode()).decode()}"
            return request.headers.get("Authorization") == told
        form = request.form
        return (form.get("client_id"), form.get("client_secret")) == (
            self.client_id,
            self.client_secret,
        )

    def _no(self, word: str, status: int) -> tuple[Response, int]:
        return jsonify(error=word, error_description="No."), 200 if self.soft else status


def signing_in(vendor: Vendor, *, authorize: str, token: str, revoke: str = "") -> Blueprint:
    """Return the pages of a vendor's sign-in at these paths."""
    pages = Blueprint(f"signing_in_{vendor.name}", __name__)
    rules: list[tuple[str, Callable[[], Any], str]] = [
        (authorize, vendor.ask, "GET"),
        (token, vendor.token, "POST"),
    ]
    if revoke:
        rules.append((revoke, vendor.revoke, "POST"))
    for path, answer, method in rules:
        pages.add_url_rule(path, path.replace("/", "_").replace(".", "_"), answer, methods=[method])
    return pages

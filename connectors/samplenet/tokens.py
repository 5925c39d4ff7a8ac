"""Codes and tokens of the sample network's OAuth: signed, so that they outlive a restart."""

import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from threading import Lock

from connectors.samplenet.state import State

CODE_SECONDS = 60
SCOPES = {
    "profile": "See who you are on the sample network",
    "activity": "Read your posts, and who liked, shared, answered or followed you",
}


@dataclass(frozen=True, slots=True)
class Grant:
    """What somebody allowed an application to do."""

    id: str
    client_id: str
    account: int
    scope: str


@dataclass(frozen=True, slots=True)
class Code:
    """An authorization code that waits to be exchanged."""

    grant: Grant
    redirect_uri: str
    challenge: str
    ends_at: float


class Refused(Exception):
    """A code or token that is not accepted; the text is an error word of RFC 6749."""


class Tokens:
    """Makes and reads codes and tokens; what was taken back is in the state file."""

    def __init__(
        self, state: State, access_seconds: int, clock: Callable[[], float] = time.time
    ) -> None:
        self.access_seconds = access_seconds
        self._state = state
        self._clock = clock
        self._codes: dict[str, Code] = {}
        # Used codes, with their grant: a second use takes the grant back (RFC 6749, 4.1.2).
        self._used: dict[str, str] = {}
        self._lock = Lock()

    def new_code(
        self, client_id: str, account: int, scope: str, redirect_uri: str, challenge: str
    ) -> str:
        """Return a code for one exchange within a minute."""
        grant = Grant(secrets.token_hex(8), client_id, account, scope)
        code = secrets.token_urlsafe(24)
        with self._lock:
            now = self._clock()
            self._codes = {key: kept for key, kept in self._codes.items() if kept.ends_at > now}
            self._codes[code] = Code(grant, redirect_uri, challenge, now + CODE_SECONDS)
        return code

    def exchange(self, code: str, client_id: str, redirect_uri: str, verifier: str) -> Grant:
        """Return what the code grants; it is used up, whatever comes of it."""
        with self._lock:
            kept = self._codes.pop(code, None)
            if kept is None:
                if code in self._used:
                    self._revoke(self._used[code])
                raise Refused("invalid_grant")
            self._used[code] = kept.grant.id
        digest = hashlib.sha256(verifier.encode()).digest()
        proved = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if (
            kept.ends_at < self._clock()
            or kept.grant.client_id != client_id
            or kept.redirect_uri != redirect_uri
            or not hmac.compare_digest(proved, kept.challenge)
        ):
            raise Refused("invalid_grant")
        return kept.grant

    def issue(self, grant: Grant) -> dict[str, object]:
        """Return the answer of the token endpoint: an access and a refresh token."""
        return {
            "access_token": self._signed("access", grant, self._clock() + self.access_seconds),
            "refresh_token": self._signed("refresh", grant, 0),
            "token_type": "Bearer",
            "expires_in": self.access_seconds,
            "scope": grant.scope,
        }

    def read(self, token: str, kind: str) -> Grant:
        """Return the grant of a valid token of that kind."""
        body, _, signature = token.partition(".")
        if not hmac.compare_digest(self._signature(body), signature.encode()):
            raise Refused("invalid_token")
        row = json.loads(base64.urlsafe_b64decode(body))
        ended = row["ends"] and row["ends"] < self._clock()
        if row["kind"] != kind or ended or row["grant"]["id"] in self._state.revoked:
            raise Refused("invalid_token")
        return Grant(**row["grant"])

    def revoke(self, token: str, client_id: str) -> None:
        """Take back the grant of an access or refresh token; an unknown token is no error."""
        for kind in ("access", "refresh"):
            try:
                grant = self.read(token, kind)
            except Refused:
                continue
            if grant.client_id == client_id:
                with self._lock:
                    self._revoke(grant.id)

    def _revoke(self, grant_id: str) -> None:
        self._state.revoked.add(grant_id)
        self._state.save()

    def _signed(self, kind: str, grant: Grant, ends: float) -> str:
        row = {"kind": kind, "grant": asdict(grant), "ends": int(ends), "n": secrets.token_hex(4)}
        body = base64.urlsafe_b64encode(json.dumps(row).encode()).decode()
        return f"{body}.{self._signature(body).decode()}"

    def _signature(self, body: str) -> bytes:
        digest = hmac.new(self._state.key.encode(), body.encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest)

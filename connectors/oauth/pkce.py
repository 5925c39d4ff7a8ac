"""What every linking by OAuth 2 needs: a state bound to the session, and PKCE."""

import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from hashlib import sha256

from connectors.oauth import LinkRefused


def new_verifier() -> str:
    """Return a fresh PKCE verifier of 64 signs (RFC 7636, 4.1)."""
    return secrets.token_urlsafe(48)


def challenge_of(verifier: str) -> str:
    """Return the S256 challenge of a verifier (RFC 7636, 4.2)."""
    return unpadded(sha256(verifier.encode()).digest())


def unpadded(data: bytes) -> str:
    """Return the base64url text of some bytes, without its padding."""
    return urlsafe_b64encode(data).decode().rstrip("=")


def check_state(kept: Mapping[str, str], params: Mapping[str, str], network: str) -> None:
    """Raise LinkRefused unless the answer is to the question of this session, and is a yes."""
    if not kept.get("state") or not secrets.compare_digest(
        kept["state"].encode(), params.get("state", "").encode()
    ):
        raise LinkRefused("The answer is to another question.", reason="state", network=network)
    if params.get("error") == "access_denied":
        raise LinkRefused("You said no.", reason="denied", network=network)
    if params.get("error") or not params.get("code"):
        raise LinkRefused("The network did not say yes.", reason="app", network=network)

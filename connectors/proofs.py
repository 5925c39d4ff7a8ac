"""A proof of ownership that waits in a session until its owner has signed up, encrypted."""

import json
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from connectors import crypto
from connectors.errors import Relink
from connectors.oauth import Proof
from connectors.types import Profile

# From coming back with a proof to having signed up with it.
WAITS = timedelta(minutes=30)
# What linking reads of a profile; the rest comes with the first sync.
_PROFILE = ("native_id", "handle", "name", "url")


def sealed(network_id: str, proof: Proof) -> str:
    """Return the proof as text under TOKEN_KEYS."""
    kept = {
        "network": network_id,
        "profile": {name: getattr(proof.profile, name) for name in _PROFILE},
        "server": proof.server,
        "secret": proof.secret,
        "scopes": proof.scopes,
        "granted_by": proof.granted_by,
        "expires_at": proof.expires_at.isoformat() if proof.expires_at else "",
        "sealed_at": timezone.now().isoformat(),
    }
    return crypto.encrypt_text(json.dumps(kept)).decode()


def opened(text: str) -> tuple[str, Proof] | None:
    """Return the network's id and the proof; None where there is none, or it waited too long."""
    try:
        kept: dict[str, Any] = json.loads(crypto.decrypt_text(text.encode()) or "null") or {}
    except Relink:
        return None
    if not kept or timezone.now() - datetime.fromisoformat(kept["sealed_at"]) > WAITS:
        return None
    ends = kept["expires_at"]
    return kept["network"], Proof(
        profile=Profile(**kept["profile"]),
        server=kept["server"],
        secret=kept["secret"],
        scopes=kept["scopes"],
        granted_by=kept.get("granted_by", ""),
        expires_at=datetime.fromisoformat(ends) if ends else None,
    )

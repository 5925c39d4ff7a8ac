"""How ownership of an account is shown: one module per network with begin, complete and revoke.

Nothing here knows Django, a session or a database: what must be remembered between the two halves
is handed out in `Begun.kept` and handed back to `complete`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from connectors.errors import ConnectorError
from connectors.types import Profile


@dataclass(frozen=True, slots=True)
class App:
    """Our registration at a network or at one server of a federated network."""

    client_id: str
    client_secret: str = field(default="", repr=False)
    # What else the network needs, by name (a signing key, the registered redirect, …).
    extra: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Begun:
    """The first half of a link: where the person goes, and what is kept in their session."""

    redirect_url: str
    # Always holds "state"; secrets of the flow (PKCE verifier, DPoP key) are here too.
    kept: dict[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Proof:
    """The second half: whose account it is, and the credential to read it, if one is needed."""

    profile: Profile
    # Host of the account's server on federated networks, else "".
    server: str = ""
    # {"access": …, "refresh": …}; empty where the proof of ownership is all.
    secret: dict[str, str] = field(default_factory=dict, repr=False)
    scopes: str = ""
    # When the access token ends (aware, UTC); None: it does not.
    expires_at: datetime | None = None
    # The number by which the network knows who gave the access to us, where it may take it back
    # or ask for erasure by that number (connectors.deletions); "" elsewhere.
    granted_by: str = ""


class Several(Exception):
    """One sign-in proved several accounts; the person has to say which one is meant."""

    def __init__(self, proofs: tuple[Proof, ...]) -> None:
        super().__init__(f"{len(proofs)} accounts")
        self.proofs = proofs


class LinkRefused(ConnectorError):
    """The account was not linked; `reason` is a word that the page turns into a sentence.

    "denied": the person said no; "state": the answer belongs to no flow begun in this session;
    "expired": the flow took too long or was used before; "app": the network refuses us, not the
    person; "account": the network named no account, or another one than was asked for; "code":
    the text of the profile does not hold the code; "none": the person allowed no account that can
    be linked.
    """

    REASONS = ("denied", "state", "expired", "app", "account", "none", "code")

    def __init__(self, message: str, *, reason: str, network: str = "", path: str = "") -> None:
        super().__init__(message, network=network, path=path)
        self.reason = reason

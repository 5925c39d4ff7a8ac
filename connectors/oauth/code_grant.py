"""The standard grant of OAuth 2 with an authorization code, PKCE, refresh and revocation.

A network's module declares the vendor's addresses and peculiarities as a `CodeGrant`, and names
its methods `begin`, `complete`, `revoke` and, where tokens end, `refresh`. References: RFC 6749,
RFC 7636 (PKCE), RFC 7009 (revocation).
"""

import secrets
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote_plus, urlencode

from connectors import fields
from connectors.errors import BadPayload, ConnectorError, NotAllowed, Relink
from connectors.http import Answer, Client
from connectors.oauth import App, Begun, LinkRefused, Proof
from connectors.oauth.pkce import challenge_of, check_state, new_verifier
from connectors.types import AccountRef, Network, Profile

# Refusals of a token's address that are read, not raised: RFC 6749 5.2 names 400 and 401.
_REFUSALS = (400, 401, 403)
# A token that the vendor does not know any more need not be taken back.
_FORGOTTEN = (400, 401, 403, 404)


@dataclass(frozen=True, slots=True)
class CodeGrant:
    """How one vendor speaks the standard grant; addresses name their origin by client.urls."""

    network: Network
    # Addresses such as "{x}/2/oauth2/token": what is in braces is a key of client.urls.
    authorize_url: str
    token_url: str
    # Whose account the token is of, asked once after linking.
    profile: Callable[[Client, AccountRef], Profile]
    # "" where the vendor knows no such address.
    revoke_url: str = ""
    # How tokens are taken back where that is not by RFC 7009.
    take_back: Callable[[Client, Mapping[str, str], App], None] | None = None
    # Without these nothing can be read: a person who leaves one out has linked nothing.
    needed: frozenset[str] = frozenset()
    # What separates scopes when they are asked for; answers may use spaces or commas.
    separator: str = " "
    # Whether our own id and secret go into a header (Basic) instead of the form.
    basic: bool = False
    # The vendor's name for client_id, in questions and forms.
    id_name: str = "client_id"
    pkce: bool = True
    # What else the vendor wants in the question, e.g. {"access_type": "offline"}.
    asked_too: Mapping[str, str] = field(default_factory=dict)
    # The vendor's words for a person's "no" beside access_denied.
    said_no: frozenset[str] = frozenset()
    # In which field of a refusal the vendor's word for it stands.
    word_name: str = "error"
    # The vendor's words, in lower case, for a code or token that is used, old or not its own.
    used: frozenset[str] = frozenset({"invalid_grant"})
    # Statuses that say the same, whatever the word, unless it is our application that is refused.
    used_statuses: frozenset[int] = frozenset()
    # How long an access token lasts where the answer does not say; None: it does not end.
    lasts: timedelta | None = None
    # Which tokens are taken back, in this order; at some vendors one ends the other.
    taken_back: tuple[str, ...] = ("refresh", "access")

    # --- The four halves ------------------------------------------------------------------------
    def begin(self, client: Client, *, redirect_uri: str, hint: str, app: App | None) -> Begun:
        """Return where the person says yes; the vendor asks them which account by itself."""
        state, verifier = secrets.token_urlsafe(32), new_verifier() if self.pkce else ""
        asked = {
            "response_type": "code",
            self.id_name: self._app(app).client_id,
            "redirect_uri": redirect_uri,
            "state": state,
            **self.asked_too,
        }
        if scopes := self._scopes(app):
            asked["scope"] = self.separator.join(scopes)
        if verifier:
            asked |= {"code_challenge": challenge_of(verifier), "code_challenge_method": "S256"}
        address = f"{self._at(client, self.authorize_url)}?{urlencode(asked)}"
        return Begun(address, {"state": state, "verifier": verifier})

    def complete(
        self,
        client: Client,
        *,
        redirect_uri: str,
        kept: Mapping[str, str],
        params: Mapping[str, str],
        app: App | None,
    ) -> Proof:
        """Return whose account it is and its tokens; raises LinkRefused where there is no proof."""
        no = {"error": "access_denied"} if params.get("error") in self.said_no else {}
        check_state(kept, {**params, **no}, self.network.id)
        form = {
            "grant_type": "authorization_code",
            "code": params["code"],
            "redirect_uri": redirect_uri,
        }
        if kept.get("verifier"):
            form["code_verifier"] = kept["verifier"]
        answer = self._token(client, form, self._app(app))
        word = self._refusal(answer)
        if word is not None:
            reason = "expired" if self._is_used(word, answer) else "app"
            raise self._refused("did not accept the answer", reason, answer.path)
        tokens = self._tokens(answer)
        try:
            if self.needed - set(tokens.scopes.split()):
                raise self._refused("was not allowed to show what is needed", "denied", answer.path)
            profile = self.profile(client, AccountRef("", "", token=tokens.secret["access"]))
        except ConnectorError:
            self.revoke(client, secret=tokens.secret, server="", app=app)
            raise
        return Proof(profile, "", tokens.secret, tokens.scopes, tokens.expires_at)

    def refresh(
        self, client: Client, *, secret: Mapping[str, str], server: str, app: App | None
    ) -> Proof:
        """Return newer tokens; Relink where the vendor no longer takes the refresh token."""
        form = {"grant_type": "refresh_token", "refresh_token": secret["refresh"]}
        answer = self._token(client, form, self._app(app))
        word = self._refusal(answer)
        if word is None:
            return self._tokens(answer)
        if self._is_used(word, answer):
            raise Relink(
                "The access that you gave has ended.", network=self.network.id, path=answer.path
            )
        raise NotAllowed(
            f"{self.network.name} does not let this site's application in.",
            network=self.network.id,
            path=answer.path,
        )

    def revoke(
        self, client: Client, *, secret: Mapping[str, str], server: str, app: App | None
    ) -> None:
        """Take the tokens back; one that the vendor does not know any more is no error."""
        if self.take_back is not None:
            self.take_back(client, secret, self._app(app))
        for name in self.taken_back if self.revoke_url else ():
            if secret.get(name):
                form = {"token": secret[name], "token_type_hint": f"{name}_token"}
                signed, headers = self._signed(form, self._app(app))
                address = self._at(client, self.revoke_url)
                client.post(address, form=signed, headers=headers, accept=_FORGOTTEN)

    # --- Questions to the vendor ----------------------------------------------------------------
    def _at(self, client: Client, address: str) -> str:
        return address.format_map(client.urls)

    def _token(self, client: Client, form: dict[str, str], app: App) -> Answer:
        signed, headers = self._signed(form, app)
        address = self._at(client, self.token_url)
        return client.post(address, form=signed, headers=headers, accept=_REFUSALS)

    def _signed(self, form: dict[str, str], app: App) -> tuple[dict[str, str], dict[str, str]]:
        """Return the form and headers by which the vendor knows who asks (RFC 6749, 2.3.1)."""
        if not app.client_secret:
            return {**form, self.id_name: app.client_id}, {}
        if not self.basic:
            return {**form, self.id_name: app.client_id, "client_secret": app.client_secret}, {}
        word = f"{quote_plus(app.client_id)}:{quote_plus(app.client_secret)}"
        return form, {"Authorization": f"Basic {b64encode(word.encode()).decode()}"}

    # --- Its answers ----------------------------------------------------------------------------
    def _refusal(self, answer: Answer) -> str | None:
        """Return the vendor's word for why not, "" where it gives none; None for a yes.

        Some vendors say no with the status 200.
        """
        told = answer.data if isinstance(answer.data, dict) else {}
        word = told.get(self.word_name)
        if isinstance(word, str) and word:
            return word.lower()
        return "" if answer.status >= 400 else None

    def _is_used(self, word: str, answer: Answer) -> bool:
        """Return whether a refusal is of the code or token, and not of our application."""
        if word == "invalid_client":
            return False
        return word in self.used or answer.status in self.used_statuses

    def _tokens(self, answer: Answer) -> Proof:
        """Return the tokens of an answer, without a profile of their owner."""
        found: dict[str, Any] = {"path": answer.path, "network": self.network.id}
        secret = {"access": fields.field(answer.data, "access_token", str, **found)}
        renewed = fields.optional(answer.data, "refresh_token", str, **found)
        if renewed:
            secret["refresh"] = renewed
        scopes = self._granted(answer.data, found)
        return Proof(
            profile=Profile(native_id="", handle="", name="", url=""),
            secret=secret,
            scopes=" ".join(scopes),
            expires_at=self._ends_at(answer, found),
        )

    def _granted(self, data: object, found: dict[str, Any]) -> Sequence[str]:
        """Return the scopes that an answer names, in one text or a list; else those asked for."""
        if isinstance(data, dict) and isinstance(data.get("scope"), list):
            return [str(scope) for scope in data["scope"]]
        told = fields.optional(data, "scope", str, **found)
        return self.network.scopes if told is None else told.replace(",", " ").split()

    def _ends_at(self, answer: Answer, found: dict[str, Any]) -> datetime | None:
        seconds = fields.optional(answer.data, "expires_in", int, **found)
        lasts = self.lasts if seconds is None else timedelta(seconds=min(seconds, 10**9))
        if lasts is not None and lasts < timedelta():
            raise BadPayload(f"{self.network.name}'s token has ended before it began.", **found)
        return None if lasts is None else datetime.now(UTC) + lasts

    def _scopes(self, app: App | None) -> list[str]:
        """Return what a person is asked to allow: of some vendors, what our application may ask."""
        more = (app.extra.get("scopes", "") if app else "").split()
        return list(dict.fromkeys([*self.network.scopes, *more]))

    def _app(self, app: App | None) -> App:
        if app is None:
            raise NotAllowed(
                f"This site is not registered at {self.network.name}.", network=self.network.id
            )
        return app

    def _refused(self, problem: str, reason: str, path: str) -> LinkRefused:
        words = f"{self.network.name} {problem}."
        return LinkRefused(words, reason=reason, network=self.network.id, path=path)

"""Linking Pages of Facebook: a person signs in, and picks one of the Pages that they run.

A Page's token made from a token of 60 days does not end by itself. It is all that is kept: the
person's own token is thrown away, and access is taken back with the application's.
Reference: https://developers.facebook.com/docs/facebook-login/guides/access-tokens/get-long-lived
(read 2026-11).
"""

import secrets
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from connectors.facebook import NETWORK
from connectors.facebook.payloads import parse_profile
from connectors.fields import field, optional
from connectors.graph import VERSIONS, Graph
from connectors.graph.answers import rows_of, text_of
from connectors.graph.refusals import checked, codes
from connectors.http import Answer, Client
from connectors.oauth import App, Begun, LinkRefused, Proof, Several, meta
from connectors.oauth.pkce import check_state

# Without these nothing can be read; the others may be left out, then less is told.
_NEEDED = frozenset({"pages_show_list", "pages_read_engagement"})
# Pages to pick from: nobody reads a longer list.
MOST_PAGES = 100
_REFUSED = (400, 401, 403, 404)


def begin(client: Client, *, redirect_uri: str, hint: str, app: App | None) -> Begun:
    """Return where the person says yes; what they left out before is asked for again."""
    state = secrets.token_urlsafe(32)
    asked = {
        "client_id": _app(app).client_id,
        "redirect_uri": redirect_uri,
        "response_type": "code",
        "scope": ",".join(NETWORK.scopes),
        "state": state,
        "auth_type": "rerequest",
    }
    dialog = f"{client.urls['facebook_authorize']}/{VERSIONS['facebook']}/dialog/oauth"
    return Begun(f"{dialog}?{urlencode(asked)}", {"state": state})


def complete(
    client: Client,
    *,
    redirect_uri: str,
    kept: Mapping[str, str],
    params: Mapping[str, str],
    app: App | None,
) -> Proof:
    """Return the Page that the person runs and its token; raises Several where there are more.

    Nothing is taken back where it fails: Facebook would end all that the person ever allowed
    here, and with it Pages that are linked.
    """
    check_state(kept, params, NETWORK.id)
    code = {"code": params["code"], "redirect_uri": redirect_uri}
    short = _token(client, code, _app(app))
    long = _token(
        client, {"grant_type": "fb_exchange_token", "fb_exchange_token": short}, _app(app)
    )
    graph = Graph(client, long, proven=True)
    me = graph.ask("me", fields="id")
    user_id = text_of(me.data, "id", me.path, NETWORK.id)
    granted = _granted(graph)
    if _NEEDED - granted:
        raise LinkRefused(
            "Facebook was not allowed to show Pages.", reason="denied", network="facebook"
        )
    proofs = tuple(_proofs(graph, user_id, " ".join(sorted(granted))))
    if not proofs:
        raise LinkRefused("There is no Page to link.", reason="none", network=NETWORK.id)
    if len(proofs) > 1:
        raise Several(proofs)
    return proofs[0]


def revoke(client: Client, *, secret: Mapping[str, str], server: str, app: App | None) -> None:
    """Take back all that the person allowed; what ended already is no error."""
    # Reference: https://developers.facebook.com/docs/graph-api/reference/user/permissions/
    # (read 2026-11)
    if secret.get("user") and app is not None:
        token = f"{app.client_id}|{app.client_secret}"
        base = f"{client.urls['facebook']}/{VERSIONS['facebook']}"
        address = f"{base}/{secret['user']}/permissions"
        proof = {"appsecret_proof": client.prove(token)}
        client.delete(address, params=proof, token=token, accept=_REFUSED)


def _token(client: Client, asked: dict[str, str], app: App) -> str:
    """Return a token of the person's, for a code or for a token of an hour."""
    # Reference: https://developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow
    # (read 2026-11). The vendor takes secrets in the address only; no address is logged.
    address = f"{client.urls['facebook']}/{VERSIONS['facebook']}/oauth/access_token"
    app_too = {"client_id": app.client_id, "client_secret": app.client_secret}
    answer = client.get(address, params={**asked, **app_too}, accept=_REFUSED)
    if answer.status >= 400:
        # 100 with a subcode of its own: the code was used before, or is too old.
        reason = "expired" if codes(answer.data)[0] == 100 and "code" in asked else "app"
        raise LinkRefused(
            "Facebook did not accept the answer.",
            reason=reason,
            network=NETWORK.id,
            path=answer.path,
        )
    told: Answer = checked(answer, NETWORK.id, datetime.now(UTC))
    return field(told.data, "access_token", str, path=told.path, network=NETWORK.id)


def _granted(graph: Graph) -> set[str]:
    """Return what the person allowed, of what was asked."""
    # Reference: https://developers.facebook.com/docs/graph-api/reference/user/permissions/
    answer = graph.ask("me/permissions")
    return {
        str(row.get("permission"))
        for row in rows_of(answer.data, answer.path, NETWORK.id)
        if row.get("status") == "granted"
    }


def _proofs(graph: Graph, user_id: str, scopes: str) -> Iterator[Proof]:
    """Yield a proof for each Page that the person runs and has let us see."""
    # Reference: https://developers.facebook.com/docs/graph-api/reference/user/accounts/
    # (read 2026-11)
    answer = graph.ask("me/accounts", fields="id,name,username,link,access_token", limit=MOST_PAGES)
    found: dict[str, Any] = {"path": answer.path, "network": NETWORK.id}
    for row in rows_of(answer.data, answer.path, NETWORK.id):
        token = optional(row, "access_token", str, **found)
        if token:
            yield Proof(
                profile=parse_profile(row, answer.path),
                secret={"access": token, "user": user_id},
                scopes=scopes,
                granted_by=user_id,
            )


def _app(app: App | None) -> App:
    return meta.known(app, NETWORK.name, NETWORK.id)

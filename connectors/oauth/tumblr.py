"""Linking a blog of Tumblr: the standard grant; who has several picks one.

Reference: https://www.tumblr.com/docs/en/api/v2#oauth2-authorization (read 2026-11). Access lasts
42 minutes, and each refresh brings a new refresh token. PKCE is not spoken there, and tokens cannot
be taken back by a site: people end access in their settings.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from connectors.http import Client
from connectors.oauth import App, Proof, Several
from connectors.oauth.code_grant import CodeGrant
from connectors.tumblr import NETWORK, fetch_profile, linkable

GRANT = CodeGrant(
    network=NETWORK,
    authorize_url="{tumblr_authorize}",
    token_url="{tumblr}/v2/oauth2/token",  # noqa: S106 - an address
    profile=fetch_profile,
    needed=frozenset(NETWORK.scopes),
    pkce=False,
    # "Unauthorized: refresh token has expired".
    used_statuses=frozenset({401}),
    lasts=timedelta(minutes=42),
)
begin, refresh, revoke = GRANT.begin, GRANT.refresh, GRANT.revoke


def complete(
    client: Client,
    *,
    redirect_uri: str,
    kept: Mapping[str, str],
    params: Mapping[str, str],
    app: App | None,
) -> Proof:
    """Return the person's blog and its tokens; raises Several where they have more.

    One blog gets the tokens: a refresh by one would end those of the others.
    """
    proof = GRANT.complete(client, redirect_uri=redirect_uri, kept=kept, params=params, app=app)
    blogs = linkable(client, proof.secret["access"])
    if len(blogs) > 1:
        raise Several(tuple(replace(proof, profile=blog) for blog in blogs))
    return proof

"""Linking an account of Pinterest: the standard grant, with our secret in a header.

Reference: https://developers.pinterest.com/docs/getting-started/set-up-authentication-and-authorization/
(read 2026-11). Access lasts 30 days, and a refresh brings a new refresh token. PKCE is not spoken
there, and tokens cannot be taken back by a site: people end access in their settings.
"""

from datetime import timedelta

from connectors.oauth.code_grant import CodeGrant
from connectors.pinterest import NETWORK, fetch_profile

GRANT = CodeGrant(
    network=NETWORK,
    authorize_url="{pinterest_authorize}/",
    token_url="{pinterest}/v5/oauth/token",  # noqa: S106 - an address
    profile=fetch_profile,
    needed=frozenset(NETWORK.scopes),
    separator=",",
    basic=True,
    pkce=False,
    # Refused in a number and a sentence: a code or token by 400, our application by 401.
    word_name="message",
    used_statuses=frozenset({400}),
    lasts=timedelta(days=30),
)
begin, complete, refresh, revoke = GRANT.begin, GRANT.complete, GRANT.refresh, GRANT.revoke

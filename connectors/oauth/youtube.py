"""Linking a channel of YouTube: Google's grant, with a refresh token that stays the same.

Reference: https://developers.google.com/youtube/v3/guides/auth/server-side-web-apps (read 2026-11).
Access lasts an hour; ending the refresh token ends all of it.
"""

from datetime import timedelta

from connectors.oauth.code_grant import CodeGrant
from connectors.youtube import NETWORK, fetch_profile

GRANT = CodeGrant(
    network=NETWORK,
    authorize_url="{google_authorize}",
    token_url="{google}/token",  # noqa: S106 - an address
    revoke_url="{google}/revoke",
    profile=fetch_profile,
    needed=frozenset(NETWORK.scopes),
    # Google gives a refresh token only where it asks the person again.
    asked_too={"access_type": "offline", "prompt": "consent"},
    lasts=timedelta(hours=1),
)
begin, complete, refresh, revoke = GRANT.begin, GRANT.complete, GRANT.refresh, GRANT.revoke

"""Linking an account of Reddit: the standard grant, with a token of one hour.

Reference: https://github.com/reddit-archive/reddit/wiki/OAuth2 (read 2026-11). PKCE is not spoken
there; a refresh token is given for "permanent" access only, and stays the same.
"""

from datetime import timedelta

from connectors.oauth.code_grant import CodeGrant
from connectors.reddit import NETWORK, fetch_profile

GRANT = CodeGrant(
    network=NETWORK,
    authorize_url="{reddit_authorize}/api/v1/authorize",
    token_url="{reddit_authorize}/api/v1/access_token",  # noqa: S106 - an address
    revoke_url="{reddit_authorize}/api/v1/revoke_token",
    profile=fetch_profile,
    needed=frozenset({"identity", "history", "read"}),
    basic=True,
    pkce=False,
    asked_too={"duration": "permanent"},
    lasts=timedelta(hours=1),
)
begin, complete, refresh, revoke = GRANT.begin, GRANT.complete, GRANT.refresh, GRANT.revoke

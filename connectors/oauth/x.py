"""Linking an account of X: the standard grant, with tokens that rotate.

Reference: https://docs.x.com/fundamentals/authentication/oauth-2-0/user-access-token (2026-11).
Access lasts two hours; each refresh gives a new refresh token and ends the old one.
"""

from datetime import timedelta

from connectors.oauth.code_grant import CodeGrant
from connectors.x import NETWORK, fetch_profile

GRANT = CodeGrant(
    network=NETWORK,
    authorize_url="{x_authorize}",
    token_url="{x}/2/oauth2/token",  # noqa: S106 - an address
    revoke_url="{x}/2/oauth2/revoke",
    profile=fetch_profile,
    # like.read may be left out, then likers are only counted.
    needed=frozenset({"tweet.read", "users.read"}),
    basic=True,
    used=frozenset({"invalid_grant", "invalid_request"}),
    lasts=timedelta(hours=2),
)
begin, complete, refresh, revoke = GRANT.begin, GRANT.complete, GRANT.refresh, GRANT.revoke

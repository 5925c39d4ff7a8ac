"""Linking a member of LinkedIn: the standard grant, without PKCE, which it has for phones only.

Reference: https://learn.microsoft.com/en-us/linkedin/shared/authentication/
authorization-code-flow (read 2026-11). Access lasts 60 days; a refresh token is for partners.
What is asked for beyond identity is what LinkedIn granted the operator's application.
"""

from datetime import timedelta

from connectors.linkedin import NETWORK, fetch_profile
from connectors.oauth.code_grant import CodeGrant

GRANT = CodeGrant(
    network=NETWORK,
    authorize_url="{linkedin_oauth}/authorization",
    token_url="{linkedin_oauth}/accessToken",  # noqa: S106 - an address
    revoke_url="{linkedin_oauth}/revoke",
    profile=fetch_profile,
    needed=frozenset({"openid", "profile"}),
    pkce=False,
    said_no=frozenset({"user_cancelled_login", "user_cancelled_authorize"}),
    used=frozenset({"invalid_grant", "invalid_request", "invalid_redirect_uri"}),
    lasts=timedelta(days=60),
)
begin, complete, refresh, revoke = GRANT.begin, GRANT.complete, GRANT.refresh, GRANT.revoke

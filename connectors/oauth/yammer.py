"""Linking a member of a company's Viva Engage, by the company's sign-in (Microsoft Entra).

References: https://learn.microsoft.com/en-us/rest/api/yammer/authentication-1 and
https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-auth-code-flow (read 2026-11).
A person says yes to all or to nothing, and Entra repeats the scopes only of what it gave a token
for. It knows no address at which a token is taken back: unlinking deletes both at once.
"""

from datetime import timedelta

from connectors.oauth.code_grant import CodeGrant
from connectors.yammer import NETWORK, fetch_profile

GRANT = CodeGrant(
    network=NETWORK,
    authorize_url="{yammer_oauth}/authorize",
    token_url="{yammer_oauth}/token",  # noqa: S106 - an address
    profile=fetch_profile,
    used=frozenset({"invalid_grant", "interaction_required"}),
    lasts=timedelta(hours=1),
)
begin, complete, refresh, revoke = GRANT.begin, GRANT.complete, GRANT.refresh, GRANT.revoke

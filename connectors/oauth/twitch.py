"""Linking a channel of Twitch: the standard grant, its own words for what is refused.

References: https://dev.twitch.tv/docs/authentication/getting-tokens-oauth and …/refresh-tokens
(read 2026-11). PKCE is not spoken there. Access lasts some hours; a refresh may bring a new refresh
token. With the access token the refresh token ends, which cannot be taken back by itself.
"""

from datetime import timedelta

from connectors.oauth.code_grant import CodeGrant
from connectors.twitch import NETWORK, fetch_profile

GRANT = CodeGrant(
    network=NETWORK,
    authorize_url="{twitch_oauth}/authorize",
    token_url="{twitch_oauth}/token",  # noqa: S106 - an address
    revoke_url="{twitch_oauth}/revoke",
    profile=fetch_profile,
    # People allow all or nothing there.
    needed=frozenset({"moderator:read:followers", "user:read:follows"}),
    pkce=False,
    word_name="message",
    used=frozenset({"invalid authorization code", "invalid refresh token"}),
    # The person changed the password, or took the access away there.
    used_statuses=frozenset({401}),
    lasts=timedelta(hours=4),
    taken_back=("access",),
)
begin, complete, refresh, revoke = GRANT.begin, GRANT.complete, GRANT.refresh, GRANT.revoke

"""Linking an account of TikTok by Login Kit.

Reference: https://developers.tiktok.com/doc/login-kit-web and …/oauth-user-access-token-management
(read 2026-11). Access lasts a day, the refresh token a year. PKCE is for its desktop kit, in a
spelling of its own; on the web the secret and the state stand for it.
"""

from datetime import timedelta

from connectors.oauth.code_grant import CodeGrant
from connectors.tiktok import NETWORK, fetch_profile

GRANT = CodeGrant(
    network=NETWORK,
    authorize_url="{tiktok_authorize}/",
    token_url="{tiktok}/v2/oauth/token/",  # noqa: S106 - an address
    revoke_url="{tiktok}/v2/oauth/revoke/",
    profile=fetch_profile,
    # Without its counts an account has nothing that can be scored.
    needed=frozenset({"user.info.basic", "user.info.profile", "user.info.stats", "video.list"}),
    separator=",",
    id_name="client_key",
    pkce=False,
    lasts=timedelta(days=1),
    taken_back=("access",),
)
begin, complete, refresh, revoke = GRANT.begin, GRANT.complete, GRANT.refresh, GRANT.revoke

"""Linking an account of Foursquare: the standard grant without scopes; tokens do not end.

Reference: https://docs.foursquare.com/developer/reference/v2-authentication (read 2026-11). There
is no address at which a token is taken back: unlinking deletes it here at once, and the person can
take the access away in the settings of Foursquare.
"""

from connectors.foursquare import NETWORK, fetch_profile
from connectors.oauth.code_grant import CodeGrant

GRANT = CodeGrant(
    network=NETWORK,
    authorize_url="{foursquare_oauth}/authenticate",
    token_url="{foursquare_oauth}/access_token",  # noqa: S106 - an address
    profile=fetch_profile,
    pkce=False,
    used=frozenset({"invalid_grant", "redirect_uri_mismatch"}),
)
begin, complete, revoke = GRANT.begin, GRANT.complete, GRANT.revoke

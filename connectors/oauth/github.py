"""Linking an account of GitHub: an OAuth app without scopes, whose tokens do not end by themselves.

Reference: https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps
(read 2026-11). It says no with the status 200.
"""

from base64 import b64encode
from collections.abc import Mapping

from connectors.github import NETWORK, fetch_profile
from connectors.http import Client
from connectors.oauth import App
from connectors.oauth.code_grant import CodeGrant


def _take_back(client: Client, secret: Mapping[str, str], app: App) -> None:
    """End what the person allowed us, with all its tokens."""
    # Reference: https://docs.github.com/en/rest/apps/oauth-applications#delete-an-app-authorization
    # (read 2026-11)
    word = b64encode(f"{app.client_id}:{app.client_secret}".encode()).decode()
    client.delete(
        f"{client.urls['github']}/applications/{app.client_id}/grant",
        json={"access_token": secret.get("access", "")},
        headers={"Authorization": f"Basic {word}"},
        accept=(404, 422),
    )


GRANT = CodeGrant(
    network=NETWORK,
    authorize_url="{github_oauth}/authorize",
    token_url="{github_oauth}/access_token",  # noqa: S106 - an address
    take_back=_take_back,
    profile=fetch_profile,
    used=frozenset({"bad_verification_code"}),
)
begin, complete, revoke = GRANT.begin, GRANT.complete, GRANT.revoke

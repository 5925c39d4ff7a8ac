"""Clients with this copy's settings and the budget that all its workers share."""

import hmac
from functools import partial
from hashlib import sha256

from django.conf import settings

from connectors import budget, costs
from connectors.http import Client
from connectors.types import Network


def base_urls() -> dict[str, str]:
    """Return the addresses that connectors take from the settings, without a final slash."""
    return {
        "sample": settings.SAMPLE_NETWORK_URL,
        "bluesky_appview": settings.BLUESKY_APPVIEW_URL,
        "bluesky_plc": settings.BLUESKY_PLC_URL,
        "bluesky_pds": settings.BLUESKY_PDS_URL,
        "google": settings.GOOGLE_OAUTH_URL,
        "google_authorize": settings.GOOGLE_AUTHORIZE_URL,
        "x": settings.X_API_URL,
        "x_authorize": settings.X_AUTHORIZE_URL,
        "hackernews": settings.HACKERNEWS_URL,
        "hackernews_search": settings.HACKERNEWS_SEARCH_URL,
        "facebook": settings.FACEBOOK_GRAPH_URL,
        "facebook_authorize": settings.FACEBOOK_AUTHORIZE_URL,
        "instagram": settings.INSTAGRAM_GRAPH_URL,
        "instagram_authorize": settings.INSTAGRAM_AUTHORIZE_URL,
        "instagram_token": settings.INSTAGRAM_TOKEN_URL,
        "threads": settings.THREADS_GRAPH_URL,
        "threads_authorize": settings.THREADS_AUTHORIZE_URL,
        "stackexchange": settings.STACKEXCHANGE_URL,
        "github": settings.GITHUB_API_URL,
        "github_oauth": settings.GITHUB_OAUTH_URL,
        "linkedin": settings.LINKEDIN_API_URL,
        "linkedin_oauth": settings.LINKEDIN_OAUTH_URL,
        "wikidata": settings.WIKIDATA_URL,
        "wikimedia": settings.WIKIMEDIA_URL,
        "wikipedia": settings.WIKIPEDIA_URL,
        "youtube": settings.YOUTUBE_API_URL,
        "yammer": settings.YAMMER_API_URL,
        "yammer_oauth": settings.YAMMER_OAUTH_URL,
        "tiktok": settings.TIKTOK_API_URL,
        "tiktok_authorize": settings.TIKTOK_AUTHORIZE_URL,
        "reddit": settings.REDDIT_API_URL,
        "reddit_authorize": settings.REDDIT_AUTHORIZE_URL,
        "twitch": settings.TWITCH_API_URL,
        "twitch_oauth": settings.TWITCH_OAUTH_URL,
        "foursquare": settings.FOURSQUARE_API_URL,
        "foursquare_oauth": settings.FOURSQUARE_OAUTH_URL,
        "pinterest": settings.PINTEREST_API_URL,
        "pinterest_authorize": settings.PINTEREST_AUTHORIZE_URL,
        "tumblr": settings.TUMBLR_API_URL,
        "tumblr_authorize": settings.TUMBLR_AUTHORIZE_URL,
        "mastodon_default": settings.MASTODON_DEFAULT_SERVER,
    }


def client_for(
    network: Network,
    *,
    server: str = "",
    credential_id: int | None = None,
    person_id: int | None = None,
    first: bool = False,
    timeout_seconds: float = 10,
) -> Client:
    """Return a client whose requests count against the budget of network, host or credential.

    Where the network charges, `person_id` says whose month pays, and `first` that it is a whole
    history that is fetched.
    """
    return Client(
        network.id,
        contact=settings.CONTACT,
        spend=budget.spender(network, server=server, credential_id=credential_id),
        local_origins=settings.LOCAL_ORIGINS,
        timeout_seconds=timeout_seconds,
        urls=base_urls(),
        key=settings.NETWORK_KEYS.get(network.id, ""),
        meter=costs.meter_for(network, person_id, first=first),
        prove=partial(_proof_of_use, network.id),
    )


def _proof_of_use(network_id: str, token: str) -> str:
    """Return the HMAC-SHA-256 of a token under our application's secret (Meta's appsecret_proof).

    "" where no secret was given.
    """
    _, secret = settings.NETWORK_APPS.get(network_id, ("", ""))
    return hmac.new(secret.encode(), token.encode(), sha256).hexdigest() if secret else ""

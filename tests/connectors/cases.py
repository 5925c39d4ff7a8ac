"""The recorded account of each network that the contract of connectors is tested on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from connectors.types import AccountRef
from tests.connectors import (
    test_bluesky,
    test_facebook,
    test_foursquare,
    test_github,
    test_hackernews,
    test_instagram,
    test_linkedin,
    test_mastodon,
    test_pinterest,
    test_reddit,
    test_stackexchange,
    test_threads,
    test_tiktok,
    test_tumblr,
    test_twitch,
    test_wikipedia,
    test_x,
    test_yammer,
    test_youtube,
)
from tests.connectors.players import Reply


@dataclass(frozen=True, slots=True)
class Case:
    """Recorded answers, the account that they are of, and when they were recorded."""

    account: AccountRef
    routes: Mapping[str, Reply]
    # The path that is asked first.
    first: str
    recorded_at: datetime
    urls: Mapping[str, str] = field(default_factory=dict)


_VERA = "/api/v1/accounts/1"
# Every network of the registry has one; a test names the missing.
CASES: dict[str, Case] = {
    "mastodon": Case(
        test_mastodon.ASTRID,
        test_mastodon.ROUTES,
        "/api/v1/accounts/lookup",
        test_mastodon.NOW,
    ),
    "bluesky": Case(
        test_bluesky.ASTRID,
        test_bluesky.ROUTES,
        f"{test_bluesky.ACTOR}getProfile",
        test_bluesky.NOW,
        test_bluesky.URLS,
    ),
    "x": Case(
        test_x.ASTRID,
        test_x.ROUTES,
        "/2/users/me",
        test_x.NOW,
        test_x.URLS,
    ),
    "hackernews": Case(
        test_hackernews.ASTRID,
        test_hackernews.ROUTES,
        test_hackernews.USER,
        test_hackernews.NOW,
        test_hackernews.URLS,
    ),
    "instagram": Case(
        test_instagram.ASTRID,
        test_instagram.ROUTES,
        "/v26.0/me",
        test_instagram.NOW,
        test_instagram.URLS,
    ),
    "threads": Case(
        test_threads.ASTRID,
        test_threads.ROUTES,
        "/v1.0/me",
        test_threads.NOW,
        test_threads.URLS,
    ),
    "facebook": Case(
        test_facebook.CHARTS,
        test_facebook.ROUTES,
        "/v26.0/me",
        test_facebook.NOW,
        test_facebook.URLS,
    ),
    "stackexchange": Case(
        test_stackexchange.ASTRID,
        test_stackexchange.ROUTES,
        test_stackexchange.USER,
        test_stackexchange.NOW,
        test_stackexchange.URLS,
    ),
    "youtube": Case(
        test_youtube.ASTRID,
        test_youtube.ROUTES,
        "/youtube/v3/channels",
        test_youtube.NOW,
        test_youtube.URLS,
    ),
    "yammer": Case(
        test_yammer.ASTRID,
        test_yammer.ROUTES,
        test_yammer.USER,
        test_yammer.NOW,
        test_yammer.URLS,
    ),
    "tiktok": Case(
        test_tiktok.ASTRID,
        test_tiktok.ROUTES,
        test_tiktok.USER,
        test_tiktok.NOW,
        test_tiktok.URLS,
    ),
    "reddit": Case(
        test_reddit.ASTRID,
        test_reddit.ROUTES,
        test_reddit.ME,
        test_reddit.NOW,
        test_reddit.URLS,
    ),
    "linkedin": Case(
        test_linkedin.ASTRID,
        test_linkedin.ROUTES,
        "/v2/userinfo",
        test_linkedin.NOW,
        test_linkedin.URLS,
    ),
    "github": Case(
        test_github.ASTRID,
        test_github.ROUTES,
        "/user",
        test_github.NOW,
        test_github.URLS,
    ),
    "wikipedia": Case(
        test_wikipedia.ASTRID,
        test_wikipedia.ROUTES,
        "/w/api.php",
        test_wikipedia.NOW,
        test_wikipedia.URLS,
    ),
    "twitch": Case(
        test_twitch.ASTRID,
        test_twitch.ROUTES,
        test_twitch.USER,
        test_twitch.NOW,
        test_twitch.URLS,
    ),
    "foursquare": Case(
        test_foursquare.ASTRID,
        test_foursquare.ROUTES,
        test_foursquare.USER,
        test_foursquare.NOW,
        test_foursquare.URLS,
    ),
    "pinterest": Case(
        test_pinterest.ASTRID,
        test_pinterest.ROUTES,
        test_pinterest.USER,
        test_pinterest.NOW,
        test_pinterest.URLS,
    ),
    "tumblr": Case(
        test_tumblr.ASTRID,
        test_tumblr.ROUTES,
        test_tumblr.USER,
        test_tumblr.NOW,
        test_tumblr.URLS,
    ),
    "sample": Case(
        AccountRef("1", "vera.lindqvale"),
        {
            _VERA: "account",
            f"{_VERA}/audience": "audience",
            f"{_VERA}/posts": "posts",
            f"{_VERA}/posts#2": "posts_last",
            f"{_VERA}/interactions": "interactions",
            f"{_VERA}/interactions#2": "interactions_last",
            f"{_VERA}/sent": "sent",
        },
        _VERA,
        datetime(2026, 11, 22, tzinfo=UTC),
        {"sample": "https://sample.example"},
    ),
}

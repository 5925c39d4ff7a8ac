"""A pytest plugin: running fake vendors, one process for each of xdist's workers."""

from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from tests.fake_web import foursquare, github, linkedin, pinterest, tumblr, twitch, yammer, youtube
from tests.vendor_process import VendorServer, running

_VENDORS = {
    "youtube": youtube.VENDOR,
    "linkedin": linkedin.VENDOR,
    "github": github.VENDOR,
    "twitch": twitch.VENDOR,
    "pinterest": pinterest.VENDOR,
    "tumblr": tumblr.VENDOR,
    "foursquare": foursquare.VENDOR,
    "yammer": yammer.VENDOR,
}


class WebServer(VendorServer):
    """The running server of this plugin."""


@pytest.fixture(scope="session")
def web_process() -> Iterator[str]:
    """One running server for all tests of this process."""
    with running("tests.fake_web") as url:
        yield url


@pytest.fixture
def web_server(web_process: str, settings: Settings) -> Iterator[WebServer]:
    """The running server as it was at first, with the settings pointed at it.

    Nothing that our descriptions of the vendors' APIs do not allow may have been asked.
    """
    settings.LOCAL_ORIGINS = [*settings.LOCAL_ORIGINS, web_process]
    settings.SITE_URL = "http://testserver"
    settings.YOUTUBE_API_URL = web_process
    settings.GOOGLE_OAUTH_URL = f"{web_process}/google"
    settings.GOOGLE_AUTHORIZE_URL = f"{web_process}/google/o/oauth2/v2/auth"
    settings.LINKEDIN_API_URL = f"{web_process}/linkedin"
    settings.LINKEDIN_OAUTH_URL = f"{web_process}/linkedin/oauth/v2"
    settings.GITHUB_API_URL = f"{web_process}/github"
    settings.GITHUB_OAUTH_URL = f"{web_process}/github/login/oauth"
    settings.TWITCH_API_URL = f"{web_process}/twitch"
    settings.TWITCH_OAUTH_URL = f"{web_process}/twitch/oauth2"
    settings.PINTEREST_API_URL = f"{web_process}/pinterest"
    settings.PINTEREST_AUTHORIZE_URL = f"{web_process}/pinterest/oauth"
    settings.TUMBLR_API_URL = f"{web_process}/tumblr"
    settings.TUMBLR_AUTHORIZE_URL = f"{web_process}/tumblr/oauth2/authorize"
    settings.FOURSQUARE_API_URL = f"{web_process}/foursquare"
    settings.FOURSQUARE_OAUTH_URL = f"{web_process}/foursquare/oauth2"
    settings.YAMMER_API_URL = f"{web_process}/yammer"
    settings.YAMMER_OAUTH_URL = f"{web_process}/yammer/oauth2/v2.0"
    settings.NETWORK_KEYS = {
        "youtube": youtube.KEY,
        "twitch": twitch.VENDOR.client_id,
        "tumblr": tumblr.VENDOR.client_id,
    }
    settings.NETWORK_APPS = {
        name: (vendor.client_id, vendor.client_secret) for name, vendor in _VENDORS.items()
    }
    server = WebServer(web_process)
    server.control(reset=True)
    yield server
    assert server.control()["violations"] == []

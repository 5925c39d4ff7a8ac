"""A real Chromium and real pages; a machine without a browser fails these tests, and says why."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from pytest_django.live_server_helper import LiveServer

from dashboard.browser import NoBrowser, browser
from tests.browser.visitor import Visitor

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def chromium() -> Iterator["Browser"]:
    """One browser for all tests of this process."""
    try:
        opened = browser()
        with opened as chromium:
            yield chromium
    except NoBrowser as error:
        pytest.fail(f"The browser tests need a browser. {error}")


@pytest.fixture
def site(live_server: LiveServer, settings: pytest.FixtureRequest) -> str:
    """The address of the running pages, which is the site's own."""
    settings.SITE_URL = live_server.url  # type: ignore[attr-defined]
    return str(live_server.url)


@pytest.fixture
def visitor(chromium: "Browser", site: str) -> Iterator[Visitor]:
    """Somebody with a screen of 1280 px; what a page complains of fails the test."""
    with Visitor.opened(chromium, site) as somebody:
        yield somebody

"""The walk of a newcomer, in a browser, on real parts: sign in, link, wait, read, look up."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, expect
from pytest_django import Settings

from people.models import Person
from tests.browser.visitor import Visitor
from tests.sample_server import SampleServer
from tests.workers import Worker

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "correct horse battery"
HANDLE = "vera.lindqvale"
OTHER = "@otto.brandvik@sample"
A_MINUTE_MS = 60_000


@pytest.fixture
def worker(
    worker_factory: Callable[..., Worker], sample_server: SampleServer, settings: Settings
) -> Worker:
    """A Celery worker that knows where the sample network is."""
    return worker_factory(
        environment={
            "SAMPLE_NETWORK": "1",
            "SAMPLE_NETWORK_URL": sample_server.url,
            "SAMPLE_CLIENT_SECRET": settings.SAMPLE_CLIENT_SECRET,
        }
    )


def test_a_newcomer_walks_from_sign_in_to_the_look_up_of_somebody_else(
    alice: Person, worker: Worker, visitor: Visitor
) -> None:
    page = visitor.page
    visitor.go("/")
    visitor.check()

    visitor.sign_in("alice@example.org", PASSWORD)
    expect(page.get_by_role("heading", name="Link a network to see your score")).to_be_visible()
    visitor.check()

    page.get_by_role("link", name="Choose a network").click()
    visitor.check()
    page.get_by_role("button", name="Link Sample network").click()
    sign_in_at_the_sample_network(visitor)
    page.wait_for_url("**/networks/")
    expect(page.get_by_text("Sample network is linked.")).to_be_visible()
    visitor.check()

    visitor.go("/score/")
    expect(page.locator(".score-number")).to_be_visible(timeout=A_MINUTE_MS)
    visitor.go("/score/")
    assert scored_days(visitor) == 90
    expect(page.locator("[data-chart] .scatterlayer")).to_be_visible()
    expect(page.locator("#moments .moment").first).to_be_visible()
    visitor.check()
    page.get_by_role("link", name="Who reacted").first.click()
    page.wait_for_url("**/score/moments/*/")
    expect(page.locator(".reactors li").first).to_be_visible()
    visitor.check()
    visitor.go("/score/")

    page.get_by_text("View as table").click()
    expect(page.locator("figure table tbody tr")).to_have_count(90)
    page.get_by_role("link", name="30 days").click()
    page.wait_for_url("**/score/?range=30#trend")
    visitor.settle()
    assert scored_days(visitor) == 30

    for path in ("/score/insights/", "/score/insights/times/", "/score/insights/what-if/"):
        visitor.go(path)
        visitor.check()
    page.get_by_label("People who reshare").press("ArrowRight")
    expect(page.locator("output[for=reshares]")).to_have_text("+10\u00a0%")
    page.get_by_role("button", name="Compute").click()
    page.wait_for_url("**/what-if/?*reshares=10*")
    expect(page.locator("#outcome .delta").first).to_be_visible()

    page.keyboard.press("/")
    expect(page.locator("#site-search")).to_be_focused()
    page.keyboard.type(OTHER)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/p/otto-brandvik"), timeout=A_MINUTE_MS)
    expect(page.get_by_role("heading", name="Otto Brandvik")).to_be_visible()
    expect(page.get_by_text("Nobody has claimed this profile")).to_be_visible()
    visitor.check()


def test_a_newcomer_signs_up_with_an_account_and_comes_back_with_it(
    worker: Worker, chromium: Browser, site: str
) -> None:
    with Visitor.opened(chromium, site) as visitor:
        page = visitor.go("/accounts/signup/")
        page.get_by_role("button", name="Continue with Sample network").click()
        sign_in_at_the_sample_network(visitor)
        page.wait_for_url("**/sign-in/finish/")
        visitor.check()
        page.fill("input[name=born]", "1990-05-01")
        page.check("input[name=terms]")
        page.get_by_role("button", name="Sign up and see my score").click()
        page.wait_for_url("**/score/")
        expect(page.locator(".score-number")).to_be_visible(timeout=A_MINUTE_MS)
    with Visitor.opened(chromium, site) as visitor:
        page = visitor.go("/accounts/login/")
        page.get_by_role("button", name="Continue with Sample network").click()
        sign_in_at_the_sample_network(visitor)
        page.wait_for_url("**/score/")
        expect(page.locator(".score-number")).to_be_visible()


def sign_in_at_the_sample_network(visitor: Visitor) -> None:
    """Sign in and allow access on the network's own pages."""
    page = visitor.page
    page.wait_for_selector("input[name=handle]")
    page.fill("input[name=handle]", HANDLE)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Allow").click()


def scored_days(visitor: Visitor) -> int:
    """Return how many days of the drawn chart have a score."""
    values = visitor.page.evaluate("document.querySelector('[data-chart]').data[1].y")
    return sum(value is not None for value in values)


def test_the_walk_works_without_scripts(
    alice: Person, worker: Worker, chromium: Browser, site: str
) -> None:
    with Visitor.opened(chromium, site, java_script_enabled=False) as visitor:
        page = visitor.page
        visitor.sign_in("alice@example.org", PASSWORD)
        page.get_by_role("link", name="Choose a network").click()
        page.get_by_role("button", name="Link Sample network").click()
        sign_in_at_the_sample_network(visitor)
        page.wait_for_url("**/networks/")
        page.goto("/score/")
        # The page renews itself by its head until the score is there.
        expect(page.locator(".score-number")).to_be_visible(timeout=A_MINUTE_MS)
        expect(page.locator("svg.spark .line")).to_have_attribute("d", re.compile("^M"))
        page.get_by_text("View as table").click()
        expect(page.locator("figure table tbody tr")).to_have_count(90)
        page.fill("#site-search", OTHER)
        page.locator("header button", has_text="Look up").click()
        page.wait_for_url(re.compile(r"/p/otto-brandvik"), timeout=A_MINUTE_MS)

"""Every public page in both schemes and languages; keyboard, colours, no layout trouble."""

import pytest
from playwright.sync_api import Browser, expect

from people.models import Person
from tests.browser.visitor import Visitor
from tests.workers import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PATHS = (
    "/",
    "/method/",
    "/signals/",
    "/signals/?network=mastodon",
    "/components/",
    "/components/charts/",
    "/lookup/",
    "/accounts/login/",
    "/accounts/signup/",
    "/people/privacy/",
    "/people/remove/",
    "/p/nobody-at-all/",
    "/no-such-page/",
)


# The walks of test_quality.py see these pages too, in two of the four ways.
@pytest.mark.heavy
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "nb"])
def test_public_pages_are_accessible_narrow_and_within_the_policy(
    scheme: str, language: str, chromium: Browser, site: str
) -> None:
    with Visitor.opened(chromium, site, color_scheme=scheme, locale=language) as visitor:
        for path in PATHS:
            page = visitor.go(path)
            assert page.locator("html").get_attribute("lang") == language
            visitor.check()


@pytest.mark.heavy
def test_personal_pages_are_accessible_narrow_and_within_the_policy(
    alice: Person, visitor: Visitor
) -> None:
    visitor.sign_in("alice@example.org", "correct horse battery")
    for path in (
        "/score/",
        "/score/signals/",
        "/score/insights/",
        "/score/insights/times/",
        "/score/insights/what-if/",
        "/score/moments/",
        "/score/moments/people/",
        "/score/advice/",
        "/networks/",
        "/people/settings/",
        "/people/privacy/",
    ):
        visitor.go(path)
        visitor.check()


def test_the_keyboard_skips_to_the_content_and_focus_can_be_seen(visitor: Visitor) -> None:
    page = visitor.go("/method/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    focused = page.locator("main :focus")
    expect(focused).to_have_count(1)
    width = focused.evaluate("(element) => getComputedStyle(element).outlineWidth")
    style = focused.evaluate("(element) => getComputedStyle(element).outlineStyle")
    assert (width, style) == ("3px", "solid")


def test_the_chosen_colours_hold_at_once_and_on_the_next_page(visitor: Visitor) -> None:
    page = visitor.go("/components/")
    line = page.locator(".chart-plot .scatterlayer .trace path.js-line").last
    light = line.evaluate("(path) => getComputedStyle(path).stroke")
    with page.expect_response("**/preferences/theme/"):
        page.get_by_role("button", name="Dark", exact=True).click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(line).not_to_have_css("stroke", light)
    visitor.go("/method/")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_the_chart_follows_the_device_into_the_dark(visitor: Visitor) -> None:
    page = visitor.go("/components/")
    line = page.locator(".chart-plot .scatterlayer .trace path.js-line").last
    light = line.evaluate("(path) => getComputedStyle(path).stroke")
    page.emulate_media(color_scheme="dark")
    expect(line).not_to_have_css("stroke", light)


def test_a_phone_that_is_turned_gets_a_chart_of_its_width(visitor: Visitor) -> None:
    page = visitor.go("/components/")
    page.set_viewport_size({"width": 390, "height": 800})
    drawing = page.locator(".chart-plot .main-svg").first

    def width() -> float:
        box = drawing.bounding_box()
        return box["width"] if box else 0.0

    wait_until(lambda: 0 < width() < 390, what="the chart is as narrow as the screen")


def test_a_page_without_a_chart_loads_no_chart_library(visitor: Visitor) -> None:
    loaded: list[str] = []
    visitor.page.on("response", lambda answer: loaded.append(answer.url))
    visitor.go("/")
    assert loaded
    assert not [address for address in loaded if "plotly" in address]

"""Searching by keyboard, comparing, keeping lists, removing a profile, in a browser."""

import pytest
from playwright.sync_api import Browser, expect

from people.models import OptOut, Person
from scoring.topics import ontology
from scoring.topics.models import PersonTopic, Topic
from tests.browser.visitor import Visitor
from tests.conftest import TODAY
from tests.sample_server import SampleServer
from tests.scoring.test_search import known

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "correct horse battery"


def test_people_are_searched_by_keyboard_alone(visitor: Visitor) -> None:
    known("Maria Berg", 70.0)
    second = known("Maria Hansen", 40.0)
    page = visitor.go("/method/")
    page.keyboard.press("/")
    field = page.locator("#site-search")
    expect(field).to_be_focused()
    page.keyboard.type("maria")
    options = page.get_by_role("option")
    expect(options).to_have_count(2)
    expect(field).to_have_attribute("aria-expanded", "true")
    visitor.check()
    page.keyboard.press("ArrowDown")
    expect(options.nth(0)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowUp")
    expect(options.nth(0)).to_have_attribute("aria-selected", "false")
    page.keyboard.press("ArrowUp")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    assert field.get_attribute("aria-activedescendant") == options.nth(1).get_attribute("id")
    page.keyboard.press("Escape")
    expect(options).to_have_count(0)
    expect(field).to_have_attribute("aria-expanded", "false")
    page.keyboard.type(" hanzen")
    expect(options).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/p/{second.slug}/")


def test_topics_stand_apart_below_the_people_and_are_chosen_by_keyboard(visitor: Visitor) -> None:
    ontology.store_own_topics()
    person = known("Photo Berg", 70.0)
    PersonTopic.objects.create(
        person=person,
        topic=Topic.objects.get(slug="photography"),
        weight=0.5,
        people_count=9,
        posts_count=3,
        day=TODAY,
        is_listed=True,
        influence=50.0,
        low=45.0,
        high=55.0,
    )
    page = visitor.go("/method/")
    page.keyboard.press("/")
    page.keyboard.type("phot")
    options = page.get_by_role("option")
    expect(options).to_have_count(2)
    group = page.get_by_role("group", name="Who is influential about it")
    expect(group.get_by_role("option")).to_have_text(["Photography"])
    visitor.check()
    page.keyboard.press("ArrowUp")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    page.wait_for_url("**/topics/photography/")


def test_search_and_comparison_work_without_scripts(chromium: Browser, site: str) -> None:
    first, second = known("Maria Berg", 70.0), known("Kari Vik", 40.0)
    with Visitor.opened(chromium, site, java_script_enabled=False) as visitor:
        page = visitor.page
        page.goto("/")
        page.fill("#home-search", "maria b")
        page.locator("main button", has_text="Look up").click()
        page.get_by_role("link", name="Maria Berg").click()
        page.wait_for_url(f"**/p/{first.slug}/")
        page.get_by_role("link", name="Compare", exact=True).click()
        page.get_by_label("A name or a handle").fill("kari")
        page.locator("#add").get_by_role("button", name="Search").click()
        page.get_by_role("link", name="Add Kari Vik").click()
        expect(page.locator("table.compared tbody tr")).to_have_count(2)
        assert second.slug in page.url


def test_comparisons_and_lists_are_accessible_and_narrow(alice: Person, visitor: Visitor) -> None:
    first, second = known("Maria Berg", 70.0), known("K" * 60, 40.0)
    visitor.sign_in("alice@example.org", PASSWORD)
    page = visitor.go("/lookup/search/?q=maria")
    visitor.check()
    visitor.go(f"/compare/?p={first.slug}&p={second.slug}&p=nobody&q=x")
    visitor.check()
    page.get_by_role("link", name="Remove Maria Berg").click()
    expect(page.locator("table.compared tbody tr")).to_have_count(1)
    visitor.go("/lists/")
    visitor.check()
    page.get_by_label("Name of the list").fill("Team")
    page.get_by_role("button", name="Make the list").click()
    page.get_by_label("A name or a handle").fill("maria")
    page.locator("main").get_by_role("button", name="Search").click()
    visitor.check()
    page.get_by_role("button", name="Add Maria Berg").click()
    expect(page.get_by_text("Maria Berg is on the list.")).to_be_visible()
    page.set_input_files(
        "#list-file",
        {"name": "a.csv", "mimeType": "text/csv", "buffer": b"handle\nno handle\n@a@b.example\n"},
    )
    page.get_by_role("button", name="Read the file").click()
    expect(page.get_by_role("alert")).to_contain_text("Line 2")
    # The browser reports the answer 400, which is meant.
    visitor.complaints.clear()
    visitor.check()
    page.locator(".eyebrow a").click()
    page.get_by_role("link", name="Score", exact=True).click()
    expect(page.locator("th[aria-sort]")).to_have_count(1)
    visitor.check()
    page.get_by_role("button", name="Remove Maria Berg").click()
    expect(page.get_by_text("Nobody is on this list yet")).to_be_visible()
    visitor.go("/people/brands/")
    visitor.check()


def test_an_unclaimed_profile_is_removed_in_two_clicks(visitor: Visitor) -> None:
    person = known("Maria Berg", handle="maria@social.example")
    page = visitor.go(f"/p/{person.slug}/")
    page.get_by_text("This is me").click()
    visitor.check()
    page.get_by_role("button", name="Remove it").click()
    expect(page.get_by_role("heading", name="Hidden")).to_be_visible()
    assert OptOut.objects.exists()
    visitor.go(f"/p/{person.slug}/")
    expect(page.get_by_role("heading", name="We can't show this account")).to_be_visible()


def test_an_unclaimed_profile_is_claimed_in_two_clicks(
    sample_server: SampleServer, visitor: Visitor
) -> None:
    person = known("Vera Lindqvale", handle="@vera.lindqvale@sample", network="sample")
    page = visitor.go(f"/p/{person.slug}/")
    page.get_by_text("This is me").click()
    page.get_by_role("button", name="Claim it with Sample network").click()
    # At the network itself, which proves whose account it is; the way on is the newcomer's.
    expect(page.locator("input[name=handle]")).to_be_visible()
    assert page.url.startswith(sample_server.url)

"""Topics in a browser: find one, see who leads, give +K and take it back; in both languages."""

import pytest
from playwright.sync_api import expect

from people.models import Person
from scoring.topics.models import Credit
from scoring.topics.ontology import store_own_topics
from tests.browser.visitor import Visitor
from tests.conftest import make_person
from tests.dashboard.topics.test_topic_pages import about, listed

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "correct horse battery"


def test_a_person_finds_a_topic_gives_credit_takes_it_back_and_keeps_their_own_in_order(
    visitor: Visitor,
) -> None:
    store_own_topics()
    alice, bob = make_person("Alice"), make_person("Bob")
    for person, value in ((alice, 61.0), (bob, 44.0)):
        about(person, "chess", value)
        about(person, "opera", value, 0.3)
    listed(bob)
    page = visitor.page
    visitor.sign_in("alice@example.org", PASSWORD)

    page.get_by_role("link", name="Topics", exact=True).click()
    visitor.check()
    page.get_by_role("searchbox", name="Name of a topic").fill("sjakk")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("main").get_by_role("link", name="Chess").click()
    expect(page.get_by_role("heading", name="Most influential about Chess")).to_be_visible()
    visitor.check()
    page.get_by_role("link", name="topics of Bob").click()
    page.get_by_role("button", name="Give +K for Chess").click()
    expect(page.get_by_text("+K from 1 person")).to_be_visible()
    visitor.check()
    page.get_by_role("button", name="Take back +K for Chess").click()
    expect(page.locator(".messages")).to_contain_text("Taken back.")
    assert Credit.objects.get().taken_back_at is not None

    visitor.go("/score/topics/")
    page.get_by_role("button", name="Hide Opera").click()
    expect(page.get_by_role("button", name="Show Opera again")).to_be_visible()
    page.get_by_role("searchbox", name="Name of a topic").fill("jazz")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("button", name="Add Jazz").click()
    expect(page.get_by_role("button", name="Remove Jazz")).to_be_visible()
    visitor.check()

    page.get_by_role("button", name="Norsk").click()
    expect(page.get_by_role("heading", name="Emnene dine")).to_be_visible()
    Person.objects.filter(pk=alice.pk).update(visibility="public")
    page.get_by_role("button", name="Jeg sier ja").click()
    expect(page.get_by_text("Du står på sidene til emnene dine.")).to_be_visible()
    visitor.go("/topics/chess/")
    expect(page.get_by_role("heading", name="Mest innflytelse: Sjakk")).to_be_visible()
    expect(page.get_by_role("row").nth(1)).to_contain_text("Alice")
    expect(page.get_by_role("row").nth(1)).to_contain_text("#1")
    visitor.check()

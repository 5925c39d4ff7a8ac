"""Questions in a browser: asked, answered, changed and withdrawn; in both languages."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.visitor import Visitor
from tests.conftest import make_person
from tests.scoring.questions.asked import confirmed, question, shows, topics

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "correct horse battery"
QUESTION = "How does one learn to play chess well?"


def test_somebody_asks_and_somebody_answers_in_either_language(
    chromium: Browser, site: str
) -> None:
    topics()
    alice, bob = confirmed(make_person("Alice")), confirmed(make_person("Bob"))
    shows(bob)
    with Visitor.opened(chromium, site) as visitor:
        page = visitor.go("/topics/chess/questions/")
        expect(page.get_by_role("heading", name="No questions yet")).to_be_visible()
        visitor.check()
        visitor.sign_in("alice@example.org", PASSWORD)
        visitor.go("/topics/chess/")
        page.get_by_role("link", name="Ask a question").click()
        visitor.check()
        page.get_by_label("Your question, in one sentence").fill(QUESTION)
        page.get_by_label("Details, if there are any").fill("I know the rules.")
        page.get_by_role("button", name="Ask", exact=True).click()
        expect(page.get_by_role("heading", name=QUESTION)).to_be_visible()
        visitor.check()
        page.get_by_role("link", name="Change", exact=True).click()
        visitor.check()
        page.get_by_label("Details, if there are any").fill("I know the rules, no more.")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("I know the rules, no more.")).to_be_visible()
    question(alice, "Which books are worth reading twice?")
    with Visitor.opened(chromium, site, locale="nb", color_scheme="dark") as visitor:
        page = visitor.page
        visitor.sign_in("bob@example.org", PASSWORD)
        visitor.go("/topics/")
        page.get_by_role("link", name="Spørsmål til deg").click()
        expect(page.locator(".question-list > li")).to_have_count(2)
        visitor.check()
        page.get_by_role("link", name=QUESTION).click()
        page.get_by_label("Svaret ditt").fill("Begynn med sluttspillet; åpninger kan vente.")
        visitor.check()
        page.get_by_role("button", name="Svar", exact=True).click()
        expect(page.get_by_text("Takk. Svaret ditt er på plass.")).to_be_visible()
        visitor.check()
        page.locator(".answer").get_by_role("link", name="Endre").click()
        visitor.check()
        page.get_by_role("button", name="Lagre").click()
        visitor.go("/questions/mine/")
        expect(page.get_by_role("link", name=QUESTION)).to_be_visible()
        visitor.check()
        visitor.go("/topics/chess/questions/?sort=unanswered")
        expect(page.locator(".question-list > li")).to_have_count(1)
        visitor.check()

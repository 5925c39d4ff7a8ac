"""Questions in a browser: asked, answered, thanked for with +K, reported, hidden by an operator."""

import pytest
from playwright.sync_api import Browser, expect

from people.models import User
from scoring.questions.models import Answer, Question
from scoring.questions.moderation import hide
from scoring.questions.things import thing
from scoring.topics.models import Credit
from tests.browser.visitor import Visitor
from tests.conftest import make_person
from tests.scoring.questions.asked import answer, confirmed, question, shows, topics

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "correct horse battery"
QUESTION = "How does one learn to play chess well?"
ANSWER = "Begin with the endgame; openings can wait."


def test_a_question_is_asked_answered_thanked_for_reported_and_hidden(
    chromium: Browser, site: str
) -> None:
    topics()
    confirmed(make_person("Alice"))
    bob, charlie = confirmed(make_person("Bob")), confirmed(make_person("Charlie"))
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
        answer(bob, Question.objects.get(), ANSWER)
        page.reload()
        visitor.check()
        page.get_by_role("button", name="This helped, with +K").click()
        expect(page.get_by_text("Noted, and +K given.")).to_be_visible()
        expect(page.locator(".answer.accepted")).to_contain_text(ANSWER)
        visitor.check()
    assert Credit.objects.get().receiver_id == bob.pk

    with Visitor.opened(chromium, site) as visitor:
        page = visitor.page
        visitor.sign_in("charlie@example.org", PASSWORD)
        visitor.go(f"/questions/{Question.objects.get().pk}/")
        page.get_by_role("button", name="Helpful", exact=True).click()
        expect(page.get_by_text("It helped you.")).to_be_visible()
        visitor.check()
        page.locator(".answer").get_by_role("link", name="Report").click()
        visitor.check()
        page.get_by_label("Advertising").check()
        page.get_by_label("Anything that we should know").fill("The same everywhere.")
        page.get_by_role("button", name="Report").click()
        expect(page.get_by_text("Thank you. Somebody will look at it.")).to_be_visible()
        page.locator(".question-head").get_by_role("link", name="Report").click()
        visitor.check()

    operator = User.objects.create_superuser("operator@example.org", PASSWORD)
    with Visitor.opened(chromium, site) as visitor:
        page = visitor.page
        visitor.sign_in("operator@example.org", PASSWORD)
        visitor.go("/admin/questions/report/")
        expect(page.locator("#result_list")).to_contain_text("The same everywhere.")
        page.check("#result_list input.action-select")
        page.select_option("select[name=action]", "hide")
        page.locator("button[name=index]").click()
        expect(page.locator(".messagelist")).to_contain_text("Decided: 1.")
        visitor.go("/admin/questions/change/")
        newest = page.locator("#result_list")
        expect(newest).to_contain_text('"state": ["shown", "hidden"]')
        expect(newest).to_contain_text(f"user {operator.pk}")
        visitor.go(f"/questions/{Question.objects.get().pk}/")
        expect(page.get_by_text(ANSWER)).to_have_count(0)
    assert Answer.objects.get().state == "hidden"
    assert charlie.owner is not None


def test_somebody_answers_what_waits_for_them_and_objects_in_norwegian(
    chromium: Browser, site: str
) -> None:
    topics()
    alice, bob = confirmed(make_person("Alice")), confirmed(make_person("Bob"))
    shows(bob)
    asked = question(alice, QUESTION)
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
        expect(page.get_by_text("Endret.", exact=True)).to_be_visible()
        hide(thing(Answer.objects.get()), User.objects.create_superuser("o@example.org", PASSWORD))
        visitor.go("/questions/mine/")
        expect(page.get_by_role("link", name=QUESTION)).to_be_visible()
        visitor.check()
        visitor.go(f"/questions/{asked.pk}/")
        visitor.check()
        page.get_by_role("link", name="Klag på det").click()
        visitor.check()
        page.get_by_label("Hvorfor det bør vises").fill("Det handler bare om sjakk.")
        page.get_by_role("button", name="Send").click()
        expect(page.get_by_text("Takk. Noen kommer til å se på det.")).to_be_visible()
        visitor.go("/topics/chess/questions/?sort=unanswered")
        expect(page.locator(".question-list > li")).to_have_count(2)
        visitor.check()

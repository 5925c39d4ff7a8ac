"""My score at a keyboard: arrows, pictures, comparisons, sliders, and all of it without scripts."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from people.models import Person
from scoring import daily
from tests.browser.visitor import Visitor
from tests.dashboard.trend.test_my_score import with_scores
from tests.scoring import world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def seen(alice: Person, bob: Person) -> Person:
    """Alice, scored up to today; Bob, whose score everybody may see."""
    today = datetime.now(UTC).date()
    account = world.account(alice, synced=today)
    post = world.post(account, today - timedelta(days=20))
    days = world.days(today - timedelta(days=20), 20)
    for n, reactor in enumerate(world.reactors(12)):
        world.react(account, [reactor], days[n : n + 3], on=post)
    daily.first_scores(alice.pk)
    with_scores(bob, {today - timedelta(days=n): 55.0 + n % 5 for n in range(60)})
    Person.objects.filter(pk=bob.pk).update(visibility="public")
    return alice


def test_my_score_at_a_keyboard(seen: Person, visitor: Visitor) -> None:
    visitor.sign_in("alice@example.org", "correct horse battery")
    page = visitor.go("/score/?range=7")
    visitor.check()

    # The arrow keys turn the days, but not where somebody types.
    page.keyboard.press("ArrowLeft")
    page.wait_for_url("**/score/?range=7&to=*")
    visitor.settle()
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**/score/?range=7#trend")
    visitor.settle()
    page.locator("summary", has_text="Compare").click()
    field = page.get_by_label("With somebody else")
    field.fill("bo")
    field.press("ArrowLeft")
    assert page.url.endswith("/score/?range=7#trend")

    # Somebody who shows their score lies in the same chart, with both values and the day.
    field.fill("@bob")
    field.press("Enter")
    page.wait_for_url("**with=%40bob*")
    visitor.settle()
    expect(page.locator(".legend")).to_contain_text("Bob")
    expect(page.locator(".score-card")).to_contain_text("against Bob on")
    visitor.check()

    # The chart is saved as a picture within the content policy.
    with page.expect_download() as waiting:
        page.get_by_role("button", name="PNG").click()
    saved = Path(waiting.value.path())
    assert waiting.value.suggested_filename.startswith("score-")
    assert waiting.value.suggested_filename.endswith(".png")
    assert saved.read_bytes().startswith(PNG)
    assert page.evaluate("window.violations") == []

    # Advice comes by itself.
    expect(page.locator("#advice .waiting")).to_have_count(0)


def test_what_if_answers_at_once(seen: Person, visitor: Visitor) -> None:
    visitor.sign_in("alice@example.org", "correct horse battery")
    page = visitor.go("/score/insights/what-if/")
    before = page.locator("#outcome").inner_text()
    slider = page.get_by_label("Followers and lists")
    slider.focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    expect(page.locator("#outcome")).not_to_have_text(before, use_inner_text=True)
    expect(page.locator("#outcome .delta").first).to_contain_text("+")
    page.wait_for_url("**audience=50*")
    visitor.check()


def test_a_note_and_a_goal_appear_on_the_line(seen: Person, visitor: Visitor) -> None:
    visitor.sign_in("alice@example.org", "correct horse battery")
    page = visitor.go("/score/?range=30")
    page.locator("summary", has_text="Write a note on a day").click()
    page.get_by_label("What happened? Only you see it.").fill("A talk in Oslo 😀 مرحبا")
    page.get_by_role("button", name="Keep the note").click()
    expect(page.get_by_text("The note is kept. Only you see it.")).to_be_visible()
    page.get_by_label("Score", exact=True).fill("60")
    page.get_by_role("button", name="Set the goal").click()
    expect(page.locator("#goal")).to_contain_text("60 by")
    visitor.settle()
    expect(page.locator(".legend")).to_contain_text("Goal: 60 by")
    visitor.check()
    page.locator("summary", has_text="on the line").click()
    page.get_by_role("link", name="A talk in Oslo").click()
    visitor.check()
    page.get_by_role("button", name="Delete the note").click()
    expect(page.get_by_text("The note is deleted.")).to_be_visible()


def test_all_of_it_without_scripts_on_a_narrow_screen(
    seen: Person, chromium: Browser, site: str
) -> None:
    with Visitor.opened(
        chromium, site, java_script_enabled=False, viewport={"width": 390, "height": 800}
    ) as visitor:
        page = visitor.page
        visitor.sign_in("alice@example.org", "correct horse battery")
        page.goto("/score/?range=7")
        assert page.locator(".spark .line").count() == 1
        expect(page.get_by_role("button", name="PNG")).to_be_hidden()
        page.get_by_role("link", name="The days before", exact=True).click()
        page.wait_for_url("**/score/?range=7&to=*")
        page.get_by_role("link", name="Networks", exact=True).last.click()
        page.wait_for_url("**show=networks*")
        page.goto("/score/?with=bob&range=30")
        assert page.locator(".spark .against").count() == 1
        page.get_by_role("link", name="Advice from your own numbers").click()
        expect(page.locator("h1")).to_have_text("What would help")
        page.goto("/score/insights/what-if/?audience=50")
        expect(page.locator("#outcome .delta").first).to_contain_text("+")
        page.goto("/score/moments/")
        page.get_by_label("Sort by").select_option("date")
        page.get_by_role("button", name="Show").click()
        page.wait_for_url("**sort=date*")

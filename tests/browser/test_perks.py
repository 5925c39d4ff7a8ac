"""A person, a sponsor and an operator around perks, in a browser, in both languages."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from pytest_django import Settings

from people.models import Person, User
from perks import samples, sponsoring
from perks.models import Claim, Perk, Sponsor
from tests.browser.visitor import Visitor
from tests.perks.claimants import firm, perk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "correct horse battery"


def test_a_person_claims_uses_and_rates_a_perk_in_either_language(
    alice: Person, chromium: Browser, site: str, settings: Settings, tmp_path: Path
) -> None:
    settings.VAR_DIR = tmp_path
    firm(alice, 30.0, network="sample", linked_days=1)
    assert samples.offer_samples() == 6
    assert samples.offer_samples() == 0
    with Visitor.opened(chromium, site) as visitor:
        page = visitor.go("/perks/")
        expect(page.locator(".perk-card")).to_have_count(6)
        visitor.check()
        visitor.go("/perks/sample-2/")
        visitor.check()
        visitor.sign_in("alice@example.org", PASSWORD)
        page.get_by_role("link", name="Perks", exact=True).click()
        page.get_by_role("link", name="Breakfast for two").click()
        expect(page.get_by_role("heading", name="Why you do not qualify yet")).to_be_visible()
        expect(page.get_by_text("Yours is 30: 15 more would do.")).to_be_visible()
        visitor.check()
        visitor.go("/perks/sample-1/")
        visitor.check()
        page.get_by_role("link", name="Claim it").click()
        visitor.check()
        # A second tab with the same form.
        other = visitor.context.new_page()
        other.goto(f"{site}/perks/sample-1/claim/")
        for tab in (page, other):
            tab.check("input[name=agree]")
            tab.get_by_role("button", name="Claim it").click()
            tab.wait_for_url("**/perks/claims/*/")
        assert Claim.objects.count() == 1
        visitor.check()
        page.get_by_role("button", name="Show the code").click()
        expect(page.locator(".perk-code")).to_have_text("SAMPLE-1001")
        page.get_by_role("button", name="I have used it").click()
        page.get_by_label("4 – good").check()
        page.fill("textarea[name=words]", "Good.")
        page.get_by_role("button", name="Send").click()
        expect(page.get_by_text("You gave it 4 of 5.")).to_be_visible()
        visitor.check()
        visitor.go("/perks/mine/")
        page.get_by_role("button", name="Yes, write to me").click()
        expect(page.get_by_role("button", name="No more of these")).to_be_visible()
        visitor.check()
    with Visitor.opened(chromium, site, locale="nb", color_scheme="dark") as visitor:
        page = visitor.go("/perks/")
        expect(page.get_by_role("heading", name="Fordeler", exact=True)).to_be_visible()
        visitor.check()
        visitor.sign_in("alice@example.org", PASSWORD)
        visitor.go("/perks/sample-6/")
        expect(page.get_by_text("En sikker poengsum, fra nettverk")).to_be_visible()
        visitor.check()
        page.get_by_role("link", name="Hent den").click()
        visitor.check()
        visitor.go("/perks/mine/")
        visitor.check()


def test_a_sponsor_describes_publishes_and_watches_a_perk(
    alice: Person, visitor: Visitor, settings: Settings, tmp_path: Path
) -> None:
    settings.VAR_DIR = tmp_path
    assert alice.owner is not None
    sponsor = Sponsor.objects.create(name="Fjord Coffee")
    made = sponsoring.invite(sponsor, "alice@example.org", None)
    from django.core import signing

    token = signing.dumps([made.pk, made.expires_at.timestamp()], salt=sponsoring.SALT)
    visitor.sign_in("alice@example.org", PASSWORD)
    page = visitor.go(f"/sponsor/join/{token}/")
    visitor.check()
    page.get_by_role("button", name="Accept").click()
    page.wait_for_url("**/sponsor/")
    visitor.check()
    page.get_by_role("link", name="Offer a perk").click()
    page.fill("input[name=title]", "A bag of coffee")
    page.fill("input[name=summary]", "250 g, roasted today")
    page.fill("input[name=least_score]", "30")
    page.get_by_label("Norway").check()
    page.get_by_role("button", name="How many would qualify?").click()
    expect(page.get_by_text("Fewer than 20 people")).to_be_visible()
    visitor.check()
    page.set_input_files(
        "input[name=picture]", {"name": "a.png", "mimeType": "image/png", "buffer": b"no picture"}
    )
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("This is not a JPEG, PNG or WebP picture.")).to_be_visible()
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/sponsor/perks/*/")
    visitor.check()
    file = tmp_path / "codes.csv"
    file.write_bytes(b"A-1\nA-2\nA-1\n")
    page.set_input_files("input[name=file]", file)
    page.get_by_role("button", name="Add the codes").click()
    expect(page.get_by_text("Line 3: the same code as in line 1")).to_be_visible()
    visitor.check()
    file.write_bytes(b"A-1\nA-2\n")
    page.set_input_files("input[name=file]", file)
    page.get_by_role("button", name="Add the codes").click()
    expect(page.get_by_text("2 codes were added.")).to_be_visible()
    page.get_by_role("link", name="Preview").click()
    visitor.check()
    page.get_by_role("link", name="Back").click()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    assert Perk.objects.get().state == "published"
    visitor.go("/sponsor/")
    visitor.check()
    # Two forms were refused, which the browser notes as an error of loading.
    assert all("status of 400" in complaint for complaint in visitor.complaints)
    visitor.complaints.clear()


def test_an_operator_invites_a_sponsor_and_stops_a_perk(visitor: Visitor) -> None:
    operator = User.objects.create_superuser("operator@example.org", PASSWORD)
    offer = perk(codes=1)
    visitor.sign_in("operator@example.org", PASSWORD)
    page = visitor.go("/admin/perks/invitation/add/")
    page.select_option("select[name=sponsor]", label="Fjord Coffee")
    page.fill("input[name=email]", "new@example.org")
    page.locator("input[name=_save]").click()
    expect(page.locator("#result_list")).to_contain_text("new@example.org")
    visitor.go("/admin/perks/perk/")
    page.fill("#searchbar", offer.title)
    page.locator("#changelist-search [type=submit]").click()
    page.check("#result_list input.action-select")
    page.select_option("select[name=action]", "pause")
    page.locator("button[name=index]").click()
    expect(page.locator("#result_list .field-state")).to_have_text("paused")
    visitor.go("/admin/perks/change/")
    newest = page.locator("#result_list tbody tr").first
    expect(newest).to_contain_text(f"user {operator.pk}")
    expect(newest).to_contain_text('"state": ["published", "paused"]')

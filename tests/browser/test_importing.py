"""Dropping a file in a browser: sent with progress, looked at, imported by a worker, one's own."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from pytest_django import Settings

from connectors.archives.making import MAKERS, Invented
from people.models import Person
from tests.browser.visitor import Visitor
from tests.workers import Worker

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "correct horse battery"
A_MINUTE_MS = 60_000


@pytest.fixture
def worker(worker_factory: Callable[..., Worker], tmp_path: Path, settings: Settings) -> Worker:
    """A worker that finds the dropped files where the pages put them."""
    settings.VAR_DIR = tmp_path
    return worker_factory(environment={"VAR_DIR": str(tmp_path)})


def test_a_dropped_file_is_looked_at_imported_and_seen_by_its_owner_alone(
    alice: Person,
    charlie: Person,
    worker: Worker,
    chromium: Browser,
    visitor: Visitor,
    site: str,
    tmp_path: Path,
) -> None:
    path = tmp_path / "x-archive.zip"
    path.write_bytes(MAKERS[path.name](Invented(7)))
    visitor.sign_in("alice@example.org", PASSWORD)
    page = visitor.go("/networks/")
    visitor.check()
    page.get_by_role("link", name="Import a file that a network gave you").click()
    expect(page.get_by_text("You can also drop it here.")).to_be_visible()
    visitor.check()
    page.set_input_files("input[type=file]", path)
    page.get_by_role("button", name="Have a look at it").click()
    expect(page.get_by_role("heading", name="Is this right?")).to_be_visible(timeout=A_MINUTE_MS)
    expect(page.get_by_text("vera_lindqvale")).to_be_visible()
    visitor.check()
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_role("heading", name="Imported", exact=True)).to_be_visible(
        timeout=A_MINUTE_MS
    )
    page.get_by_role("link", name="See what you imported").click()
    page.get_by_role("link", name="X: vera_lindqvale").click()
    expect(page.get_by_role("heading", name="Year by year")).to_be_visible()
    visitor.check()
    address = page.url
    assert list((tmp_path / "uploads").iterdir()) == []
    # Without scripts, as Charlie: the form works as well, and Alice's pages are not there.
    with Visitor.opened(chromium, site, java_script_enabled=False) as other:
        other.sign_in("charlie@example.org", PASSWORD)
        answer = other.page.goto(address)
        assert answer is not None
        assert answer.status == 404
        other.page.goto("/networks/import/")
        assert other.page.get_by_text("vera_lindqvale").count() == 0
        other.page.set_input_files("input[type=file]", path)
        other.page.get_by_role("button", name="Have a look at it").click()
        other.page.wait_for_url("**/networks/import/*-*/")

"""The quality of every page in a real browser, in one walk: colours, widths, weight, stillness.

What a page weighs is counted as production sends it: style sheets and scripts as WhiteNoise
compresses them (gzip), pages as they are; charts (plotly) and pictures of them are left out.
"""

import gzip
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from playwright.sync_api import Browser, Response, expect

from connectors.partitions import ensure_days
from people import letters, sharing
from people.models import Person
from scoring.models import Score
from tests.browser.pages import PERSONAL, PUBLIC, USES
from tests.browser.visitor import Visitor
from tests.dashboard.scored import account_of
from tests.dashboard.test_profiles import public
from tests.scoring import world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "correct horse battery"
HEAVIEST_BYTES = 100_000
# Layout shift (web.dev/cls): 0.1 is called good; here hardly anything may move.
MOST_SHIFT = 0.02
_NOTE_SHIFTS = """
window.shift = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""
_KEPT = """
async () => {
  const caches_ = await Promise.all((await caches.keys()).map((name) => caches.open(name)));
  const requests = await Promise.all(caches_.map((cache) => cache.keys()));
  return requests.map((all) => all.map((one) => new URL(one.url).pathname));
}
"""


@pytest.fixture
def people(alice: Person, bob: Person) -> None:
    """Alice and Bob with a score, and somebody whom nobody has claimed; scored until today."""
    nobody = world.person("Nobody Claimed")
    Person.objects.filter(pk=nobody.pk).update(slug="nobody-claimed")
    today = datetime.now(UTC).date()
    days = [today - timedelta(days=back) for back in range(1, 91)]
    ensure_days(["scoring_score"], days)
    for person in (public(alice), public(bob), nobody):
        account_of(person)
        Score.objects.bulk_create(
            Score(
                day=day,
                person_id=person.pk,
                model_version="2026.11",
                value=50 + index / 9,
                low=46 + index / 9,
                high=53 + index / 9,
                provisional=False,
                mass=20,
                shown=True,
            )
            for index, day in enumerate(reversed(days))
        )


@contextmanager
def other_site(html: str) -> Iterator[str]:
    """Yield the address of a site of somebody else's that shows a page."""

    class Shown(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            # Browsers ask for an icon as well.
            self.wfile.write(html.encode() if self.path == "/" else b"")

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Shown)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def somebody(chromium: Browser, site: str, **options: object) -> Iterator[Visitor]:
    """Yield a visitor whose pages note how much they move."""
    with Visitor.opened(chromium, site, **options) as visitor:
        if options.get("java_script_enabled", True):
            visitor.context.add_init_script(_NOTE_SHIFTS)
        yield visitor


@cache
def compressed(path: str) -> int:
    """Return how many bytes of a static file are sent."""
    found = finders.find(path.removeprefix(f"/{settings.STATIC_URL.strip('/')}/"))
    assert isinstance(found, str), path
    with open(found, "rb") as file:
        content = file.read()
    return min(len(content), len(gzip.compress(content, 9)))


def weight(answers: list[Response]) -> int:
    """Return what the answers of a page come to, charts left out."""
    total = 0
    for answer in answers:
        path = urlsplit(answer.url).path
        if "plotly" in path or path.startswith(("/static/img/laws/", "/share/")):
            continue
        total += (
            compressed(path)
            if path.startswith("/static/")
            else int(answer.headers["content-length"])
        )
    return total


@pytest.mark.parametrize(
    ("width", "scheme", "language"), [(1280, "light", "en"), (390, "dark", "nb")]
)
def test_every_page_is_accessible_narrow_still_light_and_within_the_policy(
    width: int, scheme: str, language: str, people: None, chromium: Browser, site: str
) -> None:
    size = {"width": width, "height": 900}
    paths = {"stranger": PUBLIC.values(), "alice": PERSONAL.values()}
    with somebody(
        chromium, site, viewport=size, color_scheme=scheme, locale=language, reduced_motion="reduce"
    ) as visitor:
        page = visitor.page
        answers: list[Response] = []
        problems: list[str] = []
        page.on("response", lambda answer: answers.append(answer))
        for who, addresses in paths.items():
            if who == "alice":
                visitor.sign_in("alice@example.org", PASSWORD)
            for path in addresses:
                answers.clear()
                visitor.go(path)
                own = [a for a in answers if a.status == 200 and a.frame == page.main_frame]
                found = {
                    "moves by": page.evaluate("window.shift") > MOST_SHIFT,
                    "is animated": page.evaluate("document.getAnimations().length") > 0,
                    f"weighs {weight(own)}": weight(own) > HEAVIEST_BYTES,
                    "has not one head": page.locator("h1").count() != 1,
                }
                problems += [f"{path} {what}" for what, is_so in found.items() if is_so]
                try:
                    visitor.check()
                except AssertionError as error:
                    problems.append(str(error))
    # All at once: a walk takes its time.
    assert not problems, "\n".join(problems)


@pytest.mark.heavy
def test_the_pages_of_the_four_uses_hold_in_the_other_colours_too(
    people: None, chromium: Browser, site: str
) -> None:
    for width, scheme in ((1280, "dark"), (390, "light")):
        size = {"width": width, "height": 900}
        with somebody(chromium, site, viewport=size, color_scheme=scheme) as visitor:
            visitor.sign_in("alice@example.org", PASSWORD)
            for path in USES:
                visitor.go(path)
                visitor.check()


def test_without_scripts_every_page_is_whole_and_narrow(
    people: None, chromium: Browser, site: str
) -> None:
    with somebody(
        chromium, site, java_script_enabled=False, viewport={"width": 320, "height": 800}
    ) as visitor:
        page = visitor.page
        visitor.sign_in("alice@example.org", PASSWORD)
        for path in ("/", *USES, "/people/settings/", "/method/laws/"):
            page.goto(path)
            expect(page.locator("h1")).to_be_visible()
            # The table under the chart opens without a script.
            for summary in page.get_by_text("View as table").all():
                summary.click()
            box = page.locator("main").bounding_box()
            assert box is not None
            assert box["x"] + box["width"] <= 320, path
        page.goto("/people/settings/")
        page.get_by_role("button", name="Switch on: Badge").click()
        expect(page.locator("#snippet-html")).to_have_value(
            re.compile(r"^<a href=.*/share/badge/.*\.svg")
        )
        assert page.locator("button[data-copy]").first.is_hidden()


def test_with_the_keyboard_alone_one_gets_from_the_score_to_somebody_else(
    people: None, visitor: Visitor
) -> None:
    page = visitor.page
    visitor.sign_in("alice@example.org", PASSWORD)
    visitor.go("/score/")
    for _ in range(60):
        page.keyboard.press("Tab")
        focused = page.evaluate("document.activeElement.textContent.trim()")
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none", focused
        if focused == "30 days":
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/score/?range=30*")
    page.keyboard.press("/")
    expect(page.locator("[data-search]")).to_be_focused()


def test_a_frame_stands_on_another_site_and_takes_its_colours(
    alice: Person, people: None, visitor: Visitor, chromium: Browser, site: str
) -> None:
    token = sharing.switch_on(alice, "embed").token
    badge = sharing.switch_on(alice, "badge").token
    page = visitor.go(f"/embed/{token}/")
    visitor.check()
    assert visitor.context.cookies() == []
    stop = f"/letters/stop/{letters.stop_token(alice.pk, 'digest')}/"
    visitor.go(stop)
    visitor.check()
    body = (
        f'<img src="{site}/share/badge/{badge}.svg" alt="">'
        f'<iframe src="{site}/embed/{token}/" title="x" width="360" height="220"></iframe>'
    )
    colours = {}
    for scheme in ("light", "dark"):
        with (
            other_site(f"<!doctype html><title>x</title>{body}") as other,
            somebody(chromium, site, color_scheme=scheme) as reader,
        ):
            page = reader.page
            page.goto(other)
            frame = page.frame_locator("iframe")
            expect(frame.locator(".number")).to_be_visible()
            colours[scheme] = frame.locator("body").evaluate(
                "(b) => getComputedStyle(b).backgroundColor"
            )
            assert page.locator("img").evaluate("(image) => image.naturalWidth") > 50
    assert len(set(colours.values())) == 2


def test_without_a_connection_there_is_a_page_of_ours_and_nothing_personal(
    people: None, visitor: Visitor
) -> None:
    page = visitor.page
    visitor.sign_in("alice@example.org", PASSWORD)
    visitor.go("/score/")
    page.evaluate("navigator.serviceWorker.ready")
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    kept = page.evaluate(_KEPT)
    assert [path for paths in kept for path in paths if not path.startswith("/static/")] == [
        "/offline/"
    ]
    visitor.context.set_offline(True)
    page.goto("/score/")
    expect(page.get_by_role("heading", name="There is no connection just now")).to_be_visible()
    assert page.locator(".score-number").count() == 0
    colour = page.evaluate("getComputedStyle(document.querySelector('main a')).backgroundColor")
    assert colour == "rgb(11, 92, 92)"
    visitor.context.set_offline(False)
    page.get_by_role("link", name="Try again").click()
    page.wait_for_url("**/score/")
    expect(page.locator("h1")).to_be_visible()
    visitor.complaints.clear()

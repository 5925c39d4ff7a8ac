"""Take pictures of every page from a running installation, for the documents and for review."""

import io
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from PIL import Image

from dashboard.browser import NoBrowser, browser

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

WIDTHS = (1280, 390)
SCHEMES = ("light", "dark")
# Higher pages are cut off, and further until the picture is no heavier than this.
HIGHEST_PX = 2600
HEAVIEST_BYTES = 200_000
# What is also photographed in the dark.
DARK = (
    *("home", "score", "moments", "advice", "insights", "times", "what-if", "networks", "profile"),
    *("components", "perks", "topics"),
)
LOOKED_UP = "@vera.lindqvale@sample"
NOBODY = "@nobody.at.all@sample"
STRANGER = {
    "home": "/",
    "method": "/method/",
    "versions": "/method/versions/",
    "perks": "/perks/",
    "laws": "/method/laws/",
    "evidence": "/method/evidence/",
    "topics": "/topics/",
    "questions": "/topics/photography/questions/",
    "signals": "/signals/",
    "signals-of-a-network": "/signals/?network=mastodon",
    "sign-in": "/accounts/login/",
    "sign-up": "/accounts/signup/",
    "privacy": "/people/privacy/",
    "remove": "/people/remove/",
    "components": "/components/",
}
SIGNED_IN = {
    "score": "/score/",
    "moments": "/score/moments/",
    "people": "/score/moments/people/",
    "advice": "/score/advice/",
    "own-topics": "/score/topics/",
    "measured": "/score/signals/",
    "insights": "/score/insights/",
    "times": "/score/insights/times/",
    "what-if": "/score/insights/what-if/?reshares=20&offline=7",
    "perk": "/perks/sample-1/",
    "question": "/questions/1/",
    "lists": "/lists/",
    "import": "/networks/import/",
    "networks": "/networks/",
    "settings": "/people/settings/",
}


class Command(BaseCommand):
    help = (
        "Take pictures of every page at 1280 and 390 px, some in the dark too, from a running "
        "installation (make run) into docs/shots/."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--url", default=settings.SITE_URL, help="address of the pages")
        parser.add_argument("--email", default="demo@example.org", help="log-in of the trial")
        parser.add_argument(
            "--password",
            default=settings.DEMO_PASSWORD,
            help="its password, as printed at start (known on the machine of `make run`)",
        )
        parser.add_argument("--out", default="docs/shots", help="folder of the pictures")
        parser.add_argument("--only", default="", help="only pages whose name begins so")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with browser() as chromium:
                self._all(chromium, options)
        except NoBrowser as error:
            raise CommandError(str(error)) from error

    def _all(self, chromium: "Browser", options: dict[str, Any]) -> None:
        out = Path(options["out"])
        out.mkdir(parents=True, exist_ok=True)
        for scheme in SCHEMES:
            for width in WIDTHS:
                context = chromium.new_context(
                    base_url=options["url"],
                    viewport={"width": width, "height": 900},
                    color_scheme="dark" if scheme == "dark" else "light",
                    locale="en-GB",
                    reduced_motion="reduce",
                )
                page = context.new_page()
                wanted = DARK if scheme == "dark" else ("",)
                camera = Camera(page, out, f"{width}-{scheme}", options["only"], wanted)
                camera.pages(STRANGER)
                camera.looked_up("profile", LOOKED_UP)
                camera.looked_up("unavailable", NOBODY)
                sign_in(page, options["email"], options["password"])
                camera.pages(SIGNED_IN)
                context.close()
                self.stdout.write(f"{width} px, {scheme}: {camera.taken} pictures")


def sign_in(page: "Page", email: str, password: str) -> None:
    """Sign in by the form, as a person does."""
    page.goto("/accounts/login/")
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", password)
    page.locator("form:has(input[name=password]) button[type=submit]").first.click()
    page.wait_for_url("**/score/")


def small(picture: bytes) -> bytes:
    """Return a PNG of 256 colours: less than half of the bytes, and pages have hardly more."""
    with Image.open(io.BytesIO(picture)) as full:
        # The widest spread of colours: a word in a colour of its own keeps it.
        few = full.convert("RGB").quantize(
            256, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE
        )
    written = io.BytesIO()
    few.save(written, "PNG", optimize=True)
    return written.getvalue()


class Camera:
    """Takes the pictures of one width and one scheme."""

    def __init__(
        self, page: "Page", out: Path, suffix: str, only: str, wanted: tuple[str, ...]
    ) -> None:
        self._page = page
        self._out = out
        self._suffix = suffix
        self._only = only
        self._wanted = wanted
        self.taken = 0

    def pages(self, paths: dict[str, str]) -> None:
        """Take a picture of each page."""
        for name, path in paths.items():
            if self._takes(name):
                self._page.goto(path)
                self._take(name)

    def looked_up(self, name: str, handle: str) -> None:
        """Look somebody up, wait for the end, and take a picture of it."""
        if not self._takes(name):
            return
        self._page.goto("/lookup/")
        self._page.fill("#lookup-handle", handle)
        self._page.locator("main button[type=submit]").click()
        until = time.monotonic() + 60
        while self._page.locator("#lookup, #lookup-handle").count():
            if time.monotonic() > until:
                sys.exit(f"The look-up of {handle} did not end.")
            self._page.wait_for_timeout(200)
        self._take(name)

    def _takes(self, name: str) -> bool:
        return name.startswith(self._only) and name.startswith(self._wanted)

    def _take(self, name: str) -> None:
        page = self._page
        page.wait_for_load_state("networkidle")
        if page.locator("[data-chart]").count():
            page.wait_for_selector("[data-chart].drawn")
        height = min(int(page.evaluate("document.documentElement.scrollHeight")), HIGHEST_PX)
        width = int(page.evaluate("innerWidth"))
        while True:
            picture = page.screenshot(
                full_page=True, clip={"x": 0, "y": 0, "width": width, "height": height}
            )
            if len(picture) <= HEAVIEST_BYTES:
                break
            height = int(0.95 * height * HEAVIEST_BYTES / len(picture))
        (self._out / f"{name}-{self._suffix}.png").write_bytes(small(picture))
        self.taken += 1

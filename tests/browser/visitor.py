"""Somebody at a keyboard: opens pages, and notes everything that a page must not do."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

NARROWEST_PX = 320
_AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Without preload: axe would fetch the style sheets anew and add them inline. All rules run, but
# only what is wrong comes back: to carry every node that is right takes four times the rules' time.
_AXE_RUN = """
async (options) => ({ violations: (await axe.run(options)).violations })
"""
_AXE_OPTIONS = {"runOnly": _AXE_TAGS, "preload": False, "resultTypes": ["violations"]}
_NOTE_VIOLATIONS = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.violations.push(`${event.violatedDirective}: ${event.blockedURI}`));
"""


@dataclass(slots=True)
class Visitor:
    """A page in a browser of its own, with what went wrong in it."""

    page: Page
    site: str
    complaints: list[str] = field(default_factory=list)

    @classmethod
    @contextmanager
    def opened(cls, chromium: Browser, site: str, **options: Any) -> Iterator["Visitor"]:
        """Yield a visitor; at the end, complaints of any page fail the test."""
        context = chromium.new_context(
            **{"base_url": site, "viewport": {"width": 1280, "height": 900}, **options}
        )
        if options.get("java_script_enabled", True):
            context.add_init_script(_NOTE_VIOLATIONS)
        try:
            visitor = cls(context.new_page(), site)
            visitor.page.on("console", lambda message: visitor._console(message))
            visitor.page.on("pageerror", lambda error: visitor.complaints.append(str(error)))
            yield visitor
            assert visitor.complaints == []
        finally:
            context.close()

    @property
    def context(self) -> BrowserContext:
        """The visitor's cookies and settings."""
        return self.page.context

    def _console(self, message: ConsoleMessage) -> None:
        # A page that is not found is reported by the browser as an error of loading.
        missing = "the server responded with a status of 404" in message.text
        if message.type in {"error", "warning"} and not missing:
            self.complaints.append(f"{message.type}: {message.text}")

    def go(self, path: str) -> Page:
        """Open a page and return it once it is at rest."""
        self.page.goto(path)
        self.settle()
        return self.page

    def settle(self) -> None:
        """Return once scripts are loaded and charts are drawn."""
        self.page.wait_for_load_state("load")
        if self.page.locator("[data-chart]").count():
            self.page.wait_for_selector("[data-chart].drawn")

    def sign_in(self, email: str, password: str) -> None:
        """Sign in by the form."""
        self.page.goto("/accounts/login/")
        self.page.fill("input[name=login]", email)
        self.page.fill("input[name=password]", password)
        self.page.locator("form:has(input[name=password]) button[type=submit]").first.click()
        self.page.wait_for_url("**/score/")

    def check(self) -> None:
        """Assert that the page is accessible, narrow enough, and within the content policy."""
        self.settle()
        where = self.page.url
        assert self.page.evaluate("window.violations") == [], where
        self.page.evaluate(AXE_SCRIPT)
        results = AxeResults(self.page.evaluate(_AXE_RUN, _AXE_OPTIONS))
        assert results.violations_count == 0, f"{where}\n{results.generate_report()}"
        size = self.page.viewport_size
        assert size is not None
        self.page.set_viewport_size({"width": NARROWEST_PX, "height": 800})
        width = self.page.evaluate("document.documentElement.scrollWidth")
        assert width <= NARROWEST_PX, f"{where} is {width} px wide on a screen of {NARROWEST_PX}"
        self.page.set_viewport_size(size)

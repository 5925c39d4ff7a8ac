"""A Chromium for the commands that need one (developers' machines only)."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ARGUMENTS = ("--no-sandbox", "--disable-background-networking", "--hide-scrollbars")


class NoBrowser(RuntimeError):
    """Chromium or its driver is not installed; the text says what to do."""


def chromium_path() -> str:
    """Return where Chromium is; raise NoBrowser where it is not."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        found = shutil.which(name)
        if found:
            return found
    raise NoBrowser(
        "Chromium is missing: install it (Debian, Ubuntu: apt-get install chromium) and try again."
    )


@contextmanager
def browser() -> "Iterator[Browser]":
    """Yield a headless Chromium, closed afterwards."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError as error:
        raise NoBrowser(
            "The browser's driver is missing: install the development requirements."
        ) from error
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=chromium_path(), args=list(ARGUMENTS))
        try:
            yield chromium
        finally:
            chromium.close()

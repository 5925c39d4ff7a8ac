"""Every address of the site is sorted, and every page keeps to its budget."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver

from people.models import Person
from tests.browser.pages import ELSEWHERE, NO_PAGES, PERSONAL, PUBLIC
from tests.dashboard.scored import at_noon, scored
from tests.dashboard.test_profiles import public

MOST_QUERIES = 8
HEAVIEST_BYTES = 60_000
# Words of people, and what is written the same in both languages.
SAME: tuple[str, ...] = (
    "Concrete has patience",
    "Stranger ",
    "@",
    "http",
    "/",
    "(Yammer)",
    "mastodon, ",
    "boost",
)
# Exports go by the names that their networks give them.
SAME += ("(zip, JSON)", "(zip, CSV)")


def addresses(resolver: Any, spaces: str = "") -> Iterator[str]:
    """Yield the names of all addresses but the operators' own."""
    for entry in resolver.url_patterns:
        if hasattr(entry, "url_patterns"):
            if entry.namespace != "admin":
                space = f"{entry.namespace}:" if entry.namespace else ""
                yield from addresses(entry, spaces + space)
        # Those without a name are allauth's redirects from addresses of long ago.
        elif entry.name:
            yield spaces + entry.name


def test_every_address_is_in_one_list() -> None:
    """So a new page cannot be forgotten: whoever adds an address says what it is."""
    lists = (PUBLIC, PERSONAL, ELSEWHERE, NO_PAGES)
    known = [name for names in lists for name in names]
    assert len(known) == len(set(known))
    assert set(known) == set(addresses(get_resolver()))


def test_a_page_that_is_checked_elsewhere_is_so() -> None:
    for path in ELSEWHERE.values():
        assert (Path(settings.BASE_DIR) / path).exists(), path


class Texts(HTMLParser):
    """The texts and spoken labels of a page, of three words and more."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in {"script", "code", "option", "textarea", "title"}
        for name, value in attrs:
            if name in {"aria-label", "alt", "placeholder"} and value:
                self.handle_data(value)

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in {"script", "code", "option", "textarea", "title"}

    def handle_data(self, data: str) -> None:
        text = " ".join(data.split())
        if not self._hidden and len(re.findall(r"(?<!\S)[^\W\d_]{2,}", text)) >= 3:
            self.found.add(text)


def texts(client: Client, path: str, language: str) -> set[str]:
    """Return what a page says in a language."""
    parser = Texts()
    parser.feed(client.get(path, headers={"Accept-Language": language}).content.decode())
    return parser.found


@pytest.mark.django_db
def test_no_page_says_anything_in_english_to_who_asked_for_norwegian(
    alice: Person, bob: Person, alice_client: Client, client: Client
) -> None:
    scored(public(alice))
    scored(public(bob))
    alike = {}
    with at_noon():
        for paths, who in ((PUBLIC, client), (PERSONAL, alice_client)):
            for path in paths.values():
                same = texts(who, path, "en") & texts(who, path, "nb")
                same = {text for text in same if not any(word in text for word in SAME)}
                if same:
                    alike[path] = same
    assert not alike, alike


@pytest.mark.django_db
def test_every_page_keeps_to_its_budget_of_queries_and_bytes(
    alice: Person, bob: Person, alice_client: Client, client: Client
) -> None:
    scored(public(alice))
    scored(public(bob))
    # As whoever signs up has; without it the sign-in library makes the row, once.
    EmailAddress.objects.create(user=alice.owner, email="alice@example.org", verified=True)
    over = []
    with at_noon():
        for path, who in [(p, client) for p in PUBLIC.values()] + [
            (p, alice_client) for p in (*PUBLIC.values(), *PERSONAL.values())
        ]:
            # The first request of a day notes it in the session.
            who.get("/method/")
            with CaptureQueriesContext(
                connection,
            ) as queries:
                answer = who.get(path)
            if answer.status_code in {301, 302, 405}:
                continue
            size = len(answer.content)
            if answer.status_code != 200 or len(queries) > MOST_QUERIES or size > HEAVIEST_BYTES:
                whose = "Alice" if who is alice_client else "a stranger"
                figures = f"{answer.status_code}, {len(queries)} queries, {size} bytes"
                over.append(f"{path} for {whose}: {figures}")
    assert not over, over

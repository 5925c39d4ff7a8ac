"""/components/ shows every part of the pages, by the parts themselves."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db
PATHS = ("/components/", "/components/charts/")
# Pieces of a page's head, of its frame, or that need a person's own rows around them.
NO_PARTS = {
    "parts/chart_head.html",
    "parts/chart_scripts.html",
    "parts/htmx_script.html",
    "parts/insights_nav.html",
    "parts/logo.svg",
    "parts/open_graph.html",
    "parts/ripples.svg",
    "parts/sample_progress.html",
    "parts/version_facts.html",
}
# Parts of rooms, which have templates of their own beside them.
OF_ROOMS = {
    "compare/chart.html",
    "compare/table.html",
    "lists/table.html",
    "perks/card.html",
    "perks/rules.html",
    "questions/answer.html",
    "questions/row.html",
    "score/advice_list.html",
    "score/goal.html",
    "score/talk.html",
    "topics/leaders.html",
    "topics/links.html",
    "topics/shares.html",
}


def test_every_part_is_shown_by_its_own_template(client: Client, charlie_client: Client) -> None:
    folder = Path(settings.BASE_DIR) / "templates"
    parts = {str(path.relative_to(folder)) for path in (folder / "parts").iterdir()}
    assert parts >= NO_PARTS
    for visitor in (client, charlie_client):
        used = {t.name for path in PATHS for t in visitor.get(path).templates}
        assert (parts - NO_PARTS) | OF_ROOMS <= used


@pytest.mark.parametrize("path", PATHS)
def test_the_pages_ask_nothing_and_no_id_stands_twice(
    path: str, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        text = client.get(path).content.decode()
    ids = re.findall(r'\sid="([^"]+)"', text)
    assert len(ids) == len(set(ids))

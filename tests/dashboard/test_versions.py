"""The pages of the model's versions, and what a new one does to the page of a score."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from dashboard.catalogue import network_name
from people.models import Person
from scoring import daily, previews, publishing, versions, why
from scoring.core.params import CURRENT, VERSIONS
from scoring.core.params.canonical import flat
from scoring.models import ModelVersion
from scoring.moved import Moved
from tests.conftest import TODAY
from tests.dashboard.scored import account_of, at_noon

pytestmark = pytest.mark.django_db

OLD, NEW = "2026.11", "2026.12"
CHANGE = TODAY - timedelta(days=3)
NOTE, NOTE_NB = "The first followers weigh more.", "De første følgerne teller mer."
MOVED = Moved("2026-02-25", OLD, 400, 2, 120, 30, 4, 0.31, 5.5, -2.25, 0.9987, 1, 0)


def at_change() -> time_machine.travel:
    """Return the context in which it is noon of the new version's first day."""
    return time_machine.travel(
        datetime(CHANGE.year, CHANGE.month, CHANGE.day, 12, tzinfo=UTC), tick=False
    )


def previewed(people_count: int = 400) -> None:
    """Keep a preview of the candidate, of so many people."""
    versions.begun()
    ModelVersion.objects.create(
        version=NEW,
        digest=versions.digest_of(VERSIONS[NEW]),
        previewed_at=datetime(2026, 2, 26, 11, tzinfo=UTC),
        preview=replace(MOVED, people_count=people_count).to_json(),
    )


def published(people_count: int = 400) -> None:
    with at_change():
        previewed(people_count)
        publishing.publish(NEW, CHANGE, NOTE, NOTE_NB)


def text_of(client: Client, path: str = "/method/versions/") -> str:
    with at_noon():
        answer = client.get(path)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_a_stranger_reads_every_version_with_what_it_changed(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    published()
    with django_assert_num_queries(1):
        text = text_of(client)
    assert text.index(f'id="{NEW}"') < text.index(f'id="{OLD}"')
    assert "In use since 26 February 2026" in text
    assert "In use from the beginning until 26 February 2026" in text
    assert NOTE in text
    assert "2 numbers differ from version 2026.11" in text
    assert '<code>quality.weight</code></th><td class="number">1.1</td>' in text
    assert "Of 400 people, 120 move by more than one point" in text
    for version in (OLD, NEW):
        assert versions.digest_of(VERSIONS[version]) in text
    together = ", ".join(network_name(each) for each in VERSIONS[NEW].networks)
    assert f"Counted together: {together}." in text


def test_the_words_are_in_the_visitors_language(client: Client) -> None:
    published()
    client.cookies["django_language"] = "nb"
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "nb"
    assert NOTE_NB in text_of(client)


def test_a_candidate_is_marked_as_such(client: Client) -> None:
    text = text_of(client)
    assert text.count("Candidate: not in use") == 1
    assert "No score comes from it." in text
    assert "In use from the beginning" in text
    assert "people, " not in text
    previewed()
    assert "Of 400 people, 120 move" in text_of(client)


def test_how_few_people_move_is_not_told(client: Client) -> None:
    """Of a handful of people it would tell how far each moved."""
    published(people_count=19)
    assert "19 people" not in text_of(client)


def test_the_numbers_of_another_preview_are_not_told(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    previewed()
    monkeypatch.setitem(VERSIONS, NEW, replace(VERSIONS[NEW], provisional_under_days=13.0))
    assert "Of 400 people" not in text_of(client)


def test_every_number_of_a_version_is_on_its_page(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        text = text_of(client, f"/method/versions/{OLD}/")
    rows = re.findall(r'<code>([\w.]+)</code></th><td class="number wraps">(.*?)</td>', text)
    assert dict(rows) == flat(CURRENT)
    with at_noon():
        assert client.get("/method/versions/1999.01/").status_code == 404


def test_the_method_names_the_version_in_use(client: Client) -> None:
    assert f"<strong>{OLD}</strong>" in text_of(client, "/method/")
    published()
    text = text_of(client, "/method/")
    assert f"<strong>{NEW}</strong>" in text
    assert 'href="/method/versions/"' in text
    assert f"in version {NEW} of the model" in text_of(client, "/signals/")
    rows = text_of(client, "/signals/?network=mastodon")
    assert re.search(r'id="signal-mastodon-quality".*?<td class="number">1.00</td>', rows)


def test_the_page_of_a_score_shows_the_models_part_apart(
    alice: Person, alice_client: Client, charlie_client: Client
) -> None:
    account_of(alice)
    with at_change():
        daily.score_day(CHANGE - timedelta(days=1))
        previews.preview(NEW)
        publishing.publish(NEW, CHANGE, NOTE, NOTE_NB)
    with at_noon():
        daily.first_scores(alice.pk)
        found = why.change_between(alice.pk, CHANGE - timedelta(days=10), TODAY).new_versions
    assert [(new.day, new.version) for new in found] == [(CHANGE, NEW)]
    text = text_of(alice_client, "/score/?range=30")
    assert f"Of which the new version {NEW} of the model on 26 February 2026" in text
    assert f"<strong>+{found[0].points:.1f}</strong>" in text
    assert f'href="/method/versions/#{NEW}"' in text
    # On the line, without JavaScript too, and in the table.
    figure = json.loads(
        re.findall(r'<script id="history" type="application/json">(.*?)</script>', text)[0]
    )
    assert CHANGE.isoformat() in figure["data"][2]["x"]
    assert f"New version {NEW} of the model" in figure["data"][2]["text"]
    assert text.count('<path class="event"') == len(figure["data"][2]["x"])
    assert re.search(f"26 February 2026<span[^>]*>New version {NEW} of the model</span></th>", text)
    week_ago = text_of(alice_client, "/score/?range=7")
    assert "Of which the new version" in week_ago
    # A stranger sees what one's own page says only of oneself.
    assert "Of which" not in text_of(charlie_client, "/score/")


def test_without_a_new_version_nothing_is_said_of_one(alice: Person, alice_client: Client) -> None:
    account_of(alice)
    with at_noon():
        daily.first_scores(alice.pk)
    text = text_of(alice_client, "/score/")
    assert "new version" not in text.lower()
    assert "◆" not in text

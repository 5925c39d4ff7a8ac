"""The search page and its fragment: what strangers see, and every text that may be typed."""

import re

import pytest
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from dashboard import limits
from people.models import Person
from scoring.topics import ontology
from scoring.topics.models import PersonTopic, Topic
from tests.conftest import TODAY
from tests.dashboard.scored import scored
from tests.scoring.test_search import known

pytestmark = pytest.mark.django_db


def page(client: Client, text: str, *, by_script: bool = False) -> str:
    """Return the results of a text."""
    headers = {"HX-Request": "true"} if by_script else {}
    answer = client.get("/lookup/search/", {"q": text}, headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_and_the_fragment_show_the_same_people(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    first, second = known("Maria Berg", 70.4, handle="berg@a.example"), known("Maria Li", 20.0)
    Person.objects.filter(pk=second.pk).update(kind="brand")
    with django_assert_max_num_queries(8):
        whole = page(client, "maria")
    part = page(client, "maria", by_script=True)
    for text in (whole, part):
        assert re.findall(r'href="/p/([^/]+)/"', text) == [first.slug, second.slug]
        assert "2 people found" in text
        assert ">70<" in text
        assert "berg@a.example" in text
        assert "brand" in text
    assert "<html" in whole
    assert "<html" not in part
    assert "Nobody who can be found here" in page(client, "nobodyatall")


def test_the_fragment_offers_topics_for_which_somebody_is_listed(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    ontology.store_own_topics()
    maria = known("Photograph Smith", 50.0)
    assert "data-found-topics" not in page(client, "photog", by_script=True)
    PersonTopic.objects.create(
        person=maria,
        topic=Topic.objects.get(slug="photography"),
        weight=0.5,
        people_count=9,
        posts_count=3,
        day=TODAY,
        is_listed=True,
        influence=50.0,
    )
    with django_assert_max_num_queries(8):
        text = page(client, "photog", by_script=True)
    people, topics = text.split("data-found-topics")
    assert re.findall(r'href="(/p/[^"]+)"', people) == [f"/p/{maria.slug}/"]
    assert re.findall(r'href="([^"]+)"', topics) == ["/topics/photography/"]
    assert "1 person found. 1 topic found" in people
    assert "Photography" in page(client, "photograhpy")


def test_charlie_finds_no_private_person_and_sees_no_difference(
    alice: Person, charlie_client: Client
) -> None:
    empty = page(charlie_client, "alice")
    scored(alice)
    text = page(charlie_client, "alice")
    assert "/p/alice/" not in text

    def plain(found: str) -> str:
        return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", found)

    assert plain(text) == plain(empty)


def test_every_text_is_only_text(client: Client) -> None:
    known("<img src=x> Hostile")
    for typed in (
        "<script>alert(1)</script>",
        "x" * 10_000,
        "%_\\",
        "a\0b",
        "مريم",
        "👩‍🚀" * 50,
        "{{ 7|add:7 }}",
        '"><img src=x>',
    ):
        text = page(client, typed)
        assert "<script>alert" not in text
        assert "<img" not in text
        assert len(text) < 60_000
    assert "&lt;img src=x&gt; Hostile" in page(client, "hostile")


def test_a_handle_may_be_looked_up_at_its_network_from_the_page(client: Client) -> None:
    text = page(client, "@ada@social.example")
    assert re.search(r'name="network" value="mastodon"', text)
    assert "Look up at the network" in text


def test_strangers_ask_so_often_an_hour(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SEARCHES_PER_HOUR", 2)
    for _ in range(2):
        page(client, "maria")
    answer = client.get("/lookup/search/", {"q": "maria"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "3600")
    part = page(client, "maria", by_script=True)
    assert "many searches" in part
    # The empty page costs nothing.
    assert client.get("/lookup/search/").status_code == 200

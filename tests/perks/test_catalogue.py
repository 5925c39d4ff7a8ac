"""The catalogue by topic, network and sponsor, and in its orders: as its address says."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from people.models import Person
from perks import catalogue, queries
from perks.catalogue import Asked, asked
from perks.models import Perk
from tests.perks.claimants import firm, perk, sponsor
from tests.scoring.questions.asked import topics

MaxQueries = Callable[[int], AbstractContextManager[Any]]


def test_what_cannot_be_meant_is_as_if_it_was_not_there() -> None:
    assert asked({}, signed_in=False) == Asked()
    given = {"show": "soon", "topic": "own:chess", "sort": "left", "page": "3", "sponsor": "7"}
    assert asked(given, signed_in=False) == Asked("soon", "own:chess", "", "7", "left", 3)
    assert asked({"show": "mine"}, signed_in=False) == Asked()
    assert asked({"show": "mine"}, signed_in=True) == Asked("mine")
    for odd in ("x", "\0", "9" * 300, "²", "-1", "a\nb", "'; DROP TABLE", "\u202e"):
        names = ("show", "sort", "page")
        assert asked(dict.fromkeys(names, odd), signed_in=True) == Asked()
    assert (
        asked({"topic": "\0", "network": "n" * 33, "sponsor": "9" * 11}, signed_in=True) == Asked()
    )
    # The address says what does not go without saying, and is read as it was written.
    said = Asked("left", "own:chess", "bluesky", "7", "ends", 2)
    assert said.query() == "show=left&topic=own%3Achess&network=bluesky&sponsor=7&sort=ends&page=2"
    assert Asked().query() == ""
    assert said.is_filtered
    assert not Asked(sort="ends", page=2).is_filtered


@pytest.mark.django_db
def test_a_visitor_picks_by_topic_network_sponsor_and_time_and_finds_the_way_back(
    client: Client, alice: Person, alice_client: Client, django_assert_max_num_queries: MaxQueries
) -> None:
    topics()
    firm(alice)
    now = timezone.now()
    tea = sponsor("Tea House")
    chess = perk(codes=9, title="Chess clock", topics=["own:chess"], published_at=now)
    older = perk(
        codes=3,
        title="Opera night",
        topics=["own:opera"],
        networks=["bluesky"],
        published_at=now - timedelta(days=2),
        claim_until=now + timedelta(days=3),
    )
    gone = perk(
        kind="link",
        title="Green tea",
        sponsor=tea,
        published_at=now - timedelta(days=1),
        claim_until=now + timedelta(days=5),
    )
    perk(codes=1, title="Jazz draft", topics=["own:jazz"], state="draft", sponsor=sponsor("Hidden"))
    everything = [chess.title, gone.title, older.title]

    def titles(query: str = "", who: Client = client) -> list[str]:
        answer = who.get(f"/perks/?{query}")
        assert answer.status_code == 200
        return [card.title for card in answer.context["catalogue"].cards]

    assert titles() == everything
    assert titles("topic=own:chess") == ["Chess clock"]
    assert titles("network=bluesky") == ["Opera night"]
    assert titles(f"sponsor={tea.pk}") == ["Green tea"]
    assert titles("show=left") == ["Chess clock", "Opera night"]
    assert titles("show=waiting") == ["Green tea"]
    assert titles("show=soon") == ["Opera night"]
    assert titles("sort=ends") == ["Opera night", "Green tea", "Chess clock"]
    assert titles("sort=left") == ["Opera night", "Chess clock", "Green tea"]
    # The visitor has no topic, so neither of those with one; the other has no link but a list.
    assert titles("show=mine", alice_client) == ["Green tea"]
    # Nobody offers these, or may know of them: as if they were not there.
    hidden = Perk.objects.get(title="Jazz draft")
    for odd in ("topic=own:jazz", f"sponsor={hidden.sponsor_id}", "network=myspace", "sponsor=x",
                "topic=%00", "sort=worst", "show=mine", "page=77", "page=-1"):  # fmt: skip
        assert titles(odd) == everything
    page = client.get("/perks/").content.decode()
    assert "Jazz" not in page
    assert "Hidden" not in page
    assert '<option value="own:chess">Chess</option>' in page
    # What is picked stays picked, in the tabs and in the form.
    page = client.get("/perks/?show=left&topic=own:opera&sort=ends").content.decode()
    assert '<option value="own:opera" selected>Opera</option>' in page
    assert "/perks/?show=waiting&amp;topic=own%3Aopera&amp;sort=ends" in page
    assert '<input type="hidden" name="show" value="left">' in page
    # Nothing fits: it says so, and leads back.
    page = client.get(f"/perks/?topic=own:chess&sponsor={tea.pk}").content.decode()
    assert "None of these at the moment" in page
    assert "Others may be there: leave a choice out." in page
    assert 'class="button" href="/perks/"' in page
    alice_client.get("/perks/")
    with django_assert_max_num_queries(8):
        alice_client.get(f"/perks/?topic=own:chess&network=bluesky&sponsor={tea.pk}&sort=left")


@pytest.mark.django_db
def test_pages_keep_what_was_asked_and_indexes_serve_the_queries(client: Client) -> None:
    now = timezone.now()
    for number in range(catalogue.PER_PAGE + 1):
        perk(kind="link", stock=1 + number, published_at=now - timedelta(minutes=number))
    page = client.get("/perks/?sort=left&show=left").content.decode()
    assert 'rel="next" href="?show=left&amp;sort=left&amp;page=2"' in page
    last = client.get("/perks/?sort=left&show=left&page=2").content.decode()
    assert 'rel="prev" href="?show=left&amp;sort=left"' in last
    with connection.cursor() as cursor:
        # A few rows are read one after the other; asked whether they could be used.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
        for wanted, index in (
            (Asked(sort="ends"), "perk_ending"),
            (Asked(), "perk_published"),
        ):
            rows = catalogue._sorted(catalogue._filtered(queries.offered(), wanted), wanted.sort)
            assert index in rows.explain()
        # Among many others a topic is found by its index.
        Perk.objects.bulk_create(
            Perk(
                sponsor=sponsor(),
                slug=f"many-{number}",
                title="Many",
                kind="link",
                state="published",
                stock=1,
                topics=[f"own:{number % 100}"],
                claim_until=now + timedelta(days=9),
                published_at=now,
            )
            for number in range(1000)
        )
        cursor.execute("ANALYZE perks_perk")
        rows = catalogue._filtered(Perk.objects.filter(state="published"), Asked(topic="own:7"))
        assert "perk_topics" in rows.explain()

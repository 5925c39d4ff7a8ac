"""Look-ups by handle: which network, progress, limits, and one answer for all not shown."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings
from pytest_django.fixtures import DjangoAssertNumQueries

from connectors.models import Lookup
from dashboard import limits
from people import opt_out
from people.models import Person
from scoring.lookup import run_lookup
from tests.sample_server import SampleServer

pytestmark = pytest.mark.django_db


def ask(client: Client, handle: str, network: str = "") -> Any:
    """Return the answer to the look-up form."""
    return client.post("/lookup/", {"handle": handle, "network": network})


def asked(client: Client, handle: str) -> Lookup:
    """Return the look-up that the form began."""
    answer = ask(client, handle)
    assert answer.status_code == 302
    return Lookup.objects.get(pk=answer.headers["Location"].strip("/").split("/")[-1])


def test_a_look_up_begins_with_a_row_and_a_task(
    client: Client, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        lookup = asked(client, "@ada@social.example")
    assert (lookup.network, lookup.state) == ("mastodon", "queued")
    assert [callback.args for callback in callbacks] == [(str(lookup.pk),)]


def test_a_second_asker_joins_the_look_up_under_way(
    client: Client, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    first = asked(client, "@ada@social.example")
    with django_capture_on_commit_callbacks() as callbacks:
        assert asked(client, "@ada@social.example").pk == first.pk
    assert callbacks == []


def test_what_is_no_handle_leads_to_the_search(client: Client) -> None:
    for typed in ("::: ???", "Maria Hansen", "%_\\", "مريم"):
        answer = client.post("/lookup/", {"handle": typed}, follow=True)
        assert answer.redirect_chain[-1][0].startswith("/lookup/search/?q=")
        assert answer.status_code == 200
        assert "@name@server" in answer.content.decode()


def test_an_empty_form_shows_the_form(client: Client) -> None:
    assert ask(client, "  ").status_code == 200


def test_a_handle_of_several_networks_asks_which(client: Client, settings: Settings) -> None:
    settings.SAMPLE_NETWORK = True
    handle = "ada.bsky.social"
    text = ask(client, handle).content.decode()
    assert "On which network?" in text
    assert set(re.findall(r'name="network" value="(\w+)"', text)) == {"bluesky", "sample"}
    assert not Lookup.objects.exists()
    for network in ("bluesky", "sample"):
        assert ask(client, handle, network).status_code == 302
    assert set(Lookup.objects.values_list("network", flat=True)) == {"bluesky", "sample"}


def test_progress_is_told_in_steps_and_works_without_scripts(client: Client) -> None:
    lookup = asked(client, "@ada@social.example")
    Lookup.objects.filter(pk=lookup.pk).update(state="syncing")
    text = client.get(f"/lookup/{lookup.pk}/").content.decode()
    assert text.count('<li class="done"') == 2
    assert text.count('aria-current="step"') == 1
    assert '<noscript><meta http-equiv="refresh"' in text
    assert '<meta name="robots" content="noindex">' in text


def test_the_page_of_progress_asks_few_questions(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    lookup = asked(client, "@ada@social.example")
    with django_assert_max_num_queries(8):
        client.get(f"/lookup/{lookup.pk}/")
    with django_assert_max_num_queries(8):
        ask(client, "@bea@other.example")


def test_a_finished_look_up_leads_to_the_profile(client: Client, bob: Person) -> None:
    lookup = asked(client, "@ada@social.example")
    Lookup.objects.filter(pk=lookup.pk).update(state="done", person=bob)
    assert client.get(f"/lookup/{lookup.pk}/").headers["Location"] == f"/p/{bob.slug}/"
    by_script = client.get(f"/lookup/{lookup.pk}/", headers={"HX-Request": "true"})
    assert by_script.headers["HX-Redirect"] == f"/p/{bob.slug}/"


def test_strangers_look_up_ten_times_an_hour(client: Client, settings: Settings) -> None:
    settings.LOOKUPS_PER_HOUR = 3
    answers = [ask(client, f"@ada{n}@server{n}.example").status_code for n in range(4)]
    assert answers == [302, 302, 302, 429]


def test_people_who_are_signed_in_may_look_up_more(
    charlie_client: Client, settings: Settings
) -> None:
    settings.LOOKUPS_PER_HOUR = 1
    answers = [ask(charlie_client, f"@ada{n}@server{n}.example").status_code for n in range(3)]
    assert answers == [302, 302, 302]


def test_two_look_ups_of_strangers_run_at_a_host_at_once(client: Client) -> None:
    first = asked(client, "@ada@social.example")
    asked(client, "@bea@social.example")
    refused = ask(client, "@cleo@social.example")
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "60"
    assert Lookup.objects.count() == 2
    Lookup.objects.filter(pk=first.pk).update(state="unavailable")
    assert ask(client, "@cleo@social.example").status_code == 302


def test_a_refused_look_up_holds_no_place(client: Client) -> None:
    for name in ("ada", "bea", "cleo"):
        ask(client, f"@{name}@social.example")
    assert len(limits.running_at("social.example")) == 2


def test_somebody_unknown_is_fetched_scored_and_shown(
    client: Client, sample_server: SampleServer
) -> None:
    lookup = asked(client, "@vera.lindqvale@sample")
    assert run_lookup(lookup.pk)
    page = client.get(f"/lookup/{lookup.pk}/", follow=True)
    text = page.content.decode()
    assert "Vera Lindqvale" in text
    assert "invented person" in text
    assert re.search(r"\d+, most likely \d+–\d+", text)


def test_absent_private_unindexed_minor_and_opted_out_accounts_end_in_the_same_page(
    client: Client, sample_server: SampleServer
) -> None:
    opt_out.opt_out("sample", ["otto.brandvik"], proven=True)
    pages, steps = set(), set()
    for handle in ("nobody.here", "ida.private", "noel.noindex", "mila.fifteen", "otto.brandvik"):
        lookup = asked(client, f"@{handle}@sample")
        steps.add((lookup.state, client.get(f"/lookup/{lookup.pk}/").status_code))
        assert run_lookup(lookup.pk)
        answer = client.get(f"/lookup/{lookup.pk}/")
        text = re.sub(r'(value|content)="[^"]*"', "", answer.content.decode())
        pages.add((answer.status_code, text))
    assert steps == {("queued", 200)}
    assert len(pages) == 1
    assert pages.pop()[0] == 404


def test_an_unknown_look_up_is_not_found(client: Client) -> None:
    address = "/lookup/00000000-0000-4000-8000-000000000000/"
    assert client.get(address).status_code == 404


def test_the_handle_is_shown_as_text_only(client: Client) -> None:
    answer = client.post("/lookup/", {"handle": '<script>alert("x")</script>'}, follow=True)
    assert "alert(&quot;x&quot;)" in answer.content.decode()
    assert "<script>alert" not in answer.content.decode()

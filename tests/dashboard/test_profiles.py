"""Public profiles: what Charlie may see, and the one page for everything else."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import DjangoAssertNumQueries

from people import opt_out
from people.models import Person
from tests.conftest import make_person
from tests.dashboard.scored import at_noon, scored
from tests.scoring import world

pytestmark = pytest.mark.django_db
HOSTILE = "<img src=x onerror=alert(1)>"


def public(person: Person) -> Person:
    """Return the person, made public."""
    person.visibility = Person.Visibility.PUBLIC
    person.save(update_fields=["visibility"])
    return person


def page(client: Client, person: Person) -> str:
    """Return the profile at noon of the tests' day."""
    with at_noon():
        answer = client.get(f"/p/{person.slug}/")
    assert answer.status_code == 200
    return answer.content.decode()


def without_tokens(text: str) -> str:
    """Return a page without what differs from request to request."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", text)
    return re.sub(r'name="next" value="[^"]+"', "", text)


def test_charlie_sees_a_public_score_with_its_reasons(
    alice: Person, charlie_client: Client
) -> None:
    scored(public(alice))
    text = page(charlie_client, alice)
    assert re.search(r"\d+, most likely \d+–\d+", text)
    assert 'id="moments"' in text
    assert "noindex" not in text


def test_a_profile_nobody_claimed_says_where_it_comes_from_and_how_it_goes_away(
    client: Client,
) -> None:
    person = world.person("Ada")
    person.expires_at = timezone.now() + timedelta(days=30)
    scored(person)
    Person.objects.filter(pk=person.pk).update(expires_at="2026-03-31T00:00Z")
    text = page(client, person)
    assert "openly offered on Mastodon" in text
    assert "It goes away by itself on 31 March 2026." in text
    assert '<meta name="robots" content="noindex">' in text
    assert "Claim it with Mastodon" in text
    assert 'action="/sign-in/mastodon/"' in text
    assert 'name="hint" value="mastodon.social"' in text
    assert 'action="/people/remove/"' in text


def test_an_unlisted_profile_is_kept_from_search_engines(
    alice: Person, charlie_client: Client
) -> None:
    scored(alice)
    Person.objects.filter(pk=alice.pk).update(visibility="unlisted")
    assert '<meta name="robots" content="noindex">' in page(charlie_client, alice)


def test_the_owner_sees_a_private_profile(alice: Person, alice_client: Client) -> None:
    scored(alice)
    assert "most likely" in page(alice_client, alice)


@pytest.mark.parametrize("signed", [True, False])
def test_absent_private_hidden_and_opted_out_profiles_are_the_same_page(
    signed: bool, alice: Person, bob: Person, charlie_client: Client
) -> None:
    scored(alice)
    hidden = public(bob)
    Person.objects.filter(pk=hidden.pk).update(hidden_until=timezone.now() + timedelta(days=1))
    opted_out = world.person("Olga")
    account = scored(opted_out)
    opt_out.opt_out(account.network, [account.native_id], proven=True)
    expired = world.person("Emil")
    Person.objects.filter(pk=expired.pk).update(expires_at=timezone.now() - timedelta(days=1))
    visitor = charlie_client if signed else Client()
    answers = [
        visitor.get(f"/p/{slug}/")
        for slug in ("nobody-at-all", alice.slug, hidden.slug, opted_out.slug, expired.slug)
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({without_tokens(answer.content.decode()) for answer in answers}) == 1
    assert "We can&#x27;t show this account" in answers[0].content.decode() or (
        "We can't show this account" in answers[0].content.decode()
    )


def test_a_private_reactors_score_is_nowhere_on_somebodys_page(
    alice: Person, bob: Person, charlie_client: Client
) -> None:
    bobs = scored(bob)
    account = scored(public(alice))
    post = account.posts.get()
    with at_noon():
        world.react(
            account, [world.reactor_of(bobs)], world.days(post.created_at.date(), 1), on=post
        )
    text = page(charlie_client, alice)
    assert "13 people reacted" in text
    assert bobs.handle not in text
    assert "Bob" not in text


@pytest.mark.parametrize(
    "name", [HOSTILE, "مريم العربية", "👩‍🚀🚀 Zoë", "x" * 200, "{{ 7|add:7 }}{% now 'Y' %}"]
)
def test_any_name_is_only_text(name: str, client: Client) -> None:
    person = world.person("Somebody")
    scored(person, text=name)
    Person.objects.filter(pk=person.pk).update(name=name)
    text = page(client, person)
    assert "<img" not in text
    assert "{{ 7|add:7 }}" in text or "14" not in text.split("<h1")[1].split("</h1>")[0]
    assert "<bdi>" in text


def test_the_page_asks_few_questions(
    charlie: Person, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    person = public(make_person("Dora"))
    scored(person)
    with django_assert_max_num_queries(8):
        page(client, person)


def test_a_profile_without_a_score_says_so(client: Client) -> None:
    assert "No score yet" in page(client, world.person("Fay"))

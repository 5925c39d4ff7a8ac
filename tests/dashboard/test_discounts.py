"""What was not counted in full is told to its person, who can appeal."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from connectors.models import Account
from people.models import Person
from scoring.models import Appeal, Discount
from tests.conftest import TODAY
from tests.dashboard.scored import at_noon, come_back
from tests.dashboard.test_scores import MOST_QUERIES

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_noon() -> Iterator[None]:
    """A session that is used on the tests' day has ended by the day on which they run."""
    with at_noon():
        yield


@pytest.fixture
def alice(scored_alice: Person) -> Person:
    """Alice has a score in all tests of this module."""
    return scored_alice


@pytest.fixture
def discount(alice: Person) -> Discount:
    account = Account.objects.get(person=alice)
    return Discount.objects.create(
        person=alice,
        account_id=account.pk,
        kind="follower_step",
        since=TODAY - timedelta(days=9),
        until=TODAY,
        points=1.44,
        reason={"measure": "followers", "read": 8400.0, "counted": 612.0},
    )


def page(client: Client) -> str:
    with at_noon():
        return client.get("/score/").content.decode()


def test_a_discount_is_told_in_words_with_its_days_and_points(
    discount: Discount, alice_client: Client
) -> None:
    text = page(alice_client).split('id="discounts"')[1].split("</section>")[0]
    assert "Not counted in full" in text
    assert "You have 8,400 followers; 612 of them count so far." in text
    assert "since 20 February 2026" in text
    assert "lowers the score by 1.4 points" in text
    assert f'action="/score/appeal/{discount.pk}/"' in text


@pytest.mark.parametrize(
    ("kind", "reason", "words"),
    [
        ("reciprocity", {"inside": 18.6, "outside": 4.0}, "About 19 people who react to you"),
        ("small_accounts", {"small": 988.2, "others": 3.1}, "About 988 of the people"),
        ("held_count", {"measure": "lists", "read": 0.0, "counted": 7.0}, "The network said 0"),
        ("server", {"score": 30.6}, "This account counts up to a score of 31."),
        ("plus_k", {"all": 14.1, "counted": 1.7}, "about 14 ordinary people, about 2 count."),
    ],
)
def test_each_kind_has_its_sentence(
    kind: str, reason: dict[str, object], words: str, discount: Discount, alice_client: Client
) -> None:
    Discount.objects.update(kind=kind, reason=reason)
    assert words in page(alice_client)


def test_the_page_asks_one_question_more(
    discount: Discount, alice_client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    come_back(alice_client)
    with django_assert_max_num_queries(MOST_QUERIES + 1):
        page(alice_client)


def test_without_a_discount_there_is_no_section(alice: Person, alice_client: Client) -> None:
    assert 'id="discounts"' not in page(alice_client)


def test_an_appeal_is_stored_once_and_its_state_is_told(
    discount: Discount, alice: Person, alice_client: Client
) -> None:
    address = f"/score/appeal/{discount.pk}/"
    answer = alice_client.post(address, {"words": "I was on television."})
    assert answer.status_code == 302
    assert answer["Location"] == "/score/#discounts"
    made = Appeal.objects.get()
    assert (made.person, made.words) == (alice, "I was on television.")
    text = page(alice_client)
    assert "Nobody has decided yet" in text
    assert f'action="{address}"' not in text
    alice_client.post(address, {"words": "Once more."})
    assert Appeal.objects.count() == 1
    assert "appealed or lifted already" in page(alice_client)


@pytest.mark.parametrize("words", ["", " ", "x" * 2001])
def test_an_appeal_without_words_or_with_too_many_is_not_taken(
    words: str, discount: Discount, alice_client: Client
) -> None:
    alice_client.post(f"/score/appeal/{discount.pk}/", {"words": words})
    assert not Appeal.objects.exists()
    assert "at most 2,000 characters" in page(alice_client)


def test_charlie_neither_sees_it_nor_appeals_for_alice(
    discount: Discount, charlie_client: Client, client: Client
) -> None:
    assert 'id="discounts"' not in page(charlie_client)
    address = f"/score/appeal/{discount.pk}/"
    assert charlie_client.post(address, {"words": "Mine."}).status_code == 404
    stranger = client.post(address, {"words": "Mine."})
    assert stranger["Location"] == f"/accounts/login/?next={address}"
    assert charlie_client.get(address).status_code == 405
    assert not Appeal.objects.exists()


def test_an_appeal_from_another_site_is_refused(discount: Discount, alice: Person) -> None:
    client = Client(enforce_csrf_checks=True)
    assert alice.owner is not None
    client.force_login(alice.owner, backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(f"/score/appeal/{discount.pk}/", {"words": "x"}).status_code == 403
    assert not Appeal.objects.exists()


def test_a_profile_tells_nobody_of_discounts(discount: Discount, alice: Person) -> None:
    Person.objects.filter(pk=alice.pk).update(visibility="public")
    text = Client().get(f"/p/{alice.slug}/").content.decode()
    assert "counted in full" not in text

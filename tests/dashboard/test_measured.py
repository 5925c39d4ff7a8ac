"""The page of what is measured of one's own accounts."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from connectors.models import Account
from people.models import Person
from scoring.signals import State, signals_for
from tests.conftest import TODAY, signed_in
from tests.dashboard.scored import account_of, at_noon, come_back
from tests.scoring import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice(scored_alice: Person) -> Person:
    """Alice has a score in all tests of this module."""
    return scored_alice


@pytest.fixture(autouse=True)
def _at_noon() -> Iterator[None]:
    """A session that is used on the tests' day has ended by the day on which they run."""
    with at_noon():
        yield


ADDRESS = "/score/signals/"


def page(client: Client, address: str = ADDRESS) -> str:
    """Return the page at noon of the tests' day."""
    with at_noon():
        answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_every_counted_signal_stands_with_its_value_and_unit(
    alice: Person, alice_client: Client
) -> None:
    text = page(alice_client)
    counted = [s for s in signals_for("mastodon") if s.state is State.COUNTED]
    assert text.count('<tr><th scope="row">') == len(counted)
    row = text.split("#signal-mastodon-responses_people")[1].split("</tr>")[0]
    assert '12 <span class="unit">people</span>' in row
    assert text.count(">weight<") == sum(s.carries_weight for s in counted)


def test_what_the_network_does_not_tell_is_not_a_zero(alice: Person, alice_client: Client) -> None:
    row = page(alice_client).split("#signal-mastodon-following")[1].split("</tr>")[0]
    assert "not told by the network" in row


def test_the_score_leads_to_the_page(alice: Person, alice_client: Client) -> None:
    assert f'href="{ADDRESS}"' in page(alice_client, "/score/")


def test_one_of_several_accounts_is_chosen_in_the_address(
    alice: Person, alice_client: Client
) -> None:
    other = account_of(alice, network="bluesky")
    text = page(alice_client, f"{ADDRESS}?account={other.pk}")
    assert f'href="?account={other.pk}" aria-current="true"' in text
    assert "#signal-bluesky-following" in text
    assert "#signal-mastodon-following" not in text


def test_the_page_asks_few_questions_however_many_accounts(
    alice: Person,
    alice_client: Client,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for network in ("bluesky", "sample"):
        account_of(alice, network=network)
    come_back(alice_client)
    with django_assert_max_num_queries(11):
        page(alice_client)


def test_before_anything_is_read_the_page_says_what_to_do(bob: Person, bob_client: Client) -> None:
    text = page(bob_client)
    assert "Nothing is measured yet" in text
    assert 'href="/networks/"' in text


def test_an_unlinked_account_is_not_measured_any_more(alice: Person, alice_client: Client) -> None:
    account = Account.objects.get(person=alice)
    account.status = "unlinked"
    account.save(update_fields=["status"])
    assert "Nothing is measured yet" in page(alice_client)
    assert alice_client.get(f"{ADDRESS}?account={account.pk}").status_code == 404


@pytest.mark.parametrize("asked", ["", "0", "-1", "x", "1' OR '1'='1", "9" * 40])
def test_an_account_that_is_none_is_not_found(
    asked: str, alice: Person, alice_client: Client
) -> None:
    assert alice_client.get(ADDRESS, {"account": asked}).status_code == 404


def test_charlie_sees_nothing_of_anybodys_values(alice: Person, charlie: Person) -> None:
    account = Account.objects.get(person=alice)
    answer = Client().get(ADDRESS)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(settings.LOGIN_URL)
    charlie_client = signed_in(charlie)
    assert charlie_client.get(f"{ADDRESS}?account={account.pk}").status_code == 404
    world.account(charlie, synced=TODAY)
    text = page(charlie_client)
    assert account.handle not in text

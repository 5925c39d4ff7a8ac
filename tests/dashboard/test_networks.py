"""The page of all networks."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from pytest_django import Settings
from pytest_django.fixtures import DjangoAssertNumQueries

from connectors import costs, registry
from connectors.models import Account, FetchState
from connectors.types import Kind
from dashboard.capabilities import capability_rows
from dashboard.networks import GROUPS
from people.models import Person
from tests.dashboard.scored import account_of

pytestmark = pytest.mark.django_db


def card(client: Client, network: str = "mastodon") -> str:
    """Return the HTML of a network's card."""
    text = client.get("/networks/").content.decode()
    return text.split(f'id="network-{network}"')[1].split("</section>")[0]


def test_every_network_of_the_registry_has_a_card_with_what_can_be_seen(
    alice_client: Client, settings: Settings
) -> None:
    settings.SAMPLE_NETWORK = True
    for network in ("mastodon", "bluesky", "sample"):
        text = card(alice_client, network)
        assert "not linked" in text
        assert "What can and cannot be seen here" in text
        assert "Likes" in text


def test_the_sample_network_has_no_card_where_it_is_not_offered(
    alice_client: Client, settings: Settings
) -> None:
    settings.SAMPLE_NETWORK = False
    assert 'id="network-sample"' not in alice_client.get("/networks/").content.decode()


def test_mastodon_asks_for_the_server_and_bluesky_for_the_handle(alice_client: Client) -> None:
    assert "Your Mastodon server" in card(alice_client, "mastodon")
    assert "Your Bluesky handle" in card(alice_client, "bluesky")


def test_the_text_that_is_agreed_to_stands_beside_the_button(alice_client: Client) -> None:
    assert "By linking you agree:" in card(alice_client)
    assert "compute my score from it until I unlink the account" in card(alice_client)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("ok", "Up to date"),
        ("retry", "We try again"),
        ("relink", "Link the account again"),
        ("gone", "not there any more"),
        ("broken", "could not be read"),
    ],
)
def test_each_state_is_told_with_what_happens_next(
    state: str, words: str, alice: Person, alice_client: Client
) -> None:
    account = account_of(alice)
    Account.objects.filter(pk=account.pk).update(state=state)
    assert words in card(alice_client)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("limited", "nettverket ber oss vente"),
        ("retry", "svarte ikke"),
        ("relink", "Koble til kontoen igjen"),
        ("gone", "ikke finnes lenger"),
        ("broken", "kunne ikke leses"),
    ],
)
def test_each_state_is_told_in_the_language_of_the_reader(
    state: str, words: str, alice: Person, alice_client: Client
) -> None:
    account = account_of(alice)
    Account.objects.filter(pk=account.pk).update(
        state=state, state_detail="An operator's note.", resume_at=timezone.now()
    )
    alice_client.cookies[settings.LANGUAGE_COOKIE_NAME] = "nb"
    text = card(alice_client)
    assert words in text
    assert "An operator's note." not in text
    assert "network" not in text.split('class="notice warning">')[1].split("</p>")[0].lower()


def test_a_network_that_asks_us_to_wait_is_told_with_the_time_in_the_persons_zone(
    alice: Person, alice_client: Client
) -> None:
    assert alice.owner is not None
    alice.owner.time_zone = "Europe/Oslo"
    alice.owner.save()
    account = account_of(alice)
    resume_at = timezone.now().replace(hour=12, minute=20) + timedelta(days=1)
    Account.objects.filter(pk=account.pk).update(state="limited", resume_at=resume_at)
    hour = 14 if "CEST" in card(alice_client) else 13
    assert f"Limited until {hour}:20 CE" in card(alice_client)


def test_an_expired_access_offers_to_link_again(alice: Person, alice_client: Client) -> None:
    account = account_of(alice)
    Account.objects.filter(pk=account.pk).update(state="relink")
    text = card(alice_client)
    assert "Link Mastodon again" in text
    assert 'action="/networks/mastodon/link/"' in text


def test_a_sync_under_way_shows_what_was_read_so_far(alice: Person, alice_client: Client) -> None:
    account = account_of(alice)
    Account.objects.filter(pk=account.pk).update(state="syncing")
    FetchState.objects.create(
        account=account,
        day=timezone.now().date(),
        status="started",
        stored={"posts": 12, "interactions": 3400},
    )
    text = alice_client.get("/networks/").content.decode()
    assert "12 posts, 3,400 reactions" in text
    assert 'hx-trigger="every 3s"' in text
    assert '<noscript><meta http-equiv="refresh"' in text


def test_a_hostile_handle_is_only_text(alice: Person, alice_client: Client) -> None:
    account = account_of(alice)
    Account.objects.filter(pk=account.pk).update(handle='<script>alert("x")</script>@a.example')
    text = card(alice_client)
    assert "<script>" not in text
    assert "&lt;script&gt;" in text


def test_the_page_asks_few_questions(
    alice: Person, alice_client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    account_of(alice)
    account_of(alice, network="bluesky")
    # The first visit of a session writes down its device once.
    alice_client.get("/networks/")
    with django_assert_max_num_queries(8):
        alice_client.get("/networks/")


def test_charlie_sees_nothing_of_alices_accounts(alice: Person, charlie_client: Client) -> None:
    account = account_of(alice)
    assert account.handle not in charlie_client.get("/networks/").content.decode()


def test_the_table_is_the_networks_own_declaration() -> None:
    from connectors.bluesky import NETWORK

    rows = capability_rows(NETWORK)
    named = {Kind.LIKE: "Likes", Kind.RESHARE: "Reshares", Kind.MENTION: "Mentions"}
    for kind, name in named.items():
        row = next(row for row in rows if row.what == name)
        assert (row.seen == "yes") == (kind in NETWORK.capabilities.named)


@pytest.mark.parametrize(
    ("linked", "told", "words"),
    [
        ("sample", "mastodon", "Unlink the sample network first"),
        ("sample", "bluesky", "Unlink the sample network first"),
        ("mastodon", "sample", "Unlink your real accounts first"),
    ],
)
def test_invented_and_real_accounts_are_kept_apart_before_anybody_leaves_for_the_network(
    linked: str, told: str, words: str, alice: Person, alice_client: Client, settings: Settings
) -> None:
    settings.SAMPLE_NETWORK = True
    account = account_of(alice, network=linked)
    text = card(alice_client, told)
    assert words in text
    assert "<form" not in text
    Account.objects.filter(pk=account.pk).update(status="unlinked")
    text = card(alice_client, told)
    assert words not in text
    assert "<form" in text


def test_a_second_real_network_can_be_linked_beside_the_first(
    alice: Person, alice_client: Client, settings: Settings
) -> None:
    settings.SAMPLE_NETWORK = True
    account_of(alice)
    assert "<form" in card(alice_client, "bluesky")


# --- A network that needs keys and charges --------------------------------------------------------
REGISTERED = {"x": ("client-id", "client-secret")}


def test_without_keys_the_card_says_what_is_missing_and_offers_no_button(
    alice_client: Client,
) -> None:
    text = card(alice_client, "x")
    assert "the operator of this site has not given its keys" in text
    assert "X_CLIENT_ID, X_CLIENT_SECRET" in text
    assert "Link X" not in text


def test_with_keys_the_network_can_be_linked(alice_client: Client, settings: Settings) -> None:
    settings.NETWORK_APPS = REGISTERED
    assert "Link X" in card(alice_client, "x")


def test_the_card_tells_its_owner_what_the_month_has_cost(
    alice: Person, alice_client: Client, charlie_client: Client, settings: Settings
) -> None:
    settings.NETWORK_APPS, settings.NETWORK_BUDGETS = REGISTERED, {"x": (100, 5)}
    account_of(alice, network="x")
    costs.meter_for(registry.network("x"), alice.pk).hold({"post": 250})
    text = card(alice_client, "x")
    assert "Yours has cost $1.25 this month, of $5 at most" in text
    assert "$" not in card(charlie_client, "x")


def test_an_account_whose_budget_is_spent_says_until_when_it_waits(
    alice: Person, alice_client: Client, settings: Settings
) -> None:
    settings.NETWORK_APPS = REGISTERED
    account_of(alice, network="x")
    anew = datetime(2026, 12, 1, tzinfo=UTC)
    Account.objects.update(state=Account.State.BUDGET, resume_at=anew)
    text = card(alice_client, "x")
    assert "Waits until 1 December: this month&#x27;s budget for X is spent." in text


def test_what_only_the_operator_can_mend_is_said_so(alice: Person, alice_client: Client) -> None:
    account_of(alice, network="x")
    Account.objects.update(state=Account.State.OPERATOR)
    assert "Its operator has to act; you need do nothing." in card(alice_client, "x")


# --- Groups --------------------------------------------------------------------------------------
def groups(client: Client) -> dict[str, list[str]]:
    """Return the networks of each group, in the order of the page."""
    text = client.get("/networks/").content.decode()
    found = {}
    for part in text.split('<section class="network-group ')[1:]:
        found[part.split('"')[0]] = re.findall(r'<section class="card" id="network-(\w+)"', part)
    return found


def test_what_is_linked_comes_first_and_what_is_gone_last(
    alice: Person, alice_client: Client, charlie_client: Client
) -> None:
    account_of(alice, network="bluesky")
    shown = groups(alice_client)
    assert list(shown) == [name for name in GROUPS if name in shown]
    assert shown["linked"] == ["bluesky"]
    assert "mastodon" in shown["open"]
    assert shown["asked"] == ["wikipedia"]
    assert "x" in shown["keys"]
    assert shown["retired"] == list(registry.ROWS)
    assert "linked" not in groups(charlie_client)


def test_a_network_that_is_gone_says_since_when_and_why(alice_client: Client) -> None:
    google = card(alice_client, "googleplus")
    assert "gone since 2019" in google
    assert "Google closed it on 2 April 2019" in google
    bing = card(alice_client, "bing")
    assert "gone since 2025" in bing
    assert "ended its search API on 11 August 2025" in bing
    assert "<form" not in google + bing
    assert alice_client.post("/networks/bing/link/").status_code == 404
    alice_client.cookies[settings.LANGUAGE_COOKIE_NAME] = "nb"
    assert "Google la det ned" in card(alice_client, "googleplus")


def test_the_page_stays_small_with_every_network_of_the_catalogue(
    alice_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if each had a connector that lets people in."""
    for number in range(len(registry.CONNECTORS), 22):
        module = SimpleNamespace(**vars(registry.CONNECTORS["mastodon"]))
        module.NETWORK = replace(module.NETWORK, id=f"other{number}", name=f"Network {number}")
        monkeypatch.setitem(registry.CONNECTORS, module.NETWORK.id, module)
        monkeypatch.setattr("connectors.queries.can_link", lambda network: True)
    answer = alice_client.get("/networks/")
    assert answer.content.count(b"<form class=") > 20
    assert len(answer.content) < 60_000

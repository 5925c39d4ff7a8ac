"""Accounts that a person's profiles point at: offered to them alone, never joined."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from connectors import identity
from connectors.mastodon.payloads import Source, parse_profile
from connectors.models import Account, ProbableAccount
from connectors.types import Profile, ProfileLink
from people import erasure
from people.models import Person
from tests.connectors.peer import PeerServer, running_peer
from tests.connectors.records import account_of

BLUESKY = "https://bsky.app/profile/vera.bsky.social"
MASTODON = "https://fjord.example/@vera"


def profile(bio: str = "", *links: ProfileLink, name: str = "vera@fjord.example") -> Profile:
    return Profile(native_id=name, handle=name, name="Vera", url="", bio=bio, links=links)


def told(one: Profile) -> list[tuple[str, str, bool]]:
    return [(p.network, p.key, p.verified) for p in identity.pointed_at(one)]


# --- The rule ------------------------------------------------------------------------------------
def test_links_in_bio_and_fields_are_understood_once_and_the_verified_one_counts() -> None:
    one = profile(
        f"I am also {BLUESKY}. And https://example.org/blog, see https://x.com/vera_l!",
        ProfileLink(BLUESKY, verified=True),
        ProfileLink("https://fjord.example/@vera"),
    )
    assert told(one) == [
        ("bluesky", "vera.bsky.social", True),
        ("mastodon", "vera@fjord.example", False),
        ("x", "vera_l", False),
    ]


def test_an_address_of_one_network_is_never_one_of_an_open_server() -> None:
    assert {network for network, *_ in told(profile("https://x.com/vera"))} == {"x"}
    for nothing in ("", "vera", "javascript:alert(1)", "https://", "http://[", "ftp://x.com/vera"):
        assert told(profile(nothing, ProfileLink(nothing))) == []


@given(st.text(max_size=300))
def test_any_bio_is_read_and_bounded(bio: str) -> None:
    assert len(identity.pointed_at(profile(bio + f" {BLUESKY}" * 50))) <= identity.MOST_LINKS


def test_mastodons_fields_tell_what_was_verified() -> None:
    account = {
        "username": "vera",
        "display_name": "Vera",
        "url": MASTODON,
        "note": f'<p>Also <a href="{BLUESKY}" rel="me">there</a></p>',
        "fields": [
            {"value": '<a href="https://x.com/vera_l?a=1&amp;b=2">X</a>', "verified_at": "2026"},
            {"value": "no link", "verified_at": None},
            {"value": 7},
            None,
        ],
    }
    found = parse_profile(account, Source("fjord.example", "/"))
    assert found.links == (
        ProfileLink("https://x.com/vera_l?a=1&b=2", True),
        ProfileLink(BLUESKY, False),
    )
    assert parse_profile({**account, "fields": "x"}, Source("a.example", "/")).links[0].url


# --- Rows ----------------------------------------------------------------------------------------
@pytest.fixture
def peer(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Iterator[PeerServer]:
    with running_peer(monkeypatch, settings) as running:
        yield running


def offered(person: Person) -> list[identity.Offer]:
    names = Account.objects.filter(person=person).values_list("network", "handle")
    return identity.offers(person.pk, names)


def linked(person: Person) -> Account:
    account = account_of(person, network="mastodon", native_id="vera@fjord.example")
    Account.objects.filter(pk=account.pk).update(handle="vera@fjord.example")
    return Account.objects.select_related("person").get(pk=account.pk)


@pytest.mark.django_db
def test_an_account_is_offered_with_its_evidence_until_it_is_linked_or_not_mine(
    alice: Person, alice_client: Client, charlie_client: Client
) -> None:
    account = linked(alice)
    identity.note(account, profile("", ProfileLink(BLUESKY, verified=True)))
    identity.note(account, profile("", ProfileLink(BLUESKY, verified=True)))
    row = ProbableAccount.objects.get()
    page = alice_client.get("/networks/").content.decode()
    assert "Probably you" in page
    assert "vera.bsky.social" in page
    assert "and Mastodon verified it" in page
    assert "It is me: link Bluesky" in page
    assert Account.objects.count() == 1, "nothing is joined"
    assert "Probably you" not in charlie_client.get("/networks/").content.decode()
    charlie_client.post(f"/networks/offer/{row.pk}/not-mine/")
    assert len(offered(alice)) == 1
    alice_client.post(f"/networks/offer/{row.pk}/not-mine/")
    assert alice_client.get(f"/networks/offer/{row.pk}/not-mine/").status_code == 405
    assert "Probably you" not in alice_client.get("/networks/").content.decode()
    identity.note(account, profile("", ProfileLink(BLUESKY, verified=True)))
    assert offered(alice) == [], "what was dismissed stays so"
    ProbableAccount.objects.update(dismissed_at=None)
    other = account_of(alice, network="bluesky", native_id="did:plc:vera")
    Account.objects.filter(pk=other.pk).update(handle="Vera.bsky.social")
    assert offered(alice) == [], "it is linked"


@pytest.mark.django_db
def test_a_link_that_is_gone_is_offered_no_longer_and_erasing_takes_it_along(
    alice: Person, bob: Person
) -> None:
    account, other = linked(alice), account_of(bob, network="mastodon", native_id="bob@a.example")
    identity.note(account, profile(BLUESKY))
    identity.note(Account.objects.select_related("person").get(pk=other.pk), profile(BLUESKY))
    assert [len(offered(person)) for person in (alice, bob)] == [1, 1]
    identity.note(account, profile("no links any more"))
    assert [len(offered(person)) for person in (alice, bob)] == [0, 1]
    identity.note(account, profile(BLUESKY))
    assert erasure.export_everything(alice)["connectors.ProbableAccount"]
    erasure.erase(alice)
    assert ProbableAccount.objects.get().person_id == bob.pk


@pytest.mark.django_db
def test_looked_up_profiles_are_never_noted(alice: Person) -> None:
    account = linked(alice)
    for change in ({"status": "open"}, {"status": "unlinked"}):
        Account.objects.filter(pk=account.pk).update(**change)
        identity.note(Account.objects.select_related("person").get(), profile(BLUESKY))
    Account.objects.update(status="linked")
    Person.objects.filter(pk=alice.pk).update(owner=None)
    identity.note(Account.objects.select_related("person").get(), profile(BLUESKY))
    assert not ProbableAccount.objects.exists()


@pytest.mark.django_db
def test_the_other_profile_is_asked_once_whether_it_points_back(
    alice: Person, peer: PeerServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Profiles of the tests' own network, whose handles are typed names."""
    account = linked(alice)
    for name in ("back", "mute", "gone", "slow"):
        ProbableAccount.objects.create(
            person=alice, account=account, network="testnet", key=name, handle=name, url=name
        )
    peer.answers = {"back": {"bio": f"Also {MASTODON}"}, "mute": {}, "gone": 404, "slow": 500}
    monkeypatch.setattr(identity, "MOST_ASKED", 4)
    identity.look_back(account)
    found = dict(ProbableAccount.objects.values_list("handle", "points_back"))
    assert found == {"back": True, "mute": False, "slow": None}
    peer.asked.clear()
    identity.look_back(account)
    assert set(peer.asked) == {"/profiles/slow"}
    ProbableAccount.objects.update(dismissed_at=timezone.now())
    peer.asked.clear()
    identity.look_back(account)
    assert peer.asked == []

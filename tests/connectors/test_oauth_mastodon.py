"""Linking a Mastodon account at a running server: registration, consent, token, revocation."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from django.utils import timezone

from connectors import linking, sync
from connectors.due import due_day
from connectors.models import Account, Credential, Interaction, Reactor, ServerApp
from connectors.oauth import App, LinkRefused, Proof, mastodon
from connectors.types import Direction, Kind
from people.models import Person
from tests.connectors.players import Player
from tests.mastodon_peer import Peer

REDIRECT = "http://127.0.0.1:8000/networks/mastodon/back/"
APP = App("id", "app-secret")


def proven(peer: Peer, hint: str, name: str) -> Proof:
    """Go through linking as the person of that name."""
    begun = linking.begin("mastodon", hint=hint, redirect_uri=REDIRECT)
    params = peer.consent(begun.redirect_url, name)
    return linking.complete("mastodon", redirect_uri=REDIRECT, kept=begun.kept, params=params)


@pytest.mark.django_db
@pytest.mark.parametrize("named", [True, False])
def test_an_account_is_linked_at_its_own_server(peer: Peer, named: bool) -> None:
    proof = proven(peer, peer.handle("bo") if named else peer.host, "bo")
    assert proof.profile.native_id == f"bo@{peer.host}"
    assert proof.server == peer.host
    assert proof.secret["access"] not in repr(proof)
    assert proof.expires_at is None


@pytest.mark.django_db
def test_a_server_is_asked_for_a_registration_once(peer: Peer) -> None:
    proven(peer, peer.host, "bo")
    (row,) = ServerApp.objects.all()
    assert row.server == peer.host
    proven(peer, peer.host, "cyd")
    assert ServerApp.objects.get().client_id == row.client_id


@pytest.mark.django_db
def test_the_consent_page_asks_for_reading_only_with_a_challenge(peer: Peer) -> None:
    begun = linking.begin("mastodon", hint=peer.host, redirect_uri=REDIRECT)
    asked = dict(parse_qsl(urlsplit(begun.redirect_url).query))
    assert asked["scope"] == "read:accounts read:statuses read:notifications"
    assert asked["code_challenge_method"] == "S256"
    assert begun.kept["verifier"] not in begun.redirect_url
    assert asked["state"] == begun.kept["state"]


@pytest.mark.django_db(transaction=True)
def test_the_owners_sync_dates_favourites_and_knows_new_followers(
    peer: Peer, alice: Person
) -> None:
    post = peer.post("bo", "Hello")
    peer.api("cyd").status_favourite(post)
    peer.api("cyd").account_follow(peer.api("bo").me().id)
    peer.post("dan", "@bo what do you think?")
    peer.post("dan", "@bo between us", visibility="direct")
    account = linking.attach(alice, "mastodon", proven(peer, peer.handle("bo"), "bo"))
    result = sync.sync_account(account.pk, due_day(timezone.now()))
    assert result.status == "done"
    rows = Interaction.objects.filter(account_id=account.pk, direction=Direction.RECEIVED)
    assert sorted(rows.values_list("kind", flat=True)) == [Kind.LIKE, Kind.MENTION, Kind.FOLLOW]
    assert all(row.happened_at is not None for row in rows)
    assert set(Reactor.objects.values_list("handle", flat=True)) == {
        f"cyd@{peer.host}",
        f"dan@{peer.host}",
    }


@pytest.mark.django_db(transaction=True)
def test_unlinking_ends_the_token_at_the_server(peer: Peer, alice: Person) -> None:
    proof = proven(peer, peer.handle("bo"), "bo")
    account = linking.attach(alice, "mastodon", proof)
    assert peer.knows_token(proof.secret["access"])
    linking.unlink(account, erase_history=True)
    assert not peer.knows_token(proof.secret["access"])
    assert not Credential.objects.exists()
    assert not Account.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_token_that_ended_asks_to_link_again(peer: Peer, alice: Person) -> None:
    proof = proven(peer, peer.handle("bo"), "bo")
    account = linking.attach(alice, "mastodon", proof)
    peer.fault("/api/v1/notifications", type="status", status=401)
    sync.sync_account(account.pk, due_day(timezone.now()))
    account.refresh_from_db()
    assert account.state == Account.State.RELINK
    assert proof.secret["access"] not in account.state_detail


@pytest.mark.django_db
def test_saying_yes_as_another_account_than_named_is_refused_and_revoked(peer: Peer) -> None:
    with pytest.raises(LinkRefused) as refused:
        proven(peer, peer.handle("bo"), "cyd")
    assert refused.value.reason == "account"
    assert peer.tokens_of("cyd") == ["cyd-token"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"state": "another"}, "state"),
        ({"error": "access_denied", "code": ""}, "denied"),
        ({"error": "server_error"}, "app"),
        ({"code": "never-given"}, "expired"),
    ],
)
def test_an_answer_that_is_no_yes_links_nothing(
    peer: Peer, change: dict[str, str], reason: str
) -> None:
    begun = linking.begin("mastodon", hint=peer.host, redirect_uri=REDIRECT)
    params = {**peer.consent(begun.redirect_url, "bo"), **change}
    with pytest.raises(LinkRefused) as refused:
        linking.complete("mastodon", redirect_uri=REDIRECT, kept=begun.kept, params=params)
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    "hint",
    ["", "bo", "@bo@127.0.0.1", "https://", "@bo@localhost:1", "bsky.social", "https://[::1"],
)
def test_what_names_no_server_is_refused(hint: str) -> None:
    with pytest.raises(LinkRefused) as refused:
        mastodon.server_of(hint)
    assert refused.value.reason == "account"


@pytest.mark.parametrize(
    "hint", ["@bo@fjord.example", "fjord.example", "https://Fjord.example/", "fjord.example."]
)
def test_ways_to_name_a_server(hint: str) -> None:
    assert mastodon.server_of(hint) == "fjord.example"


def test_a_site_that_is_no_mastodon_server_refuses_to_register_us() -> None:
    player = Player("mastodon", {"/api/v1/apps": (404, "not_found")})
    with player.client() as client, pytest.raises(LinkRefused) as refused:
        mastodon.register(client, server="fjord.example", redirect_uri=REDIRECT)
    assert refused.value.reason == "app"


def test_a_server_older_than_pkce_is_asked_without_it() -> None:
    player = Player("mastodon", {"/.well-known/oauth-authorization-server": (404, "not_found")})
    with player.client() as client:
        begun = mastodon.begin(client, redirect_uri=REDIRECT, hint="fjord.example", app=APP)
    assert begun.redirect_url.startswith("https://fjord.example/oauth/authorize?")
    assert "code_challenge" not in begun.redirect_url
    assert begun.kept["verifier"] == ""

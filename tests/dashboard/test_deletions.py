"""Meta's calls: taken back is unlinked, a request to erase erases, a forged call does nothing."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from connectors import deletions, expiry
from connectors.models import Account, Credential, DeletionRequest, Interaction, Post, Reactor
from connectors.store import store
from connectors.types import Kind
from dashboard import deletions as pages
from people.models import ConsentEvent, Person
from tests.connectors.linked import keep_secret
from tests.connectors.records import account_of, post, reaction, target_of
from tests.connectors.test_signed_requests import signed

pytestmark = pytest.mark.django_db
SECRET = "app-secret"
HERS, HIS = "27001001", "27001002"


@pytest.fixture(autouse=True)
def registered(settings: Settings) -> None:
    settings.SITE_URL = "https://klout.example"
    apps = ("instagram", "threads", "facebook")
    settings.NETWORK_APPS = dict.fromkeys(apps, ("id", SECRET))


def linked(person: Person, granted_by: str, network: str = "instagram", **fields: Any) -> Account:
    """Return a linked account with a post, a reaction and a credential."""
    name = fields.pop("native_id", f"{network}-{person.pk}")
    account = account_of(person, network=network, native_id=name)
    told = {"handle": name, "granted_by": granted_by, **fields}
    hour_ago = timezone.now() - timedelta(hours=1)
    Account.objects.filter(pk=account.pk).update(linked_at=hour_ago, status="linked", **told)
    keep_secret(account, access="a-token")
    store(target_of(account), [post(), reaction(name, kind=Kind.COMMENT)])
    return Account.objects.get(pk=account.pk)


def call(what: str, user_id: str, *, network: str = "instagram", **more: Any) -> Any:
    """Return the answer to a call of the network's, from a client without a session or token."""
    issued_at = int(more.pop("issued_at", timezone.now()).timestamp())
    told = {"algorithm": "HMAC-SHA256", "user_id": user_id, "issued_at": issued_at}
    text = signed(told, more.pop("secret", SECRET))
    client = Client(enforce_csrf_checks=True)
    return client.post(f"/meta/{network}/{what}/", {"signed_request": text})


def test_an_access_taken_back_unlinks_all_that_rested_on_it_and_keeps_what_was_read(
    alice: Person, bob: Person
) -> None:
    account, other = linked(alice, HERS), linked(bob, HIS)
    answer = call("deauthorise", HERS)
    assert (answer.status_code, answer.content) == (200, b"{}")
    account.refresh_from_db()
    assert account.status == Account.Status.UNLINKED
    assert not Credential.objects.filter(account=account).exists()
    assert Post.objects.filter(account=account).exists()
    assert ConsentEvent.objects.filter(person=alice, what="link:instagram", given=False).exists()
    # Nobody else's, and nothing of the same number at another network.
    assert Credential.objects.filter(account=other).exists()
    threads = linked(alice, HERS, "threads")
    assert call("deauthorise", HERS).status_code == 200
    assert Credential.objects.filter(account=threads).exists()


def test_a_request_to_erase_erases_and_its_page_tells_so_without_a_name(
    alice: Person, bob: Person, client: Client
) -> None:
    account, other = linked(alice, HERS, handle="Astrid.Kart"), linked(bob, HIS)
    unlinked = linked(bob, HERS, handle="second", native_id="second")
    Account.objects.filter(pk=unlinked.pk).update(status="unlinked")
    seen_at = timezone.now()
    for key, name in ((1, "astrid.kart"), (2, "somebody.else")):
        Reactor.objects.create(
            key=key, network="instagram", native_id=name, handle=name, seen_at=seen_at
        )
    answer = call("delete", HERS).json()
    assert answer["url"] == f"https://klout.example/deletion/{answer['confirmation_code']}/"
    assert set(Account.objects.all()) == {other}
    assert set(Post.objects.values_list("account_id", flat=True)) == {other.pk}
    assert set(Interaction.objects.values_list("account_id", flat=True)) == {other.pk}
    assert not Reactor.objects.filter(native_id="astrid.kart").exists()
    assert Reactor.objects.filter(native_id="somebody.else").exists()
    assert account.pk not in Credential.objects.values_list("account_id", flat=True)
    page = client.get(f"/deletion/{answer['confirmation_code']}/").content.decode()
    assert "Erased as asked" in page
    assert "Instagram asked us" in page
    for word in ("astrid", "Astrid", HERS, alice.name):
        assert word not in page
    assert client.get("/deletion/" + "A" * 32 + "/").status_code == 404


def test_a_call_again_changes_nothing_and_spares_what_was_linked_since(alice: Person) -> None:
    linked(alice, HERS)
    long_ago = timezone.now() - timedelta(hours=2)
    # Linked an hour ago: a request from before that is not about it.
    assert call("deauthorise", HERS, issued_at=long_ago).status_code == 200
    assert call("delete", HERS, issued_at=long_ago).status_code == 200
    assert Credential.objects.exists()
    now = timezone.now()
    first, second = (call("delete", HERS, issued_at=now).json() for _ in range(2))
    assert first == second
    assert DeletionRequest.objects.count() == 2
    assert not Account.objects.exists()
    # Of somebody who was never here: answered in the same way.
    assert call("delete", "404").status_code == 200


def test_forged_calls_do_nothing(alice: Person, settings: Settings) -> None:
    linked(alice, HERS)
    for what in ("deauthorise", "delete"):
        assert call(what, HERS, secret="guessed").status_code == 400
        address = f"/meta/instagram/{what}/"
        assert Client().post(address).status_code == 400
        assert Client().post(address, {"signed_request": "a.b"}).status_code == 400
        assert Client().post(address, json.dumps({}), "application/json").status_code == 400
        assert Client().get(address).status_code == 405
        assert call(what, HERS, network="mastodon").status_code == 404
        assert call(what, HERS, network="nowhere").status_code == 404
        settings.NETWORK_APPS = {"instagram": ("id", "")}
        assert call(what, HERS, secret="").status_code == 400
        settings.NETWORK_APPS = {"instagram": ("id", SECRET)}
    assert Credential.objects.exists()
    assert not DeletionRequest.objects.exists()


def test_calls_and_pages_have_a_limit(monkeypatch: pytest.MonkeyPatch, client: Client) -> None:
    cache.clear()
    monkeypatch.setattr(pages, "MOST_CALLS", 1)
    monkeypatch.setattr(pages, "MOST_PAGES", 1)
    assert call("delete", HERS).status_code == 200
    assert call("delete", HERS).status_code == 429
    (asked,) = DeletionRequest.objects.all()
    assert client.get(f"/deletion/{asked.code}/").status_code == 200
    assert client.get(f"/deletion/{asked.code}/").status_code == 429


def test_a_request_is_forgotten_after_ninety_days_and_codes_are_not_guessed() -> None:
    call("delete", HERS)
    (asked,) = DeletionRequest.objects.all()
    expiry.expire_rows(asked.received_at + timedelta(days=89))
    assert DeletionRequest.objects.exists()
    expiry.expire_rows(asked.received_at + timedelta(days=90))
    assert not DeletionRequest.objects.exists()
    codes = {deletions.code_of(network, "a.b") for network in ("instagram", "threads")}
    assert len(codes) == 2
    assert {len(code) for code in codes} == {32}

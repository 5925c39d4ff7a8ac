"""Credentials and texts at rest, and the rotation of their keys."""

from io import StringIO

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from connectors import crypto
from connectors.errors import Relink
from connectors.models import Account, Credential, Post, ServerApp
from people.models import Person
from tests.connectors.records import NOW, account_of

SECRET = {"access": "token-that-must-stay-secret", "refresh": "r"}
OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


@pytest.fixture
def account(alice: Person, settings: Settings) -> Account:
    """An account with a credential, a post and an app, all under the old key."""
    settings.TOKEN_KEYS = [OLD]
    account = account_of(alice)
    Credential.objects.create(account=account, kind="token", secret=crypto.encrypt_secret(SECRET))
    Post.objects.create(
        account=account,
        native_id="p",
        created_at=NOW,
        counted_at=NOW,
        text=crypto.encrypt_text("words"),
    )
    ServerApp.objects.create(
        network="testnet", server="one.example", client_id="c", secret=crypto.encrypt_secret(SECRET)
    )
    return account


def test_a_secret_comes_back_and_cannot_be_read_in_its_row() -> None:
    token = crypto.encrypt_secret(SECRET)
    assert crypto.decrypt_secret(memoryview(token)) == SECRET
    assert b"must-stay-secret" not in token
    assert crypto.decrypt_text(crypto.encrypt_text("æ 🎈")) == "æ 🎈"
    assert crypto.encrypt_secret({}) == crypto.encrypt_text("") == b""
    assert (crypto.decrypt_secret(b""), crypto.decrypt_text(b"")) == ({}, "")


@pytest.mark.parametrize("damage", [b"", b"gibberish"])
def test_a_wrong_key_or_damage_means_link_again(settings: Settings, damage: bytes) -> None:
    settings.TOKEN_KEYS = [OLD]
    token = damage or crypto.encrypt_secret(SECRET)
    settings.TOKEN_KEYS = [NEW]
    with pytest.raises(Relink, match="link again") as raised:
        crypto.decrypt_secret(token)
    assert "must-stay-secret" not in str(raised.value)


def test_rotation_moves_everything_to_the_newest_key(account: Account, settings: Settings) -> None:
    settings.TOKEN_KEYS = [NEW, OLD]
    out = StringIO()
    call_command("rotate_token_keys", stdout=out)
    call_command("rotate_token_keys", stdout=out)
    settings.TOKEN_KEYS = [NEW]
    assert crypto.decrypt_secret(Credential.objects.get().secret) == SECRET
    assert crypto.decrypt_secret(ServerApp.objects.get().secret) == SECRET
    assert crypto.decrypt_text(Post.objects.get().text) == "words"
    assert "Credential: 1 rows, 0 that no key opens." in out.getvalue()


def test_a_dry_rotation_changes_nothing(account: Account, settings: Settings) -> None:
    settings.TOKEN_KEYS = [NEW, OLD]
    before = bytes(Credential.objects.get().secret)
    call_command("rotate_token_keys", "--dry-run", stdout=StringIO())
    assert bytes(Credential.objects.get().secret) == before


def test_what_no_key_opens_is_told_and_its_account_is_to_be_linked_again(
    account: Account, settings: Settings
) -> None:
    settings.TOKEN_KEYS = [NEW]
    with pytest.raises(CommandError, match="3 rows could not be read") as raised:
        call_command("rotate_token_keys", stdout=StringIO())
    assert raised.value.returncode == 2
    account.refresh_from_db()
    assert account.state == Account.State.RELINK
    assert "No key" in account.state_detail

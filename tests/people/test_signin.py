"""Sign-in by e-mail, limits on attempts, second factors, sessions."""

import base64
import hashlib
import hmac
import struct
import time
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from people import expiry
from people.models import Person, Session, User
from people.sessions import sign_out_everywhere

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery"


def sign_in(client: Client, email: str = "alice@example.org", password: str = PASSWORD) -> Any:
    return client.post("/accounts/login/", {"login": email, "password": password})


def signed_in_as(client: Client) -> int | None:
    user = client.session.get("_auth_user_id")
    return int(user) if user else None


def test_alice_signs_in_and_out(client: Client, alice: Person) -> None:
    assert sign_in(client)["Location"] == "/score/"
    assert signed_in_as(client) == alice.owner_id
    client.post("/accounts/logout/")
    assert signed_in_as(client) is None


def test_case_and_spaces_of_the_address_do_not_matter(client: Client, alice: Person) -> None:
    assert sign_in(client, " Alice@Example.ORG ").status_code == 302
    assert signed_in_as(client) == alice.owner_id


def test_a_link_does_not_sign_out(alice: Person, alice_client: Client) -> None:
    alice_client.get("/accounts/logout/")
    assert signed_in_as(alice_client) == alice.owner_id


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(
    client: Client, alice: Person
) -> None:
    wrong = sign_in(client, password="wrong").content.decode()
    unknown = sign_in(client, email="nobody@example.org").content.decode()
    assert signed_in_as(client) is None
    assert _words(wrong) == _words(unknown.replace("nobody@", "alice@"))


def _words(page: str) -> list[str]:
    """Return the page without what differs at each request."""
    lines = page.splitlines()
    return [line for line in lines if "csrfmiddlewaretoken" not in line]


def test_a_sixth_attempt_must_wait_even_with_the_right_password(
    client: Client, alice: Person
) -> None:
    for _ in range(5):
        sign_in(client, password="wrong")
    blocked = sign_in(client)
    assert "Too many failed login attempts" in blocked.content.decode()
    assert signed_in_as(client) is None


def test_one_address_cannot_try_many_accounts(client: Client, db: None) -> None:
    for number in range(10):
        sign_in(client, email=f"person{number}@example.org")
    assert "Too many failed" in sign_in(client, email="one-more@example.org").content.decode()


def test_a_reset_for_an_unknown_address_answers_the_same_and_writes_to_nobody(
    client: Client, alice: Person
) -> None:
    known = client.post("/accounts/password/reset/", {"email": "alice@example.org"})
    unknown = client.post("/accounts/password/reset/", {"email": "nobody@example.org"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert [message.to for message in mail.outbox] == [["alice@example.org"]]


def test_a_reset_link_works_once(client: Client, alice: Person) -> None:
    client.post("/accounts/password/reset/", {"email": "alice@example.org"})
    body = str(mail.outbox[0].body)
    assert "choose a new password" in body
    link = next(word for word in body.split() if "/password/reset/key/" in word)
    path = link.removeprefix("http://testserver")
    form = client.get(path)["Location"]
    new = "another horse battery"
    client.post(form, {"password1": new, "password2": new})
    assert sign_in(Client(), password=new).status_code == 302
    assert "invalid" in Client().get(path).content.decode()


def test_sign_in_from_another_site_is_refused(alice: Person) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert sign_in(strict).status_code == 403
    assert signed_in_as(strict) is None


@pytest.mark.parametrize(
    "target", ["https://evil.example", "//evil.example", "javascript:alert(1)"]
)
def test_sign_in_leads_to_our_own_pages_only(client: Client, alice: Person, target: str) -> None:
    response = client.post(
        "/accounts/login/", {"login": "alice@example.org", "password": PASSWORD, "next": target}
    )
    assert response["Location"] == "/score/"


def test_who_has_no_confirmed_address_does_not_come_in_in_production(
    client: Client, alice: Person, settings: Settings
) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    response = sign_in(client)
    assert response["Location"] == "/accounts/confirm-email/"
    assert signed_in_as(client) is None
    # The waiting sign-in is the user's, too: erasing finds it.
    assert Session.objects.filter(user__people=alice).count() == 1


# --- Second factors -------------------------------------------------------------------------------
def totp(secret: str, *, at: float | None = None) -> str:
    """Return the six digits that an authenticator app shows (RFC 6238)."""
    counter = int((time.time() if at is None else at) // 30)
    key = base64.b32decode(secret)
    digest = hmac.new(key, struct.pack(">Q", counter), hashlib.sha1).digest()
    offset = digest[-1] & 15
    return f"{(int.from_bytes(digest[offset : offset + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06}"


def with_authenticator(client: Client) -> str:
    """Sign Alice in, add an authenticator app; return its secret."""
    EmailAddress.objects.create(
        user=User.objects.get(email="alice@example.org"),
        email="alice@example.org",
        verified=True,
        primary=True,
    )
    sign_in(client)
    page = client.get("/accounts/2fa/totp/activate/")
    assert page.status_code == 200, page["Location"]
    secret = str(page.context["form"].secret)
    added = client.post("/accounts/2fa/totp/activate/", {"code": totp(secret)})
    assert added["Location"] == "/accounts/2fa/recovery-codes/"
    return secret


def test_the_second_factor_is_asked_after_the_password(client: Client, alice: Person) -> None:
    secret = with_authenticator(client)
    visitor = Client()
    assert sign_in(visitor)["Location"] == "/accounts/2fa/authenticate/"
    assert signed_in_as(visitor) is None
    assert visitor.get("/accounts/2fa/authenticate/").status_code == 200
    visitor.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert signed_in_as(visitor) is None
    with time_machine.travel(timezone.now() + timedelta(seconds=60)):
        visitor.post("/accounts/2fa/authenticate/", {"code": totp(secret)})
        assert signed_in_as(visitor) == alice.owner_id


def test_a_code_of_the_app_works_once(client: Client, alice: Person) -> None:
    secret = with_authenticator(client)
    with time_machine.travel(timezone.now() + timedelta(seconds=60), tick=False):
        first, second = Client(), Client()
        for visitor in (first, second):
            sign_in(visitor)
            visitor.post("/accounts/2fa/authenticate/", {"code": totp(secret)})
        assert signed_in_as(first) == alice.owner_id
        assert signed_in_as(second) is None


def test_a_recovery_code_works_once(client: Client, alice: Person) -> None:
    with_authenticator(client)
    code = client.get("/accounts/2fa/recovery-codes/").context["unused_codes"][0]
    first, second = Client(), Client()
    for visitor in (first, second):
        sign_in(visitor)
        visitor.post("/accounts/2fa/authenticate/", {"code": code})
    assert signed_in_as(first) == alice.owner_id
    assert signed_in_as(second) is None


def test_secrets_of_second_factors_are_encrypted(client: Client, alice: Person) -> None:
    secret = with_authenticator(client)
    rows = Authenticator.objects.all()
    assert {row.type for row in rows} == {"totp", "recovery_codes"}
    assert all(secret not in str(row.data) for row in rows)
    row = rows.get(type="totp")
    assert row.data["secret"].startswith("gAAAA")


def test_the_pages_of_second_factors_answer(client: Client, alice: Person) -> None:
    with_authenticator(client)
    for path in ("", "webauthn/", "webauthn/add/", "recovery-codes/generate/", "totp/deactivate/"):
        response = client.get(f"/accounts/2fa/{path}")
        assert response.status_code == 200, path
        assert " style=" not in response.content.decode()


def test_the_admin_asks_for_the_same_sign_in(client: Client, alice: Person) -> None:
    User.objects.filter(people=alice).update(is_staff=True, is_superuser=True)
    assert client.get("/admin/login/")["Location"].startswith("/accounts/login/")


# --- Sessions -------------------------------------------------------------------------------------
def test_signing_out_everywhere_else_ends_the_other_sessions(client: Client, alice: Person) -> None:
    other = Client()
    sign_in(client)
    sign_in(other)
    client.post("/people/settings/sign-out-others/")
    assert client.get("/people/settings/").status_code == 200
    assert other.get("/people/settings/").status_code == 302


def test_only_the_users_own_sessions_end(alice: Person, bob: Person, bob_client: Client) -> None:
    sign_in(Client())
    assert alice.owner is not None
    assert sign_out_everywhere(alice.owner) == 1
    assert bob_client.get("/people/settings/").status_code == 200


def test_sign_ups_that_nobody_confirmed_are_erased_after_a_week(
    client: Client, settings: Settings
) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    form = {"name": "Ada", "email": "ada@example.org", "password1": PASSWORD, "terms": "on"}
    client.post("/accounts/signup/", form | {"born": "1990-12-10"})
    now = timezone.now()
    assert expiry.expire(now + timedelta(days=6))["sign_ups"] == 0
    assert expiry.expire(now + timedelta(days=8))["sign_ups"] == 1
    assert not User.objects.exists()
    assert not Person.objects.exists()


def test_expiry_leaves_who_confirmed_or_signed_in(client: Client, alice: Person) -> None:
    sign_in(client)
    EmailAddress.objects.update(verified=False)
    later = timezone.now() + timedelta(days=60)
    assert expiry.expire(later)["sign_ups"] == 0
    assert User.objects.filter(people=alice).exists()
    assert not Session.objects.exists()

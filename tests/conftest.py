"""Fixtures that every package's tests share: Alice (owner), Bob (allowed), Charlie (stranger)."""

import os
from collections.abc import Iterator
from datetime import date

import hypothesis
import pytest
from django.core.cache import cache
from django.test import Client, TransactionTestCase
from django.utils import translation
from pytest_django import Settings

from people.models import Person, User
from tests.emptying import empty_tables

# How hard Hypothesis tries: quick, and alike in every run; HYPOTHESIS_PROFILE=deep for a night.
# Without a clock over its examples: a busy machine is no fault of what is tested.
_WITHOUT_CLOCK = hypothesis.settings(
    deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow], database=None
)
hypothesis.settings.register_profile("quick", _WITHOUT_CLOCK, max_examples=40, derandomize=True)
hypothesis.settings.register_profile("deep", _WITHOUT_CLOCK, max_examples=2000)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))

# The day on which tests of days take place.
TODAY = date(2026, 3, 1)


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """Limits and counters of one test must not reach the next."""
    cache.clear()


@pytest.fixture(scope="session", autouse=True)
def _emptied_tables() -> Iterator[None]:
    """After a test that commits, only what holds rows is emptied, partitioned tables too."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _: empty_tables())
        yield


@pytest.fixture(autouse=True)
def _quick_passwords(settings: Settings) -> None:
    """A password's hash takes half a second on purpose: too long for thousands of tests."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _own_language() -> Iterator[None]:
    """The language of one test's pages must not reach the next."""
    with translation.override("en"):
        yield


def make_person(name: str) -> Person:
    """Return a signed-up person with a user of their own."""
    user = User.objects.create_user(f"{name.lower()}@example.org", "correct horse battery")
    return Person.objects.create(owner=user, slug=name.lower(), name=name)


@pytest.fixture
def alice(db: None) -> Person:
    return make_person("Alice")


@pytest.fixture
def bob(db: None) -> Person:
    return make_person("Bob")


@pytest.fixture
def charlie(db: None) -> Person:
    return make_person("Charlie")


def signed_in(person: Person) -> Client:
    """Return a test client in which the person's user is signed in."""
    client = Client()
    assert person.owner is not None
    client.force_login(person.owner, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def alice_client(alice: Person) -> Client:
    return signed_in(alice)


@pytest.fixture
def bob_client(bob: Person) -> Client:
    return signed_in(bob)


@pytest.fixture
def charlie_client(charlie: Person) -> Client:
    return signed_in(charlie)

"""A scored person whom the tests of one module share."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from people.models import Person, User
from tests.dashboard.scored import scored


@pytest.fixture(scope="module")
def _alice_scored(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[int]:
    """Score Alice once, in a transaction around those of the module's tests."""
    with ExitStack() as around:
        with django_db_blocker.unblock():
            around.enter_context(transaction.atomic())
            owner = User.objects.create_user("alice@example.org")
            person = Person.objects.create(owner=owner, slug="alice", name="Alice")
            scored(person)
        yield person.pk
        with django_db_blocker.unblock():
            transaction.set_rollback(True)
            around.close()


@pytest.fixture
def scored_alice(_alice_scored: int, db: None) -> Person:
    """Alice with a score on each of the last days; what a test changes is undone after it.

    For modules that commit nothing. Whom they call `alice` is this one:

        @pytest.fixture
        def alice(scored_alice: Person) -> Person:
            return scored_alice
    """
    return Person.objects.get(pk=_alice_scored)

"""Accounts of the sample network in this database, for tests that really sync."""

from connectors import crypto
from connectors.models import Account, Credential
from people.models import Person
from tests.sample_server import SampleServer

HANDLE = "vera.lindqvale"


def sample_account(
    person: Person, server: SampleServer, handle: str = HANDLE, *, linked: bool = True
) -> Account:
    """Return a saved account of the running sample network."""
    return Account.objects.create(
        person=person,
        network="sample",
        native_id=server.account(handle),
        handle=handle,
        status=Account.Status.LINKED if linked else Account.Status.OPEN,
    )


def keep_secret(account: Account, **secret: str) -> Credential:
    """Return a saved credential with that secret."""
    return Credential.objects.create(
        account=account, kind="token", secret=crypto.encrypt_secret(secret)
    )

"""What this package needs to know of accounts on networks, provided by the package above it.

Imports go one way (connectors know people, never backwards), so the connectors hand their
functions over at start: `people.networks.provide(...)`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from people.models import Person


@dataclass(frozen=True, slots=True)
class NamedAccount:
    """An account on a network and all names by which it goes there (native id, handles)."""

    network: str
    names: tuple[str, ...]
    # How people write it, for pages: "@ada@example.social".
    label: str = ""
    # Whether its owner linked it, which proves that it is theirs.
    linked: bool = False
    # Host of its server on federated networks, else "".
    server: str = ""


class Networks(Protocol):
    """What the connectors tell about accounts."""

    def understand(self, text: str) -> list[NamedAccount]:
        """Return the accounts that a typed handle or address may mean; asks no network."""

    def accounts_of(self, person: Person) -> list[NamedAccount]:
        """Return the accounts of a person. One query."""

    def people_named(self, account: NamedAccount) -> list[Person]:
        """Return the people (none or one) who have an account with one of those names here."""

    def profile_text(self, account: NamedAccount) -> tuple[NamedAccount, str] | None:
        """Return the account with all its names and its public profile text, by one request.

        None where there is no such account or the network does not answer.
        """


class NoNetworks:
    """Stands in until the connectors are loaded."""

    def understand(self, text: str) -> list[NamedAccount]:
        return []

    def accounts_of(self, person: Person) -> list[NamedAccount]:
        return []

    def people_named(self, account: NamedAccount) -> list[Person]:
        return []

    def profile_text(self, account: NamedAccount) -> tuple[NamedAccount, str] | None:
        return None


_provided: Networks = NoNetworks()


def provide(networks: Networks) -> None:
    """Take over the connectors' functions; called once at start."""
    global _provided
    _provided = networks


def understand(text: str) -> list[NamedAccount]:
    """Return the accounts that a typed handle or address may mean."""
    return _provided.understand(text)


def accounts_of(person: Person) -> list[NamedAccount]:
    """Return the person's accounts with all their names."""
    return _provided.accounts_of(person)


def people_named(accounts: Iterable[NamedAccount]) -> list[Person]:
    """Return the people who have one of these accounts, each once."""
    found = {p.pk: p for account in accounts for p in _provided.people_named(account)}
    return list(found.values())


def profile_text(account: NamedAccount) -> tuple[NamedAccount, str] | None:
    """Return the account's full names and its public profile text, or None."""
    return _provided.profile_text(account)

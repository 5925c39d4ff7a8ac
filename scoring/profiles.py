"""Whose profile an address is, with all that decides whether and how it is shown, in one query."""

import json
from dataclasses import dataclass

from connectors import registry
from connectors.queries import PublicAccount
from people.models import Person
from people.networks import NamedAccount
from scoring.row_versions import runs_since

# The facts (migration 0011): the version of the rows, the token of the picture, the accounts.
_AT = """
SELECT p.*, scoring_profile_facts(p.id, %(runs_since)s) AS facts
  FROM people_person p WHERE p.slug = %(slug)s
"""


@dataclass(frozen=True, slots=True)
class Profile:
    """A person at an address; ask people.visibility before showing anything of them."""

    # With the token of the shared picture (people.sharing.image_token_of).
    person: Person
    # Those that a page may name.
    accounts: list[PublicAccount]
    # All of them by their names, for the opt-out.
    named: list[NamedAccount]
    # Of the rows behind the page (people.row_versions).
    version: str


def profile_at(slug: str) -> Profile | None:
    """Return whose profile is at that address, or None. One query."""
    values = {"slug": slug.lower(), "runs_since": runs_since()}
    person = next(iter(Person.objects.raw(_AT, values)), None)
    if person is None:
        return None
    # What the query adds to the columns of a person.
    version, token, accounts = vars(person)["facts"]
    vars(person)["image_token"] = token
    rows = json.loads(accounts or "[]")
    return Profile(
        person=person,
        accounts=[
            PublicAccount(network, registry.network(network).name, handle, url)
            for network, _native, handle, url, status in rows
            if status != "unlinked" and network in registry.CONNECTORS
        ],
        named=[
            NamedAccount(network, (native, handle))
            for network, native, handle, _url, _status in rows
        ],
        version=version,
    )

"""Whose profile an address is, with all that decides whether and how it is shown, in one query."""

import json
from dataclasses import dataclass

from django.db import connection

from connectors import registry
from connectors.queries import PublicAccount
from people.models import Person
from people.networks import NamedAccount
from scoring.row_versions import runs_since

_FIELDS = [field.attname for field in Person._meta.concrete_fields]
# The facts (migration 0011): the version of the rows, the token of the picture, the accounts.
_AT = f"""
SELECT {", ".join(f"p.{name}" for name in _FIELDS)},
       scoring_profile_facts(p.id, %(runs_since)s) AS facts
  FROM people_person p WHERE p.slug = %(slug)s
"""  # noqa: S608 - names of columns


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
    with connection.cursor() as cursor:
        cursor.execute(_AT, {"slug": slug.lower(), "runs_since": runs_since()})
        row = cursor.fetchone()
    if row is None:
        return None
    *columns, (version, token, accounts) = row
    person = Person.from_db(connection.alias, _FIELDS, columns)
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

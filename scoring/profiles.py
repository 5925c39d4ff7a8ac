"""Whose profile an address is, with all that decides whether and how it is shown, in one query."""

import json
from dataclasses import dataclass
from typing import Any

from connectors import registry
from connectors.queries import PublicAccount
from people.models import Person
from people.networks import NamedAccount
from people.sharing import IMAGE_TOKEN_COLUMN
from scoring.row_versions import runs_since

# One text for the planner: a profile is opened by its address more often than anything else.
_AT = f"""
SELECT p.*, {IMAGE_TOKEN_COLUMN} AS image_token,
       scoring_profile_version(p.id, %(runs_since)s) AS version,
       (SELECT json_agg(json_build_array(a.network, a.native_id, a.handle, a.url, a.status)
                        ORDER BY a.network, a.added_at, a.id)::text
          FROM connectors_account a WHERE a.person_id = p.id) AS account_rows
  FROM people_person p WHERE p.slug = %(slug)s
"""  # noqa: S608 - texts of ours only


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
    added: dict[str, Any] = vars(person)
    rows = json.loads(added["account_rows"] or "[]")
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
        version=added["version"],
    )

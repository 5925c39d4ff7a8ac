"""The versions of the rows behind the page of networks (people.row_versions says how)."""

from people.row_versions import PERSON, rows, version_of

_NETWORKS = (
    PERSON,
    # Every sync, link and unlinking writes it.
    rows("connectors_account", "t.person_id = p.id"),
    rows("connectors_spending", "t.person_id = p.id"),
    rows("connectors_probableaccount", "t.person_id = p.id"),
)


def networks_version(person_id: int) -> str:
    """Return the version of what the page of networks shows. One query."""
    return version_of(person_id, _NETWORKS, {})

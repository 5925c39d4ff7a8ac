"""A text that is another one as soon as one of some rows has changed; what pages are kept by.

PostgreSQL has it: each row knows the transaction that wrote it (xmin) and where it lies (ctid), and
an update gives it new ones. Nothing has to be noted by whoever writes, so nothing can be forgotten;
rows that are gone are missing in the text. A row that VACUUM FULL or a restored dump has moved
looks changed, which costs a page written anew.
"""

from collections.abc import Mapping
from typing import Any

from django.db import connection

from people.models import User


def rows(table: str, condition: str) -> str:
    """Return the column of a query that tells the versions of all rows that fit."""
    return (
        "(SELECT string_agg(concat(t.xmin, t.ctid), ',' ORDER BY t.ctid)"  # noqa: S608
        f" FROM {table} AS t WHERE {condition})"
    )


def version_of(person_id: int, columns: tuple[str, ...], values: Mapping[str, Any]) -> str:
    """Return the version of the columns, which speak of the person as `p`. One query."""
    # One without rows must not let the others close ranks.
    each = ", ".join(f"coalesce({column}, '')" for column in columns)
    query = f"SELECT md5(concat_ws('|', {each})) FROM people_person p WHERE p.id = %(person)s"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(query, {"person": person_id, **values})
        return str(cursor.fetchone()[0])


PERSON = "concat(p.xmin, p.ctid)"
_SETTINGS = (
    PERSON,
    rows("people_user", "t.id = %(user)s"),
    rows("people_letterplan", "t.person_id = p.id"),
    rows("people_sharelink", "t.person_id = p.id"),
    rows("people_session", "t.user_id = %(user)s"),
    rows("account_emailaddress", "t.user_id = %(user)s"),
)


def settings_version(person_id: int, user: User) -> str:
    """Return the version of what the settings show. One query."""
    return version_of(person_id, _SETTINGS, {"user": user.pk})

"""Who is behind the changes that follow, for triggers that write it into an audit."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from people.models import User


@contextmanager
def acting_as(user: User | None, setting: str) -> Iterator[None]:
    """A transaction whose changes are noted as the user's; None: nobody's, as in a task.

    `setting` is what the triggers of the package read, such as "perks.by".
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting(%s, true), '')", [setting])
        before = cursor.fetchone()[0]
        # Local to the transaction, so that a pooled connection forgets it.
        cursor.execute("SELECT set_config(%s, %s, true)", [setting, str(user.pk) if user else ""])
        yield
        # What a transaction around this one does further on is not the user's any more.
        cursor.execute("SELECT set_config(%s, %s, true)", [setting, before])

"""Who is behind the changes that follow: the triggers write it into each row of the audit."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from people.models import User


@contextmanager
def acting_as(user: User | None) -> Iterator[None]:
    """A transaction whose changes are noted as the user's; None: nobody's, as in a task."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            # Local to the transaction, so that a pooled connection forgets it.
            cursor.execute(
                "SELECT set_config('perks.by', %s, true)", [str(user.pk) if user else ""]
            )
        yield

"""Transactions of a sync that need not wait for the disk."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def without_waiting() -> Iterator[None]:
    """A transaction whose end does not wait until it is on disk.

    For what a later one makes good: the database's log is written in order, so once the commit
    that ends a sync has waited, all before it is on disk. A server that crashes in between has
    lost steps of a sync that is not done, and is done again. What must last by itself (money
    that is taken, secrets, the end of a sync) is never written this way.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit = off")
        yield

"""Databases of a run's own: on the PostgreSQL of the settings, or on one started for the run."""

import secrets
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
from psycopg2 import sql

from klout.bench.server import own_server

PREFIX = "klout_gaming_"
# A namespace of its own among the advisory locks of the server.
_LOCK = "SELECT pg_try_advisory_lock(hashtextextended(%s, 6))"


class Databases:
    """Makes databases on one server and drops them in the end."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection = psycopg2.connect(url, connect_timeout=5)
        self._connection.autocommit = True
        self._made: list[str] = []

    def create(self, template: str = "") -> str:
        """Return the DATABASE_URL of a new database, like a template (its URL) where given."""
        name = PREFIX + secrets.token_hex(6)
        # Held as long as this run lives: databases of dead runs are known by it.
        self._run(sql.SQL(_LOCK), name)
        like = urlsplit(template).path.lstrip("/") if template else "template1"
        self._run(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(like)
            )
        )
        self._made.append(name)
        return urlsplit(self._url)._replace(path=f"/{name}").geturl()

    def forget_dead_runs(self) -> None:
        """Drop databases that a killed run has left behind."""
        with self._connection.cursor() as cursor:
            cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{PREFIX}%"])
            left = [name for (name,) in cursor.fetchall()]
        for name in left:
            with self._connection.cursor() as cursor:
                cursor.execute(_LOCK, [name])
                held = cursor.fetchone()
            if held and held[0]:
                self._drop(name)

    def close(self) -> None:
        """Drop every database that was made here."""
        with closing(self._connection):
            for name in self._made:
                self._drop(name)

    def _drop(self, name: str) -> None:
        self._run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def _run(self, statement: sql.Composable, *values: str) -> None:
        with self._connection.cursor() as cursor:
            cursor.execute(statement, values)


@contextmanager
def databases(url: str, place: Path) -> Iterator[Databases]:
    """Give databases at the server of `url`; where none answers there, of one started for it.

    They are gone afterwards, whatever ends the run; of a killed one, with the next run.
    """
    with ExitStack() as stack:
        found = _reached(url) if url else None
        if found is None:
            environment = stack.enter_context(own_server(place))
            found = Databases(environment["DATABASE_URL"])
        stack.callback(found.close)
        found.forget_dead_runs()
        yield found


def _reached(url: str) -> Databases | None:
    """Return the databases of a server that answers and lets its user make databases."""
    try:
        found = Databases(url)
    except psycopg2.OperationalError:
        return None
    try:
        with found._connection.cursor() as cursor:
            cursor.execute(
                "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
            )
            may = cursor.fetchone()
    except psycopg2.Error:
        may = None
    if not may or not may[0]:
        found.close()
        return None
    return found

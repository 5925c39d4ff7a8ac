"""Which columns hold Fernet tokens under TOKEN_KEYS: all of them are rotated together."""

from django.db import models

from connectors.models import Credential, Post, ServerApp

_columns: list[tuple[type[models.Model], str]] = [
    (Credential, "secret"),
    (ServerApp, "secret"),
    (Post, "text"),
]


def also(model: type[models.Model], column: str) -> None:
    """Declare a column of a package above this one; called at start."""
    if (model, column) not in _columns:
        _columns.append((model, column))


def columns() -> list[tuple[type[models.Model], str]]:
    """Return every model and column."""
    return list(_columns)

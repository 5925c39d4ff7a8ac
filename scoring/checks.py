"""Checks of `manage.py check --database default`, and so of each `migrate`."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core import checks
from django.db import connection

from scoring import versions
from scoring.core.params import by_version
from scoring.models import ModelVersion


@checks.register(checks.Tags.database)
def published_versions_are_as_published(
    *, databases: Sequence[str] | None = None, **_: Any
) -> list[checks.CheckMessage]:
    """Return an error for each published version whose numbers, signals or networks were edited.

    While the project is being worked on (DEBUG) a warning: nothing was promised to anybody.
    """
    if not databases or ModelVersion._meta.db_table not in connection.introspection.table_names():
        return []
    published = ModelVersion.objects.filter(published_from__isnull=False).order_by("pk")
    kind = checks.Warning if settings.DEBUG else checks.Error
    found: list[checks.CheckMessage] = []
    for version, digest in published.values_list("version", "digest"):
        if _digest(version) != digest:
            found.append(
                kind(
                    f"Version {version} of the model is not what was published.",
                    hint="A published version is never edited. Put its parameters, weighted "
                    "signals and networks back as they were, and give what changed a new version: "
                    "preview_version, then publish_version.",
                    id="scoring.E001",
                )
            )
    return found


def _digest(version: str) -> str:
    """Return the digest of what the code has, "" where it has nothing of the name."""
    try:
        return versions.digest_of(by_version(version))
    except ValueError:
        return ""

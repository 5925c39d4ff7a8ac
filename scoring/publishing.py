"""Publishing a version of the model: from a day on it is shown, and can never be edited again."""

from datetime import date

import structlog
from django.db import transaction
from django.utils import timezone

from scoring import daily, versions
from scoring.core.params import by_version
from scoring.models import NOTE_CHARACTERS, ModelVersion, ScoreRun
from scoring.moved import Moved

log = structlog.get_logger(__name__)


class Refused(ValueError):
    """The version cannot be published so; the text says why and what helps."""


def publish(version: str, day: date, note_en: str, note_nb: str) -> ModelVersion:
    """Show the version from a day on that has not been scored; return its row.

    Needs a preview of the very same version beside the one that it replaces. Waits for a scoring
    under way. Raises Refused, ValueError for an unknown version.
    """
    params = by_version(version)
    digest = versions.digest_of(params)
    with daily.alone(wait=True), transaction.atomic():
        timeline = versions.begun()
        row = ModelVersion.objects.select_for_update().filter(version=version).first()
        last_day, last = timeline.starts[-1]
        _refuse_notes(note_en, note_nb)
        _refuse_day(day, last_day)
        if row is None or row.previewed_at is None:
            raise Refused(f"Version {version} was not previewed: run preview_version first.")
        if row.published_from is not None:
            raise Refused(f"Version {version} is published already, from {row.published_from} on.")
        if row.digest != digest:
            raise Refused(f"Version {version} was changed after its preview: preview it again.")
        moved = Moved.from_json(row.preview)
        if moved.compared_with != last.version:
            raise Refused(
                f"The preview compares with {moved.compared_with}, but {last.version} is what "
                "would be replaced: preview it again."
            )
        ModelVersion.objects.filter(version=last.version).update(computed_until=day)
        row.note_en, row.note_nb = note_en.strip(), note_nb.strip()
        row.published_at, row.published_from = timezone.now(), day
        row.save()
    log.info(
        "model_version_published",
        version=version,
        replaces=last.version,
        digest=digest,
        published_from=day.isoformat(),
        people_count=moved.people_count,
        over_1_count=moved.over_1_count,
    )
    return row


def _refuse_notes(note_en: str, note_nb: str) -> None:
    for note in (note_en, note_nb):
        if not note.strip() or len(note) > NOTE_CHARACTERS:
            raise Refused(
                "Say in plain words what changes, in English and in Norwegian bokmål, each in at "
                f"most {NOTE_CHARACTERS} characters."
            )


def _refuse_day(day: date, last_day: date) -> None:
    today = timezone.now().date()
    if day < today:
        raise Refused(f"{day} is past: a version is published from today ({today}, UTC) on.")
    if day <= last_day:
        raise Refused(f"Another version is published from {last_day} on: choose a later day.")
    if ScoreRun.objects.filter(day__gte=day).exists():
        raise Refused(f"{day} has been scored already, or a day after it: choose a later day.")

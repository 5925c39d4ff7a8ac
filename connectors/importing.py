"""Reading and importing dropped files: by a worker, step by step as rows, repeatable at will.

A file is received (dashboard.archives), read whole for the preview, and, if its owner says so,
imported; then it is deleted, as it is when it is refused, discarded or forgotten. What is imported
goes into tables of its own (connectors.own_files), never among what networks told.
"""

import logging
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from connectors.archives import registry
from connectors.archives.container import Refused
from connectors.archives.summary import Summary
from connectors.archives.understood import Act, OwnPost, Understood
from connectors.checks import web_address
from connectors.copying import clean, copy_rows, json_text, staged
from connectors.own_files import OwnAccount, OwnDay, Upload
from connectors.own_files import OwnPost as OwnPostRow
from people.models import Person

log = logging.getLogger(__name__)

BATCH = 5_000
# A longer history is cut, and the page says so.
MOST_POSTS = 1_000_000
# Files of a person that are read, looked at or imported at once.
MOST_AT_ONCE = 3
# A worker that has not said for so long that it is at it was killed.
UNTOUCHED = timedelta(minutes=2)
MOST_ATTEMPTS = 3
# A file that nobody decides about is deleted, and what is told of one that is done.
FILE_LASTS = timedelta(days=1)
ROW_LASTS = timedelta(days=7)


def folder() -> Path:
    """Return where dropped files lie; made where it is missing, closed to others."""
    path = Path(settings.VAR_DIR) / "uploads"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def path_of(upload_id: UUID) -> Path:
    """Return the file of an upload."""
    return folder() / f"{upload_id}.upload"


def may_begin(person: Person) -> bool:
    """Return whether the person may drop another file now. One query."""
    waiting = Upload.objects.filter(
        person=person, state__in=[*Upload.UNDER_WAY, Upload.State.READY]
    )
    return waiting.count() < MOST_AT_ONCE


def begin(person: Person, upload_id: UUID, file_name: str, size_bytes: int) -> Upload:
    """Return the row of a file that lies there; a worker reads it next."""
    return Upload.objects.create(
        id=upload_id,
        person=person,
        file_name=clean(file_name, 255),
        size_bytes=size_bytes,
        touched_at=timezone.now() - UNTOUCHED,
    )


def confirm(person: Person, upload_id: UUID) -> bool:
    """Have a file that was looked at imported; False where there is nothing to decide (any more).

    A second click, another tab and a replayed form change nothing.
    """
    return bool(
        Upload.objects.filter(pk=upload_id, person=person, state=Upload.State.READY).update(
            state=Upload.State.IMPORTING,
            attempts=0,
            done=0,
            touched_at=timezone.now() - UNTOUCHED,
        )
    )


def discard(person: Person, upload_id: UUID) -> bool:
    """Delete a file and what was told of it; one that is being imported ends by itself."""
    rows = Upload.objects.filter(pk=upload_id, person=person)
    deleted, _ = rows.exclude(state=Upload.State.IMPORTING).delete()
    if deleted:
        path_of(upload_id).unlink(missing_ok=True)
    return bool(deleted)


def works_due(now: datetime) -> list[UUID]:
    """Return the uploads that a worker has something to do with and none is at. One query."""
    due = Upload.objects.filter(state__in=Upload.UNDER_WAY, touched_at__lte=now - UNTOUCHED)
    return list(due.order_by("touched_at").values_list("pk", flat=True)[:100])


def work(upload_id: UUID) -> str:
    """Read or import a file, whatever is next; return the state it is in then ("" for none)."""
    with _held(upload_id) as held:
        upload = Upload.objects.select_related("person").filter(pk=upload_id).first()
        if not held or upload is None:
            return ""
        if upload.state not in Upload.UNDER_WAY:
            if upload.state != Upload.State.READY:
                # Killed between the last word and this.
                path_of(upload.pk).unlink(missing_ok=True)
            return upload.state
        Upload.objects.filter(pk=upload.pk).update(
            attempts=F("attempts") + 1, touched_at=timezone.now(), done=0
        )
        if upload.attempts >= MOST_ATTEMPTS:
            return _refuse(upload, "failed")
        try:
            if upload.state == Upload.State.READING:
                return _read(upload)
            return _import(upload)
        except Refused as refused:
            return _refuse(upload, refused.why)
        except FileNotFoundError:
            return _refuse(upload, "failed")
        except Exception as error:
            # The text of an unexpected error can hold anything: its name must do.
            log.exception("upload_bug upload=%s error=%s", upload.pk, type(error).__name__)
            return _refuse(upload, "failed")


def _read(upload: Upload) -> str:
    summary = Summary()
    with registry.detected(path_of(upload.pk), upload.file_name) as found:
        for name, why in found.files.unsafe:
            summary.not_opened(name, why)
        form = found.importer.FORMAT.id
        for _record in _counted(upload, found.importer.read(found.files), summary):
            pass
    _end(upload, Upload.State.READY, format=form, summary=_kept(summary), total=summary.records)
    return Upload.State.READY


def _import(upload: Upload) -> str:
    summary = Summary()
    with registry.detected(path_of(upload.pk), upload.file_name) as found:
        form = found.importer.FORMAT
        records = _counted(upload, found.importer.read(found.files), summary)
        days: Counter[tuple[date | None, int, int]] = Counter()
        posts = 0
        with connection.cursor() as cursor:
            stage = staged(cursor, "stage_own_post", _POST_STAGE)
        while batch := list(islice(records, BATCH)):
            fresh = [record for record in batch if isinstance(record, OwnPost)]
            _stage_posts(stage, fresh[: MOST_POSTS - posts])
            posts += len(fresh)
            for record in batch:
                if isinstance(record, Act):
                    day = record.at.date() if record.at else None
                    days[day, int(record.kind), int(record.direction)] += 1
    # Everything or nothing: until here the posts lie in a table of this session alone, which goes
    # with the worker that is killed.
    with transaction.atomic():
        account = _account(upload, form.network)
        _store_posts(account, stage)
        _store_days(account, days)
        OwnAccount.objects.filter(pk=account.pk).update(
            imported_at=timezone.now(), name=clean(summary.name, 200)
        )
        _end(upload, Upload.State.DONE, summary=_kept(summary), total=summary.records)
    path_of(upload.pk).unlink(missing_ok=True)
    log.info("upload_imported format=%s posts=%s", form.id, posts)
    return Upload.State.DONE


def _kept(summary: Summary) -> dict[str, object]:
    """Return the summary as a row takes it: no NUL, no lone surrogate in its texts."""
    told = summary.to_json()
    return {name: _cleaned(value) for name, value in told.items()}


def _cleaned(value: object) -> object:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [_cleaned(item) for item in value]
    if isinstance(value, dict):
        return {clean(str(key)): _cleaned(item) for key, item in value.items()}
    return value


def _account(upload: Upload, network: str) -> OwnAccount:
    """Return the account that the file says it is of, as it was read for the preview."""
    told = upload.summary
    native_id, handle = clean(told.get("native_id", "")), clean(told.get("handle", ""))
    account, _ = OwnAccount.objects.update_or_create(
        person=upload.person,
        network=network,
        key=(native_id or handle.lower())[:255],
        defaults={"native_id": native_id[:255], "handle": handle[:255]},
    )
    return account


def _counted(
    upload: Upload, records: Iterator[Understood], summary: Summary
) -> Iterator[Understood]:
    """Yield the records, and write down how far it is every few thousand."""
    noted = timezone.now()
    for number, record in enumerate(records, 1):
        summary.add(record)
        yield record
        if number % 1_000 == 0 and (now := timezone.now()) - noted > timedelta(seconds=1):
            noted = now
            Upload.objects.filter(pk=upload.pk).update(done=summary.records, touched_at=now)


def _end(upload: Upload, state: str, **fields: object) -> None:
    Upload.objects.filter(pk=upload.pk).update(
        state=state, attempts=0, touched_at=timezone.now(), **fields
    )


def _refuse(upload: Upload, why: str) -> str:
    """End an upload without an import; nothing of it stays but the word why."""
    _end(upload, Upload.State.REFUSED, why=why, summary={})
    path_of(upload.pk).unlink(missing_ok=True)
    OwnAccount.objects.filter(person=upload.person, imported_at=None).delete()
    log.info("upload_refused why=%s", why)
    return Upload.State.REFUSED


# --- Storing -------------------------------------------------------------------------------------
_POST_COLUMNS = ("native_id", "created_at", "url", "hashtags", "language", "length", "is_reply")
_POST_STAGE = (
    "native_id text, created_at timestamptz, url text, hashtags jsonb, language text, "
    "length integer, is_reply boolean"
)


def _stage_posts(stage: str, posts: list[OwnPost]) -> None:
    rows = (_row(clean(post.native_id, 255), post) for post in posts)
    with connection.cursor() as cursor:
        copy_rows(cursor, stage, _POST_COLUMNS, rows)


def _store_posts(account: OwnAccount, stage: str) -> None:
    """Take over what was staged; of a post that is told twice, the first."""
    table = OwnPostRow._meta.db_table
    names = ", ".join(_POST_COLUMNS)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (account_id, {names}) SELECT %s, {names} FROM {stage} "  # noqa: S608
            "ON CONFLICT (account_id, native_id) DO NOTHING",
            [account.pk],
        )
        cursor.execute(f"TRUNCATE {stage}")


def _row(name: str, post: OwnPost) -> tuple[object, ...]:
    features = post.features
    return (
        name,
        post.created_at,
        web_address(clean(post.url)),
        json_text([clean(tag, 100) for tag in features.hashtags[:50]]),
        clean(features.language, 16),
        features.length,
        post.is_reply,
    )


def _store_days(account: OwnAccount, days: Counter[tuple[date | None, int, int]]) -> None:
    """Keep the larger count of a day: a later file of the account tells of the same days again."""
    table = OwnDay._meta.db_table
    with connection.cursor() as cursor:
        stage = staged(
            cursor,
            "stage_own_day",
            "day date, kind smallint, direction smallint, count integer",
        )
        columns = ("day", "kind", "direction", "count")
        copy_rows(cursor, stage, columns, ((*key, count) for key, count in days.items()))
        cursor.execute(
            f"INSERT INTO {table} (account_id, day, kind, direction, count) "  # noqa: S608
            f"SELECT %s, day, kind, direction, count FROM {stage} "
            "ON CONFLICT (account_id, day, kind, direction) "
            f"DO UPDATE SET count = greatest({table}.count, excluded.count)",
            [account.pk],
        )


# --- Ending --------------------------------------------------------------------------------------
def expire(now: datetime) -> int:
    """Delete files that nobody decided about, rows of the past, and files without a row."""
    old = Upload.objects.filter(created_at__lte=now - FILE_LASTS)
    forgotten = old.filter(state__in=[Upload.State.READING, Upload.State.READY])
    gone = [pk for pk in forgotten.values_list("pk", flat=True)[:1000] if _forget(pk)]
    past = Upload.objects.filter(created_at__lte=now - ROW_LASTS).exclude(
        state=Upload.State.IMPORTING
    )
    removed = len(gone) + past.delete()[0]
    rows = dict(Upload.objects.values_list("pk", "state"))
    states = {path_of(pk).name: state for pk, state in rows.items()}
    for path in folder().iterdir():
        written = datetime.fromtimestamp(path.stat().st_mtime, tz=now.tzinfo)
        stray = path.name not in states and written <= now - FILE_LASTS
        # Whose worker was killed between the last word and the file.
        ended = states.get(path.name) in {Upload.State.DONE, Upload.State.REFUSED}
        if stray or ended:
            path.unlink(missing_ok=True)
            removed += 1
    return removed


def _forget(upload_id: UUID) -> int:
    path_of(upload_id).unlink(missing_ok=True)
    return Upload.objects.filter(pk=upload_id).delete()[0]


def erase_files(person: Person) -> int:
    """Delete the files that the person dropped; return how many lay there."""
    removed = 0
    for upload_id in Upload.objects.filter(person=person).values_list("pk", flat=True):
        path = path_of(upload_id)
        removed += path.exists()
        path.unlink(missing_ok=True)
    return removed


@contextmanager
def _held(upload_id: UUID) -> Iterator[bool]:
    """Hold the upload for this worker; False where another has it (see connectors.sync)."""
    key = f"upload:{upload_id}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 3))", [key])
        (held,) = cursor.fetchone()
    try:
        yield bool(held)
    finally:
        if held:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 3))", [key])

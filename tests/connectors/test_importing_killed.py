"""A worker that is ended by kill -9 in the middle of a real import: all of it comes, or nothing."""

from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from django.utils import timezone
from pytest_django import Settings

from connectors import importing, tasks
from connectors.archives.making import HANDLE, zipped
from connectors.models import OwnAccount, OwnDay, OwnPost, Upload
from people.models import Person
from tests.workers import Worker, wait_until

pytestmark = pytest.mark.django_db(transaction=True)
# So many that a worker is at it for a while after it has said so.
POSTS = 20_000


def history() -> bytes:
    """Return a file of Swarm with a long history."""
    rows = [
        {"id": f"c{n}", "createdAt": 1_500_000_000 + n * 60, "shout": "Fog #bergen"}
        for n in range(POSTS)
    ]
    owner = {"items": [{"id": "4100210", "handle": HANDLE}]}
    return zipped({"checkins1.json": {"items": rows}, "users.json": owner})


@pytest.fixture
def looked_at(alice: Person, tmp_path: Path, settings: Settings) -> UUID:
    """A file that was read and is to be imported; workers see the same folder."""
    settings.VAR_DIR = tmp_path
    upload_id = uuid4()
    data = history()
    importing.path_of(upload_id).write_bytes(data)
    importing.begin(alice, upload_id, "swarm-data-export.zip", len(data))
    assert importing.work(upload_id) == "ready"
    assert importing.confirm(alice, upload_id)
    return upload_id


def state_of(upload_id: UUID) -> str:
    return Upload.objects.values_list("state", flat=True).get(pk=upload_id)


def stored() -> tuple[int, int, int]:
    return OwnAccount.objects.count(), OwnPost.objects.count(), OwnDay.objects.count()


def handed_out_again(upload_id: UUID) -> None:
    """Let the two minutes pass, and the minute's task find the file that nobody is at."""
    Upload.objects.filter(pk=upload_id).update(touched_at=timezone.now() - importing.UNTOUCHED)
    tasks.work_on_due_uploads()


def let_go_by_the_dead(upload_id: UUID) -> bool:
    """Return whether PostgreSQL has noticed that the killed worker's connection is gone."""
    with importing._held(upload_id) as held:
        return held


def waits_for_the_table() -> bool:
    with connection.cursor() as cursor:
        # Within a transaction PostgreSQL would tell the same again.
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' "
            "AND query LIKE 'INSERT INTO connectors_ownpost%'"
        )
        return bool(cursor.fetchone()[0])


def test_an_import_survives_kill_9_in_the_middle_and_while_writing(
    looked_at: UUID, celery_worker: Worker
) -> None:
    # While the file is read.
    tasks.work_on_upload.delay(str(looked_at))
    wait_until(lambda: Upload.objects.filter(attempts=1).exists(), 60, "the begin")
    celery_worker.kill()
    assert state_of(looked_at) == "importing"
    assert stored() == (0, 0, 0)
    assert importing.path_of(looked_at).exists()
    wait_until(lambda: let_go_by_the_dead(looked_at), 30, "the end of the dead connection")
    # While it is written: held where it begins to, and killed there.
    celery_worker.start()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE connectors_ownpost IN EXCLUSIVE MODE")
        tasks.work_on_upload.delay(str(looked_at))
        wait_until(waits_for_the_table, 60, "the writing")
        celery_worker.kill()
    wait_until(lambda: let_go_by_the_dead(looked_at), 30, "the end of the dead connection")
    assert state_of(looked_at) == "importing"
    assert stored() == (0, 0, 0)
    # Another worker ends it.
    celery_worker.start()
    handed_out_again(looked_at)
    wait_until(lambda: state_of(looked_at) == "done", 60, "the import")
    assert stored() == (1, POSTS, 0)
    assert OwnAccount.objects.get().imported_at is not None
    wait_until(lambda: not importing.path_of(looked_at).exists(), 10, "the end of the file")
    assert "Traceback" not in celery_worker.output()


def test_a_file_that_kills_every_worker_ends_with_a_word_and_leaves_nothing(
    looked_at: UUID, celery_worker: Worker
) -> None:
    # Killed as often as is tried.
    Upload.objects.filter(pk=looked_at).update(attempts=importing.MOST_ATTEMPTS)
    handed_out_again(looked_at)
    wait_until(lambda: state_of(looked_at) == "refused", 60, "the word")
    assert Upload.objects.get().why == "failed"
    assert stored() == (0, 0, 0)
    wait_until(lambda: not importing.path_of(looked_at).exists(), 10, "the end of the file")

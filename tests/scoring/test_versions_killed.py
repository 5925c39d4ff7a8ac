"""A worker killed between the two versions of the day of a change."""

from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from scoring import daily, tasks, versions, writing
from scoring.core.params import VERSIONS
from scoring.models import ModelVersion, Score, ScoreRun
from tests.scoring import world
from tests.workers import Worker, wait_until

pytestmark = pytest.mark.django_db(transaction=True)

OLD, NEW = "2026.11", "2026.12"
DAYS = 6


def shown_from(day: date) -> None:
    """Write down that the new version is shown from a day on."""
    versions.begun()
    ModelVersion.objects.filter(version=OLD).update(computed_until=day)
    ModelVersion.objects.create(
        version=NEW,
        digest=versions.digest_of(VERSIONS[NEW]),
        published_at=timezone.now(),
        published_from=day,
    )


def under(version: str, day: date) -> list[bool]:
    """Return whether each of the version's scores of the day is shown."""
    rows = Score.objects.filter(day=day, model_version=version)
    return list(rows.values_list("shown", flat=True))


def test_a_day_of_change_that_was_cut_off_is_scored_again_whole(celery_worker: Worker) -> None:
    today = timezone.now().date()
    first, last = today - timedelta(days=DAYS), today - timedelta(days=1)
    change = first + timedelta(days=3)
    shown_from(change)
    accounts = [
        world.account(world.person(f"P{n}"), synced=today, followers=10 * n) for n in range(5)
    ]
    strangers = world.reactors(12)
    for number, account in enumerate(accounts):
        post = world.post(account, first)
        world.react(account, strangers[number:], world.days(first, DAYS), on=post)

    writing.prepare(world.days(first, DAYS))
    with transaction.atomic():
        # Not committed, it holds up whoever writes a row of the same key: the day's new scores.
        Score.objects.create(
            day=change,
            person_id=accounts[0].person_id,
            model_version=NEW,
            value=2,
            low=1,
            high=3,
            provisional=False,
            mass=0,
            shown=True,
        )
        tasks.backfill.delay(first.isoformat(), last.isoformat())
        wait_until(lambda: len(under(OLD, change)) == 5, 120, "the old version was written")
        celery_worker.kill()
        transaction.set_rollback(True)
    assert ScoreRun.objects.get(day=change).status == "started"
    assert under(NEW, change) == []
    assert under(OLD, change) == [False] * 5

    celery_worker.start()
    tasks.score_closed_days.delay()
    wait_until(
        lambda: ScoreRun.objects.filter(status="done").count() == DAYS, 120, "all days were scored"
    )
    after_kill = world.everything()
    assert under(NEW, change) == [True] * 5
    assert under(OLD, change) == [False] * 5

    for table in world.TABLES:
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {table} CASCADE")
    ScoreRun.objects.all().delete()
    daily.backfill(first, last)
    assert world.everything() == after_kill

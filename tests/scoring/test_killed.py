"""A worker killed in the middle of a backfill loses and doubles nothing."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from connectors.types import Kind
from scoring import daily, tasks
from scoring.models import ScoreRun
from tests.scoring import world
from tests.workers import Worker, wait_until

pytestmark = pytest.mark.django_db(transaction=True)

DAYS = 40


def done_days() -> int:
    return ScoreRun.objects.filter(status="done").count()


def test_a_killed_backfill_comes_to_the_rows_of_an_undisturbed_one(celery_worker: Worker) -> None:
    today = timezone.now().date()
    first, last = today - timedelta(days=DAYS), today - timedelta(days=1)
    accounts = [
        world.account(world.person(f"P{n}"), synced=today, followers=10 * n) for n in range(30)
    ]
    strangers = world.reactors(40)
    known = [world.reactor_of(account) for account in accounts]
    for number, account in enumerate(accounts):
        for day in world.days(first + timedelta(days=number % 5), DAYS - 5):
            post = world.post(account, day)
            world.react(account, strangers[number : number + 9], [day], on=post)
            world.react(account, known[: number % 7], [day], on=post, kind=Kind.RESHARE)
    fleet = world.reactors(60, followers=8)
    world.react(accounts[0], fleet, world.days(first + timedelta(days=3), DAYS - 9))

    tasks.backfill.delay(first.isoformat(), last.isoformat())
    wait_until(lambda: done_days() >= 3, 120, "some days were scored")
    celery_worker.kill()
    killed_after = done_days()
    assert 3 <= killed_after < DAYS, "the worker was to be killed in the middle"
    started = ScoreRun.objects.filter(status="started").count()
    assert started == DAYS - killed_after

    # Beat asks each minute what is due: rows say so, whatever became of the message.
    celery_worker.start()
    tasks.score_closed_days.delay()
    wait_until(lambda: done_days() == DAYS, 120, "the backfill was taken up again")
    after_kill = world.everything()

    for table in world.TABLES:
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {table} CASCADE")
    ScoreRun.objects.all().delete()
    daily.backfill(first, last)
    assert all(rows for table, rows in after_kill.items() if table != "scoring_serverstanding")
    assert world.everything() == after_kill


def test_the_rows_of_a_day_are_there_whole_or_not_at_all(celery_worker: Worker) -> None:
    """The scores of a day and its DONE become visible together."""
    today = timezone.now().date()
    first, last = today - timedelta(days=DAYS), today - timedelta(days=1)
    account = world.account(world.person("Ada"), synced=today)
    world.react(account, world.reactors(5), world.days(first, DAYS))
    tasks.backfill.delay(first.isoformat(), last.isoformat())
    wait_until(lambda: done_days() >= 1, 120, "a day was scored")
    celery_worker.kill()
    done = set(ScoreRun.objects.filter(status="done").values_list("day", flat=True))
    scored = {row[0] for row in world.rows("scoring_score")}
    assert scored == done

"""One person's first scores and a day of everybody are written in turns, without a deadlock."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from scoring import daily
from scoring.models import Moment, ScoreRun
from tests.scoring import world
from tests.workers import wait_until


def _waiting_for_a_turn() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        return bool(cursor.fetchone()[0])


def _first_scores(person_id: int) -> daily.Outcome:
    try:
        return daily.first_scores(person_id)
    finally:
        connections.close_all()


@pytest.mark.django_db(transaction=True)
def test_first_scores_wait_for_the_day_that_is_being_written() -> None:
    today = timezone.now().date()
    ada = world.account(world.person("Ada"), synced=today)
    strangers = world.reactors(5)
    for day in world.days(today - timedelta(days=20), 20):
        world.react(ada, strangers, [day], on=world.post(ada, day))
    daily.backfill(today - timedelta(days=20), today - timedelta(days=1))
    before = Moment.objects.count()
    assert before
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            daily._take_turns(everybody=True)
            running = pool.submit(_first_scores, ada.person_id)
            wait_until(_waiting_for_a_turn, 30, "the other writer's waiting")
            # What it would have locked is free for this transaction.
            assert Moment.objects.select_for_update().count() == before
        assert running.result(60).people_count == 1
    assert ScoreRun.objects.filter(status=ScoreRun.Status.DONE).count() == 20

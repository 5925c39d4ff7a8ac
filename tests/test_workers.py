"""The worker that other tests use: a process of its own, on the same database and broker."""

import os

import psutil
import pytest
from celery import current_app

from tests.workers import Worker, wait_until


@pytest.mark.django_db(transaction=True)
def test_a_worker_takes_tasks_from_this_tests_broker(celery_worker: Worker) -> None:
    current_app.send_task("connectors.tasks.prepare_partitions")
    wait_until(lambda: "prepare_partitions" in celery_worker.output(), 30, "the task")
    wait_until(lambda: "succeeded in" in celery_worker.output(), 30, "its end")
    assert celery_worker.pid != os.getpid()


@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_leaves_no_process_and_can_be_started_again(
    celery_worker: Worker,
) -> None:
    family = [psutil.Process(celery_worker.pid)]
    family += family[0].children(recursive=True)
    assert len(family) >= 3
    celery_worker.kill()

    def all_gone() -> bool:
        return not any(one.is_running() and one.status() != psutil.STATUS_ZOMBIE for one in family)

    wait_until(all_gone, 10, "the end of the pool")
    celery_worker.start()
    current_app.send_task("connectors.tasks.prepare_partitions")
    wait_until(lambda: "succeeded in" in celery_worker.output(), 30, "the task")

"""What workers do for this package; each task has a function, and most a command, of its own."""

from datetime import date
from typing import Any

from celery import Task, shared_task
from django.utils import timezone

from connectors.due import due_day
from connectors.models import Account
from connectors.sync import sync_account
from scoring import due

# Tries of a look-up, and how long one waits for the next.
LOOKUP_TRIES = 4
PAUSE_SECONDS = 5


@shared_task(time_limit=600)
def first_scores(person_id: int) -> None:
    """Score the first history of one person."""
    daily().first_scores(person_id)


@shared_task(bind=True, time_limit=2400, max_retries=60)
def sync_and_score(self: "Task[Any, Any]", account_id: int) -> None:
    """Sync a newly linked account and score its person's history at once."""
    result = sync_account(account_id, due_day(timezone.now()))
    if result.status == "busy":
        raise self.retry(countdown=PAUSE_SECONDS)
    account = Account.objects.filter(pk=account_id, first_synced_at__isnull=False).first()
    if account is not None:
        daily().first_scores(account.person_id)


@shared_task(bind=True, time_limit=2400, max_retries=LOOKUP_TRIES)
def run_lookup(self: "Task[Any, Any]", lookup_id: str) -> None:
    """Open, sync and score the account that somebody asked for."""
    from scoring import lookup

    if not lookup.run_lookup(lookup_id, last_try=self.request.retries >= LOOKUP_TRIES):
        raise self.retry(countdown=PAUSE_SECONDS)


@shared_task(time_limit=50)
def score_new_people() -> None:
    """Hand out the first scores and look-ups whose message was lost."""
    now = timezone.now()
    for person_id in due.people_without_score(now):
        first_scores.apply_async((person_id,), expires=55)
    for lookup_id in due.lost_lookups(now):
        run_lookup.apply_async((str(lookup_id),), expires=55)


@shared_task(time_limit=3000)
def score_closed_days() -> None:
    """Score the closed days whose fetches are done or given up."""
    daily().score_due_days(timezone.now())


@shared_task(time_limit=3000)
def score_day(day: str) -> None:
    """Score one closed day (ISO) for everybody."""
    daily().score_day(date.fromisoformat(day))


@shared_task(time_limit=3000)
def backfill(first: str, last: str) -> None:
    """Score the days from first to last (ISO) that are not done."""
    daily().backfill(date.fromisoformat(first), date.fromisoformat(last))


def daily() -> Any:
    """Return scoring.daily, loaded only where a task runs: web processes just send messages."""
    from scoring import daily as module

    return module


@shared_task(time_limit=3000)
def expire_files() -> None:
    """Take out of the Parquet files what may be kept no longer."""
    from scoring import parquet

    parquet.expire(timezone.now())

"""What workers do for this package; each task has a function, and most a command, of its own."""

from datetime import date
from uuid import UUID

from celery import shared_task
from django.utils import timezone

from connectors import due, expiry, importing, sync
from connectors.partitions import ensure_partitions
from connectors.store import TABLE
from people import expiry as people_expiry


# Beyond the soft limit the try counts as failed; the hard one is for code that does not listen.
@shared_task(soft_time_limit=1500, time_limit=1560)
def sync_account(account_id: int, day: str) -> None:
    """Fetch and store what is new of an account for a day (ISO)."""
    sync.sync_account(account_id, date.fromisoformat(day))


@shared_task(time_limit=50)
def sync_due_accounts() -> None:
    """Hand the accounts that are due to the workers, one small task each."""
    for account_id, day in due.accounts_due(timezone.now()):
        sync_account.apply_async(
            (account_id, day.isoformat()), expires=due.SENT_FOR.total_seconds()
        )


@shared_task(soft_time_limit=3000, time_limit=3060)
def work_on_upload(upload_id: str) -> None:
    """Read or import a dropped file."""
    importing.work(UUID(upload_id))


@shared_task(time_limit=50)
def work_on_due_uploads() -> None:
    """Hand the dropped files that no worker is at to the workers, one task each."""
    for upload_id in importing.works_due(timezone.now()):
        work_on_upload.apply_async((str(upload_id),), expires=120)


@shared_task(time_limit=600)
def prepare_partitions() -> None:
    """Create this month's and the next two months' partitions of the interactions."""
    today = timezone.now().date()
    ensure_partitions(TABLE, today, expiry.months_later(today, 2))


@shared_task(time_limit=1800)
def expire_rows() -> None:
    """Remove everything whose time is over."""
    now = timezone.now()
    expiry.expire_rows(now)
    people_expiry.expire(now)
    importing.expire(now)

"""What workers do for perks; each task has a function of its own."""

import structlog
from celery import shared_task
from django.utils import timezone

from perks import keeping, letters, notices, waiting

log = structlog.get_logger(__name__)


@shared_task(time_limit=280)
def advance() -> None:
    """Hand on what is free to those who wait, and send the letters that are due."""
    waiting.advance(timezone.now())
    letters.send_due()
    notices.send_due(timezone.now())


@shared_task(time_limit=1800)
def follow_scores() -> None:
    """Take up the newest scored day: who qualifies, and who is to be told."""
    notices.follow(timezone.now())


@shared_task(time_limit=600)
def recall() -> None:
    """Recall perks that end soon."""
    letters.recall(timezone.now())


@shared_task(time_limit=600)
def keep() -> None:
    """Remove what is over, and look whether the stock is right."""
    keeping.expire(timezone.now())
    for wrong in keeping.wrong_stock():
        log.error("perk_stock_is_wrong", perk_id=wrong.perk_id, check=wrong.check)

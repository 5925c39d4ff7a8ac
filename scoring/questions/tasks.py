"""What workers do for questions and answers."""

import structlog
from celery import shared_task
from django.utils import timezone

from scoring.questions import keeping

log = structlog.get_logger(__name__)


@shared_task(time_limit=600)
def keep() -> None:
    """Remove empty rows and notices of long ago, and look whether the counts are right."""
    keeping.expire(timezone.now())
    for table, number in keeping.wrong_counts():
        log.error("question_counts_are_wrong", table=table, row_id=number)

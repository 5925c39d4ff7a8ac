"""What workers do for questions and answers."""

from celery import shared_task
from django.utils import timezone

from scoring.questions import keeping


@shared_task(time_limit=600)
def keep() -> None:
    """Remove empty rows whose day is over, and notices of long ago."""
    keeping.expire(timezone.now())

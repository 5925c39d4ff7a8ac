"""What workers do for this package."""

from celery import shared_task
from django.utils import timezone

from people.duty import letters


@shared_task(time_limit=280)
def tell_operators() -> None:
    """Tell operators in their morning what waits for them."""
    letters.plan(timezone.now())
    letters.send_due(timezone.now())

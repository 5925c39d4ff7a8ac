"""What workers do for this package."""

from celery import shared_task
from django.utils import timezone

from dashboard.digest import planning, sending
from dashboard.trend import reached


@shared_task(time_limit=50)
def plan_letters() -> None:
    """Write the digests that are due, and hand the waiting letters to workers."""
    now = timezone.now()
    planning.plan_digests(now)
    for letter_ids in planning.hand_out(now):
        send_letters.apply_async((letter_ids,), expires=60 * planning.HANDED_MINUTES)


@shared_task(time_limit=600)
def plan_reminders() -> None:
    """Write the reminders of goals that are near or reached."""
    planning.plan_reminders(timezone.now())


@shared_task(time_limit=600)
def plan_news() -> None:
    """Write the letters about questions and answers."""
    planning.plan_news(timezone.now())


@shared_task(time_limit=600)
def send_letters(letter_ids: list[int]) -> None:
    """Send a few letters over one connection."""
    sending.send_letters(letter_ids)


@shared_task(time_limit=600)
def expire_letters() -> None:
    """Remove the rows of letters of long ago."""
    sending.expire(timezone.now())


@shared_task(time_limit=600)
def note_reached_goals() -> None:
    """Note the goals that finished days have reached."""
    reached.note_reached_goals()

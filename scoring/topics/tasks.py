"""What workers do for topics."""

from celery import shared_task


@shared_task(time_limit=3000)
def refresh_topics() -> None:
    """Find the topics of people who are due, and of everybody after a newly scored day."""
    from scoring.topics import daily

    daily.refresh()

"""What waits, for the start page of the admin."""

from django import template

from people.duty.queues import Waiting, waiting_for
from people.models import User

register = template.Library()


@register.simple_tag
def waiting_work(user: object) -> list[Waiting]:
    """Return what waits for a user, the oldest first."""
    return waiting_for(user) if isinstance(user, User) else []

"""Who may write here, and how often: what asking, answering and reporting have in common."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Model
from django.utils import timezone

from people.letters import has_address
from people.models import User
from scoring.questions.wording import MOST_LINKS

# Whoever signed up more recently writes no links: it is what senders of advertising come for.
LINKS_AFTER = timedelta(days=1)


class NotPosted(Exception):
    """Something that was not stored; the class says why."""


class NoAddress(NotPosted):
    """The user has no confirmed e-mail address."""


class NotThere(NotPosted):
    """There is nothing of that number that the user may read, or it is not theirs to change."""


class EnoughForToday(NotPosted):
    """As many as one may in a day are there."""


class OwnThing(NotPosted):
    """It is the user's own: nobody answers, thanks or reports oneself."""


class TooLate(NotPosted):
    """It was answered meanwhile, or the time for changes is over."""


class TooOften(NotPosted):
    """More in a short time than anybody does by hand."""


def check_address(user: User) -> None:
    """Raise NoAddress for a user without a confirmed e-mail address. One query."""
    if not has_address(user):
        raise NoAddress


def links_of(user: User, now: datetime) -> int:
    """Return how many links a text of the user may hold."""
    return MOST_LINKS if now - user.date_joined >= LINKS_AFTER else 0


def locked(user: User) -> User:
    """Return the user's row, locked: of one user one at a time, so that a second click waits."""
    return User.objects.select_for_update(no_key=True).get(pk=user.pk)


def free_slot(model: type[Model], most: int, **mine: Any) -> int:
    """Return the first free place of today's, of the rows of `mine`; raise EnoughForToday.

    The database keeps the limit: the places are numbered, and each is there once.
    """
    rows = model._default_manager.filter(day=today(), **mine)
    taken = set(rows.values_list("slot", flat=True))
    free = next((slot for slot in range(1, most + 1) if slot not in taken), None)
    if free is None:
        raise EnoughForToday
    return free


def today() -> date:
    """Return the UTC day."""
    return timezone.now().date()

"""Removes what has had its time here: sign-ups that nobody confirmed, and sessions."""

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress

from people import erasure
from people.models import Session, User

# A sign-up whose e-mail address was never confirmed may be with a stranger's address.
UNCONFIRMED_DAYS = 7


def expire(now: datetime, *, batch: int = 500) -> dict[str, int]:
    """Remove what is over at `now`, at most `batch` sign-ups; return the counts by word."""
    return {
        "sign_ups": _unconfirmed(now, batch),
        "sessions": Session.objects.filter(expire_date__lte=now).delete()[0],
    }


def _unconfirmed(now: datetime, batch: int) -> int:
    """Erase users who never signed in and never confirmed an address; return how many."""
    users = User.objects.filter(
        date_joined__lte=now - timedelta(days=UNCONFIRMED_DAYS),
        last_login__isnull=True,
        emailaddress__verified=False,
    ).exclude(pk__in=EmailAddress.objects.filter(verified=True).values("user"))
    count = 0
    for user in users.distinct()[:batch]:
        for person in user.people.all():
            erasure.erase(person)
        User.objects.filter(pk=user.pk).delete()
        count += 1
    return count

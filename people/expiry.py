"""Removes what has had its time: looked-up profiles, opt-outs without proof, dead sign-ups."""

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.utils import timezone

from people import erasure, opt_out
from people.models import Person, Session, User

# A sign-up whose e-mail address was never confirmed may be a stranger's address.
UNCONFIRMED_DAYS = 7


def expire(now: datetime | None = None, *, batch: int = 500) -> dict[str, int]:
    """Erase what is over at `now`; return the counts. Safe to run at any time, in batches."""
    now = now or timezone.now()
    people = Person.objects.filter(owner__isnull=True, expires_at__lte=now)[:batch]
    expired = [erasure.erase(person) for person in people]
    return {
        "people": len(expired),
        "sign_ups": _unconfirmed(now, batch),
        "opt_outs": opt_out.expire(),
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

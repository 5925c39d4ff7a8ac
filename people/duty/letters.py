"""The e-mail of a morning to each operator for whom something waits: counts and links, no more.

A row for each operator and day is written first, so that a day has one e-mail, whoever runs this
and however often. waiting ──▶ sending ──▶ sent: the row is marked before the mail server gets the
letter, and what a killed worker leaves at *sending* is not sent again (as with digests).
"""

import logging
import smtplib
from datetime import date, datetime, timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db.models import F
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from people.duty.queues import waiting_for
from people.duty_models import DutyLetter
from people.models import User
from people.mornings import is_morning, morning_of, zone_of

log = logging.getLogger(__name__)

# Operators who are written to at most: there are a few.
MOST_OPERATORS = 500
MOST_TRIES = 4
PAUSE = timedelta(minutes=20)
# Later than this it is no morning letter any more; tomorrow there is another one.
STALE = timedelta(hours=6)
KEPT = timedelta(days=60)


def plan(now: datetime, *, at_once: bool = False) -> int:
    """Write the letters of operators whose morning it is and for whom something waits.

    Return how many. `at_once`: whatever the hour.
    """
    if not settings.OPERATOR_LETTERS:
        return 0
    staff = User.objects.filter(is_staff=True, is_active=True).order_by("pk")
    letters = []
    for user in staff[:MOST_OPERATORS]:
        day = due_day(user, now, at_once=at_once)
        if day is None or DutyLetter.objects.filter(user=user, day=day).exists():
            continue
        if address_of(user) and waiting_for(user):
            letters.append(DutyLetter(user=user, day=day, try_at=now))
    DutyLetter.objects.bulk_create(letters, ignore_conflicts=True)
    return len(letters)


def due_day(user: User, now: datetime, *, at_once: bool = False) -> date | None:
    """Return the user's own day where it is their morning; None at other hours."""
    zone = zone_of(user.time_zone)
    day = now.astimezone(zone).date()
    due = morning_of(day, zone, user.pk)
    return day if at_once or (due <= now and is_morning(due, now)) else None


def address_of(user: User) -> str:
    """Return where to write to: the confirmed address; "" for a user who has none.

    Whoever was made by a command has no row to confirm: the operator who typed it vouches for it.
    """
    rows = EmailAddress.objects.filter(user=user).order_by("-verified", "-primary", "pk")
    row = rows.first()
    if row is None:
        return str(user.email or "")
    return str(row.email) if row.verified else ""


def send_due(now: datetime) -> int:
    """Send the letters that wait; return how many went out. Old rows are removed."""
    DutyLetter.objects.filter(created_at__lt=now - KEPT).delete()
    due = DutyLetter.objects.filter(state=DutyLetter.State.WAITING, try_at__lte=now)
    letters = due.select_related("user").order_by("try_at", "pk")[:MOST_OPERATORS]
    return sum(_send(letter, now) for letter in letters)


def _send(letter: DutyLetter, now: datetime) -> bool:
    address = address_of(letter.user)
    message = message_for(letter.user, address) if address else None
    if message is None or letter.created_at < now - STALE:
        # Somebody else decided all of it meanwhile, or the morning is over.
        return _end(letter, DutyLetter.State.SKIPPED)
    connection = get_connection()
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        return _again(letter, now, error)
    try:
        if not _take(letter):
            return False
        message.connection = connection
        message.send()
    except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused) as error:
        # The server said no: it does not have the letter.
        return _again(letter, now, error)
    except (OSError, smtplib.SMTPException) as error:
        # The line broke: the server may have it. Not sent again.
        log.warning("duty_letter_unknown id=%s error=%s", letter.pk, type(error).__name__)
        return False
    finally:
        connection.close()
    DutyLetter.objects.filter(pk=letter.pk).update(state=DutyLetter.State.SENT, sent_at=now)
    return True


def _take(letter: DutyLetter) -> bool:
    """Mark the letter as being sent; of two workers one gets True."""
    waiting = DutyLetter.objects.filter(pk=letter.pk, state=DutyLetter.State.WAITING)
    return bool(waiting.update(state=DutyLetter.State.SENDING, tries=F("tries") + 1))


def _again(letter: DutyLetter, now: datetime, error: Exception) -> bool:
    tries = max(letter.tries + 1, DutyLetter.objects.get(pk=letter.pk).tries)
    log.warning("duty_letter_not_sent id=%s error=%s", letter.pk, type(error).__name__)
    if tries >= MOST_TRIES:
        return _end(letter, DutyLetter.State.FAILED)
    DutyLetter.objects.filter(pk=letter.pk).update(
        state=DutyLetter.State.WAITING, tries=tries, try_at=now + PAUSE
    )
    return False


def _end(letter: DutyLetter, state: DutyLetter.State) -> bool:
    DutyLetter.objects.filter(pk=letter.pk).update(state=state)
    return False


def message_for(user: User, address: str) -> EmailMessage | None:
    """Return the e-mail in its reader's language and time zone; None where nothing waits.

    The first line of its template is the subject.
    """
    language = user.language if user.language in dict(settings.LANGUAGES) else ""
    with (
        translation.override(language or settings.LANGUAGE_CODE),
        timezone.override(zone_of(user.time_zone)),
    ):
        waiting = waiting_for(user)
        if not waiting:
            return None
        values = {
            "site": settings.SITE_URL,
            "waiting": waiting,
            "total": sum(row.count for row in waiting),
            "admin": settings.SITE_URL + reverse("admin:index"),
        }
        text = render_to_string("duty/letter.txt", values)
    subject, _, body = text.strip().partition("\n")
    return EmailMessage(subject.strip(), body.strip() + "\n", to=[address])

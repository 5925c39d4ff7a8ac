"""Sending a letter: never twice, and lost only with the worker that was speaking to the server.

waiting ──▶ sending ──▶ sent. The letter is written first; then it is marked as being sent, and only
then does the mail server get it. A worker that is killed before leaves it waiting, for another one;
one that is killed while the server has the letter leaves it sending: it may have gone out, so it is
not sent again. A clear no of the server puts it back, or ends it.
"""

import logging
import smtplib
from collections.abc import Iterable
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F
from django.utils import timezone

from dashboard.digest.mail import message_for
from people.models import Letter, LetterPlan
from scoring.questions.notices import mark_told

log = logging.getLogger(__name__)

MOST_TRIES = 5
FIRST_PAUSE_MINUTES = 15
# Older letters are no news.
STALE_HOURS = 36
# SMTP's words from here on mean "never".
FOR_GOOD = 500


def send_letters(letter_ids: Iterable[int]) -> int:
    """Send the letters that still wait; return how many went out.

    A server that does not answer ends the batch: what is left waits for its next turn.
    """
    connection = get_connection()
    count = 0
    try:
        for letter_id in letter_ids:
            letter = (
                Letter.objects.select_related("person__owner")
                .filter(pk=letter_id, state=Letter.State.WAITING)
                .first()
            )
            if letter is None:
                continue
            try:
                connection.open()
            except (OSError, smtplib.SMTPException) as error:
                log.warning("mail_server_down error=%s", type(error).__name__)
                _again(letter, error)
                break
            count += _send(letter, connection)
    finally:
        connection.close()
    return count


def _send(letter: Letter, connection: BaseEmailBackend) -> bool:
    now = timezone.now()
    address = address_of(letter)
    if not address or letter.created_at < now - timedelta(hours=STALE_HOURS):
        return _end(letter, Letter.State.SKIPPED)
    try:
        message = message_for(letter, address)
    except Exception as error:
        # A fault of ours with this letter must not keep the others of the batch.
        log.exception("letter_not_written letter_id=%s", letter.pk)
        return _again(letter, error)
    if message is None:
        return _end(letter, Letter.State.SKIPPED)
    if not _take(letter):
        return False
    message.connection = connection
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        refused_for_good = all(code >= FOR_GOOD for code, _words in error.recipients.values())
        if refused_for_good:
            LetterPlan.objects.filter(person_id=letter.person_id).update(
                refused_at=now, next_at=None
            )
            return _end(letter, Letter.State.FAILED)
        return _again(letter, error)
    except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError, smtplib.SMTPHeloError) as error:
        # The server said no: it does not have the letter.
        return _again(letter, error)
    except (OSError, smtplib.SMTPException) as error:
        # The line broke: the server may have it. Not sent again.
        log.warning("letter_unknown letter_id=%s error=%s", letter.pk, type(error).__name__)
        connection.close()
        return False
    Letter.objects.filter(pk=letter.pk).update(state=Letter.State.SENT, sent_at=timezone.now())
    if letter.kind == Letter.Kind.ANSWERS:
        mark_told(letter.person, now)
    return True


def address_of(letter: Letter) -> str:
    """Return the confirmed address of the letter's person; "" where there is none to write to."""
    owner = letter.person.owner
    if owner is None or not owner.is_active:
        return ""
    plan = LetterPlan.objects.filter(person_id=letter.person_id).first()
    if plan is None or plan.refused_at is not None:
        return ""
    if not _is_wanted(letter, plan):
        return ""
    rows = EmailAddress.objects.filter(user=owner, verified=True).order_by("-primary", "pk")
    return str(rows.values_list("email", flat=True).first() or "")


def _is_wanted(letter: Letter, plan: LetterPlan) -> bool:
    """Return whether the person still wants letters of this kind."""
    if letter.kind == Letter.Kind.ANSWERS:
        return plan.answers
    return plan.goals if letter.kind.startswith("goal") else plan.rhythm == letter.kind


def _take(letter: Letter) -> bool:
    """Mark the letter as being sent; of two workers one gets True."""
    waiting = Letter.objects.filter(pk=letter.pk, state=Letter.State.WAITING)
    return bool(waiting.update(state=Letter.State.SENDING, tries=F("tries") + 1))


def _again(letter: Letter, error: Exception) -> bool:
    """Put the letter back for later, or end it after too many tries."""
    row = Letter.objects.get(pk=letter.pk)
    tries = max(row.tries, letter.tries + 1)
    if tries >= MOST_TRIES:
        log.warning("letter_failed letter_id=%s error=%s", letter.pk, type(error).__name__)
        return _end(letter, Letter.State.FAILED)
    Letter.objects.filter(pk=letter.pk).update(
        state=Letter.State.WAITING, tries=tries, try_at=timezone.now() + pause_after(tries)
    )
    return False


def pause_after(tries: int) -> timedelta:
    """Return how long a letter waits after so many tries: a quarter of an hour, then twice that."""
    return timedelta(minutes=FIRST_PAUSE_MINUTES * 2 ** (tries - 1))


def _end(letter: Letter, state: Letter.State) -> bool:
    Letter.objects.filter(pk=letter.pk).update(state=state)
    return False


def expire(now: datetime, *, days: int = 60, batch: int = 10_000) -> int:
    """Remove letters of long ago; return how many. Their people and periods are past."""
    old = Letter.objects.filter(created_at__lt=now - timedelta(days=days)).values("pk")[:batch]
    return Letter.objects.filter(pk__in=list(old.values_list("pk", flat=True))).delete()[0]

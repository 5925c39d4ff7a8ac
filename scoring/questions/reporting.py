"""Reports about questions and answers: enough of them hide a text until somebody looked at it."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from people.models import User
from scoring.questions import wording
from scoring.questions.models import (
    REPORTS_A_DAY,
    WORDS_MOST,
    Answer,
    Question,
    Reason,
    Report,
    Written,
)
from scoring.questions.moderation import hide_held
from scoring.questions.posting import (
    NotPosted,
    NotThere,
    OwnThing,
    check_address,
    free_slot,
    locked,
    today,
)
from scoring.questions.things import Thing, held

# Reports by so many different users hide a text: one may be wrong, two may be friends.
HIDDEN_AT = 3
# Theirs count who signed up so long ago, and of whose reports of late not more were wrong.
STANDING_AFTER, LATELY, MOST_WRONG = timedelta(days=7), timedelta(days=90), 2


class ReportedAlready(NotPosted):
    """The user reported the same before."""


def in_good_standing(user: User, now: datetime) -> bool:
    """Return whether the user's reports count towards hiding. One query."""
    if not user.is_active or now - user.date_joined < STANDING_AFTER:
        return False
    wrong = Report.objects.filter(user=user, outcome=Report.Outcome.DISMISSED, at__gt=now - LATELY)
    return wrong.count() <= MOST_WRONG


def report(user: User, about: Thing, reason: str, words: str) -> bool:
    """Store a report; return whether it hid the text.

    Raises NoAddress, NotThere, OwnThing, ReportedAlready, EnoughForToday, and wording.Unfit.
    """
    check_address(user)
    if reason not in Reason.values:
        raise NotThere
    words = wording.lines(words)
    wording.check("words", words, least=0, most=WORDS_MOST, most_links=wording.MOST_LINKS)
    with transaction.atomic():
        locked(user)
        # Nobody's change: it is the number of reports that hides.
        with held(about, None) as row:
            _check_readable(row)
            if row.author_user_id == user.pk:
                raise OwnThing
            if Report.objects.filter(user=user, **about.reports).exists():
                raise ReportedAlready
            Report.objects.create(
                **about.reports,
                user=user,
                reason=reason,
                words=words,
                counts=in_good_standing(user, timezone.now()),
                day=today(),
                slot=free_slot(Report, REPORTS_A_DAY, user=user),
            )
            return _hide_if_enough(row, about)


def _check_readable(row: Question | Answer) -> None:
    asked = row.question if isinstance(row, Answer) else row
    for written in (row, asked):
        if written.state != Written.State.SHOWN or written.is_away:
            raise NotThere


def _hide_if_enough(row: Question | Answer, about: Thing) -> bool:
    # What an operator let stand is not hidden by further reports: they are looked at.
    if row.cleared_at is not None:
        return False
    counted = Report.objects.filter(**about.reports, counts=True, decided_at__isnull=True)
    if counted.values("user_id").distinct().count() < HIDDEN_AT:
        return False
    return hide_held(row, about)

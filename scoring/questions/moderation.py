"""What operators decide about texts, and objections to it. Every change is in the audit."""

from collections import Counter

from django.utils import timezone

from people.models import User
from scoring.questions import wording
from scoring.questions.models import WORDS_MOST, Answer, Notice, Question, Reason, Report, Written
from scoring.questions.notices import note_decision
from scoring.questions.posting import NotPosted, NotThere
from scoring.questions.things import Thing, held

OBJECTION_LEAST = 10


class ObjectedAlready(NotPosted):
    """The author objected to this before."""


def hide_held(row: Question | Answer, about: Thing, why: str = "") -> bool:
    """Hide a shown text within things.held; return False for any other."""
    if row.state != Written.State.SHOWN:
        return False
    row.state, row.hidden_at = Written.State.HIDDEN, timezone.now()
    row.hidden_why = why or _most_said(about)
    row.objection, row.objected_at, row.objection_decided_at = "", None, None
    row.save(
        update_fields=[
            *("state", "hidden_at", "hidden_why"),
            *("objection", "objected_at", "objection_decided_at"),
        ]
    )
    note_decision(row, Notice.Kind.HIDDEN)
    return True


def _most_said(about: Thing) -> str:
    reasons = Report.objects.filter(**about.reports, decided_at=None).order_by("id")
    said = Counter(reasons.values_list("reason", flat=True)[:1_000])
    return said.most_common(1)[0][0] if said else Reason.OTHER


def hide(about: Thing, by: User) -> bool:
    """Hide a text, or leave it hidden for good; return whether anything was decided."""
    with held(about, by) as row:
        hidden = hide_held(row, about)
        if row.state != Written.State.HIDDEN:
            return False
        decided = _decide(about, Report.Outcome.HIDDEN)
        objected = _decide_objection(row)
        if objected:
            row.save(update_fields=["objection_decided_at"])
        return hidden or objected or decided > 0


def let_stand(about: Thing, by: User) -> bool:
    """Show a text, and let reports alone hide it no more; return whether anything was decided."""
    with held(about, by) as row:
        if row.state == Written.State.WITHDRAWN:
            return False
        was_hidden = row.state == Written.State.HIDDEN
        decided = _decide(about, Report.Outcome.DISMISSED)
        if not was_hidden and not decided:
            return False
        _decide_objection(row)
        row.state, row.hidden_why, row.cleared_at = Written.State.SHOWN, "", timezone.now()
        row.save(update_fields=["state", "hidden_why", "cleared_at", "objection_decided_at"])
        if was_hidden:
            note_decision(row, Notice.Kind.RESTORED)
        return True


def _decide(about: Thing, outcome: str) -> int:
    reports = Report.objects.filter(**about.reports, decided_at__isnull=True)
    return reports.update(decided_at=timezone.now(), outcome=outcome)


def _decide_objection(row: Question | Answer) -> bool:
    if row.objected_at is None or row.objection_decided_at is not None:
        return False
    row.objection_decided_at = timezone.now()
    return True


def object_to(user: User, about: Thing, words: str) -> None:
    """Store the author's objection to the hiding of a text of theirs, one each time.

    Raises NotThere, ObjectedAlready and wording.Unfit.
    """
    words = wording.lines(words)
    wording.check("words", words, least=OBJECTION_LEAST, most=WORDS_MOST, most_links=0)
    with held(about, user) as row:
        if row.author_user_id != user.pk or row.state != Written.State.HIDDEN:
            raise NotThere
        if row.objected_at is not None:
            raise ObjectedAlready
        row.objection, row.objected_at = words, timezone.now()
        row.save(update_fields=["objection", "objected_at"])


def own_hidden(user: User, about: Thing) -> Question | Answer:
    """Return a hidden text of the user's own to which they may object; raise NotThere."""
    found = about.kind._default_manager.filter(
        pk=about.pk, author_user=user, state=Written.State.HIDDEN, objected_at__isnull=True
    ).first()
    if found is None:
        raise NotThere
    assert isinstance(found, Question | Answer)
    return found

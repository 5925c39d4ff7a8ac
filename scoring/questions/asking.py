"""Asking: a question is asked, changed while nobody answered, and withdrawn."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from people.models import Person, User
from scoring.questions import wording
from scoring.questions.audit import acting_as
from scoring.questions.models import (
    DETAILS_MOST,
    QUESTIONS_A_DAY,
    TITLE_LEAST,
    TITLE_MOST,
    Question,
    Report,
)
from scoring.questions.posting import (
    NotThere,
    TooLate,
    check_address,
    free_slot,
    links_of,
    locked,
    today,
)
from scoring.topics.models import Topic

# A question can be changed for so long, while nobody answered it.
CHANGED_FOR = timedelta(hours=24)


class AskedAlready(Exception):
    """The same question is there; `question_id` is its number."""

    def __init__(self, question_id: int) -> None:
        super().__init__(question_id)
        self.question_id = question_id


def worded(user: User, title: str, details: str) -> tuple[str, str]:
    """Return title and details as they are kept; raise wording.Unfit."""
    title, details = wording.line(title), wording.lines(details)
    wording.check("title", title, least=TITLE_LEAST, most=TITLE_MOST, most_links=0)
    links = links_of(user, timezone.now())
    wording.check("details", details, least=0, most=DETAILS_MOST, most_links=links)
    return title, details


def ask(author: Person, topic_id: str, title: str, details: str) -> Question:
    """Store a question of the author, whose owner is signed in.

    Raises wording.Unfit, posting.NoAddress, posting.EnoughForToday and AskedAlready. However many
    requests come at once, the database lets three a day through, and each question once.
    """
    user = author.owner
    if user is None or not Topic.objects.filter(pk=topic_id, is_active=True).exists():
        raise NotThere
    check_address(user)
    title, details = worded(user, title, details)
    with transaction.atomic():
        locked(user)
        mine = Question.objects.filter(author_user=user)
        same = mine.exclude(state=Question.State.WITHDRAWN).filter(topic_id=topic_id, title=title)
        if (known := same.values_list("pk", flat=True).first()) is not None:
            raise AskedAlready(known)
        return Question.objects.create(
            author=author,
            author_user=user,
            topic_id=topic_id,
            title=title,
            details=details,
            day=today(),
            slot=free_slot(Question, QUESTIONS_A_DAY, author_user=user),
        )


def may_change(question: Question, now: datetime) -> bool:
    """Return whether its author may change the question now."""
    return (
        question.state == Question.State.SHOWN
        and question.answers_count == 0
        and now < question.at + CHANGED_FOR
    )


def is_changeable(question: Question) -> bool:
    """Return whether its author may change the question at this moment."""
    return may_change(question, timezone.now())


def own_question(user: User, question_id: int, *, lock: bool = False) -> Question:
    """Return a question of the user's own that was not withdrawn; raise NotThere. One query."""
    rows = Question.objects.select_related("topic", "author")
    if lock:
        rows = Question.objects.select_for_update(no_key=True)
    mine = rows.filter(author_user=user, pk=question_id).exclude(state=Question.State.WITHDRAWN)
    if (found := mine.first()) is None:
        raise NotThere
    return found


def change(user: User, question_id: int, title: str, details: str) -> None:
    """Change a question of one's own; raise NotThere, TooLate, AskedAlready, wording.Unfit."""
    title, details = worded(user, title, details)
    with transaction.atomic():
        locked(user)
        question = own_question(user, question_id, lock=True)
        if (question.title, question.details) == (title, details):
            return
        if not may_change(question, timezone.now()):
            raise TooLate
        same = Question.objects.filter(author_user=user, topic_id=question.topic_id, title=title)
        if (known := same.exclude(pk=question.pk).values_list("pk", flat=True).first()) is not None:
            raise AskedAlready(known)
        question.title, question.details = title, details
        # What was looked at and let stand was another text.
        question.edited_at, question.cleared_at = timezone.now(), None
        question.save(update_fields=["title", "details", "edited_at", "cleared_at"])


def withdraw(user: User, question_id: int) -> None:
    """Take a question of one's own away, with its words; raise NotThere.

    An empty row stays: its place of the day is used, and answers in it stay their authors' own.
    """
    with acting_as(user):
        question = own_question(user, question_id, lock=True)
        question.state = Question.State.WITHDRAWN
        question.title = question.details = question.objection = ""
        question.save(update_fields=["state", "title", "details", "objection"])
        Report.objects.filter(question=question).delete()

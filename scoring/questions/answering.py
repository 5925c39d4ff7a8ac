"""Answering: once for each question, changed and withdrawn by who wrote it."""

from django.db import transaction
from django.utils import timezone

from people.models import Person, User
from scoring.questions import wording
from scoring.questions.audit import acting_as
from scoring.questions.models import (
    ANSWER_LEAST,
    ANSWER_MOST,
    ANSWERS_A_DAY,
    Answer,
    Helpful,
    Question,
    Report,
    is_there,
)
from scoring.questions.notices import note_answer
from scoring.questions.posting import (
    NotPosted,
    NotThere,
    OwnThing,
    check_address,
    free_slot,
    links_of,
    locked,
    today,
)


class AnsweredAlready(NotPosted):
    """The user answered the question; `answer_id` is the answer's number."""

    def __init__(self, answer_id: int) -> None:
        super().__init__(answer_id)
        self.answer_id = answer_id


class Barred(NotPosted):
    """An answer of the user's to this question was hidden, and withdrawn then."""


def worded(user: User, text: str) -> str:
    """Return an answer's text as it is kept; raise wording.Unfit."""
    text = wording.lines(text)
    links = links_of(user, timezone.now())
    wording.check("text", text, least=ANSWER_LEAST, most=ANSWER_MOST, most_links=links)
    return text


def open_question(question_id: int) -> Question:
    """Return a question that everybody may read, locked; raise NotThere.

    Whoever writes about a question locks it first, so that nobody waits for each other.
    """
    rows = Question.objects.select_for_update(no_key=True, of=("self",)).filter(is_there())
    found = rows.filter(pk=question_id, topic__is_active=True).first()
    if found is None:
        raise NotThere
    return found


def answer(author: Person, question_id: int, text: str) -> Answer:
    """Store the author's answer, and note that who asked is to be told.

    Raises wording.Unfit, and NotPosted: NoAddress, NotThere, OwnThing, EnoughForToday, Barred
    and AnsweredAlready – of two tabs at once one gets that. What was withdrawn is written anew.
    """
    user = author.owner
    if user is None:
        raise NotThere
    check_address(user)
    text = worded(user, text)
    with transaction.atomic():
        locked(user)
        question = open_question(question_id)
        if question.author_user_id == user.pk:
            raise OwnThing
        mine = Answer.objects.filter(question=question, author_user=user).first()
        if mine is not None and mine.state != Answer.State.WITHDRAWN:
            raise AnsweredAlready(mine.pk)
        if mine is not None and mine.hidden_why:
            raise Barred
        if mine is None:
            mine = Answer(
                question=question,
                author_user=user,
                day=today(),
                slot=free_slot(Answer, ANSWERS_A_DAY, author_user=user),
            )
        mine.author, mine.text, mine.state = author, text, Answer.State.SHOWN
        mine.at, mine.edited_at = timezone.now(), None
        mine.save()
        note_answer(question, mine)
    return mine


def own_answer(user: User, answer_id: int, *, lock: bool = False) -> Answer:
    """Return an answer of the user's own that was not withdrawn; raise NotThere. One query."""
    rows = Answer.objects.select_related("question__topic", "author")
    if lock:
        rows = Answer.objects.select_for_update(no_key=True)
    mine = rows.filter(author_user=user, pk=answer_id).exclude(state=Answer.State.WITHDRAWN)
    if (found := mine.first()) is None:
        raise NotThere
    return found


def own_shown(user: User, answer_id: int) -> Answer:
    """Return an answer of the user's own that can be changed: not a hidden one; raise NotThere."""
    mine = own_answer(user, answer_id)
    if mine.state != Answer.State.SHOWN:
        raise NotThere
    return mine


def title_of(mine: Answer) -> str:
    """Return the title of the question of an answer; "" where others may not read it."""
    asked = mine.question
    is_open = asked.state == Question.State.SHOWN and not asked.is_away
    return asked.title if is_open else ""


def change(user: User, answer_id: int, text: str) -> None:
    """Change an answer of one's own; it is marked as edited. Raises NotThere, wording.Unfit."""
    text = worded(user, text)
    with transaction.atomic():
        mine = own_answer(user, answer_id, lock=True)
        if mine.state != Answer.State.SHOWN:
            raise NotThere
        if mine.text != text:
            # What was looked at and let stand was another text.
            mine.text, mine.edited_at, mine.cleared_at = text, timezone.now(), None
            mine.save(update_fields=["text", "edited_at", "cleared_at"])


def withdraw(user: User, answer_id: int) -> int:
    """Take an answer of one's own away, with its words and marks; return the question's number.

    An empty row stays: its place of the day is used. Raises NotThere.
    """
    question_id = own_answer(user, answer_id).question_id
    with acting_as(user):
        Question.objects.select_for_update(no_key=True).get(pk=question_id)
        mine = own_answer(user, answer_id, lock=True)
        Helpful.objects.filter(answer=mine).delete()
        Report.objects.filter(answer=mine).delete()
        mine.state, mine.text, mine.objection, mine.accepted_at = (
            Answer.State.WITHDRAWN,
            "",
            "",
            None,
        )
        mine.save(update_fields=["state", "text", "objection", "accepted_at"])
    return question_id

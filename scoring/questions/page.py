"""A question's own page: what was asked, the answers, and what the reader may do."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from people.models import User
from scoring.questions.asking import CHANGED_FOR
from scoring.questions.queries import AUTHOR, Author, author, place
from scoring.topics.queries import NAME, TopicLink, language, rows

# Answers of a page: so many, or, of long ones, so many signs.
ANSWERS_ON_A_PAGE, SIGNS_ON_A_PAGE = 20, 12_000


@dataclass(frozen=True, slots=True)
class QuestionText:
    """A question as its page shows it."""

    pk: int
    title: str
    details: str
    topic: TopicLink
    author: Author
    author_id: int | None
    at: datetime
    edited_at: datetime | None
    answers_count: int
    is_solved: bool
    is_own: bool
    # Hidden, which its author alone may see: why, in a word of models.Reason; else "".
    hidden_why: str
    # The author may still object to its being hidden.
    may_object: bool
    # Until then its author may change it, as long as nobody answers.
    change_until: datetime | None


@dataclass(frozen=True, slots=True)
class AnswerText:
    """An answer as the page of its question shows it."""

    pk: int
    text: str
    author: Author
    author_id: int | None
    at: datetime
    edited_at: datetime | None
    helpful_count: int
    is_accepted: bool
    is_own: bool
    # The reader marked it as helpful.
    is_marked: bool
    hidden_why: str
    may_object: bool


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """All that the page of a question tells."""

    question: QuestionText
    answers: list[AnswerText]
    # Not the first part of the answers.
    is_further: bool
    # What the address of the next part of the answers says; "": there is none.
    after: str
    # The reader's own answer, wherever it stands among the others.
    own: AnswerText | None


_QUESTION = f"""
SELECT q.id, q.title, q.details, t.id, t.slug, {NAME} AS name, {AUTHOR}, q.author_id, q.at,
       q.edited_at, q.answers_count, q.is_solved,
       coalesce(q.author_user_id = %(user)s, false) AS own, q.hidden_why, q.state = 'hidden',
       q.objected_at IS NULL
  FROM questions_question q JOIN topics_topic t ON t.id = q.topic_id
  LEFT JOIN people_person p ON p.id = q.author_id
 WHERE q.id = %(question)s AND ((q.state = 'shown' AND NOT q.is_away AND t.is_active)
    OR (q.state <> 'withdrawn' AND q.author_user_id = %(user)s))
"""  # noqa: S608 - names of ours only


def question_text(question_id: int, user: User | None) -> QuestionText | None:
    """Return a question that the user may read, None for any other. One query.

    A hidden one is there for its author alone.
    """
    values = {"question": question_id, "user": user.pk if user else None, "language": language()}
    found = rows(_QUESTION, values)
    if not found:
        return None
    row = found[0]
    at, edited_at, answers_count, is_solved, is_own, why, is_hidden, not_objected = row[10:]
    until = at + CHANGED_FOR
    changeable = is_own and not answers_count and not is_hidden and timezone.now() < until
    return QuestionText(
        *(
            *(*row[:3], TopicLink(*row[3:6]), author(*row[6:9]), row[9]),
            *(at, edited_at, answers_count, is_solved, is_own),
            *(why if is_hidden else "", is_hidden and not_objected),
            until if changeable else None,
        )
    )


_ANSWERS = f"""
SELECT a.id, a.text, {AUTHOR}, a.author_id, a.at, a.edited_at, a.helpful_count,
       a.accepted_at IS NOT NULL, coalesce(a.author_user_id = %(user)s, false),
       %(user)s IS NOT NULL AND EXISTS (SELECT 1 FROM questions_helpful h
                                         WHERE h.answer_id = a.id AND h.user_id = %(user)s),
       a.hidden_why, a.state = 'hidden', a.objected_at IS NULL
  FROM questions_answer a LEFT JOIN people_person p ON p.id = a.author_id
"""  # noqa: S608 - names of ours only
# Three lists, each by an index of its own: the accepted one and one's own stand apart.
_APART = (
    _ANSWERS
    + """ WHERE a.question_id = %(question)s AND (
      (a.accepted_at IS NOT NULL AND a.state = 'shown' AND NOT a.is_away)
      OR (a.author_user_id = %(user)s AND a.state <> 'withdrawn'))"""
)
_OTHERS = (
    _ANSWERS
    + """ WHERE a.question_id = %(question)s AND a.state = 'shown' AND NOT a.is_away
   AND a.accepted_at IS NULL AND (-a.helpful_count, a.id) > (-%(count)s, %(id)s)
 ORDER BY a.helpful_count DESC, a.id LIMIT %(limit)s"""
)
_MOST_MARKS = 2**31 - 1


def _answer(row: tuple[Any, ...]) -> AnswerText:
    is_hidden = row[13]
    why, may_object = (row[12], row[14]) if is_hidden else ("", False)
    return AnswerText(*(*row[:2], author(*row[2:5]), *row[5:12], why, may_object))


def question_page(question_id: int, user: User | None, after: str) -> QuestionPage | None:
    """Return a question with a part of its answers; None where the user may not read it.

    Three queries. The accepted answer stands before the others, and on the first part only.
    """
    question = question_text(question_id, user)
    if question is None:
        return None
    begin = place(after)
    count, number = begin or (_MOST_MARKS, 0)
    values = {
        "question": question_id,
        "user": user.pk if user else None,
        "count": count,
        "id": number,
        "limit": ANSWERS_ON_A_PAGE + 1,
    }
    apart = [_answer(row) for row in rows(_APART, values)]
    accepted = [] if begin else [row for row in apart if row.is_accepted and not row.hidden_why]
    found = accepted + [_answer(row) for row in rows(_OTHERS, values)]
    shown = _fitting(found)
    after = f"{shown[-1].helpful_count}-{shown[-1].pk}" if len(shown) < len(found) else ""
    if after and shown[-1].is_accepted:
        after = f"{_MOST_MARKS}-0"
    own = next((row for row in apart if row.is_own), None)
    return QuestionPage(question, shown, begin is not None, after, own)


def _fitting(found: list[AnswerText]) -> list[AnswerText]:
    """Return as many of the answers as one page holds, one at least."""
    signs = 0
    for number, row in enumerate(found):
        signs += len(row.text)
        if number and (number >= ANSWERS_ON_A_PAGE or signs > SIGNS_ON_A_PAGE):
            return found[:number]
    return found

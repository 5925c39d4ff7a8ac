"""Lists of questions: of a topic, for a person, and where one asked and answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from people.models import User
from scoring.topics.queries import NAME, TopicLink, language, rows

ON_A_PAGE = 20
SORTS = ("new", "unanswered", "helpful")
# On a topic's own page.
NEWEST_SHOWN = 3

# Who wrote a text is named while their profile is public; else it is nobody's.
AUTHOR = """CASE WHEN p.visibility = 'public'
       AND (p.hidden_until IS NULL OR p.hidden_until <= now())
       AND (p.expires_at IS NULL OR p.expires_at > now()) THEN p.slug ELSE '' END AS author_slug,
       p.name AS author_name, p.owner_id IS NULL AND p.id IS NOT NULL AS author_is_sample"""


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote a text, as far as others may know."""

    # "": their profile is not public.
    slug: str
    name: str
    # One of the invented people.
    is_sample: bool


def author(slug: str, name: str | None, is_sample: bool) -> Author:
    """Return an author from the columns of AUTHOR."""
    return Author(slug, (name or slug) if slug else "", is_sample and bool(slug))


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A question in a list."""

    pk: int
    title: str
    topic: TopicLink
    author: Author
    at: datetime
    answers_count: int
    # Marks on its answers that they helped.
    helpful_count: int
    # Who asked said that an answer helped.
    is_solved: bool
    # "shown", or, to its author alone, "hidden".
    state: str


@dataclass(frozen=True, slots=True)
class Listing:
    """A part of a list."""

    questions: list[QuestionRow]
    # What the address of the next part says; "": this is the last.
    after: str


_COLUMNS = f"""q.id, q.title, t.id, t.slug, {NAME} AS name, {AUTHOR}, q.at, q.answers_count,
       q.helpful_count, q.is_solved, q.state"""
_FROM = """FROM questions_question q JOIN topics_topic t ON t.id = q.topic_id
  LEFT JOIN people_person p ON p.id = q.author_id"""
_THERE = "q.state = 'shown' AND NOT q.is_away AND t.is_active"
_ORDERS = {
    "new": ("", "q.id < %(id)s", "q.id DESC"),
    "unanswered": ("AND q.answers_count = 0", "q.id < %(id)s", "q.id DESC"),
    "helpful": (
        "",
        "(q.helpful_count, q.id) < (%(count)s, %(id)s)",
        "q.helpful_count DESC, q.id DESC",
    ),
}


def place(after: str) -> tuple[int, int] | None:
    """Return count and number of a word such as "3-120"; None of any other."""
    count, sign, number = after.partition("-")
    if not sign or not (count + number).isascii() or not (count.isdigit() and number.isdigit()):
        return None
    # Longer numbers are none of PostgreSQL's.
    return (int(count), int(number)) if len(count) < 10 and len(number) < 19 else None


def _row(row: tuple[Any, ...]) -> QuestionRow:
    return QuestionRow(*(*row[:2], TopicLink(*row[2:5]), author(*row[5:8]), *row[8:]))


def _listing(found: list[QuestionRow]) -> Listing:
    shown = found[:ON_A_PAGE]
    last = shown[-1] if len(found) > ON_A_PAGE else None
    return Listing(shown, f"{last.helpful_count}-{last.pk}" if last else "")


def _ask(condition: str, order: str, after: str, values: dict[str, Any]) -> Listing:
    """Return a part of a list that begins after a place. One query."""
    kept, since, sorted_by = _ORDERS[order]
    begin = place(after)
    where = f"{condition} {kept}" + (f" AND {since}" if begin else "")
    count, number = begin or (0, 0)
    query = f"SELECT {_COLUMNS} {_FROM} WHERE {where} ORDER BY {sorted_by} LIMIT {ON_A_PAGE + 1}"
    more = {"language": language(), "count": count, "id": number}
    return _listing([_row(row) for row in rows(query, values | more)])


def questions_of(topic_id: str, order: str, after: str) -> Listing:
    """Return the questions of a topic by one of SORTS, after a place of that order. One query."""
    return _ask(f"q.topic_id = %(topic)s AND {_THERE}", order, after, {"topic": topic_id})


def newest_of(topic_id: str) -> list[QuestionRow]:
    """Return the newest few questions of a topic, for its page. One query."""
    where = f"q.topic_id = %(topic)s AND {_THERE}"
    query = f"SELECT {_COLUMNS} {_FROM} WHERE {where} ORDER BY q.id DESC LIMIT {NEWEST_SHOWN}"
    return [_row(row) for row in rows(query, {"topic": topic_id, "language": language()})]


# Of each topic the newest few by its index, and of these the newest: not all that there are.
_FOR = f"""
SELECT {_COLUMNS}
  FROM unnest(%(topics)s) AS w (topic_id)
 CROSS JOIN LATERAL (
    SELECT q.* FROM questions_question q
     WHERE q.topic_id = w.topic_id AND q.state = 'shown' AND NOT q.is_away AND NOT q.is_solved
       AND q.author_user_id IS DISTINCT FROM %(user)s AND q.id < %(id)s
       AND NOT EXISTS (SELECT 1 FROM questions_answer a WHERE a.question_id = q.id
                          AND a.author_user_id = %(user)s)
     ORDER BY q.id DESC LIMIT {ON_A_PAGE + 1}) AS q
  JOIN topics_topic t ON t.id = q.topic_id AND t.is_active
  LEFT JOIN people_person p ON p.id = q.author_id
 ORDER BY q.id DESC LIMIT {ON_A_PAGE + 1}
"""  # noqa: S608 - names of ours only


def questions_for(user: User, topic_ids: Sequence[str], after: str) -> Listing:
    """Return open questions in the topics that the user could answer, newest first. One query.

    Open: nobody's answer was accepted, none is the user's own. None without topics.
    """
    if not topic_ids:
        return Listing([], "")
    begin = place(after)
    values = {
        "topics": list(topic_ids),
        "user": user.pk,
        "id": begin[1] if begin else 2**63 - 1,
        "language": language(),
    }
    return _listing([_row(row) for row in rows(_FOR, values)])


def questions_by(person_id: int, after: str) -> Listing:
    """Return the questions that a person asked, for themselves: hidden ones too. One query."""
    condition = "q.author_id = %(person)s AND q.state <> 'withdrawn'"
    return _ask(condition, "new", after, {"person": person_id})


@dataclass(frozen=True, slots=True)
class OwnAnswerRow:
    """An answer of one's own, with its question."""

    pk: int
    text: str
    state: str
    at: datetime
    helpful_count: int
    is_accepted: bool
    question_id: int
    # "": the question is there no longer.
    title: str
    topic: TopicLink


@dataclass(frozen=True, slots=True)
class OwnAnswers:
    """A part of one's own answers."""

    answers: list[OwnAnswerRow]
    after: str


_OWN_ANSWERS = f"""
SELECT a.id, a.text, a.state, a.at, a.helpful_count, a.accepted_at IS NOT NULL, q.id,
       CASE WHEN {_THERE} THEN q.title ELSE '' END, t.id, t.slug, {NAME} AS name
  FROM questions_answer a JOIN questions_question q ON q.id = a.question_id
  JOIN topics_topic t ON t.id = q.topic_id
 WHERE a.author_id = %(person)s AND a.state <> 'withdrawn' AND a.id < %(id)s
 ORDER BY a.id DESC LIMIT {ON_A_PAGE + 1}
"""  # noqa: S608 - names of ours only


def answers_by(person_id: int, after: str) -> OwnAnswers:
    """Return the answers that a person gave, for themselves, newest first. One query."""
    begin = place(after)
    values = {"person": person_id, "id": begin[1] if begin else 2**63 - 1, "language": language()}
    found = [OwnAnswerRow(*(*row[:8], TopicLink(*row[8:]))) for row in rows(_OWN_ANSWERS, values)]
    shown = found[:ON_A_PAGE]
    return OwnAnswers(shown, f"0-{shown[-1].pk}" if len(found) > ON_A_PAGE else "")

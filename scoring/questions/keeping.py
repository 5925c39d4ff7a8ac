"""What is not kept: empty rows of what was withdrawn, and notices of long ago."""

from datetime import datetime
from typing import Any

from django.db import connection

from scoring.questions import notices
from scoring.questions.models import Answer, Question

# Rows at a time.
BATCH = 10_000


def expire(now: datetime) -> int:
    """Remove what is over, a bounded number of each at a time; return how many rows.

    What was withdrawn holds its place of that day's limit until the day is over. An answer that was
    hidden before stays, so that it is not written anew; a question, while it has answers.
    """
    today = now.date()
    answers = Answer.objects.filter(state=Answer.State.WITHDRAWN, hidden_why="", day__lt=today)
    count = Answer.objects.filter(pk__in=_first(answers)).delete()[0]
    questions = Question.objects.filter(
        state=Question.State.WITHDRAWN, day__lt=today, answers__isnull=True
    )
    count += Question.objects.filter(pk__in=_first(questions)).delete()[0]
    return count + notices.expire(now, BATCH)


def _first(rows: Any) -> list[int]:
    return list(rows.order_by("day", "pk").values_list("pk", flat=True)[:BATCH])


_WRONG = """
SELECT 'answer', a.id FROM questions_answer a
 WHERE a.id > %(answer)s
   AND a.helpful_count <> (SELECT count(*) FROM questions_helpful h WHERE h.answer_id = a.id)
UNION ALL
SELECT 'question', q.id FROM questions_question q
  LEFT JOIN LATERAL (SELECT count(*) AS answers, sum(helpful_count) AS marks,
                            bool_or(accepted_at IS NOT NULL) AS solved
                       FROM questions_answer WHERE question_id = q.id AND state = 'shown'
                        AND NOT is_away) AS a ON true
 WHERE q.id > %(question)s
   AND (q.answers_count, q.helpful_count, q.is_solved)
       IS DISTINCT FROM (a.answers::int, coalesce(a.marks, 0)::int, coalesce(a.solved, false))
 LIMIT 100
"""
# The newest so many of each are counted anew.
COUNTED = 20_000


def wrong_counts() -> list[tuple[str, int]]:
    """Return the newest answers and questions whose counts are not those of their rows: none."""
    newest = {
        "answer": Answer.objects.order_by("-id").values_list("id", flat=True).first() or 0,
        "question": Question.objects.order_by("-id").values_list("id", flat=True).first() or 0,
    }
    with connection.cursor() as cursor:
        cursor.execute(_WRONG, {name: number - COUNTED for name, number in newest.items()})
        return [(str(table), int(number)) for table, number in cursor.fetchall()]

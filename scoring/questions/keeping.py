"""What is not kept: empty rows of what was withdrawn, and notices of long ago."""

from datetime import datetime
from typing import Any

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

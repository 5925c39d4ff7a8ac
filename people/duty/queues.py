"""What waits for an operator: queues that packages declare, counted for whoever may decide.

A queue tells how many rows wait and since when, never what stands in them or whose they are.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, QuerySet
from django.urls import reverse

from people.models import User

# A longer queue is not counted to its end.
MOST_COUNTED = 1000


@dataclass(frozen=True, slots=True)
class Queue:
    """Rows that wait for somebody's decision."""

    name: str
    # What waits, for a number of them, in the reader's language.
    words: Callable[[int], str]
    # The right without which nobody hears of it: "questions.change_question".
    right: str
    # The open rows, and the column that says since when each waits: a partial index has both.
    rows: Callable[[], QuerySet]  # type: ignore[type-arg]
    since: str
    # Where in the admin they stand, open ones first: a model's list, and what is asked of it.
    page: str
    query: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many wait in a queue."""

    name: str
    words: str
    count: int
    # True where there are more than were counted.
    more: bool
    oldest: datetime
    # Path and query of the list in the admin.
    path: str


_QUEUES: dict[str, Queue] = {}


def register(queue: Queue) -> None:
    """Have the rows of a queue be told to whoever has the right to decide about them."""
    _QUEUES[queue.name] = queue


def queues() -> list[Queue]:
    """Return all queues."""
    return list(_QUEUES.values())


def waiting_for(user: User) -> list[Waiting]:
    """Return what waits for a user, the oldest first. A query for each queue of their rights."""
    may = [queue for queue in queues() if may_decide(user, queue)]
    found = [waiting for queue in may if (waiting := waiting_in(queue)) is not None]
    return sorted(found, key=lambda waiting: (waiting.oldest, waiting.name))


def may_decide(user: User, queue: Queue) -> bool:
    """Return whether the user reaches the queue's page, and may act there."""
    return user.is_active and user.is_staff and user.has_perm(queue.right)


def waiting_in(queue: Queue) -> Waiting | None:
    """Return how many wait in a queue, None where nothing does. One query."""
    rows = queue.rows().order_by(queue.since)[: MOST_COUNTED + 1]
    counted = rows.aggregate(count=Count("pk"), oldest=Min(queue.since))
    if not counted["count"]:
        return None
    count = min(counted["count"], MOST_COUNTED)
    return Waiting(
        name=queue.name,
        words=queue.words(count),
        count=count,
        more=counted["count"] > MOST_COUNTED,
        oldest=counted["oldest"],
        path=f"{reverse(f'admin:{queue.page}_changelist')}?{queue.query}",
    )

"""Who is behind the changes that follow: the triggers write it into each row of the audit."""

from contextlib import AbstractContextManager

from people import audit
from people.models import User


def acting_as(user: User | None) -> AbstractContextManager[None]:
    """A transaction whose changes are noted as the user's; None: reports, or a task."""
    return audit.acting_as(user, "questions.by")

"""The store of sessions: like Django's in the database, with the user's number in a column.

Signing out everywhere and erasing a person need the sessions of one user; in Django's own table
that number lies inside the signed data, and every session would have to be opened.
"""

from typing import Any

from allauth.account.internal.stagekit import LOGIN_SESSION_KEY
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils.http import base36_to_int

from people.models import Session, User


class SessionStore(DatabaseStore):
    """Sessions in people.models.Session."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        row = super().create_model_instance(data)
        assert isinstance(row, Session)
        row.user_id = _user_id(data)
        return row


def _user_id(data: dict[str, Any]) -> int | None:
    """Return whose session it is; of a sign-in that still waits for its second step, too."""
    user = str(data.get(SESSION_KEY) or "")
    if user.isdigit():
        return int(user)
    waiting = data.get(LOGIN_SESSION_KEY)
    key = waiting.get("user_pk") if isinstance(waiting, dict) else None
    return base36_to_int(key) if key else None


def sign_out_everywhere(user: User, *, but: str = "") -> int:
    """End the user's sessions, all but the one with that key; return how many."""
    return Session.objects.filter(user=user).exclude(session_key=but).delete()[0]

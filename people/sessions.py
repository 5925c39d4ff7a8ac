"""The store of sessions: like Django's in the database, with the user's number in a column.

Signing out everywhere and erasing a person need the sessions of one user; in Django's own table
that number lies inside the signed data, and every session would have to be opened.
"""

from collections.abc import MutableMapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from allauth.account.internal.stagekit import LOGIN_SESSION_KEY
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone
from django.utils.http import base36_to_int

from people.devices import device_name
from people.models import Session, User

# Kept in the session, and in columns of its row.
DEVICE_KEY, SEEN_KEY = "device", "seen_on"
# The list in the settings shows no more; ending all of them ends the others too.
MOST_SHOWN = 50


class SessionStore(DatabaseStore):
    """Sessions in people.models.Session."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        row = super().create_model_instance(data)
        assert isinstance(row, Session)
        row.user_id = _user_id(data)
        row.device = str(data.get(DEVICE_KEY) or "")[:40]
        seen_on = data.get(SEEN_KEY)
        row.seen_on = date.fromisoformat(seen_on) if seen_on else None
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


@dataclass(frozen=True, slots=True)
class SessionLine:
    """A session as its user sees it."""

    # Names it in a form; the key itself is what signs in, and never stands in a page.
    handle: str
    device: str
    seen_on: date | None
    is_this: bool


def note_use(session: MutableMapping[str, Any], agent: str) -> None:
    """Remember, once a day, on which device a signed-in session is used."""
    today = timezone.now().date().isoformat()
    if session.get(SEEN_KEY) != today:
        session[SEEN_KEY] = today
        session[DEVICE_KEY] = device_name(agent)


def sessions_of(user: User, this: str) -> list[SessionLine]:
    """Return where the user is signed in, this session first, then the newest. One query."""
    rows = (
        Session.objects.filter(user=user, expire_date__gt=timezone.now())
        .only("session_key", "device", "seen_on")
        .order_by("-expire_date")[:MOST_SHOWN]
    )
    lines = [
        SessionLine(_handle(row.session_key), row.device, row.seen_on, row.session_key == this)
        for row in rows
    ]
    return sorted(lines, key=lambda line: not line.is_this)


def sign_out_one(user: User, handle: str) -> bool:
    """End that session of the user's; return whether there was one."""
    keys = Session.objects.filter(user=user).values_list("session_key", flat=True)
    for key in keys.iterator():
        if _handle(key) == handle:
            return bool(Session.objects.filter(user=user, session_key=key).delete()[0])
    return False


def _handle(key: str) -> str:
    return sha256(f"session:{key}".encode()).hexdigest()[:24]

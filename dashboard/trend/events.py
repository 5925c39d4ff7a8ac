"""What happened, as marks on the line: versions of the model, networks, moments, notes, goals."""

from collections.abc import Sequence
from datetime import date

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from dashboard.catalogue import network_name
from dashboard.charts import Event, EventKind
from dashboard.describe import signed
from scoring.marks import Marks, MomentMark
from scoring.queries import ScoreDay
from scoring.why import NewVersion

# Characters of a post's text in the list of events.
TEXT_CHARACTERS = 80
# Marks on one line: more hide it, and would not fit a page of 60 kB.
MOST_EVENTS = 15


def most_telling(events: Sequence[Event]) -> list[Event]:
    """Return the events that a chart has room for, in the order of time.

    Of too many notes the newest; everything else is rare.
    """
    notes = sorted((e for e in events if e.kind is EventKind.NOTE), key=lambda event: event.day)
    others = [event for event in events if event.kind is not EventKind.NOTE]
    room = max(MOST_EVENTS - len(others), 0)
    found = [*others, *notes[len(notes) - room :]] if len(notes) > room else [*others, *notes]
    return sorted(found, key=lambda event: event.day)[-MOST_EVENTS:]


def version_events(new_versions: Sequence[NewVersion], history: Sequence[ScoreDay]) -> list[Event]:
    """Return the days on which another version of the model began."""
    return [
        Event(
            new.day,
            EventKind.VERSION,
            _("New version %(version)s of the model") % {"version": new.version},
            f"{reverse('dashboard:versions')}#{new.version}",
            _height(history, new.day),
        )
        for new in new_versions
    ]


def own_events(marks: Marks, history: Sequence[ScoreDay]) -> list[Event]:
    """Return what the owner sees beside: networks, notes, moments and reached goals."""
    first, last = history[0].day, history[-1].day
    found = [
        Event(
            link.day,
            EventKind.NETWORK,
            (_("%(network)s was linked") if link.linked else _("%(network)s was unlinked"))
            % {"network": network_name(link.network)},
            reverse("dashboard:networks"),
            _height(history, link.day),
        )
        for link in marks.links
    ]
    found += [
        Event(
            note.day,
            EventKind.NOTE,
            note.text,
            reverse("dashboard:note", args=[note.note_id]),
            _height(history, note.day),
        )
        for note in marks.notes
    ]
    found += [
        Event(
            moment.day,
            EventKind.MOMENT,
            moment_words(moment),
            reverse("dashboard:moment", args=[moment.post_id]),
            _height(history, moment.day),
        )
        for moment in marks.moments
    ]
    found += [
        Event(
            goal.reached_on,
            EventKind.GOAL,
            _("Goal of %(target)s reached") % {"target": goal.target},
            "#goal",
            goal.reached_value,
        )
        for goal in marks.goals
        if goal.reached_on is not None and first <= goal.reached_on <= last
    ]
    return found


def moment_words(moment: MomentMark) -> str:
    """Return a moment in a few words: what it brought, and what it said where that is kept."""
    text = Truncator(" ".join(moment.text.split())).chars(TEXT_CHARACTERS)
    return _("%(points)s points: %(text)s") % {
        "points": signed(moment.points),
        "text": text or _("a post on %(network)s") % {"network": network_name(moment.network)},
    }


def _height(history: Sequence[ScoreDay], day: date) -> float | None:
    """Return where the mark stands: at the score of its day, or the nearest before or after."""
    scored = [row for row in history if row.value is not None]
    before = next((row.value for row in reversed(scored) if row.day <= day), None)
    return before if before is not None else (scored[0].value if scored else None)

"""Notes that people write on the days of their own chart."""

from datetime import date

from django.db import transaction

from people.models import Note, Person

# Notes of a person; more would hide the line that they are written on.
MOST_NOTES = 200


class TooMany(Exception):
    """The person has as many notes as fit."""


def add_note(person: Person, day: date, text: str) -> Note:
    """Return the stored note; the same one again is the one that is there.

    Raises TooMany where the person has MOST_NOTES.
    """
    with transaction.atomic():
        # Two requests at once wait for each other here.
        Person.objects.select_for_update().get(pk=person.pk)
        there = Note.objects.filter(person=person, day=day, text=text).first()
        if there is not None:
            return there
        if Note.objects.filter(person=person).count() >= MOST_NOTES:
            raise TooMany
        return Note.objects.create(person=person, day=day, text=text)


def own_note(person: Person, note_id: int) -> Note | None:
    """Return the person's note of that number; None where it is another's or nobody's."""
    return Note.objects.filter(person=person, pk=note_id).first()


def change_note(note: Note, day: date, text: str) -> None:
    """Change a note; where the day has the same words already, the two become one."""
    with transaction.atomic():
        same = Note.objects.filter(person_id=note.person_id, day=day, text=text)
        same.exclude(pk=note.pk).delete()
        note.day, note.text = day, text
        note.save(update_fields=["day", "text"])


def delete_note(note: Note) -> None:
    """Delete a note."""
    note.delete()

"""Writes of a person's settings."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from people import consent, kept_pages, letters, sharing
from people.models import Person, ShareLink, User

# Visibilities that show something to others: choosing one is a consent of that name.
SHOWING = (Person.Visibility.PUBLIC, Person.Visibility.UNLISTED)


def settings_of(user: User, person: Person) -> dict[str, Any]:
    """Return what the settings form shows at first."""
    return {
        "name": person.name,
        "slug": person.slug,
        "kind": person.kind,
        "visibility": person.visibility,
        "language": user.language,
        "time_zone": user.time_zone,
        "theme": user.theme,
    }


def change_settings(user: User, person: Person, new: Mapping[str, Any]) -> None:
    """Store the checked settings; a changed visibility is recorded as a consent given or ended."""
    with transaction.atomic():
        before = Person.objects.select_for_update().get(pk=person.pk).visibility
        zone_before = user.time_zone
        for field in ("name", "slug", "kind", "visibility"):
            setattr(person, field, new[field])
        person.save(update_fields=["name", "slug", "kind", "visibility"])
        kept_pages.drop_soon([person.pk])
        for field in ("language", "time_zone", "theme"):
            setattr(user, field, new[field])
        user.save(update_fields=["language", "time_zone", "theme"])
        if user.time_zone != zone_before:
            letters.move_to_zone(user)
        if before == person.visibility:
            return
        for visibility in SHOWING:
            if visibility in {before, person.visibility}:
                consent.record(
                    visibility, given=visibility == person.visibility, user=user, person=person
                )


@dataclass(frozen=True, slots=True)
class ShareChoice:
    """A way of showing one's score elsewhere, as the settings list it."""

    kind: str
    name: str
    # "": it is switched off.
    token: str


def share_choices(person: Person) -> list[ShareChoice]:
    """Return every way, those that are switched off too. One query."""
    links = sharing.links_of(person)
    return [
        ShareChoice(kind.value, str(kind.label), links[kind].token if kind in links else "")
        for kind in ShareLink.Kind
    ]

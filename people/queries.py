"""Reads about people."""

from collections.abc import Iterable

from people.models import ConsentEvent, Person, User
from people.sharing import image_token
from people.slugs import free_slug

# As a text: every page of who is signed in asks it, and putting it together takes longer than the
# answer. "person" before "brand".
_MAIN = "SELECT * FROM people_person WHERE owner_id = %s ORDER BY kind DESC, id LIMIT 1"


def main_person(user: User) -> Person:
    """Return the user's own person (not a brand, the oldest first), with its owner. One query.

    A user made by hand on the command line has none yet: it is made here, private.
    """
    found = next(iter(Person.objects.raw(_MAIN, [user.pk])), None)
    if found is not None:
        found.owner = user
        return found
    return Person.objects.create(owner=user, slug=free_slug(""), name="")


def person_by_slug(slug: str) -> Person | None:
    """Return the person at that address, or None; ask people.visibility before showing it.

    With the token of their shared picture (`sharing.image_token_of`). One query.
    """
    people = Person.objects.select_related("owner").annotate(image_token=image_token())
    return people.filter(slug=slug.lower()).first()


def people_by_slugs(slugs: Iterable[str]) -> dict[str, Person]:
    """Return the people at those addresses; ask people.visibility before showing one. One query."""
    rows = Person.objects.select_related("owner").filter(slug__in=[slug.lower() for slug in slugs])
    return {person.slug: person for person in rows}


def consent_history(person: Person) -> list[ConsentEvent]:
    """Return what the person agreed to and took back, newest first. One query."""
    return list(person.consent_events.order_by("-at", "-id"))

"""As whom a signed-in user acts: their own person, or one of their brands.

The choice is a number in the session, and means something only while that person is the user's:
it is compared with the owner each time it is read.
"""

from django.http import HttpRequest

from people.models import Person, User
from people.queries import main_person

SESSION_KEY = "acting_as"


def own_people(user: User) -> list[Person]:
    """Return the user's person and brands, the person first, brands by name. One query."""
    return list(Person.objects.filter(owner=user).order_by("-kind", "name", "pk"))


def own_person(user: User, person_id: int | str) -> Person | None:
    """Return that person if the user owns it, else None. One query."""
    text = str(person_id)
    # Longer numbers are none of PostgreSQL's bigint.
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        return None
    return Person.objects.select_related("owner").filter(owner=user, pk=int(text)).first()


def acting_person(request: HttpRequest) -> Person:
    """Return whom the signed-in user acts as: the chosen brand, else their own person.

    One query in a request, however often it is asked.
    """
    user = request.user
    assert isinstance(user, User)
    known: Person | None = getattr(request, "_acting_person", None)
    if known is not None:
        return known
    person = chosen(request, user) or main_person(user)
    request._acting_person = person  # type: ignore[attr-defined]
    return person


def chosen(request: HttpRequest, user: User) -> Person | None:
    """Return the brand of the session while it is the user's; None without a choice."""
    wanted = request.session.get(SESSION_KEY)
    if wanted is None:
        return None
    person = own_person(user, wanted)
    if person is None:
        del request.session[SESSION_KEY]
    return person


def act_as(request: HttpRequest, person: Person) -> None:
    """Act as one of the user's own people (people.acting.own_person) from now on."""
    if person == main_person(person_owner(person)):
        request.session.pop(SESSION_KEY, None)
    else:
        request.session[SESSION_KEY] = person.pk
    request._acting_person = person  # type: ignore[attr-defined]


def person_owner(person: Person) -> User:
    """Return the owner of a person who has one."""
    assert person.owner is not None
    return person.owner

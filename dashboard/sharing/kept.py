"""Pictures that wait in the cache for an hour, and their erasure."""

from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from people.erasure import Rows, register_store
from people.models import Person, ShareLink


def picture_key(token: str) -> str:
    """Return the name of a drawn picture in the cache."""
    return f"share-picture:{token}"


def register() -> None:
    """Tell people.erasure of the pictures."""
    register_store(
        "share pictures",
        export=_pictures,
        erase=_forget,
        what=_("The picture of your score that you share, as it was last drawn"),
        source=_("drawn here when somebody opened its address"),
        until=_("an hour"),
    )


def _keys(person: Person) -> list[str]:
    links = ShareLink.objects.filter(person_id=person.pk, kind=ShareLink.Kind.IMAGE)
    return [picture_key(token) for token in links.values_list("token", flat=True)]


def _pictures(person: Person) -> Rows:
    # The picture says what the export holds in numbers.
    return [{"key": key} for key in cache.get_many(_keys(person))]


def _forget(person: Person) -> int:
    return sum(bool(cache.delete(key)) for key in _keys(person))

"""Brands that a user owns beside their own person: made, renamed in the settings, erased."""

from django.db import transaction

from people import consent, erasure
from people.acting import own_people
from people.models import Person, User
from people.queries import main_person
from people.slugs import free_slug

# More would be an agency's tool, which asks for rights by person; and no form makes thousands.
MOST_BRANDS = 20


class TooManyBrands(Exception):
    """The user has as many brands as there may be."""


def create_brand(user: User, name: str) -> Person:
    """Return a new, private brand of the user's, with what they agreed to on record.

    Raises TooManyBrands. Two forms sent at once wait for each other.
    """
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        if Person.objects.filter(owner=user, kind=Person.Kind.BRAND).count() >= MOST_BRANDS:
            raise TooManyBrands
        brand = Person.objects.create(
            owner=user, slug=free_slug(name), name=name.strip()[:200], kind=Person.Kind.BRAND
        )
        consent.record("brand", given=True, user=user, person=brand)
    return brand


def erase_brand(brand: Person, *, keep_away: bool) -> None:
    """Erase a brand with its accounts and scores; its owner's sign-in stays."""
    erasure.erase(brand, keep_opt_out=keep_away)


def everybody_of(user: User) -> list[Person]:
    """Return the user's own person and then their brands."""
    main = main_person(user)
    return [main, *(person for person in own_people(user) if person != main)]


def erase_everything(user: User, *, keep_away: bool) -> None:
    """Erase all brands of the user and then their own person, with whom the sign-in goes."""
    with transaction.atomic():
        for person in reversed(everybody_of(user)):
            erasure.erase(person, keep_opt_out=keep_away)

"""Addresses of profiles made from names of all kinds."""

import re

import pytest

from people.models import Person
from people.slugs import LENGTH, RESERVED, free_slug

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Ada Lovelace", "ada-lovelace"),
        ("  Åse  Ødegård ", "ase-degard"),
        ("O'Neil, Shaq!", "oneil-shaq"),
        ("Ada 🚀 Lovelace", "ada-lovelace"),
    ],
)
def test_a_name_with_latin_letters_makes_its_address(name: str, slug: str) -> None:
    assert free_slug(name) == slug


@pytest.mark.parametrize("name", ["", "عمر الشريف", "🦄🦄", "李", "x", "12345", *sorted(RESERVED)])
def test_other_names_make_a_neutral_address(name: str) -> None:
    assert re.fullmatch(r"person-[2-9a-z]{6}", free_slug(name))


def test_a_long_name_is_cut() -> None:
    slug = free_slug("abc def " * 25)
    assert len(slug) <= LENGTH - 8
    assert not slug.endswith("-")


def test_the_next_of_the_same_name_gets_a_suffix_within_the_length(db: None) -> None:
    name = "a" * 200
    slugs = set()
    for _ in range(3):
        slug = free_slug(name)
        Person.objects.create(slug=slug, name=name)
        slugs.add(slug)
    assert len(slugs) == 3
    assert max(map(len, slugs)) <= LENGTH


def test_an_email_address_is_never_in_the_address_of_a_profile() -> None:
    assert "@" not in free_slug("ada@example.org")

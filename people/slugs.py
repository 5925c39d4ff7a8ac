"""Addresses of profiles."""

import secrets

from django.utils.text import slugify

from people.models import Person

# Names of pages below /p/ and words that would pass for the operator's own.
RESERVED = frozenset(
    {"admin", "about", "help", "klout", "me", "new", "operator", "root", "staff", "support"}
)
LENGTH = 80
# No vowels, 0/o or 1/l: nothing is spelled by accident, nothing is misread.
_SIGNS = "23456789bcdfghjkmnpqrstvwxz"


def random_suffix(length: int = 6) -> str:
    """Return `length` random signs (27 of them: 6 make 387 million)."""
    return "".join(secrets.choice(_SIGNS) for _ in range(length))


def free_slug(name: str) -> str:
    """Return an unused address made from the name; a neutral one where no Latin letter is in it.

    Never made from an e-mail address: the address of a profile is public.
    """
    base = slugify(name)[: LENGTH - 8].strip("-_")
    if len(base) < 2 or base in RESERVED or base.isdigit():
        base = "person"
        candidate = f"{base}-{random_suffix()}"
    else:
        candidate = base
    while Person.objects.filter(slug=candidate).exists():
        candidate = f"{base}-{random_suffix()}"
    return candidate

"""Whose scores somebody may lay beside their own: public people, and people of their own."""

import unicodedata
from dataclasses import dataclass

from django.db.models import Q
from django.db.models.functions import Lower

from connectors.models import Account
from people import visibility
from people.models import Person, User
from scoring.reactors import opted_out

# Accounts of people of one name that are looked at.
MOST_ROWS = 50


@dataclass(frozen=True, slots=True)
class Comparable:
    """Somebody whose score the viewer may see."""

    person_id: int
    slug: str
    name: str


def comparable_person(typed: str, viewer: User) -> Comparable | None:
    """Return who has that address of a profile, or handle; None where nobody may be shown.

    Unlisted people are found by nobody but their owner, as in the look-up. Of several, the one
    with the address, then the oldest. Two queries at most.
    """
    word = unicodedata.normalize("NFKC", typed).strip().removeprefix("@").casefold()
    if not word or "\0" in word:
        return None
    accounts = (
        Account.objects.annotate(lower=Lower("handle"))
        .filter(lower=word)
        .exclude(status=Account.Status.UNLINKED)
    )
    # A row for each account of a person: the names of the unclaimed are asked of the opt-outs.
    rows = list(
        Person.objects.filter(Q(slug=word) | Q(pk__in=accounts.values("person_id")))
        .filter(visibility.listed() | Q(owner=viewer))
        .order_by("pk")
        .values_list(
            "pk",
            "slug",
            "name",
            "owner_id",
            "accounts__network",
            "accounts__native_id",
            "accounts__handle",
        )[:MOST_ROWS]
    )
    asked = {row[4:]: row[0] for row in rows if row[3] is None and row[4] is not None}
    gone = opted_out(set(asked))
    hidden = {pk for (network, native, _), pk in asked.items() if (network, native) in gone}
    found = sorted(
        {row[:3] for row in rows if row[0] not in hidden}, key=lambda row: (row[1] != word, row[0])
    )
    return Comparable(found[0][0], found[0][1], found[0][2] or found[0][1]) if found else None

"""Parcels on their way: which a sponsor took along, and marking them as sent, some or all.

A sponsor sees a claim's number here, as in the table of addresses, and no name.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from people.models import User
from perks.audit import acting_as
from perks.models import TRACKING, TRACKING_CHARACTERS, Claim, Perk

# Parcels on one page, the oldest first; what is marked makes room for the next.
PER_PAGE = 50
# "tracking-12": the reference of claim 12.
FIELD = "tracking-"


@dataclass(frozen=True, slots=True)
class Line:
    """A parcel that was taken along and is not sent yet."""

    claim_id: int
    taken_at: datetime
    # What was typed, where the form comes back.
    tracking: str = ""
    is_chosen: bool = False
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class Parcels:
    """A page of them."""

    lines: list[Line]
    # All that wait to be sent, these included.
    count: int


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a form chose: references by claim, "" for none; and what is wrong with them."""

    tracking: dict[int, str] = field(default_factory=dict)
    wrong: dict[int, str] = field(default_factory=dict)


def taken_along(perk: Perk) -> QuerySet[Claim]:
    """Return the claims whose address was taken along and that are not sent, oldest first."""
    return Claim.objects.filter(
        perk=perk,
        state__in=(Claim.State.CLAIMED, Claim.State.USED),
        address_taken_at__isnull=False,
        delivered_at=None,
    ).order_by("address_taken_at", "pk")


def page_of(perk: Perk, chosen: Chosen | None = None) -> Parcels:
    """Return the page, with what was typed where the form comes back. Two queries."""
    given = chosen or Chosen()
    rows = taken_along(perk).values_list("pk", "address_taken_at")[:PER_PAGE]
    lines = [
        Line(pk, at, given.tracking.get(pk, ""), pk in given.tracking, given.wrong.get(pk, ""))
        for pk, at in rows
        if at is not None
    ]
    return Parcels(lines, taken_along(perk).count())


def chosen(claim_ids: Sequence[str], typed: Mapping[str, str]) -> Chosen:
    """Return what was ticked, or given a reference. What is no number is nobody's parcel."""
    found = Chosen()
    numbers = [*claim_ids, *(name.removeprefix(FIELD) for name in typed if name.startswith(FIELD))]
    for number in dict.fromkeys(numbers):
        if not (number.isascii() and number.isdigit() and len(number) <= 18):
            continue
        words = " ".join(typed.get(f"{FIELD}{number}", "").split())[: 2 * TRACKING_CHARACTERS]
        if not words and number not in claim_ids:
            continue
        if len(found.tracking) == PER_PAGE:
            break
        found.tracking[int(number)] = words
        if words and not re.fullmatch(TRACKING, words):
            found.wrong[int(number)] = _("3 to 40 letters, digits, spaces and - . / please.")
    return found


def mark_sent(perk: Perk, by: User, given: Mapping[int, str] | None = None) -> int:
    """Note that these parcels, or all that were taken along, are on their way; return how many.

    Given are references by claim. Their people are told by e-mail; another's claim, and what was
    marked before, stays as it is.
    """
    now = timezone.now()
    with acting_as(by):
        # In one order, so that two members who press at once do not wait for each other.
        waiting = taken_along(perk).select_for_update()
        if given is None:
            every = Claim.objects.filter(pk__in=list(waiting.values_list("pk", flat=True)))
            return every.update(delivered_at=now, letter=Claim.Letter.SENT)
        rows = list(waiting.filter(pk__in=list(given)))
        for row in rows:
            row.tracking, row.delivered_at, row.letter = given[row.pk], now, Claim.Letter.SENT
        Claim.objects.bulk_update(rows, ["tracking", "delivered_at", "letter"])
        return len(rows)

"""Waiting lists: who came first is offered first, for a bounded time, then the next."""

from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from people.models import Person
from perks.audit import acting_as
from perks.models import Claim, Perk

# How long an offer stands.
OFFERED_FOR = timedelta(hours=48)
# Offers made at once: a large upload is handed on over some minutes.
MOST_OFFERS = 500


def locked(perk_id: int) -> Perk:
    """Return the perk; until the transaction ends nobody else decides about it."""
    return Perk.objects.select_for_update(of=("self",)).select_related("sponsor").get(pk=perk_id)


def hand_on(perk: Perk, now: datetime) -> int:
    """Let offers lapse whose time is over, and offer what is free; return how many were offered.

    The caller holds the perk's lock.
    """
    Claim.objects.filter(perk=perk, state=Claim.State.OFFERED, offered_until__lte=now).update(
        state=Claim.State.LAPSED, letter=""
    )
    if perk.state != Perk.State.PUBLISHED or not perk.sponsor.is_active or now >= perk.claim_until:
        return 0
    perk.refresh_from_db(fields=["taken", "stock"])
    free = min(perk.stock - perk.taken, MOST_OFFERS)
    if free <= 0:
        return 0
    first = Claim.objects.filter(perk=perk, state=Claim.State.WAITING).order_by("at", "id")
    chosen = list(first.values_list("pk", flat=True)[:free])
    return Claim.objects.filter(pk__in=chosen).update(
        state=Claim.State.OFFERED,
        offered_until=min(now + OFFERED_FOR, perk.claim_until),
        letter=Claim.Letter.OFFERED,
    )


def wait(person: Person, perk_id: int) -> Claim:
    """Return the person's place on the waiting list, or what they have of the perk already.

    Whether they qualify and none is left is the caller's question; it is asked again when it is
    their turn.
    """
    with acting_as(person.owner):
        perk = locked(perk_id)
        mine = Claim.objects.filter(perk=perk, person=person, state__in=Claim.LIVE).first()
        if mine is None:
            mine = Claim.objects.create(
                perk=perk, person=person, state=Claim.State.WAITING, at=timezone.now()
            )
            hand_on(perk, timezone.now())
            mine.refresh_from_db()
        return mine


def place_of(claim: Claim) -> int:
    """Return which place on the waiting list a waiting claim has, from 1. One query."""
    before = Q(at__lt=claim.at) | Q(at=claim.at, pk__lt=claim.pk)
    waiting = Claim.objects.filter(perk_id=claim.perk_id, state=Claim.State.WAITING)
    return waiting.filter(before).count() + 1


def advance(now: datetime, most: int = 200) -> int:
    """Hand on every perk with a lapsed offer, or with something free and people waiting.

    Return how many offers were made. Each perk is a transaction of its own.
    """
    of_perk = Claim.objects.filter(perk=OuterRef("pk"))
    lapsed = of_perk.filter(state=Claim.State.OFFERED, offered_until__lte=now)
    waiting = of_perk.filter(state=Claim.State.WAITING)
    due = Perk.objects.filter(
        Exists(lapsed)
        | Q(Exists(waiting), state=Perk.State.PUBLISHED, claim_until__gt=now, taken__lt=F("stock"))
    )
    made = 0
    for perk_id in due.values_list("pk", flat=True)[:most]:
        with acting_as(None):
            made += hand_on(locked(perk_id), now)
    return made

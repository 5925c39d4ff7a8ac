"""Taking a perk: each decision is made in one transaction that holds the perk's row.

Whoever comes second waits for the first one's transaction, so that a code is given once, nobody
has two, and a killed process leaves either all of a claim or nothing (migration 0002 counts).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils import timezone

from connectors import crypto
from people import consent
from people.models import Person
from perks import waiting
from perks.audit import acting_as
from perks.eligibility import Verdict, judge
from perks.facts import claiming_accounts, facts_of, names, rules_of
from perks.models import Claim, ClaimedAccount, Code, Perk


class NotNow(Exception):
    """A claim that cannot be made; the class says why."""


class Over(NotNow):
    """The perk is not offered, or its time is over."""


class SoldOut(NotNow):
    """None is left, or others wait for it."""


class AccountUsed(NotNow):
    """The perk was claimed by one of these accounts before, or by a brand of the same owner."""


class NotAgreed(NotNow):
    """The person has not agreed to what a claim needs, or left the address out."""


class TooLate(NotNow):
    """The code was shown, or the address taken along: it cannot go back to stock."""


class NotEligible(NotNow):
    """Some rule is not met."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__()
        self.verdict = verdict


@dataclass(frozen=True, slots=True)
class Answers:
    """What the person answered with the claim. The age is checked and not kept."""

    agreed: bool
    country: str | None = None
    age: int | None = None
    # Of a parcel; name, street, postcode, place, country.
    address: Mapping[str, str] | None = None
    agreed_address: bool = False


def is_open(perk: Perk, now: datetime) -> bool:
    """Return whether the perk can be claimed at all."""
    return perk.state == Perk.State.PUBLISHED and perk.sponsor.is_active and now < perk.claim_until


def live_claim(perk_id: int, person: Person) -> Claim | None:
    """Return the person's claim that holds or waits for the perk. One query."""
    return Claim.objects.filter(perk_id=perk_id, person=person, state__in=Claim.LIVE).first()


def claim(person: Person, perk_id: int, answers: Answers) -> Claim:
    """Return the person's claim, made now or before (a second click); else raise NotNow.

    In this order, in one transaction: the facts, the lock, the rules, the stock, the code.
    """
    _refuse_sold_out(perk_id, person)
    with acting_as(person.owner):
        now = timezone.now()
        perk = Perk.objects.select_related("sponsor").get(pk=perk_id)
        facts = facts_of(person, sample=perk.is_sample)
        perk = waiting.locked(perk_id)
        mine = live_claim(perk_id, person)
        if mine is not None and mine.state in (Claim.State.CLAIMED, Claim.State.USED):
            return mine
        if not is_open(perk, now):
            raise Over
        facts = replace(facts, country=answers.country, age=answers.age)
        verdict = judge(rules_of(perk), facts, names(perk.topics))
        if not verdict.is_complete:
            raise NotEligible(verdict)
        if not answers.agreed or (perk.kind == Perk.Kind.ADDRESS and not _has_address(answers)):
            raise NotAgreed
        waiting.hand_on(perk, now)
        made = _take(perk, person, mine, now)
        _note_accounts(perk, made, person)
        _give(perk, made, person, answers)
        return made


def _refuse_sold_out(perk_id: int, person: Person) -> None:
    """Answer the many who come too late without making anybody wait for the lock."""
    perk = Perk.objects.filter(pk=perk_id).first()
    if perk is None:
        raise Over
    if perk.taken >= perk.stock and live_claim(perk_id, person) is None:
        raise SoldOut


def _has_address(answers: Answers) -> bool:
    return bool(answers.address) and answers.agreed_address


def _take(perk: Perk, person: Person, mine: Claim | None, now: datetime) -> Claim:
    """Return the claim that holds one of the stock from now on."""
    if mine is not None:
        # Handing on may just have offered it, or let the offer lapse.
        mine.refresh_from_db()
        if mine.state != Claim.State.OFFERED:
            raise SoldOut
        mine.state, mine.claimed_at, mine.offered_until = Claim.State.CLAIMED, now, None
        mine.save(update_fields=["state", "claimed_at", "offered_until"])
        return mine
    perk.refresh_from_db(fields=["taken", "stock"])
    if perk.taken >= perk.stock:
        raise SoldOut
    return Claim.objects.create(
        perk=perk, person=person, state=Claim.State.CLAIMED, at=now, claimed_at=now
    )


def _note_accounts(perk: Perk, made: Claim, person: Person) -> None:
    keys = claiming_accounts(person, sample=perk.is_sample)
    others = Claim.objects.filter(perk=perk, state__in=Claim.HOLDING).exclude(person=person)
    if person.owner_id is not None and others.filter(person__owner=person.owner_id).exists():
        raise AccountUsed
    if ClaimedAccount.objects.filter(perk=perk, key_hash__in=keys).exists():
        raise AccountUsed
    ClaimedAccount.objects.bulk_create(
        ClaimedAccount(perk=perk, claim=made, key_hash=key) for key in keys
    )


def _give(perk: Perk, made: Claim, person: Person, answers: Answers) -> None:
    """Give the claim its code or keep its address, and note consent and letter."""
    consent.record(f"perk:{perk.pk}", given=True, person=person)
    made.letter = Claim.Letter.CLAIMED
    if perk.kind == Perk.Kind.CODE:
        # In the order of upload; a code that another transaction holds is waited for.
        code = (
            Code.objects.select_for_update()
            .filter(perk=perk, claim__isnull=True)
            .order_by("id")
            .first()
        )
        if code is None:
            raise SoldOut
        code.claim = made
        code.save(update_fields=["claim"])
    if perk.kind == Perk.Kind.ADDRESS:
        consent.record(f"perk-address:{perk.pk}", given=True, person=person)
        made.address = crypto.encrypt_text(json.dumps(dict(answers.address or {})))
    made.save(update_fields=["letter", "address"])


def cancel(person: Person, claim_id: int) -> Claim:
    """Give up a claim or a place on the waiting list; the next one in line is offered it.

    Raises Claim.DoesNotExist, TooLate. A second click changes nothing.
    """
    perk_id = Claim.objects.get(pk=claim_id, person=person).perk_id
    with acting_as(person.owner):
        perk = waiting.locked(perk_id)
        mine = Claim.objects.get(pk=claim_id, person=person)
        if mine.state in (Claim.State.CANCELLED, Claim.State.LAPSED):
            return mine
        if mine.state == Claim.State.USED or mine.shown_at or mine.address_taken_at:
            raise TooLate
        if mine.state == Claim.State.CLAIMED:
            consent.record(f"perk:{perk.pk}", given=False, person=person)
            if perk.kind == Perk.Kind.ADDRESS:
                consent.record(f"perk-address:{perk.pk}", given=False, person=person)
        Code.objects.filter(claim=mine).update(claim=None)
        mine.accounts.all().delete()
        mine.state, mine.letter, mine.address = Claim.State.CANCELLED, "", b""
        mine.save(update_fields=["state", "letter", "address"])
        waiting.hand_on(perk, timezone.now())
        return mine


def show(person: Person, claim_id: int) -> str:
    """Return the claim's code or link; from the first time on it cannot be cancelled.

    Raises Claim.DoesNotExist, and NotNow where there is nothing to show.
    """
    with acting_as(person.owner):
        mine = (
            Claim.objects.select_for_update(of=("self",))
            .select_related("perk")
            .get(pk=claim_id, person=person, state__in=(Claim.State.CLAIMED, Claim.State.USED))
        )
        if mine.perk.kind == Perk.Kind.ADDRESS:
            raise NotNow
        if mine.shown_at is None:
            mine.shown_at = timezone.now()
            mine.save(update_fields=["shown_at"])
        is_code = mine.perk.kind == Perk.Kind.CODE
        return crypto.decrypt_text(mine.code.secret if is_code else mine.perk.link)


def mark_used(person: Person, claim_id: int) -> None:
    """Note that the perk was used; raises Claim.DoesNotExist. A second click changes nothing."""
    with acting_as(person.owner):
        mine = Claim.objects.select_for_update().get(
            pk=claim_id, person=person, state__in=(Claim.State.CLAIMED, Claim.State.USED)
        )
        if mine.state == Claim.State.CLAIMED:
            mine.state, mine.used_at = Claim.State.USED, timezone.now()
            mine.save(update_fields=["state", "used_at"])


def rate(person: Person, claim_id: int, rating: int, words: str) -> None:
    """Keep a rating of a used perk, anew if it was rated before; raises Claim.DoesNotExist."""
    with acting_as(person.owner):
        mine = Claim.objects.select_for_update().get(
            pk=claim_id, person=person, state=Claim.State.USED
        )
        mine.rating, mine.words, mine.rated_at = rating, words, timezone.now()
        mine.save(update_fields=["rating", "words", "rated_at"])

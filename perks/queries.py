"""What pages ask about perks: complete answers, so that a template queries nothing."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from people.models import Person
from perks.eligibility import Facts, Verdict, judge
from perks.facts import all_facts, names, rules_of
from perks.models import Claim, Perk


@dataclass(frozen=True, slots=True)
class Mine:
    """The visitor's live claim of a perk."""

    pk: int
    state: str
    offered_until: datetime | None


@dataclass(frozen=True, slots=True)
class Offer:
    """A perk's own page."""

    perk: Perk
    left: int
    is_open: bool
    verdict: Verdict | None
    # What is asked for, in words, for visitors who are not signed in.
    asked: list[object]
    mine: Mine | None


def offered() -> QuerySet[Perk]:
    """Return the perks that anybody can see now, the newest first."""
    samples = [False, True] if settings.SAMPLE_NETWORK else [False]
    return (
        Perk.objects.select_related("sponsor")
        .filter(
            state=Perk.State.PUBLISHED,
            claim_until__gt=timezone.now(),
            sponsor__is_active=True,
            is_sample__in=samples,
        )
        .order_by("-published_at", "-id")
    )


def with_mine(perks: QuerySet[Perk], person: Person | None) -> QuerySet[Perk]:
    """Return the perks with the person's live claim of each."""
    if person is None:
        return perks
    mine = Claim.objects.filter(perk=OuterRef("pk"), person=person, state__in=Claim.LIVE)
    return perks.annotate(
        my_state=Subquery(mine.values("state")[:1]),
        my_claim=Subquery(mine.values("pk")[:1]),
        my_offer=Subquery(mine.values("offered_until")[:1]),
    )


def offer(slug: str, person: Person | None) -> Offer | None:
    """Return a perk's page; None for one that the visitor may not see.

    Who has a claim sees it for good. Five queries at most, topics named.
    """
    now = timezone.now()
    perks = Perk.objects.select_related("sponsor").filter(slug=slug)
    perk = with_mine(perks, person).first()
    if perk is None or perk.state == Perk.State.DRAFT:
        return None
    state = getattr(perk, "my_state", None)
    mine = Mine(vars(perk)["my_claim"], state, vars(perk)["my_offer"]) if state else None
    is_open = perk.state == Perk.State.PUBLISHED and now < perk.claim_until
    is_there = perk.sponsor.is_active and (settings.SAMPLE_NETWORK or not perk.is_sample)
    if mine is None and not (is_there and perk.state != Perk.State.CLOSED):
        return None
    return judged(perk, person, mine, is_open=is_open and is_there)


def judged(perk: Perk, person: Person | None, mine: Mine | None, *, is_open: bool) -> Offer:
    """Return a perk as its page shows it to the person."""
    rules, called = rules_of(perk), names(perk.topics)
    verdict = None
    if person is not None:
        verdict = judge(rules, all_facts(person)[perk.is_sample], called)
    asked: list[object] = [line.wanted for line in judge(rules, Facts(), called).lines]
    return Offer(perk, perk.stock - perk.taken, is_open, verdict, asked, mine)


def my_claims(person: Person) -> list[Claim]:
    """Return all of the person's claims with their perks, the newest first. One query."""
    return list(
        Claim.objects.select_related("perk__sponsor").filter(person=person).order_by("-at")[:200]
    )


def my_claim(person: Person, claim_id: int) -> Claim | None:
    """Return one of the person's claims with its perk, None for another's. One query."""
    return Claim.objects.select_related("perk__sponsor").filter(pk=claim_id, person=person).first()

"""What pages ask about perks: complete answers, so that a template queries nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from people.models import Person
from perks.eligibility import Facts, Verdict, judge
from perks.facts import all_facts, names, rules_of
from perks.models import Claim, Perk

# Perks that the catalogue looks at; beyond that the oldest are left out.
MOST_PERKS = 500
PER_PAGE = 12


@dataclass(frozen=True, slots=True)
class Card:
    """A perk as the catalogue shows it."""

    slug: str
    title: str
    summary: str
    sponsor: str
    picture: str
    picture_text: str
    is_sample: bool
    left: int
    stock: int
    claim_until: datetime
    # None: nobody is signed in.
    qualifies: bool | None
    # The visitor's own claim: its state in words, and its number.
    mine: str
    claim_id: int | None


@dataclass(frozen=True, slots=True)
class Catalogue:
    """A page of the catalogue."""

    cards: list[Card]
    show: str
    count: int
    page: int
    pages: int


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


def _with_mine(perks: QuerySet[Perk], person: Person | None) -> QuerySet[Perk]:
    """Return the perks with the person's live claim of each."""
    if person is None:
        return perks
    mine = Claim.objects.filter(perk=OuterRef("pk"), person=person, state__in=Claim.LIVE)
    return perks.annotate(
        my_state=Subquery(mine.values("state")[:1]),
        my_claim=Subquery(mine.values("pk")[:1]),
        my_offer=Subquery(mine.values("offered_until")[:1]),
    )


def catalogue(person: Person | None, show: str, page: int) -> Catalogue:
    """Return a page of the perks: "all", those that are "left", or that the person "mine" may have.

    Five queries at most.
    """
    facts = all_facts(person) if person is not None else None
    cards = [_card(perk, facts) for perk in _with_mine(offered(), person)[:MOST_PERKS]]
    if show == "left":
        cards = [card for card in cards if card.left]
    elif show == "mine" and person is not None:
        cards = [card for card in cards if card.qualifies]
    else:
        show = "all"
    pages = max(1, -(-len(cards) // PER_PAGE))
    page = min(max(page, 1), pages)
    return Catalogue(cards[(page - 1) * PER_PAGE : page * PER_PAGE], show, len(cards), page, pages)


def _card(perk: Perk, facts: Mapping[bool, Facts] | None) -> Card:
    verdict = judge(rules_of(perk), facts[perk.is_sample]) if facts else None
    state = getattr(perk, "my_state", None)
    return Card(
        slug=perk.slug,
        title=perk.title,
        summary=perk.summary,
        sponsor=perk.sponsor.name,
        picture=perk.picture,
        picture_text=perk.picture_text,
        is_sample=perk.is_sample,
        left=perk.stock - perk.taken,
        stock=perk.stock,
        claim_until=perk.claim_until,
        qualifies=verdict.qualifies if verdict else None,
        mine=str(Claim.State(state).label) if state else "",
        claim_id=getattr(perk, "my_claim", None),
    )


def offer(slug: str, person: Person | None) -> Offer | None:
    """Return a perk's page; None for one that the visitor may not see.

    Who has a claim sees it for good. Five queries at most, topics named.
    """
    now = timezone.now()
    perks = Perk.objects.select_related("sponsor").filter(slug=slug)
    perk = _with_mine(perks, person).first()
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

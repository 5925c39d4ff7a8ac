"""What sponsors ask about their perks: counts and words, nothing of who claimed."""

from dataclasses import dataclass

from django.db.models import Avg, Count, Q, QuerySet

from people.models import User
from perks.models import Claim, Member, Perk, Sponsor

MOST_WORDS = 100


@dataclass(frozen=True, slots=True)
class Watched:
    """How a perk goes."""

    perk: Perk
    left: int
    waiting: int
    offered: int
    claimed: int
    used: int
    cancelled: int
    # Parcels whose address waits to be taken along, and those taken but not sent.
    to_pack: int
    packed: int
    rated: int
    rating: float | None
    # Ratings with words, without names, days or order of coming.
    words: list[tuple[int, str]]


def sponsors_of(user: User) -> list[Sponsor]:
    """Return the sponsors that the user acts for. One query."""
    return list(Sponsor.objects.filter(members__user=user).order_by("name"))


def is_member(user: User) -> bool:
    """Return whether the user acts for some sponsor. One query."""
    return Member.objects.filter(user=user).exists()


def own_perks(user: User) -> QuerySet[Perk]:
    """Return the perks of the user's sponsors, the newest first."""
    return (
        Perk.objects.select_related("sponsor")
        .filter(sponsor__members__user=user)
        .order_by("-created_at", "-pk")
    )


def own_perk(user: User, perk_id: int) -> Perk | None:
    """Return a perk of one of the user's sponsors, None for another's. One query."""
    return own_perks(user).filter(pk=perk_id).first()


def watched(perk: Perk) -> Watched:
    """Return how a perk goes. Two queries."""
    state = Claim.State
    parcels = Q(state__in=(state.CLAIMED, state.USED)) & ~Q(address=b"")
    found = Claim.objects.filter(perk=perk).aggregate(
        waiting=Count("pk", filter=Q(state=state.WAITING)),
        offered=Count("pk", filter=Q(state=state.OFFERED)),
        claimed=Count("pk", filter=Q(state=state.CLAIMED)),
        used=Count("pk", filter=Q(state=state.USED)),
        cancelled=Count("pk", filter=Q(state__in=(state.CANCELLED, state.LAPSED))),
        to_pack=Count("pk", filter=parcels & Q(address_taken_at=None)),
        packed=Count("pk", filter=parcels & Q(address_taken_at__isnull=False, delivered_at=None)),
        rated=Count("rating"),
        rating=Avg("rating"),
    )
    words = (
        Claim.objects.filter(perk=perk, rating__isnull=False)
        .exclude(words="")
        .order_by("-rating", "words")
        .values_list("rating", "words")[:MOST_WORDS]
    )
    return Watched(
        perk=perk, left=perk.stock - perk.taken, words=[(r or 0, w) for r, w in words], **found
    )

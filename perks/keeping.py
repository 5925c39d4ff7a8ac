"""What is removed when its time is over, and whether the stock is right."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from perks.audit import acting_as
from perks.models import Claim, Invitation

ADDRESS_DAYS = 90
# An address whose parcel nobody marked as sent goes as well.
UNSENT_ADDRESS_DAYS = 180

# After so many days a parcel that nobody marked as sent wants an operator's hand.
LATE_DAYS = 30

_CHECKS = {
    # What is taken is what claims hold.
    "taken": """
        SELECT p.id FROM perks_perk p WHERE p.taken <> (
            SELECT count(*) FROM perks_claim c
             WHERE c.perk_id = p.id AND c.state IN ('offered', 'claimed', 'used'))""",
    # The stock of a perk with codes is its codes.
    "codes": """
        SELECT p.id FROM perks_perk p WHERE p.kind = 'code' AND p.stock <> (
            SELECT count(*) FROM perks_code c WHERE c.perk_id = p.id)""",
    # Codes left are codes minus claims: each claim has one, and no other row has any.
    "given": """
        SELECT p.id FROM perks_perk p WHERE p.kind = 'code' AND (
            SELECT count(*) FROM perks_code c WHERE c.perk_id = p.id AND c.claim_id IS NOT NULL
        ) <> (SELECT count(*) FROM perks_claim c
               WHERE c.perk_id = p.id AND c.state IN ('claimed', 'used'))""",
    "mixed": """
        SELECT DISTINCT k.perk_id FROM perks_code k JOIN perks_claim c ON c.id = k.claim_id
         WHERE c.perk_id <> k.perk_id OR c.state NOT IN ('claimed', 'used')""",
    "oversold": "SELECT id FROM perks_perk WHERE taken > stock OR taken < 0",
}


@dataclass(frozen=True, slots=True)
class Wrong:
    """A perk whose stock is not what its codes and claims say, and which check says so."""

    perk_id: int
    check: str


def wrong_stock() -> list[Wrong]:
    """Return every perk whose stock is not codes minus claims. Five queries."""
    found = []
    with connection.cursor() as cursor:
        for name, query in _CHECKS.items():
            cursor.execute(query)
            found += [Wrong(perk_id, name) for (perk_id,) in cursor.fetchall()]
    return found


def late_parcels(claims: QuerySet[Claim] | None = None) -> QuerySet[Claim]:
    """Return the claims, of these or of all, whose parcel nobody marked as sent for a month."""
    rows = Claim.objects.all() if claims is None else claims
    until = timezone.now() - timedelta(days=LATE_DAYS)
    return rows.filter(~Q(address=b""), delivered_at=None, claimed_at__lte=until)


def expire(now: datetime) -> dict[str, int]:
    """Remove addresses and invitations whose time is over; return how many by word."""
    kept = Claim.objects.exclude(address=b"")
    sent = kept.filter(delivered_at__lte=now - timedelta(days=ADDRESS_DAYS))
    unsent = kept.filter(claimed_at__lte=now - timedelta(days=UNSENT_ADDRESS_DAYS))
    with acting_as(None):
        return {
            "addresses": sent.update(address=b"", tracking="")
            + unsent.update(address=b"", tracking=""),
            "invitations": Invitation.objects.filter(expires_at__lte=now).delete()[0],
        }

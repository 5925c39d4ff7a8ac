"""What waits for operators of this package: reports about perks, and parcels that nobody sends."""

from django.utils.translation import ngettext

from people.duty import queues
from perks import keeping
from perks.models import Complaint


def register() -> None:
    """Have open reports about perks, and late parcels, be told."""
    queues.register(
        queues.Queue(
            name="perk-reports",
            words=lambda count: (
                ngettext("%(count)d report about a perk", "%(count)d reports about perks", count)
                % {"count": count}
            ),
            right="perks.change_complaint",
            rows=lambda: Complaint.objects.filter(decided_at=None),
            since="at",
            page="perks_complaint",
            query="decided_at__isempty=1",
        )
    )
    queues.register(
        queues.Queue(
            name="late-parcels",
            words=lambda count: (
                ngettext(
                    "%(count)d parcel of a perk that was not sent for a month",
                    "%(count)d parcels of perks that were not sent for a month",
                    count,
                )
                % {"count": count}
            ),
            right="perks.change_claim",
            rows=keeping.late_parcels,
            since="claimed_at",
            page="perks_claim",
            query="parcel=late",
        )
    )

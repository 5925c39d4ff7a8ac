"""Queues of this package."""

from django.utils.translation import ngettext

from people.duty.queues import Queue, register
from people.models import Report


def register_queues() -> None:
    """Have open reports about profiles be told."""
    register(
        Queue(
            name="profile-reports",
            words=lambda count: (
                ngettext(
                    "%(count)d report about a profile", "%(count)d reports about profiles", count
                )
                % {"count": count}
            ),
            right="people.change_report",
            rows=lambda: Report.objects.filter(decided_at=None),
            since="at",
            page="people_report",
            query="decided_at__isempty=1",
        )
    )

"""What waits for operators of this package: appeals."""

from django.utils.translation import ngettext

from people.duty import queues
from scoring.models import Appeal


def register() -> None:
    """Have open appeals be told."""
    queues.register(
        queues.Queue(
            name="appeals",
            words=lambda count: (
                ngettext(
                    "%(count)d appeal against a discount",
                    "%(count)d appeals against discounts",
                    count,
                )
                % {"count": count}
            ),
            right="scoring.change_appeal",
            rows=lambda: Appeal.objects.filter(decided_at=None),
            since="at",
            page="scoring_appeal",
            query="decided_at__isempty=1",
        )
    )

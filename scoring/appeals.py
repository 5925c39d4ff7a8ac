"""Objections to discounts: made by the person, decided by an operator."""

from django.db import transaction
from django.utils import timezone

from people.models import User
from scoring.discounts import may_be_appealed
from scoring.models import Appeal, Discount


class NoAppeal(ValueError):
    """There is nothing to appeal against, or an appeal is open already; the text says which."""


def appeal(person_id: int, discount_id: int, words: str) -> Appeal:
    """Store a person's appeal against a discount of theirs; raise NoAppeal, Discount.DoesNotExist.

    One open appeal for each discount.
    """
    with transaction.atomic():
        discount = Discount.objects.select_for_update().get(pk=discount_id, person_id=person_id)
        if not may_be_appealed(discount):
            raise NoAppeal("This discount has ended or was lifted.")
        if Appeal.objects.filter(discount=discount, decided_at=None).exists():
            raise NoAppeal("An appeal against this discount is open already.")
        return Appeal.objects.create(person_id=person_id, discount=discount, words=words)


def decide(appeal_id: int, decision: Appeal.Decision, by: User) -> bool:
    """Decide an open appeal; return False where it was decided before.

    A lifted discount is not made from today's scoring on, for a year.
    """
    now = timezone.now()
    with transaction.atomic():
        found = (
            Appeal.objects.select_for_update(of=("self", "discount"))
            .select_related("discount")
            .filter(pk=appeal_id, decided_at=None)
            .first()
        )
        if found is None:
            return False
        found.decided_at, found.decision, found.by = now, decision, by
        found.save(update_fields=["decided_at", "decision", "by"])
        if decision == Appeal.Decision.LIFTED:
            found.discount.lifted_on = now.date()
            found.discount.save(update_fields=["lifted_on"])
    return True

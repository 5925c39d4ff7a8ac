"""E-mails about claims: which is due is a column of the claim, so that none is lost."""

from datetime import datetime, timedelta
from typing import Any

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from people.models import User
from perks.models import Claim, Perk

log = structlog.get_logger(__name__)
# How long before its end a perk that is not used is recalled.
RECALLED_BEFORE = timedelta(days=3)
# Letters of one task.
MOST_LETTERS = 200


def send(user: User | None, name: str, values: dict[str, Any], **headers: str) -> bool:
    """Send a user the e-mail of templates/perks/email/, in their language; False without address.

    The first line of the template is the subject.
    """
    if user is None or not user.email or not user.is_active:
        return False
    with translation.override(user.language or settings.LANGUAGE_CODE):
        text = render_to_string(f"perks/email/{name}.txt", {**values, "site": settings.SITE_URL})
    subject, _, body = text.strip().partition("\n")
    EmailMessage(subject.strip(), body.strip() + "\n", to=[user.email], headers=headers).send()
    return True


def send_due(most: int = MOST_LETTERS) -> int:
    """Send the letters that claims ask for; return how many were looked at.

    Each in its own transaction: a killed worker sends one letter twice at worst, and loses none.
    """
    count = 0
    while count < most and _send_one():
        count += 1
    return count


def _send_one() -> bool:
    with transaction.atomic():
        claim = (
            Claim.objects.select_for_update(of=("self",), skip_locked=True)
            .select_related("perk__sponsor", "person__owner")
            .exclude(letter="")
            .order_by("id")
            .first()
        )
        if claim is None:
            return False
        person = claim.person
        values = {
            "perk": claim.perk,
            "claim": claim,
            "address": settings.SITE_URL + reverse("perks:claim", args=[claim.pk]),
        }
        sent = person is not None and send(person.owner, claim.letter, values)
        log.info("perk_letter", claim_id=claim.pk, letter=claim.letter, sent=sent)
        claim.letter = ""
        claim.save(update_fields=["letter"])
    return True


def recall(now: datetime) -> int:
    """Ask for a letter to everybody whose unused perk ends within three days; return how many."""
    return Claim.objects.filter(
        state=Claim.State.CLAIMED,
        reminded_at__isnull=True,
        letter="",
        perk__kind__in=(Perk.Kind.CODE, Perk.Kind.LINK),
        perk__use_until__range=(now, now + RECALLED_BEFORE),
    ).update(letter=Claim.Letter.DEADLINE, reminded_at=timezone.now())

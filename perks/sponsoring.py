"""What sponsors and operators do with perks; each change is noted as theirs."""

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from PIL import Image

from connectors import crypto
from people.models import User
from perks import pictures, waiting
from perks.audit import acting_as
from perks.models import Claim, Invitation, Member, Perk, Sponsor

SALT = "perks.invitation"
INVITED_FOR = timedelta(days=14)


class CannotPublish(ValueError):
    """What a perk still lacks; the text says it in the reader's language."""


def invite(sponsor: Sponsor, email: str, by: User | None) -> Invitation:
    """Return the invitation, its signed link on the way by e-mail; an older one is replaced."""
    with acting_as(by):
        made, _made = Invitation.objects.update_or_create(
            sponsor=sponsor,
            email=email.lower(),
            defaults={"by": by, "expires_at": timezone.now() + INVITED_FOR},
        )
        # The time goes into the signature, so that the link of the older e-mail ends.
        token = signing.dumps([made.pk, made.expires_at.timestamp()], salt=SALT)
        address = settings.SITE_URL + reverse("sponsor:join", args=[token])
        text = render_to_string(
            "perks/email/invitation.txt",
            {"sponsor": sponsor, "address": address, "until": made.expires_at},
        )
        subject, _line, body = text.strip().partition("\n")
        letter = EmailMessage(subject.strip(), body.strip() + "\n", to=[made.email])
        transaction.on_commit(letter.send)
    return made


def invitation_of(token: str) -> Invitation | None:
    """Return the invitation of a signed link; None where it was used, replaced or is over."""
    try:
        number, until = signing.loads(token, salt=SALT, max_age=INVITED_FOR)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    found = Invitation.objects.select_related("sponsor").filter(pk=number).first()
    if found is None or found.expires_at <= timezone.now():
        return None
    return found if found.expires_at.timestamp() == until else None


def accept(token: str, user: User) -> Member | None:
    """Return the user's membership by an invitation, which is gone then; None without one."""
    with acting_as(user):
        found = invitation_of(token)
        # Two clicks at once: the second finds it gone.
        if found is None or not Invitation.objects.filter(pk=found.pk).delete()[0]:
            return None
        return Member.objects.get_or_create(sponsor=found.sponsor, user=user)[0]


def save(
    perk: Perk, given: Mapping[str, Any], by: User, picture: Image.Image | None = None
) -> Perk:
    """Return the perk stored with what a form gave; a new one is a draft."""
    for name in Perk.EDITED:
        if name in given:
            setattr(perk, name, given[name])
    if "link" in given:
        perk.link = crypto.encrypt_text(given["link"])
    before = perk.picture
    if picture is not None:
        perk.picture = pictures.store(picture)
    if not perk.slug:
        perk.slug = f"{slugify(perk.title)[:60] or 'perk'}-{secrets.token_hex(3)}"
    with acting_as(by):
        if perk.pk is None:
            perk.save(force_insert=True)
        else:
            locked = waiting.locked(perk.pk)
            if perk.kind == Perk.Kind.CODE:
                # Also where it was to be something else before; uploads wait for the lock.
                perk.stock = perk.codes.count()
            elif perk.stock < locked.taken:
                raise CannotPublish(_("More than that are claimed already."))
            perk.save(update_fields=[*Perk.EDITED, "link", "picture"])
            waiting.hand_on(perk, timezone.now())
    if before and before != perk.picture:
        pictures.remove(before)
    return perk


def change_state(perk_id: int, state: str, by: User | None) -> Perk:
    """Return the perk, published, paused or closed from now on; a second click changes nothing.

    Raises CannotPublish. Closing ends the waiting list; claims stay as they are.
    """
    now = timezone.now()
    with acting_as(by):
        perk = waiting.locked(perk_id)
        if perk.state == state:
            return perk
        if perk.state == Perk.State.CLOSED:
            raise CannotPublish(_("A closed perk stays closed."))
        if state == Perk.State.PUBLISHED:
            _check(perk)
            perk.published_at = perk.published_at or now
        elif perk.state == Perk.State.DRAFT:
            raise CannotPublish(_("A draft was not published yet."))
        perk.state = state
        perk.save(update_fields=["state", "published_at"])
        if state == Perk.State.CLOSED:
            Claim.objects.filter(perk=perk, state__in=("waiting", "offered")).update(
                state=Claim.State.LAPSED, letter=""
            )
        waiting.hand_on(perk, now)
        return perk


def _check(perk: Perk) -> None:
    if not perk.sponsor.is_active:
        raise CannotPublish(_("The sponsor is not active."))
    if perk.claim_until <= timezone.now():
        raise CannotPublish(_("The last day for claims is over."))
    if perk.stock < 1:
        raise CannotPublish(
            _("There are no codes yet.")
            if perk.kind == Perk.Kind.CODE
            else _("Say how many there are.")
        )
    if perk.kind == Perk.Kind.LINK and not bytes(perk.link):
        raise CannotPublish(_("The link is missing."))

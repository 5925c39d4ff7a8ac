"""The addresses by which somebody shows their score elsewhere: switched on by the owner alone."""

import secrets

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import OuterRef, Subquery

from people import consent, networks, opt_out
from people.models import Person, ShareLink
from people.visibility import may_see

KINDS = frozenset(ShareLink.Kind.values)
TOKEN_BYTES = 24


def links_of(person: Person) -> dict[str, ShareLink]:
    """Return the person's addresses by kind. One query."""
    return {link.kind: link for link in person.share_links.all()}


def switch_on(person: Person, kind: str) -> ShareLink:
    """Return the person's address of that kind; a new one is recorded as a consent."""
    with transaction.atomic():
        link, is_new = ShareLink.objects.get_or_create(
            person=person, kind=kind, defaults={"token": _token()}
        )
        if is_new:
            consent.record(f"share:{kind}", given=True, person=person)
    return link


def renew(person: Person, kind: str) -> bool:
    """Give that kind another address: the old one is gone. Return whether there was one."""
    return bool(ShareLink.objects.filter(person=person, kind=kind).update(token=_token()))


def switch_off(person: Person, kind: str) -> bool:
    """Remove the address; return whether there was one."""
    with transaction.atomic():
        gone = bool(ShareLink.objects.filter(person=person, kind=kind).delete()[0])
        if gone:
            consent.record(f"share:{kind}", given=False, person=person)
    return gone


def shown_person(kind: str, token: str) -> Person | None:
    """Return whose address it is, with the owner; None where nobody may see the profile now.

    Unknown, switched off, private, hidden and opted out are one and the same answer. Three queries
    at most.
    """
    link = ShareLink.objects.select_related("person__owner").filter(kind=kind, token=token).first()
    if link is None or link.person.owner is None or not may_see(link.person, AnonymousUser()):
        return None
    names = [
        (account.network, name)
        for account in networks.accounts_of(link.person)
        for name in account.names
    ]
    return None if opt_out.opted_out_among(names) else link.person


def image_token() -> Subquery:
    """Return the column of a query about people that holds the token of their picture."""
    link = ShareLink.objects.filter(person=OuterRef("pk"), kind=ShareLink.Kind.IMAGE)
    return Subquery(link.values("token")[:1])


def image_token_of(person: Person) -> str:
    """Return the token of the picture of a person from person_by_slug, "" without one."""
    return getattr(person, "image_token", None) or ""


def _token() -> str:
    return secrets.token_urlsafe(TOKEN_BYTES)

"""Who exports and erases which rows of this package."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from allauth.account.models import EmailAddress
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from connectors import crypto, encrypted
from connectors.errors import Relink
from people.erasure import Rows, leaving_user, plain, register_impersonal
from people.erasure import register as register_model
from people.models import Person
from perks.models import (
    Candidate,
    Change,
    Claim,
    ClaimedAccount,
    Code,
    Complaint,
    Followed,
    Invitation,
    Member,
    Notice,
    Perk,
    Sponsor,
    Wish,
)


def register() -> None:
    """Register this package's models with people.erasure, parents before children."""
    encrypted.also(Perk, "link")
    encrypted.also(Code, "secret")
    encrypted.also(Claim, "address")
    register_impersonal(Sponsor, "A company that offers perks; who acts for it are other rows.")
    register_impersonal(Perk, "What a sponsor offers, as everybody reads it.")
    register_impersonal(Code, "A sponsor's code; the claim says who has it.")
    register_impersonal(Followed, "Which scored days were looked at, for how many people in all.")
    _register_sponsors()
    _register_claims()
    until = _("until the next daily scoring, or until you erase everything")
    register_model(
        Candidate,
        export=_rows(Candidate),
        erase=_erase(Candidate),
        what=_("The part of your score that perks ask about, for counting how many qualify"),
        source=_("computed here"),
        until=until,
    )
    register_model(
        Wish,
        export=_rows(Wish),
        erase=_erase(Wish),
        what=_("That you want e-mails about perks that you newly qualify for"),
        source=_("from you"),
        until=_("until you take it back"),
    )
    register_model(
        Notice,
        export=_rows(Notice),
        erase=_erase(Notice),
        what=_("Of which perks you were told"),
        source=_("computed here"),
        until=_("until you erase it"),
    )
    register_model(
        Complaint,
        export=_rows(Complaint),
        erase=_erase(Complaint),
        what=_("Your reports about perks"),
        source=_("you wrote them"),
        until=_("until you erase it"),
    )


def _register_sponsors() -> None:
    register_model(
        Member,
        export=lambda person: map(plain, _members(person)),
        erase=lambda person: _members(person).delete()[0] if leaving_user(person) else 0,
        what=_("For which sponsors you act"),
        source=_("from the operator's invitation that you accepted"),
        until=_("until the operator ends it, or you erase everything"),
    )
    register_model(
        Invitation,
        export=lambda person: (plain(row, "by") for row in _invitations(person)),
        erase=lambda person: _invitations(person).delete()[0] if leaving_user(person) else 0,
        what=_("Invitations to act for a sponsor"),
        source=_("from the operator"),
        until=_("until you accept, two weeks at most"),
    )
    register_model(
        Change,
        export=lambda person: map(plain, _changes(person)),
        # What was done stays on record; who did it goes.
        erase=lambda person: _changes(person).update(by=None) if leaving_user(person) else 0,
        what=_("What you changed about perks, as sponsor, operator or by claiming"),
        source=_("written down with each change"),
        until=_("until you erase everything; then without your name"),
    )


def _register_claims() -> None:
    register_model(
        Claim,
        export=_claims,
        erase=_erase_claims,
        what=_("Your perks: what you claimed, when, your rating, and the address for a parcel"),
        source=_("from you"),
        until=_("until you erase it; an address until 90 days after the parcel was sent"),
    )
    register_model(
        ClaimedAccount,
        export=lambda person: (
            plain(row) for row in ClaimedAccount.objects.filter(claim__person_id=person.pk)
        ),
        erase=lambda person: ClaimedAccount.objects.filter(claim__person_id=person.pk).delete()[0],
        what=_("By which of your accounts you claimed a perk, as a code that names nobody"),
        source=_("written down with the claim"),
        until=_("until you cancel the claim or erase everything"),
    )


def _rows(model: Any) -> Callable[[Person], Rows]:
    return lambda person: map(plain, model.objects.filter(person_id=person.pk).order_by("pk"))


def _erase(model: Any) -> Callable[[Person], int]:
    return lambda person: int(model.objects.filter(person_id=person.pk).delete()[0])


def _members(person: Person) -> QuerySet[Member]:
    return Member.objects.filter(user__people=person.pk)


def _changes(person: Person) -> QuerySet[Change]:
    return Change.objects.filter(by__people=person.pk)


def _invitations(person: Person) -> QuerySet[Invitation]:
    """Return those that the user made, or that went to an address of the user's."""
    if person.owner is None:
        return Invitation.objects.none()
    confirmed = EmailAddress.objects.filter(user=person.owner).values_list("email", flat=True)
    given = [a for a in {*confirmed, person.owner.email} if a]
    return Invitation.objects.filter(Q(by=person.owner) | Q(email__in=given))


def _claims(person: Person) -> Iterator[Mapping[str, Any]]:
    for row in Claim.objects.filter(person_id=person.pk).order_by("at"):
        try:
            address = json.loads(crypto.decrypt_text(row.address) or "null")
        except (Relink, ValueError):
            address = None
        yield plain(row, "letter") | {"address": address}


def _erase_claims(person: Person) -> int:
    """Give back what was not shown yet; what was given stays counted, without the person."""
    rows = Claim.objects.filter(person_id=person.pk)
    back = rows.filter(
        Q(state__in=("waiting", "offered"))
        | Q(state="claimed", shown_at__isnull=True, address_taken_at__isnull=True)
    )
    Code.objects.filter(claim__in=back).update(claim=None)
    back.update(state=Claim.State.CANCELLED)
    return rows.update(person=None, address=b"", tracking="", words="", letter="")

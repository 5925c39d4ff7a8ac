"""Who may see whose profile."""

from collections.abc import Iterable

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.utils import timezone

from people import networks, opt_out
from people.models import Person, User
from people.networks import NamedAccount


def is_hidden(person: Person) -> bool:
    """Return whether a report or a removal without proof hides the profile now."""
    return person.hidden_until is not None and person.hidden_until > timezone.now()


def may_see(
    person: Person,
    viewer: User | AnonymousUser,
    accounts: Iterable[NamedAccount] | None = None,
) -> bool:
    """Return whether the viewer may see the profile at its address.

    The owner always; nobody else a private, hidden or opted-out one. Two queries at most, and
    those only for profiles without an owner; one where the person's accounts are given.
    """
    decided = seen_before_opt_out(person, viewer)
    if decided is not None:
        return decided
    known = networks.accounts_of(person) if accounts is None else accounts
    names = [(account.network, name) for account in known for name in account.names if name]
    return not opt_out.opted_out_among(names)


def seen_before_opt_out(person: Person, viewer: User | AnonymousUser) -> bool | None:
    """Return what the person's own row says of may_see; None where the opt-out decides.

    A profile that nobody claimed was made without asking: the opt-out is asked each time.
    """
    if person.owner_id is not None and viewer.pk == person.owner_id:
        return True
    if person.visibility == Person.Visibility.PRIVATE:
        return False
    if is_hidden(person):
        return False
    if person.owner_id is not None:
        return True
    if person.expires_at is not None and person.expires_at <= timezone.now():
        return False
    return None


def listed() -> Q:
    """Return the condition of people who may be found by look-up, search and lists."""
    now = timezone.now()
    return (
        Q(visibility=Person.Visibility.PUBLIC)
        & (Q(hidden_until__isnull=True) | Q(hidden_until__lte=now))
        & (Q(expires_at__isnull=True) | Q(expires_at__gt=now))
    )


def publicly_visible(person_ids: Iterable[int]) -> set[int]:
    """Return those of the people whose score anybody may see. One query."""
    return set(
        Person.objects.filter(listed(), pk__in=list(person_ids)).values_list("pk", flat=True)
    )

"""Reads and writes of the lists that a user keeps."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Q

from people import networks
from people.list_models import MOST_LISTS, MOST_MEMBERS, NAME_CHARACTERS, ListMember, PersonList
from people.models import Person, User


class ListRefused(Exception):
    """A list or member that cannot be: "name", "full" (lists) or "members"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class ListLine:
    """One of a user's lists."""

    id: int
    name: str
    members_count: int


@dataclass(frozen=True, slots=True)
class NewMember:
    """Somebody to be added: a person here, or a handle on a network."""

    person_id: int | None = None
    network: str = ""
    handle: str = ""


def lists_of(user: User) -> list[ListLine]:
    """Return the user's lists by name. One query."""
    rows = PersonList.objects.filter(owner=user).annotate(members_count=Count("members"))
    return [ListLine(row.pk, row.name, row.members_count) for row in rows.order_by("name", "pk")]


def list_of(user: User, list_id: int) -> PersonList | None:
    """Return that list if it is the user's, else None. One query."""
    # A larger number is none of PostgreSQL's bigint.
    if list_id >= 1 << 63:
        return None
    return PersonList.objects.filter(owner=user, pk=list_id).first()


def _name(text: str) -> str:
    name = " ".join(text.replace("\0", " ").split())[:NAME_CHARACTERS]
    if not name:
        raise ListRefused("name")
    return name


def create_list(user: User, name: str) -> PersonList:
    """Return a new, empty list; raises ListRefused where there are 20, or one of that name."""
    wanted = _name(name)
    with transaction.atomic():
        # Two forms at once wait for each other.
        User.objects.select_for_update().get(pk=user.pk)
        own = PersonList.objects.filter(owner=user)
        if own.filter(name__iexact=wanted).exists():
            raise ListRefused("name")
        free = set(range(1, MOST_LISTS + 1)) - set(own.values_list("place", flat=True))
        if not free:
            raise ListRefused("full")
        return PersonList.objects.create(owner=user, place=min(free), name=wanted)


def rename_list(kept: PersonList, name: str) -> None:
    """Give the list another name; raises ListRefused where the owner has one of that name."""
    wanted = _name(name)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=kept.owner_id)
        others = PersonList.objects.filter(owner_id=kept.owner_id).exclude(pk=kept.pk)
        if others.filter(name__iexact=wanted).exists():
            raise ListRefused("name")
        PersonList.objects.filter(pk=kept.pk).update(name=wanted)


def members_of(kept: PersonList) -> list[ListMember]:
    """Return the members with their people, in the order in which they were added. One query."""
    return list(kept.members.select_related("person").order_by("place"))


def add_members(kept: PersonList, new: Sequence[NewMember]) -> int:
    """Add those who are not on the list yet, all or none; return how many were new.

    Raises ListRefused where they are more than there is room for.
    """
    with transaction.atomic():
        PersonList.objects.select_for_update().get(pk=kept.pk)
        known = list(kept.members.values_list("place", "person_id", "network", "handle"))
        there = {row[1:] for row in known}
        wanted = dict.fromkeys(
            member
            for member in new
            if (member.person_id, member.network, member.handle) not in there
        )
        taken = {row[0] for row in known}
        free = [place for place in range(1, MOST_MEMBERS + 1) if place not in taken]
        if len(wanted) > len(free):
            raise ListRefused("members")
        ListMember.objects.bulk_create(
            ListMember(
                list=kept,
                place=place,
                person_id=member.person_id,
                network=member.network,
                handle=member.handle,
            )
            for place, member in zip(free, wanted, strict=False)
        )
        return len(wanted)


def remove_member(kept: PersonList, member_id: int) -> None:
    """Take a member off the list; nothing happens where it is on another."""
    if member_id < 1 << 63:
        kept.members.filter(pk=member_id).delete()


def become_person(members: Iterable[ListMember], person_id: int) -> None:
    """Put the person in the place of a handle that was looked up, once on each list."""
    for member in members:
        if ListMember.objects.filter(list_id=member.list_id, person_id=person_id).exists():
            ListMember.objects.filter(pk=member.pk).delete()
        else:
            ListMember.objects.filter(pk=member.pk).update(
                person_id=person_id, network="", handle=""
            )


def named_on_lists(person: Person) -> Q:
    """Return the condition of a person's handles on anybody's lists, still to be looked up."""
    condition = Q(pk__in=[])
    for account in networks.accounts_of(person):
        condition |= Q(network=account.network, handle__in=[name.lower() for name in account.names])
    return condition

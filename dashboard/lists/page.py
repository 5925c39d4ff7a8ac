"""What the page of a list shows: its members, those who may be shown with their scores."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from connectors.lookup import KEPT
from connectors.models import Lookup
from dashboard.catalogue import network_name
from dashboard.csv_cells import Cell
from people.list_models import ListMember, PersonList
from people.lists import become_person, members_of
from people.models import Person
from scoring.listing import CHANGES, Standing, standings
from scoring.topics.queries import topics_of

ON_A_PAGE = 50
# Topics told of each person.
MOST_TOPICS = 3


@dataclass(frozen=True, slots=True)
class MemberLine:
    """One member. Without a slug nothing is told but what the owner wrote."""

    id: int
    # What is to be said instead of a score, "" where there is one.
    state: str
    # "" for who is not shown any more.
    name: str = ""
    slug: str = ""
    is_brand: bool = False
    network_name: str = ""
    handle: str = ""
    # None without a score.
    standing: Standing | None = None
    # For a look-up to begin; or one has.
    is_waiting: bool = False
    is_under_way: bool = False
    topics: str = ""

    @property
    def changes(self) -> list[float | None]:
        """The changes over 7, 30 and 90 days."""
        found = self.standing.changes if self.standing else {}
        return [found.get(days) for days in CHANGES]


_Key = Callable[[MemberLine], float | None]
SORTS: dict[str, _Key] = {
    "score": lambda line: line.standing.value if line.standing else None,
    **{
        f"change{days}": (
            lambda line, days=days: (
                line.standing.changes[days]  # type: ignore[misc]
                if line.standing
                else None
            )
        )
        for days in CHANGES
    },
}


@dataclass(frozen=True, slots=True)
class Column:
    """The head of a column that can be sorted by."""

    name: str
    address: str
    # "ascending", "descending" or "" as aria-sort has it.
    order: str
    is_number: bool


def lines_of(kept: PersonList) -> list[MemberLine]:
    """Return all members in the order in which they were added. Five queries at most."""
    members = _looked_up(members_of(kept))
    found = standings([member.person for member, _state in members if member.person is not None])
    topics = {
        person_id: ", ".join(row.name for row in rows[:MOST_TOPICS])
        for person_id, rows in (topics_of(found) if found else {}).items()
    }
    return [_line(member, state, found, topics) for member, state in members]


def _line(
    member: ListMember, state: str, found: dict[int, Standing], topics: dict[int, str]
) -> MemberLine:
    person = member.person
    if person is None:
        return MemberLine(
            id=member.pk,
            network_name=network_name(member.network),
            handle=member.handle,
            state=_state_words(state),
            is_waiting=state == "",
            is_under_way=state == "under way",
        )
    standing = found.get(person.pk)
    if standing is None:
        return MemberLine(id=member.pk, state=_("Not shown any more"))
    return MemberLine(
        id=member.pk,
        name=person.name or person.slug,
        slug=person.slug,
        is_brand=person.kind == Person.Kind.BRAND,
        network_name=network_name(standing.network) if standing.network else "",
        handle=standing.handle,
        standing=standing if standing.value is not None else None,
        state="" if standing.value is not None else _("No score yet"),
        topics=topics.get(person.pk, ""),
    )


def _state_words(state: str) -> str:
    if state == "under way":
        return _("Being looked up")
    return _("Waits to be looked up") if state == "" else _("We can't show this account")


def _looked_up(members: list[ListMember]) -> list[tuple[ListMember, str]]:
    """Return the members, those found by a look-up as people, and how far the others are.

    "": not asked, "under way", "unavailable".
    """
    waiting = [member for member in members if member.person_id is None]
    if not waiting:
        return [(member, "") for member in members]
    by_network: dict[str, list[str]] = {}
    for member in waiting:
        by_network.setdefault(member.network, []).append(member.handle)
    asked = Q()
    for network, handles in by_network.items():
        asked |= Q(network=network, handle__in=handles)
    lookups = Lookup.objects.filter(asked, created_at__gt=timezone.now() - KEPT)
    newest = {
        (row.network, row.handle): row
        for row in lookups.select_related("person").order_by("created_at")
    }
    told = []
    for member in members:
        row = newest.get((member.network, member.handle)) if member.person_id is None else None
        if row is None:
            told.append((member, ""))
        elif row.state == Lookup.State.DONE and row.person is not None:
            become_person([member], row.person.pk)
            member.person = row.person
            told.append((member, ""))
        else:
            ended = row.state in Lookup.FINISHED
            lost = row.created_at < timezone.now() - timedelta(minutes=15)
            told.append((member, "unavailable" if ended else "" if lost else "under way"))
    return told


def ordered(lines: Sequence[MemberLine], sort: str, *, descending: bool) -> list[MemberLine]:
    """Return the lines in that order; who has no value comes last, in the order of adding."""
    if sort == "name":
        named = sorted((x for x in lines if x.name), key=lambda x: x.name.casefold())
        return [*(reversed(named) if descending else named), *(x for x in lines if not x.name)]
    key = SORTS.get(sort)
    if key is None:
        return list(lines)
    valued = [(value, line) for line in lines if (value := key(line)) is not None]
    valued.sort(key=lambda pair: -pair[0] if descending else pair[0])
    without = [line for line in lines if key(line) is None]
    return [*(line for _value, line in valued), *without]


def list_context(kept: PersonList, query: QueryDict) -> dict[str, Any]:
    """Return what the page of a list reads."""
    sort, descending = query.get("sort", ""), query.get("dir", "desc") != "asc"
    lines = ordered(lines_of(kept), sort, descending=descending)
    pages = max(1, -(-len(lines) // ON_A_PAGE))
    text = query.get("page", "1")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 1
    number = min(max(number, 1), pages)
    kept_sort = {"sort": sort, "dir": "desc" if descending else "asc"} if sort else {}
    return {
        "list": kept,
        "lines": lines[(number - 1) * ON_A_PAGE : number * ON_A_PAGE],
        "count": len(lines),
        "waiting": sum(line.is_waiting for line in lines),
        "waiting_ids": {line.id for line in lines if line.is_waiting},
        "under_way": sum(line.is_under_way for line in lines),
        "kept_query": urlencode({**kept_sort, "page": number}),
        "columns": columns(sort, descending=descending),
        "pages": [
            (page, f"?{urlencode({**kept_sort, 'page': page})}", page == number)
            for page in range(1, pages + 1)
        ]
        if pages > 1
        else [],
    }


def columns(sort: str, *, descending: bool) -> list[Column]:
    """Return the heads of the table, each with the address that sorts by it."""
    names = {
        "name": _("Name"),
        "score": _("Score"),
        "change7": _("7 days"),
        "change30": _("30 days"),
        "change90": _("90 days"),
    }
    heads = []
    for code, words in names.items():
        chosen = code == sort
        # Names from A at first, numbers from the highest.
        down = not descending if chosen else code != "name"
        address = f"?{urlencode({'sort': code, 'dir': 'desc' if down else 'asc'})}"
        order = ("descending" if descending else "ascending") if chosen else ""
        heads.append(Column(words, address, order, code != "name"))
    return heads


CSV_HEAD = (
    "name",
    "network",
    "handle",
    "score",
    *(f"change_{d}_days" for d in CHANGES),
    "topics",
    "state",
)


def csv_rows(kept: PersonList) -> list[list[Cell]]:
    """Return the rows of the file: as the page shows them."""
    return [
        [
            line.name,
            line.network_name,
            line.handle,
            line.standing.value if line.standing else None,
            *line.changes,
            line.topics,
            line.state,
        ]
        for line in lines_of(kept)
    ]

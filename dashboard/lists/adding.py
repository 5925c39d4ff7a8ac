"""From what an owner typed or uploaded to members of a list: all of it or nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models.functions import Lower
from django.http import HttpRequest
from django.utils.translation import gettext as _

from connectors import registry
from connectors.lookup import understand
from connectors.models import Account
from connectors.types import AccountRef
from dashboard import limits
from dashboard.lists.csv_in import Cell
from dashboard.lookups import begin
from people.list_models import MOST_MEMBERS, ListMember
from people.lists import NewMember
from people.models import User
from scoring.listing import may_be_listed

# Errors that a page names; the rest is counted.
MOST_ERRORS = 20


@dataclass(frozen=True, slots=True)
class LineError:
    """What is wrong with one line of a file."""

    line: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Understood:
    """What a file or a text comes to; nothing is stored yet."""

    members: list[NewMember]
    # Names of those who are here, and handles that have to be looked up.
    known: list[str]
    unknown: list[str]
    errors: list[LineError]
    errors_count: int

    @property
    def text(self) -> str:
        """The handles, a line each, for the form that confirms them."""
        return "\n".join([*self.known, *self.unknown])


def understood(cells: Sequence[Cell]) -> Understood:
    """Return what the cells mean. A query for each network, and two."""
    errors: list[LineError] = []
    refs: dict[tuple[str, str], AccountRef] = {}
    for cell in cells:
        found = understand(cell.text[:300]) if cell.text else []
        if len(found) == 1:
            network, ref = found[0]
            refs.setdefault((network, ref.handle.lower()[:255]), ref)
        else:
            reason = _("no handle or profile address") if not found else _("may be on two networks")
            errors.append(LineError(cell.line, cell.text[:60], reason))
    if not errors and len(refs) > MOST_MEMBERS:
        words = _("%(count)d different handles; a list holds %(most)d")
        words %= {"count": len(refs), "most": MOST_MEMBERS}
        errors.append(LineError(len(cells), "", words))
    if errors:
        return Understood([], [], [], errors[:MOST_ERRORS], len(errors))
    people = _known(refs)
    members = [
        NewMember(person_id=people[key]) if key in people else NewMember(None, *key) for key in refs
    ]
    known = [handle_text(*key) for key in refs if key in people]
    unknown = [handle_text(*key) for key in refs if key not in people]
    return Understood(members, known, unknown, [], 0)


def handle_text(network: str, handle: str) -> str:
    """Return a handle as it is understood again: one that is a domain needs its sign."""
    plain = understand(handle)
    clear = len(plain) == 1 and plain[0][0] == network
    return handle if clear else f"@{handle}"


def _known(refs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Return the listed people here by network and handle."""
    by_network: dict[str, list[str]] = {}
    for network, handle in refs:
        by_network.setdefault(network, []).append(handle)
    accounts = [
        account
        for network, handles in by_network.items()
        for account in Account.objects.select_related("person")
        .annotate(lower=Lower("handle"))
        .filter(network=network, lower__in=handles)
        .exclude(status=Account.Status.UNLINKED)
    ]
    shown = may_be_listed([account.person for account in accounts])
    return {
        (account.network, account.handle.lower()): account.person_id
        for account in accounts
        if account.person_id in shown
    }


@dataclass(frozen=True, slots=True)
class Begun:
    """How many look-ups were begun, and whether some have to wait for the next hour or a place."""

    begun: int
    waiting: int


def look_up(request: HttpRequest, user: User, members: Sequence[ListMember]) -> Begun:
    """Begin the look-ups of the handles as far as the user's own limits let them; the rest waits.

    As if the user had typed each into the box: the same hourly number, the same places at a host.
    """
    begun, full = 0, set()
    for member in members:
        ref = _ref(member)
        host = (ref.server or member.network) if ref else ""
        if ref is None or host in full:
            continue
        if not limits.may_look_up(request):
            break
        if begin(member.network, ref, user) is None:
            full.add(host)
        else:
            begun += 1
    return Begun(begun, len(members) - begun)


def _ref(member: ListMember) -> AccountRef | None:
    return registry.parse_handle(member.network, member.handle) or registry.parse_handle(
        member.network, f"@{member.handle}"
    )

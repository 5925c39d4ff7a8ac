"""What the page of moments shows, from the words of its address."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from connectors.queries import OwnAccount
from connectors.types import Kind
from dashboard.catalogue import network_name
from dashboard.moments.lines import moment_lines
from dashboard.trend.period import ALL, CUSTOM, RANGES, asked_of
from scoring.moment_lists import MomentFilter, MomentPage

ON_A_PAGE = 20
# Nobody turns more pages than this; and a database counts no further for a stranger's number.
MOST_PAGES = 1_000
SEARCH_CHARACTERS = 100
SORTS: dict[str, Promise] = {
    "points": gettext_lazy("Points, most first"),
    "date": gettext_lazy("Date, newest first"),
    "network": gettext_lazy("Network"),
}
KINDS: dict[str, Promise] = {
    "like": gettext_lazy("likes"),
    "reshare": gettext_lazy("reshares"),
    "comment": gettext_lazy("comments"),
    "quote": gettext_lazy("quotes"),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the address asks for, with everything that makes no sense left out."""

    sort: str
    range_code: str
    page: int
    filter: MomentFilter
    unreadable: bool

    def query(self, **other: str) -> str:
        """Return the address of the same with some words changed; "" takes one out."""
        wanted = self.filter
        words = {
            "sort": self.sort if self.sort != "points" else "",
            "range": self.range_code if self.range_code not in {ALL, CUSTOM} else "",
            "from": wanted.first.isoformat() if self.range_code == CUSTOM and wanted.first else "",
            "to": wanted.last.isoformat() if self.range_code == CUSTOM and wanted.last else "",
            "network": wanted.network,
            "kind": Kind(next(iter(wanted.kinds))).name.lower() if wanted.kinds else "",
            "q": wanted.words,
            **other,
        }
        return urlencode({word: value for word, value in words.items() if value})


def words_of(query: QueryDict) -> dict[str, str]:
    """Return the words of an address, of those given twice the last."""
    return {name: str(query.get(name, "")) for name in query}


def wanted_of(query: Mapping[str, str], today: date) -> Wanted:
    """Return what an address asks for: sort, range or from and to, network, kind, q, page."""
    dated = query.get("from", "") or query.get("to", "")
    code = query.get("range") or (CUSTOM if dated else ALL)
    asked = asked_of({**query, "range": code})
    code, first, last = asked.code, asked.first, asked.last
    if code not in {CUSTOM, query.get("range")}:
        code = ALL
    days = next((days for known, _name, days in RANGES if known == code), None)
    if code != CUSTOM:
        first, last = (today - timedelta(days=days - 1) if days else None), None
    if first and last and first > last:
        first, last = last, first
    kind = query.get("kind", "")
    return Wanted(
        sort=query.get("sort", "") if query.get("sort", "") in SORTS else "points",
        range_code=code,
        page=_page(query.get("page", "")),
        filter=MomentFilter(
            first=first,
            last=last,
            network=query.get("network", "")[:32].replace("\0", ""),
            kinds=(int(Kind[kind.upper()]),) if kind in KINDS else (),
            words=query.get("q", "").strip()[:SEARCH_CHARACTERS],
        ),
        unreadable=asked.unreadable,
    )


def _page(text: str) -> int:
    return min(max(int(text), 1), MOST_PAGES) if text.isdecimal() and len(text) < 8 else 1


@dataclass(frozen=True, slots=True)
class Option:
    """One entry of a filter."""

    value: str
    name: str
    chosen: bool


def moments_context(
    wanted: Wanted, found: MomentPage, accounts: Sequence[OwnAccount]
) -> dict[str, Any]:
    """Return what the template reads."""
    pages = -(-found.total // ON_A_PAGE)
    networks = dict.fromkeys(account.network for account in accounts)
    chosen = wanted.filter
    kind = Kind(next(iter(chosen.kinds))).name.lower() if chosen.kinds else ""
    return {
        "tab": "moments",
        "moments": moment_lines(found.rows),
        "own": True,
        "total": found.total,
        "was_cut": found.was_cut,
        "notice": _("A date could not be read, so it was left out.") if wanted.unreadable else "",
        "sorts": [Option(value, str(name), value == wanted.sort) for value, name in SORTS.items()],
        "networks": [
            Option(network, network_name(network), network == chosen.network)
            for network in networks
        ],
        "kinds": [Option(value, str(name), value == kind) for value, name in KINDS.items()],
        "first": chosen.first if wanted.range_code == CUSTOM else None,
        "last": chosen.last if wanted.range_code == CUSTOM else None,
        "words": chosen.words,
        "ranges": [
            Option(code, str(name), code == wanted.range_code) for code, name, _days in RANGES
        ],
        "range_custom": wanted.range_code == CUSTOM,
        "filtered": bool(
            chosen.first or chosen.last or chosen.network or chosen.kinds or chosen.words
        ),
        "page": wanted.page,
        "pages": pages,
        "earlier": wanted.query(page=str(wanted.page - 1)) if wanted.page > 1 else "",
        "later": wanted.query(page=str(wanted.page + 1)) if wanted.page < pages else "",
        "file": wanted.query(),
    }

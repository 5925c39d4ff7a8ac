"""The catalogue: which perks in which order, as its address says; complete answers for its page."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.db.models import Case, F, QuerySet, When
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from connectors import registry
from people.models import Person
from perks.eligibility import Facts, judge
from perks.facts import all_facts, rules_of
from perks.models import Claim, Perk
from perks.queries import offered, with_mine
from scoring.topics import queries as topic_queries

# Perks that a page of the catalogue is picked from; beyond that the last ones are left out.
MOST_PERKS = 500
PER_PAGE = 12
# Longest list of topics, networks or sponsors to pick from.
MOST_OPTIONS = 200
SOON_DAYS = 7

# The topics of a perk, by number, named in the language of the page.
_NAMED_TOPICS = f"""
(SELECT json_object_agg(t.id, {topic_queries.NAME.replace("%(language)s", "%s")})
   FROM topics_topic t WHERE t.is_active AND t.id = ANY(perks_perk.topics))"""  # noqa: S608

SHOWN = {
    "all": _("All perks"),
    "left": _("Still available"),
    "soon": _("Ends within a week"),
    "waiting": _("With a waiting list"),
    "mine": _("I qualify for"),
}
SORTS = {
    "new": _("newest first"),
    "ends": _("those that end first"),
    "left": _("fewest left first"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address of the catalogue asks for; "" for whatever there is."""

    show: str = "all"
    topic: str = ""
    network: str = ""
    sponsor: str = ""
    sort: str = "new"
    page: int = 1

    @property
    def is_filtered(self) -> bool:
        """Return whether perks may be left out."""
        return self.show != "all" or bool(self.topic or self.network or self.sponsor)

    def query(self) -> str:
        """Return it as an address writes it, without what goes without saying."""
        usual = Asked()
        names = ("show", "topic", "network", "sponsor", "sort", "page")
        said = [(name, getattr(self, name)) for name in names]
        return urlencode([(n, value) for n, value in said if value != getattr(usual, n)])


def asked(given: Mapping[str, str], *, signed_in: bool) -> Asked:
    """Return what an address asks for; what cannot be meant is as if it was not there."""

    def word(name: str, most: int) -> str:
        value = given.get(name, "")
        return value if len(value) <= most and value.isprintable() else ""

    show, sort, page = word("show", 10), word("sort", 10), word("page", 5)
    return Asked(
        show=show if show in SHOWN and (signed_in or show != "mine") else "all",
        topic=word("topic", 100),
        network=word("network", 32),
        sponsor=word("sponsor", 10),
        sort=sort if sort in SORTS else "new",
        page=int(page) if page.isascii() and page.isdigit() else 1,
    )


@dataclass(frozen=True, slots=True)
class Option:
    """Something to pick."""

    value: str
    name: str
    is_picked: bool


@dataclass(frozen=True, slots=True)
class Options:
    """What there is to pick from; a list of one is none."""

    topics: list[Option]
    networks: list[Option]
    sponsors: list[Option]
    sorts: list[Option]


@dataclass(frozen=True, slots=True)
class Tab:
    """A link that shows another part of the catalogue, and keeps what else is asked for."""

    name: str
    query: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Card:
    """A perk as the catalogue shows it."""

    slug: str
    title: str
    summary: str
    sponsor: str
    picture: str
    picture_text: str
    is_sample: bool
    left: int
    stock: int
    claim_until: datetime
    # None: nobody is signed in.
    qualifies: bool | None
    # The visitor's own claim: its state in words, and its number.
    mine: str
    claim_id: int | None


@dataclass(frozen=True, slots=True)
class Catalogue:
    """A page of the catalogue."""

    cards: list[Card]
    asked: Asked
    options: Options
    tabs: list[Tab]
    count: int
    pages: int
    # Queries of the pages before and after, "" without one.
    before: str
    after: str


def catalogue(person: Person | None, wanted: Asked) -> Catalogue:
    """Return a page of the perks. Two queries, and those of all_facts.

    A topic, a network or a sponsor that no perk of the catalogue has is asked for by nobody.
    """
    options, wanted = _options(wanted)
    facts = all_facts(person) if person is not None else None
    rows = with_mine(_sorted(_filtered(offered(), wanted), wanted.sort), person)[:MOST_PERKS]
    cards = [_card(perk, facts) for perk in rows]
    if wanted.show == "mine":
        cards = [card for card in cards if card.qualifies]
    pages = max(1, -(-len(cards) // PER_PAGE))
    page = min(max(wanted.page, 1), pages)
    wanted = replace(wanted, page=page)
    return Catalogue(
        cards=cards[(page - 1) * PER_PAGE : page * PER_PAGE],
        asked=wanted,
        options=options,
        tabs=_tabs(wanted, signed_in=person is not None),
        count=len(cards),
        pages=pages,
        before=_page_query(wanted, page - 1) if page > 1 else "",
        after=_page_query(wanted, page + 1) if page < pages else "",
    )


def _page_query(wanted: Asked, page: int) -> str:
    return replace(wanted, page=page).query() or "page=1"


def _tabs(wanted: Asked, *, signed_in: bool) -> list[Tab]:
    return [
        Tab(str(name), replace(wanted, show=show, page=1).query(), show == wanted.show)
        for show, name in SHOWN.items()
        if signed_in or show != "mine"
    ]


def _filtered(perks: QuerySet[Perk], wanted: Asked) -> QuerySet[Perk]:
    if wanted.topic:
        perks = perks.filter(topics__contains=[wanted.topic])
    if wanted.network:
        perks = perks.filter(networks__contains=[wanted.network])
    if wanted.sponsor:
        perks = perks.filter(sponsor_id=int(wanted.sponsor))
    if wanted.show == "left":
        perks = perks.filter(taken__lt=F("stock"))
    elif wanted.show == "waiting":
        perks = perks.filter(taken__gte=F("stock"))
    elif wanted.show == "soon":
        soon = timezone.now() + timedelta(days=SOON_DAYS)
        perks = perks.filter(claim_until__lte=soon, taken__lt=F("stock"))
    return perks


def _sorted(perks: QuerySet[Perk], sort: str) -> QuerySet[Perk]:
    if sort == "ends":
        return perks.order_by("claim_until", "id")
    if sort == "left":
        # Of those that are left; one that has a waiting list comes last.
        is_gone = Case(When(taken__gte=F("stock"), then=1), default=0)
        return perks.order_by(is_gone, F("stock") - F("taken"), "-published_at", "-id")
    return perks


def _options(wanted: Asked) -> tuple[Options, Asked]:
    """Return what there is to pick, and what was asked for without what is not among it."""
    named = RawSQL(_NAMED_TOPICS, [topic_queries.language()] * 2)  # noqa: S611
    rows = offered().values_list("sponsor_id", "sponsor__name", "networks", named)[:MOST_PERKS]
    sponsors: dict[str, str] = {}
    topics: dict[str, str] = {}
    asked_networks: set[str] = set()
    for sponsor_id, sponsor, network_ids, topic_names in rows:
        sponsors[str(sponsor_id)] = sponsor
        asked_networks.update(network_ids)
        topics |= topic_names or {}
    networks = {n.id: n.name for n in registry.enabled() if n.id in asked_networks}
    wanted = replace(
        wanted,
        topic=wanted.topic if wanted.topic in topics else "",
        network=wanted.network if wanted.network in networks else "",
        sponsor=wanted.sponsor if wanted.sponsor in sponsors else "",
    )
    options = Options(
        topics=_picked(topics.items(), wanted.topic, least=1),
        networks=_picked(networks.items(), wanted.network, least=1),
        sponsors=_picked(sponsors.items(), wanted.sponsor, least=2),
        sorts=[Option(value, str(name), value == wanted.sort) for value, name in SORTS.items()],
    )
    return options, wanted


def _picked(named: Iterable[tuple[str, str]], value: str, *, least: int) -> list[Option]:
    """Return options by name; none where there are fewer than `least`."""
    rows = sorted(named, key=lambda row: row[1].casefold())[:MOST_OPTIONS]
    return [Option(v, name, v == value) for v, name in rows] if len(rows) >= least else []


def _card(perk: Perk, facts: Mapping[bool, Facts] | None) -> Card:
    verdict = judge(rules_of(perk), facts[perk.is_sample]) if facts else None
    state = getattr(perk, "my_state", None)
    return Card(
        slug=perk.slug,
        title=perk.title,
        summary=perk.summary,
        sponsor=perk.sponsor.name,
        picture=perk.picture,
        picture_text=perk.picture_text,
        is_sample=perk.is_sample,
        left=perk.stock - perk.taken,
        stock=perk.stock,
        claim_until=perk.claim_until,
        qualifies=verdict.qualifies if verdict else None,
        mine=str(Claim.State(state).label) if state else "",
        claim_id=getattr(perk, "my_claim", None),
    )

"""What connectors yield and declare: frozen records, and the description of a network.

Nothing here knows Django, a database or HTTP; every connector and its tests build on it.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntEnum, StrEnum
from typing import NamedTuple, Protocol

from connectors.http import Client


class Kind(IntEnum):
    """How somebody acted on a post or an account (stored as a small number: never renumber)."""

    # Of the number, which it equals; that of the name takes a call in Python each time.
    __hash__ = int.__hash__

    LIKE = 1
    RESHARE = 2
    COMMENT = 3
    QUOTE = 4
    MENTION = 5
    FOLLOW = 6
    SAVE = 7


class Direction(IntEnum):
    """Whether the account received the interaction or sent it."""

    # Of the number, which it equals; that of the name takes a call in Python each time.
    __hash__ = int.__hash__

    RECEIVED = 1
    SENT = 2


class Provenance(IntEnum):
    """Who says so: a vendor's API, a server that anyone can run, or a file of the person's own."""

    VOUCHED = 1
    OPEN_SERVER = 2
    OWN_FILE = 3


class AuthKind(StrEnum):
    """How ownership of an account is shown."""

    OAUTH = "oauth"
    PROOF_CODE = "proof_code"
    NONE = "none"


class LookupKind(StrEnum):
    """Whether other people's accounts can be read there, and at what price."""

    NONE = "none"
    OPEN = "open"
    NEEDS_KEY = "key"
    PAID = "paid"


class Actor(NamedTuple):
    """Who acted (or was acted on), as the network tells it at that moment."""

    native_id: str
    handle: str
    name: str = ""
    url: str = ""
    # The actor's public audience, in people; None where the network does not say.
    followers: int | None = None
    following: int | None = None


@dataclass(frozen=True, slots=True)
class ProfileLink:
    """An address that a profile shows apart from its text."""

    url: str
    # The network found a link back to the profile there (rel="me").
    verified: bool = False


@dataclass(frozen=True, slots=True)
class Profile:
    """An account as its network shows it; always the first record of a fetch."""

    native_id: str
    handle: str
    name: str
    url: str
    bio: str = ""
    is_brand: bool = False
    # False where the person asked not to be indexed or found (noindex, indexable=false, …).
    indexable: bool = True
    # True where the account or its bio states an age below 18.
    states_minor: bool = False
    created_at: datetime | None = None
    # Links that stand apart from the bio; those within it are found there.
    links: tuple[ProfileLink, ...] = ()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """An account's counts on a UTC day; a count of None is unknown, 0 is zero."""

    day: date
    counts: Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class TextFeatures:
    """What is kept of a text at parse time; the text itself only where the policy allows."""

    hashtags: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    link_hosts: tuple[str, ...] = ()
    language: str = ""
    length: int = 0


@dataclass(frozen=True, slots=True)
class Post:
    """Something the account published."""

    native_id: str
    created_at: datetime
    url: str = ""
    text: str = ""
    features: TextFeatures = field(default_factory=TextFeatures)
    # Declared counts ("likes", "reshares", "comments", "quotes", "views"); None is unknown.
    counts: Mapping[str, int | None] = field(default_factory=dict)
    reply_to: Actor | None = None


@dataclass(frozen=True, slots=True)
class Interaction:
    """Somebody acted on the account or one of its posts (received), or the account acted (sent)."""

    kind: Kind
    direction: Direction
    actor: Actor
    # Identifies the interaction at its network: the same one fetched twice has the same id.
    native_id: str
    seen_at: datetime
    # None where the network does not tell when it happened.
    happened_at: datetime | None = None
    # The received-on (or, when sent, the acting) post; None for follows and mentions without one.
    post_native_id: str | None = None


@dataclass(frozen=True, slots=True)
class Removed:
    """A stored post that its network no longer shows: its author's wish, which is followed."""

    native_id: str


@dataclass(frozen=True, slots=True)
class Validators:
    """What a network compares the questions of the next fetch with (ETags), by question.

    The last record of a fetch, if there is one: kept once all before it is stored.
    """

    etags: Mapping[str, str]


Record = Profile | Snapshot | Post | Interaction | Removed | Validators


@dataclass(frozen=True, slots=True)
class AccountRef:
    """What a connector needs to know of an account to fetch it."""

    native_id: str
    handle: str
    # Host of the account's server on federated networks, else "".
    server: str = ""
    # Bearer token of a linked account, decrypted for this fetch only; "" for public reads.
    token: str = field(default="", repr=False)
    # Native ids of the posts younger than 30 days that are already stored, newest first.
    recent_posts: tuple[str, ...] = ()
    # Declared counts of those posts as stored by the last sync that finished, by native id: nobody
    # is asked who acted where they did not move. Empty where the last sync did not finish.
    recent_counts: Mapping[str, Mapping[str, int | None]] = field(default_factory=dict)
    # Native ids of stored posts older than that whose network is to be asked whether it still
    # shows them, the longest unasked first (Policy.recheck_days).
    older_posts: tuple[str, ...] = ()
    # What the network compares questions with, as the last fetch that finished told it.
    validators: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What can and cannot be seen on a network; the Networks page prints exactly this."""

    lookup: LookupKind
    audience_history: bool
    posts: bool
    # Kinds whose author the network names.
    named: frozenset[Kind]
    # Kinds of which only counts are told.
    anonymous: frozenset[Kind] = frozenset()
    # Kinds whose date the network tells and is trusted.
    dated: frozenset[Kind] = frozenset()
    # Kinds that the account itself sent and that can be read.
    sent: frozenset[Kind] = frozenset()


@dataclass(frozen=True, slots=True)
class Policy:
    """What the network's terms let us keep and show; operator defaults, read by store and pages."""

    # Days that interactions and counts may be kept; None: as long as the account is linked.
    retention_days: int | None
    may_store_reactors: bool
    may_store_text: bool
    text_days: int
    may_combine: bool
    may_export: bool
    # Unclaimed looked-up profiles go after so many days; None: they stay (sample network only).
    lookup_days: int | None
    attribution: str = ""
    # Where it may not be combined: why, as the end of a sentence that begins with "because".
    apart_because: str = ""
    # Stored posts are asked for again after so many days, and go where the network no longer
    # shows them; None: a fetch need not ask for more than it reads anyway.
    recheck_days: int | None = None
    # Of the posts that a fetch need not read, so many are asked for again in one fetch at most.
    recheck_most: int = 100
    # The setting in which an operator states an agreement with the vendor that lets it be combined;
    # "" where there is no such agreement.
    amendment: str = ""
    # Everything of an account goes so many days after access to it has ended; None: it stays.
    ended_days: int | None = None


@dataclass(frozen=True, slots=True)
class Budget:
    """Requests that all workers together may send: `requests` per `per_seconds`."""

    requests: int
    per_seconds: int
    # "host" for federated networks (each server has its own), "credential" or "network".
    per: str = "network"


@dataclass(frozen=True, slots=True)
class Costs:
    """What a network charges for what it returns, and where it says so."""

    # Millionths of a US dollar for one row of a resource, e.g. {"post": 5_000, "user": 10_000}.
    micro_usd: Mapping[str, int]
    source: str
    # When the source was read: a month, "2026-11".
    read_in: str


@dataclass(frozen=True, slots=True)
class Network:
    """One network, declared once: the sync, the pages and the documents read this row."""

    id: str
    name: str
    auth: AuthKind
    provenance: Provenance
    capabilities: Capabilities
    policy: Policy
    budget: Budget
    # Snapshot counts that the connector may yield, e.g. {"followers", "posts"}.
    snapshot_counts: frozenset[str]
    # Post counts that the connector may yield, e.g. {"likes", "views"}.
    post_counts: frozenset[str]
    # True where anyone can run a server that describes its own accounts. Native ids are then
    # "name@server", and what a server says is limited by its standing (scoring.core.servers).
    federated: bool = False
    # True where who acted is told by name only: a reactor's native id is then the name in lower
    # case, and not the number by which an account is known.
    reactors_by_name: bool = False
    # False where several people may run one account: having it proves nobody, and signs nobody in.
    signs_in: bool = True
    # "@name" / "@name@server" / address: what a person types to look somebody up here.
    handle_hint: str = ""
    docs_url: str = ""
    # Where ownership is shown by a code (AuthKind.PROOF_CODE): the network's name of the text that
    # it goes into, and the address at which people edit it.
    proof_place: str = ""
    proof_url: str = ""
    # What the person is asked to allow when linking.
    scopes: tuple[str, ...] = ()
    # Settings without which nothing is asked there, and where the operator gets their values.
    keys: tuple[str, ...] = ()
    keys_url: str = ""
    # What may be sent where this site has a key of its own (settings.NETWORK_KEYS); None: the same.
    budget_with_key: Budget | None = None
    # None where reading is free.
    costs: Costs | None = None
    retired_because: str = ""
    retired_on: date | None = None


class Connector(Protocol):
    """A connector module: a NETWORK row and these functions."""

    NETWORK: Network

    def parse_handle(self, text: str) -> AccountRef | None:
        """Return the account that a typed handle or address means here; None if it is not ours."""

    def fetch_profile(self, client: Client, account: AccountRef) -> Profile:
        """Return the account's profile with one request; native_id may be "" (found by handle)."""

    def fetch(
        self, client: Client, account: AccountRef, since: datetime | None
    ) -> Iterator[Record]:
        """Yield the profile first, then snapshots, posts and interactions, newest first."""


Fetch = Callable[[Client, AccountRef, datetime | None], Iterator[Record]]

"""A network and records for tests of what stores and syncs them."""

from datetime import UTC, datetime, timedelta

from connectors.models import Account
from connectors.store import Target
from connectors.types import (
    Actor,
    AuthKind,
    Budget,
    Capabilities,
    Direction,
    Interaction,
    Kind,
    LookupKind,
    Network,
    Policy,
    Post,
    Provenance,
)
from people.models import Person

NOW = datetime(2026, 3, 1, 0, 30, tzinfo=UTC)

NETWORK = Network(
    id="testnet",
    name="Testnet",
    auth=AuthKind.OAUTH,
    provenance=Provenance.VOUCHED,
    capabilities=Capabilities(
        lookup=LookupKind.OPEN,
        audience_history=True,
        posts=True,
        named=frozenset(Kind) - {Kind.SAVE},
        dated=frozenset({Kind.COMMENT, Kind.QUOTE, Kind.MENTION}),
        sent=frozenset({Kind.COMMENT}),
    ),
    policy=Policy(
        retention_days=None,
        may_store_reactors=True,
        may_store_text=True,
        text_days=90,
        may_combine=True,
        may_export=True,
        lookup_days=30,
    ),
    budget=Budget(requests=300, per_seconds=300),
    snapshot_counts=frozenset({"followers", "posts"}),
    post_counts=frozenset({"likes", "views"}),
)


def account_of(
    person: Person, *, network: str = "testnet", native_id: str = "1", linked: bool = True
) -> Account:
    """Return a saved account of a person."""
    return Account.objects.create(
        person=person,
        network=network,
        native_id=native_id,
        handle=f"@{person.slug}",
        status=Account.Status.LINKED if linked else Account.Status.OPEN,
    )


def target_of(
    account: Account,
    *,
    network: Network = NETWORK,
    first_history: bool = True,
    previous_at: datetime | None = None,
    now: datetime = NOW,
) -> Target:
    """Return where records of an account are stored."""
    return Target(account.pk, network, first_history, previous_at, now)


def post(name: str = "p1", *, days_ago: float = 10, **fields: object) -> Post:
    """Return a post of that many days before NOW."""
    values: dict[str, object] = {"created_at": NOW - timedelta(days=days_ago), **fields}
    return Post(native_id=name, **values)  # type: ignore[arg-type]


def reaction(
    name: str,
    *,
    kind: Kind = Kind.LIKE,
    by: str = "",
    on: str | None = "p1",
    happened_at: datetime | None = None,
    followers: int | None = 50,
    direction: Direction = Direction.RECEIVED,
    seen_at: datetime = NOW,
) -> Interaction:
    """Return an interaction with a post, by default an undated like by somebody of their own."""
    who = by or f"actor-{name}"
    return Interaction(
        kind=kind,
        direction=direction,
        actor=Actor(native_id=who, handle=f"@{who}", followers=followers),
        native_id=name,
        seen_at=seen_at,
        happened_at=happened_at,
        post_native_id=on,
    )

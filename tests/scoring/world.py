"""Small worlds for the scoring's tests: people, accounts, posts, reactions, by the row."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import count

from django.db import connection

from connectors import copying
from connectors.models import Account, FetchState, Post, Reactor, Snapshot
from connectors.partitions import ensure_partitions
from connectors.types import Direction, Kind, Provenance
from people.models import Person, User
from scoring.models import Score
from scoring.topics.models import HOLDS_DAYS, Credit, Topic
from scoring.topics.ontology import store_own_topics

COLUMNS = (
    "day",
    "account_id",
    "dedupe_key",
    "direction",
    "kind",
    "provenance",
    "reactor_key",
    "post_id",
    "reactor_followers",
    "happened_at",
    "seen_at",
)

_numbers = count(1)


def at(day: date, hour: int = 12) -> datetime:
    """Return an aware time on the day."""
    return datetime.combine(day, time(hour), UTC)


def person(name: str, *, visibility: str = "public") -> Person:
    """Return a saved person who was looked up."""
    return Person.objects.create(
        slug=f"{name.lower()}-{next(_numbers)}",
        name=name,
        visibility=visibility,
        origin="looked_up",
    )


def account(
    owner: Person,
    *,
    synced: date,
    followers: int | None = 100,
    network: str = "mastodon",
    native_id: str = "",
) -> Account:
    """Return an account whose first whole sync was on a day, with its audience of that day."""
    # On a federated network: of a server whose word is taken, if none is given.
    native_id = native_id or f"{owner.slug}-{next(_numbers)}@mastodon.social"
    made = Account.objects.create(
        person=owner,
        network=network,
        native_id=native_id,
        handle=native_id,
        name=owner.name,
        url=f"https://example.org/{native_id}",
        status="open",
        state="ok",
        first_synced_at=at(synced),
        last_synced_at=at(synced),
    )
    if followers is not None:
        Snapshot.objects.create(account=made, day=synced, counts={"followers": followers})
    return made


def post(author: Account, day: date) -> Post:
    """Return a post of the day's morning."""
    return Post.objects.create(
        account=author,
        native_id=f"post-{next(_numbers)}",
        created_at=at(day, 6),
        url="https://example.org/post",
        counted_at=at(day),
    )


def reactors(
    number: int, *, followers: int | None = 100, server: str = "mastodon.social"
) -> list[Reactor]:
    """Return strangers who react, with an audience of their own."""
    today = at(date(2026, 3, 1))
    return Reactor.objects.bulk_create(
        Reactor(
            key=1_000_000 + n,
            network="mastodon",
            native_id=f"stranger-{n}@{server}",
            handle=f"stranger{n}@{server}",
            name=f"Stranger {n}",
            url=f"https://example.org/stranger{n}",
            followers=followers,
            seen_at=today,
        )
        for n in (next(_numbers) for _ in range(number))
    )


def reactor_of(someone: Account) -> Reactor:
    """Return the reactor that somebody with an account here is when they react."""
    found, _ = Reactor.objects.get_or_create(
        network=someone.network,
        native_id=someone.native_id,
        defaults={
            "key": 5_000_000 + someone.pk,
            "handle": someone.handle,
            "name": someone.name,
            "url": someone.url,
            "followers": 100,
            "seen_at": at(date(2026, 3, 1)),
        },
    )
    return found


def react(
    to: Account,
    who: Iterable[Reactor],
    days: Sequence[date],
    *,
    on: Post | None = None,
    kind: Kind = Kind.LIKE,
    direction: Direction = Direction.RECEIVED,
    provenance: Provenance = Provenance.OPEN_SERVER,
    happened: date | None = None,
    times: int = 1,
) -> None:
    """Have everybody react on each of the days."""
    ensure_partitions("connectors_interaction", min(days), max(days))
    rows = [
        (
            day,
            to.pk,
            next(_numbers),
            int(direction),
            int(kind),
            int(provenance),
            reactor.key,
            on.pk if on else None,
            reactor.followers,
            at(happened or day),
            at(day, 13),
        )
        for day in days
        for reactor in who
        for _ in range(times)
    ]
    with connection.cursor() as cursor:
        copying.copy_rows(cursor, "connectors_interaction", COLUMNS, rows)


def credit(
    givers: Iterable[Person],
    receiver: Person,
    day: date,
    *,
    topic: str = "own:chess",
    taken_back: date | None = None,
) -> None:
    """Have everybody give +K to a person on a day; who has no user yet gets one."""
    if not Topic.objects.filter(pk=topic).exists():
        store_own_topics()
    for giver in givers:
        if giver.owner is None:
            giver.owner = User.objects.create_user(f"{giver.slug}@example.org")
            giver.save()
        slots = Credit.objects.filter(giver_user=giver.owner, day=day).count()
        Credit.objects.create(
            giver=giver,
            giver_user=giver.owner,
            receiver=receiver,
            topic_id=topic,
            day=day,
            slot=slots + 1,
            at=at(day),
            expires_at=at(day) + timedelta(days=HOLDS_DAYS),
            taken_back_at=at(taken_back) if taken_back else None,
        )


def fetched(someone: Account, day: date, *, status: str = "done") -> FetchState:
    """Return the row of a day's fetch that ran on the morning after."""
    return FetchState.objects.create(
        account=someone,
        day=day,
        status=status,
        started_at=at(day + timedelta(days=1), 0),
        finished_at=at(day + timedelta(days=1), 0),
    )


def days(first: date, number: int) -> list[date]:
    """Return so many days from the first on."""
    return [first + timedelta(days=n) for n in range(number)]


TABLES = {
    "scoring_pairday": "day, account_id, reactor_key, kind",
    "scoring_postday": "day, account_id, post_id, kind, trust_class",
    "scoring_score": "day, person_id, model_version",
    "scoring_explanation": "day, person_id, model_version",
    "scoring_moment": "post_id, model_version",
    "scoring_discount": "account_id, kind, since",
    "scoring_serverstanding": "network, server",
}


def rows(table: str) -> list[tuple[object, ...]]:
    """Return all rows of a table of the scoring, in the order of its key."""
    # The number that a row got is not what it says.
    numbered = {
        "scoring_moment": "person_id, account_id, post_id, model_version, day, points, "
        "people_count, days::text",
        "scoring_discount": "person_id, account_id, kind, since, until, points, reason::text",
        "scoring_serverstanding": "network, server, day, standing, level",
    }
    columns = numbered.get(table, "*")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM {table} ORDER BY {TABLES[table]}")  # noqa: S608
        return list(cursor.fetchall())


def everything() -> dict[str, list[tuple[object, ...]]]:
    """Return all rows that a scoring writes."""
    return {table: rows(table) for table in TABLES}


def value(someone: Account, day: date) -> float:
    """Return the shown score of the account's person."""
    return Score.objects.get(person_id=someone.person_id, day=day, shown=True).value

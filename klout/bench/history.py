"""A day's scoring with a short and with a ten times longer history, in turns."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from connectors.models import Account
from connectors.partitions import ensure_days, ensure_partitions
from klout.bench.measure import Goal, Result, timed
from people.models import Person
from scoring import daily, writing
from scoring.core.params import CURRENT

ACCOUNTS = 500
REACTIONS_PER_ACCOUNT = 10
# The short history is as long as the window that a day reads.
SHORT_DAYS = 60
TIMES = 10

_SNAPSHOTS = """
INSERT INTO connectors_snapshot (account_id, day, counts)
SELECT id, %s, jsonb_build_object('followers', 100 + id) FROM connectors_account
"""
_INTERACTIONS = """
INSERT INTO connectors_interaction (day, account_id, dedupe_key, direction, kind, provenance,
       reactor_key, post_id, reactor_followers, happened_at, seen_at)
SELECT d, a.id, n, 1, 1 + n %% 4, 2,
       1 + (a.id * 7 + n * 13 + (d::date - '2020-01-01') * 3) %% 20000,
       a.id * 10 + n %% 5, 10 * n, NULL, d
  FROM generate_series(%s::date, %s::date, '1 day') d, connectors_account a,
       generate_series(1, %s) n
"""
_PAIRS = """
INSERT INTO scoring_pairday (day, account_id, reactor_key, kind, trust_class, count)
SELECT day, account_id, reactor_key, kind, 2, count(*) FROM connectors_interaction
 WHERE day < %s GROUP BY 1, 2, 3, 4
"""
_POSTS = """
INSERT INTO scoring_postday (day, account_id, post_id, kind, trust_class, people)
SELECT day, account_id, post_id, kind, 2, count(DISTINCT reactor_key) FROM connectors_interaction
 WHERE day < %s GROUP BY 1, 2, 3, 4
"""
_SCORES = """
INSERT INTO scoring_score
       (day, person_id, model_version, value, low, high, provisional, mass, shown)
SELECT d, id, %s, 30, 28, 32, false, 20, true
  FROM generate_series(%s::date, %s::date, '1 day') d, people_person
"""


def ten_times_longer(accounts: int, rounds: int) -> Iterator[Result]:
    """Yield a day's scoring at ten times the days of history, against the same day without."""
    day = timezone.now().date() - timedelta(days=1)
    days = {"bench_short": SHORT_DAYS, "bench_long": SHORT_DAYS * TIMES}
    for name, count in days.items():
        _make(name, accounts, day, count)
    times: dict[str, list[float]] = {name: [] for name in days}
    for number in range(rounds + 1):
        for name in list(days)[:: 1 if number % 2 else -1]:
            _use(name)
            _forget(day)
            seconds = timed(lambda: daily.score_day(day))
            if number:
                times[name].append(seconds)
    yield Result(
        "history",
        f"a day of {accounts * REACTIONS_PER_ACCOUNT:,} interactions and {accounts:,} people "
        f"after {SHORT_DAYS * TIMES} days",
        times["bench_long"],
        times["bench_short"],
        goal=Goal.AT_MOST,
        limit=1.2,
        against=f"the same day after {SHORT_DAYS} days; from PostgreSQL to rows in PostgreSQL",
    )


def _use(name: str) -> None:
    """Go over to another database of the server."""
    connection.close()
    connection.settings_dict["NAME"] = name


def _make(name: str, accounts: int, day: date, days: int) -> None:
    """Make a database in which everything before the day was scored for so many days."""
    _use("postgres")
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
    _use(name)
    call_command("migrate", verbosity=0)
    first = day - timedelta(days=days)
    ensure_partitions("connectors_interaction", first, day)
    ensure_days(writing.TABLES, [first + timedelta(days=n) for n in range(days + 1)])
    _make_accounts(accounts, day)
    with connection.cursor() as cursor:
        cursor.execute(_SNAPSHOTS, [day])
        cursor.execute(_INTERACTIONS, [first, day, REACTIONS_PER_ACCOUNT])
        cursor.execute(_PAIRS, [day])
        cursor.execute(_POSTS, [day])
        before = day - timedelta(days=1)
        cursor.execute(_SCORES, [CURRENT.version, first, before])
        cursor.execute("VACUUM ANALYZE")


def _make_accounts(count: int, synced: date) -> None:
    people = Person.objects.bulk_create(
        Person(slug=f"p{number}", name=f"P{number}", origin="looked_up") for number in range(count)
    )
    Account.objects.bulk_create(
        Account(
            person=person,
            network="mastodon",
            native_id=person.slug,
            handle=person.slug,
            status=Account.Status.OPEN,
            state=Account.State.OK,
            first_synced_at=datetime.combine(synced, time(12), UTC),
        )
        for person in people
    )


def _forget(day: date) -> None:
    """Make the day as never scored."""
    with connection.cursor() as cursor:
        for table in writing.TABLES:
            cursor.execute(f"DELETE FROM {table} WHERE day = %s", [day])  # noqa: S608 - ours
        cursor.execute("DELETE FROM scoring_moment")

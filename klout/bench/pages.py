"""Pages against a bare view with one query, in one process, request by request in turns.

Both go through the whole stack of middleware with the same session: the bare view is what a page
of one query and one line would cost here. The HTTP server around it is left out, which would add
the same to both and make every ratio smaller. Compared is the processor time of the process, its
database session and its cache: on a busy machine the clock also counts the waiting for each answer
of the database, which makes pages and bare view alike.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from statistics import median

import redis
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import override_settings
from django.utils import timezone

from connectors.models import Account
from connectors.partitions import ensure_days, ensure_partitions
from klout.bench import bare
from klout.bench.measure import Goal, Result, processor_seconds, session_process
from people.models import Person, User
from scoring import daily

# What a page may take at most, in times of the bare view.
LIMIT = 2.5
REQUESTS = 20
DAYS = 90
REACTIONS_A_DAY = 30

_POSTS = """
INSERT INTO connectors_post
       (account_id, native_id, url, created_at, text, features, counts, counted_at)
SELECT %(account)s, 'p' || n, '', %(first)s::date + n, ''::bytea, '{}'::jsonb, '{}'::jsonb, now()
  FROM generate_series(1, %(days)s) n
"""
_SNAPSHOTS = """
INSERT INTO connectors_snapshot (account_id, day, counts)
SELECT %(account)s, %(first)s::date + n, jsonb_build_object('followers', 400 + n)
  FROM generate_series(0, %(days)s) n
"""
_INTERACTIONS = """
INSERT INTO connectors_interaction (day, account_id, dedupe_key, direction, kind, provenance,
       reactor_key, post_id, reactor_followers, happened_at, seen_at)
SELECT %(first)s::date + d, %(account)s, d * 1000 + n, 1, 1 + n %% 4, 2,
       1 + (d * 13 + n * 7) %% 500, p.id, 100 + n, %(first)s::date + d, %(first)s::date + d
  FROM generate_series(1, %(days)s) d, generate_series(1, %(reactions)s) n,
       LATERAL (SELECT id FROM connectors_post WHERE native_id = 'p' || d) p
"""
# Where nothing answers: pages of people are written anew each time, as after a change.
NO_CACHE = "unix:///nowhere/at-all"
# What, where, and whether its visitor is signed in.
PAGES = (
    ("The first page", "/", False),
    ("How it is computed", "/method/", False),
    ("Signals", "/signals/", False),
    ("Topics", "/topics/", False),
    ("A public profile", "/p/bench/", False),
    ("A public profile, signed in", "/p/bench/", True),
    ("My score", "/score/", True),
    ("Moments", "/score/moments/", True),
    ("Networks", "/networks/", True),
    ("Lists", "/lists/", True),
    ("Settings", "/people/settings/", True),
)


def against_a_bare_view(rounds: int, requests: int = REQUESTS) -> Iterator[Result]:
    """Yield the time of each page in times of the bare view's."""
    user = _somebody()
    with override_settings(ROOT_URLCONF=bare.__name__, ALLOWED_HOSTS=["*"]):
        for what, address, signed_in in PAGES:
            client = Client(headers={"Accept-Language": "en"})
            if signed_in:
                client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
            found = [_round(client, address, requests) for _ in range(rounds + 1)][1:]
            with override_settings(REDIS_URL=NO_CACHE):
                anew = _round(client, address, requests)
            yield _result(what, found, anew, requests, signed_in=signed_in)


@dataclass(frozen=True, slots=True)
class Round:
    """Median seconds of a request in a round, of the page and of the bare view."""

    ours: float
    theirs: float
    ours_by_clock: float
    theirs_by_clock: float


def _result(
    what: str, found: list[Round], anew: Round, requests: int, *, signed_in: bool
) -> Result:
    ratios = sorted(one.ours / one.theirs for one in found)
    by_clock = median(one.ours_by_clock / one.theirs_by_clock for one in found)
    return Result(
        part="pages",
        what=what,
        ours=[one.ours for one in found],
        theirs=[one.theirs for one in found],
        rows=1,
        goal=Goal.AT_MOST,
        limit=LIMIT,
        against=(
            f"a bare view with one query, {1000 * median(one.theirs for one in found):.2f} ms, "
            f"the visitor {'signed in' if signed_in else 'a stranger'}; {len(found)} rounds of "
            f"{requests}: {ratios[0]:.2f}–{ratios[-1]:.2f}, by the clock {by_clock:.2f}; "
            f"without the cache {anew.ours / anew.theirs:.2f}"
        ),
    )


def _round(client: Client, address: str, requests: int) -> Round:
    """Ask for a page and for the bare view in turns."""
    others = _others()
    times: dict[str, list[tuple[float, float]]] = {address: [], bare.ADDRESS: []}
    for _ in range(requests):
        for asked, taken in times.items():
            begun, used = time.perf_counter(), processor_seconds(*others)
            answer = client.get(asked)
            taken.append((processor_seconds(*others) - used, time.perf_counter() - begun))
            if answer.status_code != 200:
                raise RuntimeError(f"{asked} answered {answer.status_code}")
    ours, theirs = (list(zip(*taken, strict=True)) for taken in times.values())
    return Round(median(ours[0]), median(theirs[0]), median(ours[1]), median(theirs[1]))


def _others() -> tuple[int, ...]:
    """Return the numbers of the processes that answer this one: database session and cache."""
    session = session_process()
    if settings.REDIS_URL == NO_CACHE:
        return (session,)
    with redis.Redis.from_url(settings.REDIS_URL) as broker:
        return session, int(broker.info("server")["process_id"])


def _somebody() -> User:
    """Return a user whose public person has ninety scored days."""
    today = datetime.now(UTC).date()
    first = today - timedelta(days=DAYS)
    days = [first + timedelta(days=n) for n in range(DAYS + 1)]
    ensure_partitions("connectors_interaction", first, today)
    ensure_days(
        ["scoring_pairday", "scoring_postday", "scoring_score", "scoring_explanation"], days
    )
    user = User.objects.create_user("bench@example.org")
    person = Person.objects.create(owner=user, slug="bench", name="Bench", visibility="public")
    account = Account.objects.create(
        person=person,
        network="mastodon",
        native_id="bench@example.social",
        handle="@bench@example.social",
        status="linked",
        state="ok",
        first_synced_at=timezone.now(),
        last_synced_at=timezone.now(),
    )
    values: dict[str, int | date] = {
        "account": account.pk,
        "first": first,
        "days": DAYS - 1,
        "reactions": REACTIONS_A_DAY,
    }
    with connection.cursor() as cursor:
        for statement in (_POSTS, _SNAPSHOTS, _INTERACTIONS):
            cursor.execute(statement, values)
        cursor.execute("ANALYZE")
    daily.first_scores(person.pk)
    return user

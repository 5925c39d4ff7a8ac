"""Pages against a bare view with one query, in one process and in turns.

Both go through the whole stack of middleware; the server around it is left out, which would add the
same to both and make every ratio smaller.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import override_settings
from django.utils import timezone

from connectors.models import Account
from connectors.partitions import ensure_days, ensure_partitions
from klout.bench import bare
from klout.bench.measure import Goal, Result, in_turns
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
PAGES = (
    ("How it is computed", "/method/", False),
    ("A public profile", "/p/bench/", False),
    ("My score", "/score/", True),
    ("Settings", "/people/settings/", True),
    ("Networks", "/networks/", True),
)


def against_a_bare_view(rounds: int, requests: int = REQUESTS) -> Iterator[Result]:
    """Yield the time of each page in times of the bare view's."""
    user = _somebody()
    with override_settings(ROOT_URLCONF=bare.__name__, ALLOWED_HOSTS=["*"]):
        for what, address, signed_in in PAGES:
            client = Client(headers={"Accept-Language": "en"})
            if signed_in:
                client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
            ours, theirs = in_turns(
                rounds,
                lambda c=client, a=address: _ask(c, a, requests),  # type: ignore[misc]
                lambda c=client: _ask(c, bare.ADDRESS, requests),  # type: ignore[misc]
            )
            yield Result(
                part="pages",
                what=f"{what}, {requests} times",
                ours=ours,
                theirs=theirs,
                rows=requests,
                goal=Goal.AT_MOST,
                limit=LIMIT,
                against="a bare view with one query, through the same middleware",
            )


def _ask(client: Client, address: str, requests: int) -> None:
    for _ in range(requests):
        answer = client.get(address)
        if answer.status_code != 200:
            raise RuntimeError(f"{address} answered {answer.status_code}")


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

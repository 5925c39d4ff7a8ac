"""Fills a trial installation from the sample network, through the code that real networks use.

Every step looks at the rows first, so that a start after a kill goes on where it was:
1. a log-in for trying things out, whose sample account is linked by OAuth over HTTP;
   and invented perks;
2. that account synced and scored, so that its page fills first;
3. everybody in the directory registered, synced by the workers, and scored day by day;
   then what they are influential about, and invented questions about it.
"""

import re
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from http.client import HTTPMessage, HTTPResponse
from http.cookiejar import CookieJar
from typing import IO

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Min
from django.utils import timezone

from connectors import linking, lookup, registry, sample
from connectors.clients import client_for
from connectors.due import due_day
from connectors.models import Account, Snapshot
from connectors.tasks import sync_due_accounts
from klout.local import DEMO_EMAIL
from klout.services.http import answers
from people.models import Person, User
from people.queries import main_person
from people.signup import create_person
from perks import notices, samples
from scoring import daily
from scoring.questions import samples as question_samples
from scoring.tasks import sync_and_score
from scoring.topics import daily as topics

# Whom the log-in is: a quiet account with one post that went far (docs/sample-network.md).
DEMO_HANDLE = "pia.moreno"
# Without any progress for so long the scoring begins with what there is.
STUCK_SECONDS = 180
# Lines of progress are this far apart.
TOLD_EVERY_SECONDS = 5.0
# How often the workers are asked to take what is due.
ASK_EVERY_SECONDS = 15.0
_CSRF = re.compile(r'name="csrf" value="([^"]+)"')

Say = Callable[[str], None]


class SeedingFailed(RuntimeError):
    """The sample network did not answer as it should; the next start tries again."""


def seed(say: Say, *, password: str) -> None:
    """Bring the log-in and the whole sample network up to date."""
    _wait_for_sample()
    person = demo_person(password)
    samples.offer_samples()
    account = Account.objects.filter(person=person, network="sample").first()
    if account is None or account.first_synced_at is None:
        account = account or link_demo(person)
        say(f"linked @{account.handle}; reading its posts and reactions")
        sync_and_score.delay(account.pk)
    register_everybody(say)
    last = due_day(timezone.now())
    sync_everybody(last, say)
    score_everything(last, say)
    topics.refresh()
    question_samples.ask_samples(person)
    notices.follow(timezone.now())


def _wait_for_sample(timeout_seconds: float = 300) -> None:
    until = time.monotonic() + timeout_seconds
    while not answers(f"{settings.SAMPLE_NETWORK_URL}/healthz"):
        if time.monotonic() > until:
            raise SeedingFailed(f"{settings.SAMPLE_NETWORK_URL} does not answer.")
        time.sleep(0.2)


def demo_person(password: str) -> Person:
    """Return the person of the trial log-in, made where it is missing."""
    with transaction.atomic():
        user = User.objects.filter(email=DEMO_EMAIL).first()
        if user is None:
            user = User.objects.create_user(DEMO_EMAIL, password)
            EmailAddress.objects.create(user=user, email=DEMO_EMAIL, primary=True, verified=True)
            return create_person(user, "Pia Moreno")
        if not user.check_password(password):
            user.set_password(password)
            user.save(update_fields=["password"])
    return main_person(user)


def link_demo(person: Person) -> Account:
    """Return the person's sample account, linked as a browser would: sign in, allow, come back."""
    back = f"{settings.SITE_URL}/networks/sample/done/"
    begun = linking.begin("sample", hint=DEMO_HANDLE, redirect_uri=back)
    answer = sign_in_and_allow(begun.redirect_url, DEMO_HANDLE)
    params = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(answer).query))
    proof = linking.complete("sample", redirect_uri=back, kept=begun.kept, params=params)
    return linking.attach(person, "sample", proof)


class _StayHere(urllib.request.HTTPRedirectHandler):
    """Shows the redirect instead of following it: its address is the answer."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> None:
        return None


def sign_in_and_allow(address: str, handle: str) -> str:
    """Return where the sample network sends the person after signing in and allowing access.

    Does what a browser would; raises SeedingFailed where the network refuses.
    """
    browser = urllib.request.build_opener(
        urllib.request.ProxyHandler({}),
        urllib.request.HTTPCookieProcessor(CookieJar()),
        _StayHere,
    )

    def send(form: dict[str, str]) -> tuple[str, str]:
        """Return the token of the page's form, and where the answer sends the person, or ""."""
        data = urllib.parse.urlencode(form).encode() if form else None
        answer: HTTPResponse
        try:
            with browser.open(address, data, timeout=30) as answer:
                found = _CSRF.search(answer.read().decode())
                return (found[1] if found else "", "")
        except urllib.error.HTTPError as refusal:
            with refusal:
                if refusal.code in (302, 303):
                    return "", refusal.headers.get("Location", "")
                raise SeedingFailed(
                    f"The sample network answered {refusal.code} at sign-in."
                ) from None
        except OSError:
            raise SeedingFailed("The sample network went away at sign-in.") from None

    token, _ = send({})
    token, _ = send({"csrf": token, "handle": handle})
    _, location = send({"csrf": token, "decision": "allow"})
    if not location:
        raise SeedingFailed("The sample network did not send the person back.")
    return location


def register_everybody(say: Say) -> None:
    """Make an account, open and unclaimed, of everybody in the sample network's directory."""
    with client_for(registry.network("sample")) as client:
        profiles = list(sample.directory(client))
    ids = lookup.register_open_accounts("sample", profiles)
    say(f"the sample network has {len(ids)} people to be shown")


# Accounts of the sample network that a day's fetch is for, those whose fetch has ended, and what
# the fetches brought.
_PROGRESS = """
SELECT count(*), count(*) FILTER (WHERE f.status IN ('done', 'given_up')),
       coalesce(sum((f.stored->>'posts')::bigint), 0),
       coalesce(sum((f.stored->>'interactions')::bigint), 0)
  FROM connectors_account a
  LEFT JOIN connectors_fetchstate f ON f.account_id = a.id AND f.day = %s
 WHERE a.network = 'sample' AND a.status IN ('linked', 'open') AND a.state <> 'relink'
"""


@dataclass(frozen=True, slots=True)
class Synced:
    """How far the fetches of a day are."""

    total: int
    done: int
    posts: int
    interactions: int


def synced(day: date) -> Synced:
    """Return how far the sample network's fetches of that day are. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_PROGRESS, [day])
        return Synced(*(int(number) for number in cursor.fetchone()))


def sync_everybody(day: date, say: Say) -> None:
    """Return when the workers have fetched every account for that day, or are stuck for minutes."""
    begun = heard = time.monotonic()
    asked_at = told = -1e9
    done_before = -1
    while (progress := synced(day)).done < progress.total:
        now = time.monotonic()
        if progress.done != done_before:
            done_before, heard = progress.done, now
        if now - told > TOLD_EVERY_SECONDS:
            told = now
            say(
                f"synced {progress.done} of {progress.total} people, "
                f"{progress.posts} posts, {progress.interactions} reactions"
            )
        if now - heard > STUCK_SECONDS:
            say(f"{progress.total - progress.done} people could not be read; going on without")
            return
        # Beat asks each minute; the first minute need not pass.
        if now - asked_at > ASK_EVERY_SECONDS:
            asked_at = now
            sync_due_accounts.delay()
        time.sleep(1.0)
    say(f"all {progress.total} people are synced ({time.monotonic() - begun:.0f} s)")


def score_everything(last: date, say: Say) -> None:
    """Score every day of the sample network, until the last one, that is not scored yet."""
    first: date | None = Snapshot.objects.filter(account__network="sample").aggregate(
        first=Min("day")
    )["first"]
    if first is None or first > last:
        say("there is no ended day to score yet")
        return
    begun = told = time.monotonic()

    def tell(done: int, total: int) -> None:
        nonlocal told
        if time.monotonic() - told > TOLD_EVERY_SECONDS:
            told = time.monotonic()
            say(f"scored {done} of {total} days")

    daily.backfill(first, last, tell)
    say(f"all days from {first} to {last} are scored ({time.monotonic() - begun:.0f} s)")

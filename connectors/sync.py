"""Brings one account up to date: fetch, store, and the state that says what happens next.

Progress and hand-over are rows (FetchState): a lost message or a killed worker loses nothing, and
since storing may be repeated, doubles nothing.
"""

import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from connectors import checks, credentials, identity, registry
from connectors.clients import client_for
from connectors.commits import without_waiting
from connectors.due import deadline_of
from connectors.errors import (
    BadPayload,
    BudgetSpent,
    ConnectorError,
    Gone,
    NotAllowed,
    RateLimited,
    Relink,
)
from connectors.models import Account, FetchState, Post
from connectors.store import Stored, Target, store
from connectors.types import AccountRef, Network, Profile, Record, Validators
from connectors.types import Post as PostRecord
from people import erasure, opt_out

log = logging.getLogger(__name__)

# Records a batch, and posts among them: enough that what a COPY costs at its begin is little beside
# its rows, little enough that the memory of a worker and what a kill throws away stay small. Posts
# have texts, interactions none.
BATCH, MOST_POSTS = 20_000, 5_000
# Pauses after the 1st, 2nd, … failed try of a day.
PAUSES_MINUTES = (1, 5, 15, 60)
# Tries that an account gets before the morning's deadline may end its day.
LEAST_ATTEMPTS = 5
# Posts whose reactions are still asked for: reactions come within days, counts within weeks.
RECENT = timedelta(days=30)
MOST_RECENT_POSTS = 500


@dataclass(frozen=True, slots=True)
class SyncResult:
    """What came of one try.

    `status`: "done", "failed" (will be tried again), "given_up" (not today), "busy" (another
    worker is at it), "waiting" (not before the network's time), "gone" (no such account, or an
    unclaimed one that had to be removed).
    """

    account_id: int
    status: str
    detail: str = ""
    stored: Stored = field(default_factory=Stored)


class NoLongerOpen(ConnectorError):
    """An unclaimed account whose owner no longer wants, or never allowed, to be shown."""


def sync_account(
    account_id: int, day: date, *, now: datetime | None = None, force: bool = False
) -> SyncResult:
    """Fetch and store what is new of an account, as the fetch of that UTC day.

    A day that is done stays so; `force` asks again and does not wait for the network's time.
    """
    now = now or timezone.now()
    with account_lock(account_id) as locked:
        if not locked:
            return SyncResult(account_id, "busy")
        account = Account.objects.select_related("person").filter(pk=account_id).first()
        if account is None:
            return SyncResult(account_id, "gone")
        fetch, _ = FetchState.objects.get_or_create(
            account=account, day=day, defaults={"next_attempt_at": now}
        )
        refusal = None if force else _not_now(account, fetch, now)
        if refusal is not None or account.status == Account.Status.UNLINKED:
            return SyncResult(account_id, refusal or "waiting")
        return _try(account, fetch, now)


def _not_now(account: Account, fetch: FetchState, now: datetime) -> str | None:
    if fetch.status == FetchState.Status.DONE:
        return "done"
    if fetch.status == FetchState.Status.GIVEN_UP:
        return "given_up"
    if account.resume_at is not None and account.resume_at > now:
        return "waiting"
    return None


def _try(account: Account, fetch: FetchState, now: datetime) -> SyncResult:
    fetch.status = FetchState.Status.STARTED
    fetch.attempts += 1
    fetch.started_at = timezone.now()
    fetch.stored, fetch.error, fetch.error_detail = {}, "", ""
    with without_waiting():
        fetch.save()
        Account.objects.filter(pk=account.pk).update(state=Account.State.SYNCING, resume_at=None)
    # What the network compares with next time is kept once everything else is.
    compared: list[Validators] = []
    try:
        stored = _fetch_and_store(account, fetch, now, compared)
        identity.look_back(account)
    except NoLongerOpen:
        erasure.erase(account.person)
        return SyncResult(account.pk, "gone")
    except ConnectorError as error:
        return _failed(account, fetch, error, now)
    except Exception as error:
        _log_bug(account.pk, error)
        return _failed(account, fetch, error, now)
    return _done(account, fetch, stored, now, compared)


def _fetch_and_store(
    account: Account, fetch: FetchState, now: datetime, compared: list[Validators]
) -> Stored:
    module = registry.connector(account.network)
    network = module.NETWORK
    target = Target(
        account.pk, network, account.first_synced_at is None, account.last_synced_at, now
    )
    stored = Stored()
    token, credential_id = credentials.token_of(account, now)
    with client_for(
        network,
        server=account.server,
        credential_id=credential_id,
        person_id=account.person_id,
        first=target.first_history,
    ) as client:
        records = module.fetch(client, account_ref(account, token, now), account.last_synced_at)
        watched = _watched(records, account, network)
        for batch in _batches(_set_aside(watched, network, compared)):
            stored += store(target, batch)
            with without_waiting():
                FetchState.objects.filter(pk=fetch.pk).update(stored=asdict(stored))
    return stored


def account_ref(account: Account, token: str, now: datetime) -> AccountRef:
    """Return what a connector needs to know of an account. One query.

    Only posts of a completed sync are named: of others some reactions may not be stored yet.
    """
    recent: dict[str, dict[str, int | None]] = {}
    if account.last_synced_at is not None:
        recent = dict(
            Post.objects.filter(
                account=account,
                created_at__gt=now - RECENT,
                counted_at__lte=account.last_synced_at,
            )
            .order_by("-created_at")
            .values_list("native_id", "counts")[:MOST_RECENT_POSTS]
        )
    return AccountRef(
        native_id=account.native_id,
        handle=account.handle,
        server=account.server,
        token=token,
        recent_posts=tuple(recent),
        recent_counts=recent,
        older_posts=_older_posts(account, now),
        validators=(account.validators or {}) if account.last_synced_at is not None else {},
    )


def _older_posts(account: Account, now: datetime) -> tuple[str, ...]:
    """Return stored posts that a network's terms want asked for again. One query at most."""
    policy = registry.network(account.network).policy
    if policy.recheck_days is None or account.last_synced_at is None:
        return ()
    rows = Post.objects.filter(
        account=account,
        created_at__lte=now - RECENT,
        counted_at__lte=now - timedelta(days=policy.recheck_days),
    )
    names = rows.order_by("counted_at", "pk").values_list("native_id", flat=True)
    return tuple(names[: policy.recheck_most])


def _batches(records: Iterator[Record]) -> Iterator[list[Record]]:
    batch: list[Record] = []
    posts = 0
    for record in records:
        batch.append(record)
        posts += isinstance(record, PostRecord)
        if len(batch) >= BATCH or posts >= MOST_POSTS:
            yield batch
            batch, posts = [], 0
    if batch:
        yield batch


def _set_aside(
    records: Iterator[Record], network: Network, compared: list[Validators]
) -> Iterator[Record]:
    """Yield what is stored as rows, and put aside what the network compares with next time."""
    for record in records:
        if isinstance(record, Validators):
            checks.check_record(network, record)
            compared.append(record)
        else:
            yield record


def _watched(records: Iterator[Record], account: Account, network: Network) -> Iterator[Record]:
    """Yield the records, but only of the right account and, unclaimed, of one that may be shown."""
    first = next(records, None)
    if not isinstance(first, Profile):
        raise BadPayload(f"{network.name} sent no profile first.", network=network.id)
    if first.native_id != account.native_id:
        raise BadPayload(f"{network.name} sent another account.", network=network.id)
    if account.status == Account.Status.OPEN:
        names = (first.native_id, first.handle, account.handle)
        if (
            not first.indexable
            or first.states_minor
            or opt_out.is_opted_out(account.network, *names)
        ):
            raise NoLongerOpen("", network=network.id)
    identity.note(account, first)
    yield first
    yield from records


def _done(
    account: Account,
    fetch: FetchState,
    stored: Stored,
    now: datetime,
    compared: list[Validators],
) -> SyncResult:
    etags = {key: etag for one in compared for key, etag in one.etags.items()}
    with transaction.atomic():
        FetchState.objects.filter(pk=fetch.pk).update(
            status=FetchState.Status.DONE, finished_at=timezone.now(), stored=asdict(stored)
        )
        Account.objects.filter(pk=account.pk).update(
            state=Account.State.OK,
            state_detail="",
            resume_at=None,
            first_synced_at=account.first_synced_at or now,
            last_synced_at=now,
            validators=etags or None,
        )
    log.info(
        "account_synced account_id=%s posts=%s interactions=%s",
        account.pk,
        stored.posts,
        stored.interactions,
    )
    return SyncResult(account.pk, "done", stored=stored)


def _failed(account: Account, fetch: FetchState, error: Exception, now: datetime) -> SyncResult:
    """Write down what went wrong and when the next try is, if there is one."""
    state, detail = _state_for(account, error)
    again_at = now + timedelta(minutes=PAUSES_MINUTES[min(fetch.attempts, len(PAUSES_MINUTES)) - 1])
    resume_at = error.resume_at if isinstance(error, RateLimited) else None
    again_at = resume_at or again_at
    deadline = deadline_of(fetch.day)
    # Whatever is tried, money comes with the next month.
    tried = fetch.attempts >= LEAST_ATTEMPTS or isinstance(error, BudgetSpent)
    late = again_at >= deadline and tried
    hopeless = isinstance(error, Relink | Gone)
    status = FetchState.Status.GIVEN_UP if late or hopeless else FetchState.Status.FAILED
    with transaction.atomic():
        FetchState.objects.filter(pk=fetch.pk).update(
            status=status,
            next_attempt_at=again_at,
            finished_at=timezone.now(),
            error=type(error).__name__[:32],
            error_detail=detail,
        )
        Account.objects.filter(pk=account.pk).update(
            state=state, state_detail=detail, resume_at=resume_at
        )
    log.info(
        "account_not_synced account_id=%s error=%s status=%s",
        account.pk,
        type(error).__name__,
        status,
    )
    return SyncResult(account.pk, status, detail)


def _state_for(account: Account, error: Exception) -> tuple[Account.State, str]:
    """Return the account's state for an error, and a sentence without anything secret."""
    if not isinstance(error, ConnectorError):
        # The text of an unexpected error can hold anything: its name must do.
        return Account.State.RETRY, f"An error of ours ({type(error).__name__})."
    state = Account.State.RETRY
    if isinstance(error, BudgetSpent):
        state = Account.State.BUDGET
    elif isinstance(error, NotAllowed):
        state = Account.State.OPERATOR
    elif isinstance(error, RateLimited):
        state = Account.State.LIMITED
    elif isinstance(error, Gone):
        state = Account.State.GONE
    elif isinstance(error, BadPayload):
        state = Account.State.BROKEN
    elif isinstance(error, Relink):
        # Without a credential there is nothing to link anew: the server just does not show it.
        linked = account.status == Account.Status.LINKED
        state = Account.State.RELINK if linked else Account.State.GONE
    return state, str(error)[:300]


def _log_bug(account_id: int, error: Exception) -> None:
    """Log where an unexpected error came from, but not its text."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    log.error(
        "account_sync_bug account_id=%s error=%s at=%s:%s",
        account_id,
        type(error).__name__,
        frame.filename.rpartition("/")[2],
        frame.lineno,
    )


@contextmanager
def account_lock(account_id: int) -> Iterator[bool]:
    """Hold the account for this worker; False where another has it.

    PostgreSQL lets go of it by itself when the worker's connection ends.
    """
    key = f"sync:{account_id}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [key])
        (locked,) = cursor.fetchone()
    try:
        yield bool(locked)
    finally:
        if locked:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [key])

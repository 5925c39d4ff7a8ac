"""One account's sync against the running sample network: states, retries, kills."""

import logging
from datetime import UTC, date, datetime, timedelta
from threading import Event, Thread
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone
from pytest_django.fixtures import Settings

from connectors import sync
from connectors.due import accounts_due, deadline_of, due_day
from connectors.models import Account, ClosedDay, FetchState, Interaction, Post, Reactor, Snapshot
from connectors.store import TABLE
from connectors.sync import account_lock, sync_account
from connectors.tasks import sync_account as sync_account_task
from people import opt_out
from people.models import Person
from tests.connectors.linked import HANDLE, keep_secret, sample_account
from tests.sample_server import SampleServer
from tests.workers import Worker, wait_until


@pytest.fixture
def account(alice: Person, sample_server: SampleServer) -> Account:
    return sample_account(alice, sample_server)


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pauses of a second between tries are tested with the client."""
    monkeypatch.setattr("connectors.http.PAUSES_SECONDS", (0.0, 0.0))


def today() -> date:
    return due_day(timezone.now())


def interactions(account: Account) -> list[tuple[Any, ...]]:
    found = Interaction._default_manager.filter(account_id=account.pk)
    return sorted(found.values_list("dedupe_key", "day", "kind", "direction", "happened_at"))


def test_a_first_sync_stores_the_whole_history_on_its_own_days(
    account: Account, sample_server: SampleServer
) -> None:
    ClosedDay.objects.create(day=today() - timedelta(days=5))
    result = sync_account(account.pk, today())
    assert result.status == "done"
    assert result.stored.posts == Post.objects.count() > 20
    rows = interactions(account)
    assert result.stored.interactions == len(rows) > 100
    assert all(row[4].astimezone(UTC).date() == row[1] for row in rows)
    assert today() - timedelta(days=5) in {row[1] for row in rows}
    assert Snapshot.objects.count() > 90
    account.refresh_from_db()
    assert account.state == Account.State.OK
    assert account.first_synced_at is not None
    assert account.last_synced_at == account.first_synced_at
    fetch = FetchState.objects.get()
    assert (fetch.status, fetch.attempts) == ("done", 1)
    assert fetch.stored["interactions"] == len(rows)


def test_a_day_that_is_done_is_not_fetched_again(account: Account) -> None:
    sync_account(account.pk, today())
    assert sync_account(account.pk, today()).stored.posts == 0
    assert FetchState.objects.get().attempts == 1


def test_a_forced_sync_doubles_nothing(account: Account) -> None:
    sync_account(account.pk, today())
    before = interactions(account), Reactor.objects.count(), Post.objects.count()
    result = sync_account(account.pk, today(), force=True)
    assert (result.status, result.stored.interactions) == ("done", 0)
    assert (interactions(account), Reactor.objects.count(), Post.objects.count()) == before


def test_a_missing_account_is_no_error(db: None) -> None:
    assert sync_account(999, today()).status == "gone"


def test_an_unlinked_account_is_not_fetched(account: Account) -> None:
    Account.objects.update(status=Account.Status.UNLINKED)
    assert sync_account(account.pk, today()).status == "waiting"
    assert not Post.objects.exists()


# --- Faults -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("fault", "state", "status", "error"),
    [
        ({"status": 401}, "relink", "given_up", "Relink"),
        ({"status": 403}, "relink", "given_up", "Relink"),
        ({"status": 404}, "gone", "given_up", "Gone"),
        ({"status": 410}, "gone", "given_up", "Gone"),
        ({"status": 429, "retry_after": 90}, "limited", "failed", "RateLimited"),
        ({"status": 500, "times": 3}, "retry", "failed", "Retry"),
        ({"status": 502, "times": 3}, "retry", "failed", "Retry"),
        ({"status": 422}, "broken", "failed", "BadPayload"),
        ({"mode": "broken_json"}, "broken", "failed", "BadPayload"),
        ({"mode": "huge"}, "broken", "failed", "BadPayload"),
    ],
    ids=str,
)
@pytest.mark.parametrize("path", ["/api/v1/accounts", "/api/v1/accounts/{id}/posts"])
def test_each_fault_leads_to_its_state_and_the_next_try_to_the_end(
    account: Account,
    sample_server: SampleServer,
    path: str,
    fault: dict[str, Any],
    state: str,
    status: str,
    error: str,
) -> None:
    now = timezone.now()
    sample_server.fault(path.format(id=account.native_id), **fault)
    result = sync_account(account.pk, today(), now=now)
    assert result.status == status
    account.refresh_from_db()
    fetch = FetchState.objects.get()
    assert (account.state, fetch.status, fetch.error) == (state, status, error)
    assert account.state_detail == fetch.error_detail != ""
    assert account.first_synced_at is None
    if error == "RateLimited":
        assert account.resume_at == fetch.next_attempt_at
        assert timedelta(seconds=60) < fetch.next_attempt_at - now < timedelta(seconds=120)
        assert sync_account(account.pk, today(), now=now).status == "waiting"
    elif status == "failed":
        assert fetch.next_attempt_at == now + timedelta(minutes=1)
    sample_server.clear_faults()
    result = sync_account(account.pk, today(), force=True)
    account.refresh_from_db()
    assert (result.status, account.state, account.state_detail) == ("done", "ok", "")
    assert account.resume_at is None
    assert len(interactions(account)) > 100


def test_a_fault_half_way_loses_and_doubles_nothing(
    account: Account, bob: Person, sample_server: SampleServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sync, "BATCH", 50)
    sample_server.fault(f"/api/v1/accounts/{account.native_id}/sent", status=500, times=3)
    assert sync_account(account.pk, today()).status == "failed"
    in_part = len(interactions(account))
    assert sync_account(account.pk, today()).status == "done"
    assert 0 < in_part < len(interactions(account))
    with_fault = interactions(account)
    account.delete()
    Interaction._default_manager.filter(account_id=account.pk).delete()
    undisturbed = sample_account(bob, sample_server)
    sync_account(undisturbed.pk, today())
    assert interactions(undisturbed) == with_fault


def test_the_pauses_grow_and_the_day_is_given_up_in_the_morning(
    account: Account, sample_server: SampleServer
) -> None:
    day = today()
    sample_server.fault("/api/v1/accounts", status=500, times=1000)
    now = datetime.combine(day + timedelta(days=1), datetime.min.time(), UTC)
    pauses = []
    while True:
        result = sync_account(account.pk, day, now=now)
        if result.status == "given_up":
            break
        fetch = FetchState.objects.get()
        pauses.append((fetch.next_attempt_at - now) / timedelta(minutes=1))
        now = fetch.next_attempt_at
    assert pauses == [1, 5, 15, 60, 60, 60, 60, 60]
    assert now < deadline_of(day)
    account.refresh_from_db()
    assert account.state == Account.State.RETRY


def test_an_account_linked_in_the_afternoon_gets_its_tries_too(
    account: Account, sample_server: SampleServer
) -> None:
    sample_server.fault("/api/v1/accounts", status=500, times=1000)
    now = timezone.now().replace(hour=15)
    statuses = []
    for _ in range(5):
        statuses.append(sync_account(account.pk, due_day(now), now=now).status)
        now = FetchState.objects.get().next_attempt_at
    assert statuses == ["failed"] * 4 + ["given_up"]


def test_an_error_of_ours_is_named_but_its_text_is_told_nowhere(
    account: Account, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    def broken(*args: object) -> None:
        raise ZeroDivisionError("text-that-must-stay-secret")

    monkeypatch.setattr(sync, "store", broken)
    assert sync_account(account.pk, today()).status == "failed"
    fetch = FetchState.objects.get()
    assert fetch.error == "ZeroDivisionError"
    assert "must-stay-secret" not in fetch.error_detail + caplog.text
    assert "ZeroDivisionError" in caplog.text


# --- Credentials --------------------------------------------------------------------------------
def test_a_credential_that_no_key_opens_asks_for_a_new_link(
    account: Account, settings: Settings
) -> None:
    keep_secret(account, access="x")
    settings.TOKEN_KEYS = ["mWY3y7T4Vn1xH3r4m5q6s7u8w9y0A1C2E3G4I5K6M7o="]
    sync_account(account.pk, today())
    account.refresh_from_db()
    assert account.state == Account.State.RELINK
    assert "link again" in account.state_detail


def test_a_refused_token_asks_for_a_new_link(account: Account, sample_server: SampleServer) -> None:
    keep_secret(account, access="never-issued")
    assert sync_account(account.pk, today()).status == "given_up"
    account.refresh_from_db()
    assert account.state == Account.State.RELINK
    assert "never-issued" not in account.state_detail


def test_a_token_that_has_ended_and_cannot_be_renewed_asks_for_a_new_link(
    account: Account,
) -> None:
    credential = keep_secret(account, access="x")
    credential.expires_at = timezone.now() - timedelta(minutes=1)
    credential.save()
    sync_account(account.pk, today())
    account.refresh_from_db()
    assert account.state == Account.State.RELINK


# --- Unclaimed accounts -------------------------------------------------------------------------
@pytest.fixture
def unclaimed(db: None, sample_server: SampleServer) -> Account:
    person = Person.objects.create(
        slug="vera", name="Vera", origin=Person.Origin.LOOKED_UP, visibility="public"
    )
    return sample_account(person, sample_server, linked=False)


def test_an_unclaimed_account_that_opted_out_is_removed_at_its_next_sync(
    unclaimed: Account,
) -> None:
    opt_out.opt_out("sample", [HANDLE], proven=False)
    assert sync_account(unclaimed.pk, today()).status == "gone"
    assert not Account.objects.exists()
    assert not Person.objects.exists()
    assert not FetchState.objects.exists()
    assert not Post.objects.exists()


def test_an_unclaimed_account_that_is_refused_is_not_asked_to_link_again(
    unclaimed: Account, sample_server: SampleServer
) -> None:
    sample_server.fault("/api/v1/accounts", status=401)
    sync_account(unclaimed.pk, today())
    unclaimed.refresh_from_db()
    assert unclaimed.state == Account.State.GONE


# --- Several workers ----------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_an_account_is_synced_by_one_worker_at_a_time(
    alice: Person, sample_server: SampleServer
) -> None:
    account = sample_account(alice, sample_server)
    held, go_on = Event(), Event()

    def other_worker() -> None:
        with account_lock(account.pk) as locked:
            assert locked
            held.set()
            go_on.wait(30)
        connection.close()

    thread = Thread(target=other_worker)
    thread.start()
    assert held.wait(30)
    assert sync_account(account.pk, today()).status == "busy"
    assert not FetchState.objects.exists()
    go_on.set()
    thread.join(30)
    assert sync_account(account.pk, today()).status == "done"


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_loses_and_doubles_nothing(
    alice: Person, bob: Person, sample_server: SampleServer, worker_factory: Any
) -> None:
    account = sample_account(alice, sample_server)
    environment = {
        "SAMPLE_NETWORK_URL": sample_server.url,
        "LOCAL_ORIGINS": sample_server.url,
    }
    worker: Worker = worker_factory(concurrency=1, environment=environment)
    # The worker comes as far as the interactions and waits there, its posts already stored.
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {TABLE} IN SHARE ROW EXCLUSIVE MODE")
        sync_account_task.delay(account.pk, today().isoformat())
        wait_until(_somebody_waits_for_the_table, what="the worker in its middle")
        assert Post.objects.exists()
        worker.kill()
    assert FetchState.objects.get().status == "started"
    assert interactions(account) == []
    assert accounts_due(timezone.now()) == []
    # The lock went with the worker's connection: the row alone brings the account back.
    FetchState.objects.update(started_at=timezone.now() - timedelta(minutes=2))
    wait_until(lambda: accounts_due(timezone.now()) == [(account.pk, today())], what="due again")
    worker.start()
    sync_account_task.delay(account.pk, today().isoformat())
    wait_until(lambda: FetchState.objects.filter(status="done").exists(), what="the end")
    killed = interactions(account)
    assert FetchState.objects.get().attempts >= 2
    Interaction._default_manager.filter(account_id=account.pk).delete()
    account.delete()
    undisturbed = sample_account(bob, sample_server)
    sync_account(undisturbed.pk, today())
    assert interactions(undisturbed) == killed
    assert len(killed) > 100
    assert Post.objects.count() == FetchState.objects.get().stored["posts"]


def _somebody_waits_for_the_table() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = %s::regclass", [TABLE]
        )
        return bool(cursor.fetchone()[0])


def test_an_unreachable_network_is_tried_again_in_a_minute(
    account: Account, settings: Settings
) -> None:
    settings.SAMPLE_NETWORK_URL = "http://127.0.0.1:1"
    settings.LOCAL_ORIGINS = ["http://127.0.0.1:1"]
    now = timezone.now()
    assert sync_account(account.pk, today(), now=now).status == "failed"
    account.refresh_from_db()
    assert (account.state, account.state_detail) == ("retry", "sample is unreachable.")
    assert FetchState.objects.get().next_attempt_at == now + timedelta(minutes=1)


def test_without_the_shared_count_nothing_is_asked(account: Account, settings: Settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert sync_account(account.pk, today()).status == "failed"
    account.refresh_from_db()
    assert account.state == Account.State.RETRY

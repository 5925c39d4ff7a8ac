"""Which accounts are handed to workers, and when again."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection

from connectors import due, tasks
from connectors.due import accounts_due, due_day
from connectors.models import Account, FetchState
from connectors.sync import account_lock
from people.models import Person
from tests.connectors.linked import sample_account
from tests.connectors.records import account_of
from tests.sample_server import SampleServer
from tests.workers import Worker, wait_until

NOW = datetime(2026, 3, 2, 0, 5, tzinfo=UTC)
DAY = date(2026, 3, 1)


@pytest.fixture
def account(alice: Person) -> Account:
    return account_of(alice)


def fetch() -> FetchState:
    return FetchState.objects.get()


def test_the_day_that_has_ended_is_due() -> None:
    assert due_day(NOW) == DAY
    assert due_day(NOW.astimezone(UTC) - timedelta(minutes=6)) == DAY - timedelta(days=1)


def test_an_account_is_handed_out_once(account: Account) -> None:
    assert accounts_due(NOW) == [(account.pk, DAY)]
    assert accounts_due(NOW) == []
    assert fetch().status == "queued"


def test_a_lost_message_is_sent_again(account: Account) -> None:
    accounts_due(NOW)
    assert accounts_due(NOW + due.SENT_FOR - timedelta(seconds=1)) == []
    assert accounts_due(NOW + due.SENT_FOR) == [(account.pk, DAY)]


@pytest.mark.parametrize("status", ["done", "given_up"])
def test_what_has_ended_is_due_again_on_the_next_day_only(account: Account, status: str) -> None:
    accounts_due(NOW)
    FetchState.objects.update(status=status)
    assert accounts_due(NOW + timedelta(hours=20)) == []
    assert accounts_due(NOW + timedelta(days=1)) == [(account.pk, DAY + timedelta(days=1))]


def test_a_failed_fetch_waits_for_its_time(account: Account) -> None:
    accounts_due(NOW)
    FetchState.objects.update(status="failed", next_attempt_at=NOW + timedelta(minutes=5))
    assert accounts_due(NOW + timedelta(minutes=4)) == []
    assert accounts_due(NOW + timedelta(minutes=5)) == [(account.pk, DAY)]


def test_what_an_earlier_day_left_is_superseded(account: Account) -> None:
    accounts_due(NOW)
    tomorrow = NOW + timedelta(days=1)
    assert accounts_due(tomorrow) == [(account.pk, DAY + timedelta(days=1))]
    statuses = dict(FetchState.objects.values_list("day", "status"))
    assert statuses[DAY] == "given_up"


@pytest.mark.parametrize(
    "fields", [{"status": "unlinked"}, {"state": "relink"}], ids=["unlinked", "relink"]
)
def test_who_waits_for_the_owner_is_not_fetched(account: Account, fields: dict[str, str]) -> None:
    Account.objects.update(**fields)
    assert accounts_due(NOW) == []
    assert not FetchState.objects.exists()


def test_who_was_looked_up_for_money_is_read_once(account: Account) -> None:
    Account.objects.filter(pk=account.pk).update(network="x")
    assert len(accounts_due(NOW)) == 1
    FetchState.objects.all().delete()
    Account.objects.filter(pk=account.pk).update(status="open")
    assert accounts_due(NOW) == []


def test_a_limited_account_waits_for_the_networks_time(account: Account) -> None:
    Account.objects.update(resume_at=NOW + timedelta(minutes=30))
    assert accounts_due(NOW) == []
    assert accounts_due(NOW + timedelta(minutes=30)) == [(account.pk, DAY)]


def test_who_waits_for_next_months_money_holds_up_no_day(account: Account) -> None:
    """Scoring waits for the fetches of a day: one that cannot come must not be among them."""
    Account.objects.update(state="budget", resume_at=due.deadline_of(DAY))
    assert accounts_due(NOW) == []
    assert not FetchState.objects.exists()
    Account.objects.update(resume_at=due.deadline_of(DAY) - timedelta(seconds=1))
    accounts_due(NOW)
    assert FetchState.objects.filter(day=DAY).exists()


def test_a_started_fetch_whose_worker_died_is_due_again(account: Account) -> None:
    accounts_due(NOW)
    FetchState.objects.update(status="started", started_at=NOW)
    assert accounts_due(NOW + timedelta(seconds=10)) == []
    assert accounts_due(NOW + due.SILENT_FOR) == [(account.pk, DAY)]


@pytest.mark.django_db(transaction=True)
def test_a_started_fetch_whose_worker_lives_is_left_to_it(alice: Person) -> None:
    account = account_of(alice)
    accounts_due(NOW)
    FetchState.objects.update(status="started", started_at=NOW)
    found: list[object] = []

    def ask() -> None:
        found.append(accounts_due(NOW + timedelta(hours=1)))
        connection.close()

    with account_lock(account.pk):
        thread = Thread(target=ask)
        thread.start()
        thread.join(30)
    assert found == [[]]
    assert accounts_due(NOW + timedelta(hours=1)) == [(account.pk, DAY)]


@pytest.mark.django_db(transaction=True)
def test_workers_that_ask_at_once_get_different_accounts(alice: Person) -> None:
    for number in range(60):
        account_of(alice, native_id=str(number))
    barrier = Barrier(3)
    found: list[list[tuple[int, date]]] = []

    def ask() -> None:
        barrier.wait(30)
        found.append(accounts_due(NOW, most=20))
        connection.close()

    threads = [Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    handed = [pk for rows in found for pk, _ in rows]
    handed += [pk for pk, _ in accounts_due(NOW)]
    assert len(handed) == len(set(handed)) == 60


@pytest.mark.django_db(transaction=True)
def test_the_minutes_task_has_an_account_synced_by_a_worker(
    alice: Person, sample_server: SampleServer, worker_factory: Callable[..., Worker]
) -> None:
    account = sample_account(alice, sample_server)
    worker_factory(
        environment={"SAMPLE_NETWORK_URL": sample_server.url, "LOCAL_ORIGINS": sample_server.url}
    )
    tasks.sync_due_accounts.delay()
    wait_until(lambda: FetchState.objects.filter(status="done").exists(), what="the sync")
    account.refresh_from_db()
    assert account.state == "ok"

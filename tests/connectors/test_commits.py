"""What waits for the disk in a sync: its end, and money that is taken; nothing else."""

from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django.fixtures import Settings

from connectors import costs, x
from connectors.due import due_day
from connectors.sync import sync_account
from people.models import Person
from tests.connectors.linked import sample_account
from tests.sample_server import SampleServer

WRITES = ("INSERT", "UPDATE", "DELETE", "WITH")


@pytest.mark.django_db(transaction=True)
def test_a_sync_waits_for_the_disk_at_its_end_and_where_money_is_taken(
    alice: Person, sample_server: SampleServer, settings: Settings
) -> None:
    account = sample_account(alice, sample_server)
    written: list[tuple[str, bool]] = []

    def look(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        result = execute(sql, params, many, context)
        if sql.lstrip().startswith(WRITES):
            with context["connection"].connection.cursor() as cursor:
                # Servers of tests never wait: what counts is who said so for this transaction.
                cursor.execute("SELECT source FROM pg_settings WHERE name = 'synchronous_commit'")
                written.append((sql, cursor.fetchone()[0] != "session"))
        return result

    with connection.execute_wrapper(look):
        result = sync_account(account.pk, due_day(timezone.now()))
    assert result.status == "done"
    waiting = [is_waiting for sql, is_waiting in written if "_post" in sql or "_reactor" in sql]
    assert waiting
    assert not any(waiting)
    # The account's state and its last word on the fetch, in one transaction.
    assert [is_waiting for _, is_waiting in written[-2:]] == [True, True]

    settings.NETWORK_BUDGETS = {"x": (10, 2)}
    purse = costs.meter_for(x.NETWORK, alice.pk)
    written.clear()
    with connection.execute_wrapper(look):
        purse.hold({"post": 100})
        purse.settle({"post": 100}, {"post": 3})
    assert [is_waiting for _, is_waiting in written] == [True, True, True, False]

"""A look-up from the handle to the score, on the sample network's server."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from connectors import lookup as opening
from connectors.models import Account, Lookup
from people import opt_out
from people.models import Person
from scoring import lookup, queries, tasks
from scoring.models import PairDay, Score
from tests.sample_server import SampleServer
from tests.workers import Worker, wait_until

pytestmark = pytest.mark.django_db

HANDLE = "pia.moreno"


def begun(handle: str = HANDLE) -> Lookup:
    ((network, ref),) = [m for m in opening.understand(f"@{handle}@sample") if m[0] == "sample"]
    return opening.begin_lookup(network, ref, None)


def test_an_unknown_account_is_fetched_and_scored_on_the_spot(sample_server: SampleServer) -> None:
    row = begun()
    assert lookup.run_lookup(row.pk)
    row.refresh_from_db()
    assert row.state == Lookup.State.DONE
    assert row.finished_at is not None
    assert row.person is not None
    newest = queries.latest_score(row.person.pk)
    assert newest is not None
    assert newest.day == timezone.now().date()
    assert Score.objects.filter(person_id=row.person.pk).count() == 92
    assert PairDay.objects.exists()
    assert queries.moments_for(row.person.pk)


def test_a_look_up_that_has_ended_is_not_made_again(sample_server: SampleServer) -> None:
    row = begun()
    lookup.run_lookup(row.pk)
    with CaptureQueriesContext(connection) as seen:
        assert lookup.run_lookup(row.pk)
    assert len(seen) <= 3
    again = begun()
    assert (again.state, again.person_id) == ("done", Lookup.objects.get(pk=row.pk).person_id)


def test_an_absent_account_ends_as_one_that_cannot_be_shown(sample_server: SampleServer) -> None:
    row = begun("nobody.of.that.name")
    assert lookup.run_lookup(row.pk)
    row.refresh_from_db()
    assert (row.state, row.person_id) == ("unavailable", None)
    assert not Person.objects.exists()


def test_an_opted_out_account_ends_the_same_way(sample_server: SampleServer) -> None:
    opt_out.opt_out("sample", [HANDLE], proven=True)
    row = begun()
    assert lookup.run_lookup(row.pk)
    row.refresh_from_db()
    assert (row.state, row.person_id) == ("unavailable", None)
    assert not Account.objects.exists()


def test_a_server_error_is_tried_again_and_leaves_nothing_when_it_stays(
    sample_server: SampleServer,
) -> None:
    number = sample_server.account(HANDLE)
    sample_server.fault(f"/api/v1/accounts/{number}/posts", status=500, times=100)
    row = begun()
    assert not lookup.run_lookup(row.pk, last_try=False)
    row.refresh_from_db()
    assert row.state == Lookup.State.SYNCING
    assert lookup.run_lookup(row.pk, last_try=True)
    row.refresh_from_db()
    assert (row.state, row.person_id, row.handle) == ("unavailable", None, HANDLE)
    assert not Person.objects.exists()
    assert not Account.objects.exists()


def test_a_passing_error_is_made_good(sample_server: SampleServer) -> None:
    number = sample_server.account(HANDLE)
    sample_server.fault(f"/api/v1/accounts/{number}/posts", status=500, times=3)
    row = begun()
    lookup.run_lookup(row.pk, last_try=False)
    sample_server.clear_faults()
    Account.objects.update(resume_at=None)
    assert lookup.run_lookup(row.pk, last_try=True)
    row.refresh_from_db()
    assert row.state == Lookup.State.DONE


def test_two_workers_do_not_make_the_same_look_up(sample_server: SampleServer) -> None:
    row = begun()
    with lookup._alone(row.pk) as alone:
        assert alone
    assert lookup.run_lookup(row.pk)


@pytest.mark.django_db(transaction=True)
def test_a_worker_makes_the_look_up(sample_server: SampleServer, worker_factory: object) -> None:
    assert callable(worker_factory)
    worker = worker_factory(
        concurrency=1,
        environment={
            "SAMPLE_NETWORK_URL": sample_server.url,
            "LOCAL_ORIGINS": sample_server.url,
        },
    )
    assert isinstance(worker, Worker)
    row = begun()
    tasks.run_lookup.delay(str(row.pk))
    wait_until(
        lambda: Lookup.objects.get(pk=row.pk).state in Lookup.FINISHED, what="the look-up ended"
    )
    row.refresh_from_db()
    assert row.state == Lookup.State.DONE, worker.output()


def test_the_command_prints_score_parts_and_moments(sample_server: SampleServer) -> None:
    output = StringIO()
    call_command("lookup", f"@{HANDLE}@sample", stdout=output)
    text = output.getvalue()
    value = Score.objects.latest("day").value
    assert f"Pia Moreno: {value:.1f}" in text
    assert "sample: 100% of the score" in text
    assert "Followers: " in text
    assert "Posts that moved it:" in text


@pytest.mark.parametrize("handle", ["@nobody.there@sample", f"@{HANDLE}@sample"])
def test_the_command_says_one_sentence_of_all_that_cannot_be_shown(
    sample_server: SampleServer, handle: str
) -> None:
    opt_out.opt_out("sample", [HANDLE], proven=True)
    with pytest.raises(CommandError) as refused:
        call_command("lookup", handle, stdout=StringIO())
    assert str(refused.value) == "We can't show this account."
    assert refused.value.returncode == 1


def test_the_command_explains_what_is_no_handle(db: None) -> None:
    with pytest.raises(CommandError, match="no handle"):
        call_command("lookup", "not a handle at all", stdout=StringIO())

"""The trial installation is filled by real processes, and a kill at any point costs nothing."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from connectors import lookup, registry, sample
from connectors.clients import client_for
from connectors.due import due_day
from connectors.models import Account, ClosedDay, Credential, FetchState
from klout import seeding
from klout.local import DEMO_EMAIL
from klout.services.process import tie_to_this_thread
from people.models import ConsentEvent, Person, User
from scoring.models import Score, ScoreRun
from tests.sample_server import SampleServer, start_sample_server, stop_sample_server
from tests.workers import ROOT, Worker, process_environment, wait_until

PASSWORD = "correct horse battery"


@pytest.fixture(scope="module")
def small_network() -> Iterator[SampleServer]:
    """Forty people and ten days: enough for every step."""
    server = start_sample_server(people=40, days=10)
    yield server
    stop_sample_server(server)


@pytest.fixture
def network(small_network: SampleServer, settings: Settings) -> SampleServer:
    settings.SAMPLE_NETWORK = True
    settings.SAMPLE_NETWORK_URL = small_network.url
    settings.LOCAL_ORIGINS = [small_network.url]
    settings.DEMO_PASSWORD = PASSWORD
    return small_network


def seed_process(network: SampleServer, log: Path) -> "subprocess.Popen[bytes]":
    """Return `manage.py seed_sample` as `up` starts it."""
    with log.open("ab") as output:
        return subprocess.Popen(
            [sys.executable, "manage.py", "seed_sample"],
            cwd=ROOT,
            env=process_environment(SAMPLE_NETWORK_URL=network.url, DEMO_PASSWORD=PASSWORD),
            stdout=output,
            stderr=subprocess.STDOUT,
            preexec_fn=tie_to_this_thread(signal.SIGKILL),
        )


@pytest.mark.heavy
@pytest.mark.django_db(transaction=True)
def test_a_seeding_killed_at_every_step_ends_as_an_undisturbed_one(
    network: SampleServer, worker_factory: Callable[..., Worker], tmp_path: Path
) -> None:
    worker_factory(environment={"SAMPLE_NETWORK_URL": network.url})
    log = tmp_path / "seed.log"
    steps: list[Callable[[], bool]] = [
        User.objects.filter(email=DEMO_EMAIL).exists,
        Account.objects.filter(status=Account.Status.LINKED).exists,
        lambda: Account.objects.count() > 30,
        FetchState.objects.filter(status=FetchState.Status.DONE).exists,
        ScoreRun.objects.filter(status=ScoreRun.Status.DONE).exists,
    ]
    for step in steps:
        process = seed_process(network, log)
        wait_until(step, 60, log.read_text("utf-8"))
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    process = seed_process(network, log)
    assert process.wait(120) == 0, log.read_text("utf-8")

    user = User.objects.get()
    assert PBKDF2PasswordHasher().verify(PASSWORD, user.password)
    person = Person.objects.get(owner=user)
    account = Account.objects.get(person=person)
    assert account.handle == seeding.DEMO_HANDLE
    assert Credential.objects.get().account == account
    assert ConsentEvent.objects.filter(what="link:sample", given=True).count() == 1
    yesterday = due_day(timezone.now())
    with client_for(registry.network("sample")) as client:
        shown = [p for p in sample.directory(client) if p.indexable and not p.states_minor]
    assert Account.objects.count() == len(shown)
    assert not Account.objects.filter(last_synced_at=None).exists()
    days = [yesterday - timedelta(days=n) for n in range(9)]
    assert ScoreRun.objects.filter(status=ScoreRun.Status.DONE, day__in=days).count() == len(days)
    assert ClosedDay.objects.filter(day__in=days).count() == len(days)
    assert Score.objects.filter(person_id=person.pk, day__in=days).count() == len(days)


@pytest.mark.django_db
def test_a_new_password_of_the_installation_is_the_log_ins(network: SampleServer) -> None:
    first = seeding.demo_person("old old old")
    assert seeding.demo_person(PASSWORD) == first
    assert User.objects.get().check_password(PASSWORD)


@pytest.mark.django_db
def test_a_day_that_nobody_fetched_yet_is_not_taken_for_synced(network: SampleServer) -> None:
    """The start on a later day: yesterday's fetches are done, those of the new day are not."""
    with client_for(registry.network("sample")) as client:
        ids = lookup.register_open_accounts("sample", list(sample.directory(client))[:5])
    yesterday = due_day(timezone.now())
    for pk in ids:
        FetchState.objects.create(account_id=pk, day=yesterday, status=FetchState.Status.DONE)
    assert seeding.synced(yesterday).done == len(ids)
    later = seeding.synced(yesterday + timedelta(days=1))
    assert (later.total, later.done) == (len(ids), 0)


@pytest.mark.django_db
def test_without_a_sample_network_it_says_so(settings: Settings) -> None:
    settings.SAMPLE_NETWORK = False
    with pytest.raises(CommandError, match="not offered here"):
        call_command("seed_sample", stdout=StringIO())


@pytest.mark.django_db
def test_a_sample_network_that_fails_ends_in_a_sentence(network: SampleServer) -> None:
    """Not in a traceback: `up` shows the sentence, and starts the command again."""
    network.fault("/oauth/token", status=503, times=10)
    with pytest.raises(CommandError) as failed:
        call_command("seed_sample", stdout=StringIO())
    network.clear_faults()
    assert failed.value.returncode == 1
    assert str(failed.value)
    assert not Account.objects.exists()


@pytest.mark.django_db
def test_a_sample_network_that_is_somebody_else_is_told(
    network: SampleServer, settings: Settings
) -> None:
    person = seeding.demo_person(PASSWORD)
    settings.SAMPLE_CLIENT_ID = "unknown there"
    with pytest.raises(seeding.SeedingFailed, match="400 at sign-in"):
        seeding.link_demo(person)

"""A thousand people click at once on a hundred perks; a process is killed in the middle."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, connections, transaction

from klout.services.process import tie_to_this_thread
from people.models import Person
from perks import claims, keeping
from perks.models import Change, Claim, ClaimedAccount, Code, Perk
from tests.perks.claimants import YES, crowd, perk
from tests.workers import ROOT, process_environment, wait_until

pytestmark = pytest.mark.django_db(transaction=True)
THREADS = 20


def click(person: Person, offer: Perk) -> str:
    """Return what the person is told."""
    try:
        return claims.claim(person, offer.pk, YES).state
    except claims.NotNow as why:
        return type(why).__name__


def test_of_a_thousand_clicks_on_a_hundred_codes_exactly_a_hundred_get_one() -> None:
    offer = perk(codes=100)
    people = crowd(1_000)
    # Every tenth clicks in two tabs.
    clicks = [person for n, person in enumerate(people) for _ in range(2 if n % 10 == 0 else 1)]
    together = Barrier(THREADS)

    def run(share: list[Person]) -> list[str]:
        together.wait(60)
        try:
            return [click(person, offer) for person in share]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(THREADS) as pool:
        shares = (clicks[n::THREADS] for n in range(THREADS))
        told = {answer for answers in pool.map(run, shares) for answer in answers}
    assert told == {"claimed", "SoldOut"}
    held = Claim.objects.filter(state="claimed")
    assert held.count() == held.values("person").distinct().count() == 100
    assert Code.objects.filter(claim__in=held).count() == 100
    assert ClaimedAccount.objects.values("key_hash").distinct().count() == 100
    offer.refresh_from_db()
    assert (offer.taken, offer.stock) == (100, 100)
    assert keeping.wrong_stock() == []


CLAIM_ALL = """
import django
django.setup()
from people.models import Person
from perks.claims import Answers, claim
print("ready", flush=True)
for number in {people}:
    claim(Person.objects.get(pk=number), {perk}, Answers(agreed=True))
    print(number, flush=True)
"""


def test_a_process_killed_in_the_middle_leaves_whole_claims_only() -> None:
    offer = perk(codes=8)
    people = crowd(6)
    # The code that the third one would get is held here, so the process stops in that claim:
    # its row is written, its transaction open.
    third = Code.objects.filter(perk=offer).order_by("id")[2]
    with transaction.atomic():
        Code.objects.select_for_update().get(pk=third.pk)
        script = CLAIM_ALL.format(people=[person.pk for person in people], perk=offer.pk)
        process = subprocess.Popen(
            [sys.executable, "-c", script],
            cwd=ROOT,
            env=process_environment(),
            stdout=subprocess.DEVNULL,
            preexec_fn=tie_to_this_thread(signal.SIGKILL),
        )
        wait_until(waits_for_a_lock, 60, "the third claim stands in its transaction")
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    wait_until(lambda: not left_open(), 60, "the server noticed")
    assert Claim.objects.filter(state="claimed").count() == 2
    assert Code.objects.filter(claim__isnull=False).count() == 2
    assert ClaimedAccount.objects.count() == 2
    assert Change.objects.filter(table="claim", what="insert").count() == 2
    assert keeping.wrong_stock() == []
    # Whoever comes next is served, the one whose claim was cut off among them.
    assert [click(person, offer) for person in people] == ["claimed"] * 6
    assert Code.objects.filter(claim__isnull=False).count() == 6
    assert keeping.wrong_stock() == []


def others(condition: str) -> int:
    with connection.cursor() as cursor:
        # Within a transaction it would show the same moment for ever.
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        query = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND {}"
        cursor.execute(query.format(f"pid <> pg_backend_pid() AND {condition}"))
        return int(cursor.fetchone()[0])


def waits_for_a_lock() -> bool:
    return others("wait_event_type = 'Lock' AND query LIKE '%perks_code%'") > 0


def left_open() -> bool:
    return others("xact_start IS NOT NULL") > 0

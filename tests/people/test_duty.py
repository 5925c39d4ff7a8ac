"""What waits for operators: told on the admin's start page, and by one e-mail in their morning."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from io import StringIO
from threading import Barrier
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Permission
from django.core import mail
from django.core.management import call_command
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from people import tasks
from people.duty import letters, queues
from people.duty_models import DutyLetter
from people.models import Person, Report, User
from perks.models import Claim, Complaint
from scoring.questions import moderation, reporting
from scoring.questions.models import Question
from scoring.questions.things import thing
from tests.conftest import make_person, signed_in
from tests.perks.claimants import perk
from tests.scoring.questions.asked import answer, confirmed, question, somebody

# In Oslo an hour later; half past seven there is half past six in UTC.
DAY = datetime(2026, 11, 25, tzinfo=UTC)
HIDDEN_WORDS = "He wrote that I stole his bicycle in Bergen"


def operator(name: str, *rights: str, zone: str = "UTC", language: str = "en") -> User:
    """Return a member of staff with these rights, and a confirmed address."""
    user = confirmed(make_person(name)).owner
    assert user is not None
    user.is_staff, user.time_zone, user.language = True, zone, language
    user.save()
    for right in rights:
        app, _, codename = right.partition(".")
        user.user_permissions.add(
            Permission.objects.get(content_type__app_label=app, codename=codename)
        )
    return User.objects.get(pk=user.pk)


def at(hours: float) -> datetime:
    return DAY + timedelta(hours=hours)


def run(hours: float) -> list[Any]:
    """Run the task at that hour of the day; return the e-mails that went out."""
    before = len(mail.outbox)
    with time_machine.travel(at(hours), tick=False):
        tasks.tell_operators()
    return mail.outbox[before:]


def reported(person: Person) -> None:
    """Leave an open report about a question, and one about a profile that is older."""
    with time_machine.travel(at(-20), tick=False):
        asked = question(person, "How does one mend a bicycle in winter?")
        reporter = somebody().owner
        assert reporter is not None
        reporting.report(reporter, thing(asked), "rude", HIDDEN_WORDS)
    Report.objects.create(person=person, reason="other", words=HIDDEN_WORDS, at=at(-90))


@pytest.mark.django_db
def test_operators_hear_in_their_morning_and_once_what_they_may_decide() -> None:
    author = confirmed(make_person("Author"))
    moderator = operator("Moderator", "questions.change_question")
    everything = operator(
        "Everything",
        *("questions.change_question", "people.change_report", "perks.change_complaint"),
        zone="Europe/Oslo",
        language="nb",
    )
    operator("Nothing")
    assert run(9) == []
    reported(author)
    # At night nobody is written to; in Oslo the morning is an hour earlier.
    assert run(3) == []
    # The letters of an hour are spread over it by the user's number.
    [first] = run(6.99)
    assert first.to == [everything.email]
    assert first.subject == "2 ting venter på deg"
    body = first.body
    assert body.index("/admin/people/report/?decided_at__isempty=1") < body.index(
        "/admin/questions/report/?decided_at__isempty=1"
    )
    assert "Den eldste har ventet siden 21. november 2026." in body
    [second] = run(8)
    assert (second.to, second.subject) == ([moderator.email], "1 thing waits for you")
    assert "1 report about a question or an answer" in second.body
    for letter in (first, second):
        whole = letter.subject + letter.body
        assert "bicycle" not in whole
        assert "author" not in whole.lower()
        assert "example.org" not in whole
    # Once a day, however often it runs; and again on the next.
    assert run(8.5) == run(11) == []
    assert len(run(24 + 8)) == 2
    assert {row.state for row in DutyLetter.objects.all()} == {"sent"}
    # Decided: nothing waits, nothing is sent, not even what was planned.
    with time_machine.travel(at(48 + 8), tick=False):
        assert letters.plan(at(48 + 8)) == 2
        Report.objects.update(decided_at=at(48))
        asked = thing(Question.objects.get())
        assert moderation.hide(asked, everything)
        assert letters.send_due(at(48 + 8)) == 0
    assert run(72 + 8) == []
    # Rows of long ago go.
    assert run(24 * 100) == []
    assert not DutyLetter.objects.exists()


@pytest.mark.django_db
def test_each_queue_is_counted_by_a_query_and_led_to_in_the_admin(settings: Settings) -> None:
    author, other = confirmed(make_person("Author")), somebody()
    reported(author)
    mine = answer(other, question(author))
    boss = User.objects.create_superuser("boss@example.org", "correct horse battery")
    assert other.owner is not None
    moderation.hide(thing(mine), boss)
    moderation.object_to(other.owner, thing(mine), "It was about bicycles alone.")
    parcel = perk(kind="address", stock=3)
    Complaint.objects.create(perk=parcel, person=author, reason="other", words=HIDDEN_WORDS)
    late = {"perk": parcel, "state": "claimed", "address": b"x"}
    Claim.objects.create(**late, claimed_at=datetime.now(UTC) - timedelta(days=40))
    Claim.objects.create(**late, claimed_at=datetime.now(UTC) - timedelta(days=10))
    with CaptureQueriesContext(connection) as asked:
        found = queues.waiting_for(boss)
    assert len(asked) == len(queues.queues())
    assert {row.name: row.count for row in found} == {
        "profile-reports": 1,
        "question-reports": 1,
        "answer-objections": 1,
        "perk-reports": 1,
        "late-parcels": 1,
    }
    assert [row.oldest for row in found] == sorted(row.oldest for row in found)
    client = Client()
    client.force_login(boss)
    page = client.get("/admin/").content.decode()
    start = page.index('id="waiting-work"')
    for row in found:
        assert page.index(row.path.replace("&", "&amp;")) > start
        listed = client.get(row.path)
        assert listed.status_code == 200
        assert listed.context["cl"].result_count == row.count
    assert "bicycle" not in page
    # Staff without a right hears of nothing, and a stranger does not get there.
    client.force_login(operator("Nothing"))
    assert "Nothing waits for you." in client.get("/admin/").content.decode()
    assert signed_in(author).get("/admin/").status_code == 302
    # The command is the task's twin; an address that was typed into a command is vouched for.
    said = StringIO()
    call_command("tell_operators", "--dry-run", stdout=said)
    assert "profile-reports: 1, since 2026-11-21" in said.getvalue()
    assert mail.outbox == []
    call_command("tell_operators", "--now", stdout=said)
    call_command("tell_operators", "--now", stdout=said)
    assert [letter.to for letter in mail.outbox] == [["boss@example.org"]]
    assert "5 things wait for you" in mail.outbox[0].subject
    # No letter to an address that nobody confirmed, and none where the site wants none.
    DutyLetter.objects.all().delete()
    EmailAddress.objects.create(user=boss, email="boss@example.org", verified=False)
    assert letters.plan(datetime.now(UTC), at_once=True) == 0
    EmailAddress.objects.update(verified=True)
    settings.OPERATOR_LETTERS = False
    assert letters.plan(datetime.now(UTC), at_once=True) == 0


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_at_once_one_sends_and_a_server_that_says_no_is_asked_again(
    settings: Settings,
) -> None:
    reported(confirmed(make_person("Author")))
    operator("Moderator", "questions.change_question")
    together = Barrier(6)

    def work(_number: int) -> int:
        together.wait(30)
        try:
            letters.plan(at(8))
            return letters.send_due(at(8))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(work, range(6))) == 1
    assert len(mail.outbox) == 1
    # Nothing listens at this port: the letter waits, and is given up after a few tries.
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    assert letters.plan(at(32)) == 1
    for number in range(letters.MOST_TRIES):
        letter = DutyLetter.objects.latest("day")
        assert (letter.state, letter.tries) == ("waiting", number)
        assert letters.send_due(letter.try_at) == 0
    assert DutyLetter.objects.latest("day").state == "failed"

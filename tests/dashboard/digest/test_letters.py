"""Digests and reminders: who gets which, once, at what time, in what words, and how they end."""

import asyncio
import email
import re
import smtplib
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from email import policy
from email.message import EmailMessage
from typing import Any

import pytest
import time_machine
from aiosmtpd.controller import Controller
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.mail.backends import locmem
from django.core.management import call_command
from django.db import connections
from django.test import Client
from pytest_django import Settings

from dashboard.digest import planning, sending
from dashboard.digest.mail import message_for
from people import consent, letters
from people.models import Goal, Letter, LetterPlan, Person, User
from tests.conftest import signed_in
from tests.dashboard.scored import scored

pytestmark = pytest.mark.django_db
# The Monday after the tests' day, 07:00 in Oslo and what comes with it.
MONDAY = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
PAGE = "/people/settings/letters/"


def reader(person: Person, *, rhythm: str = "weekly", goals: bool = False, **user: str) -> Person:
    """Return the person with a confirmed address and that choice, made on the Friday before."""
    assert person.owner is not None
    fields = {"time_zone": "Europe/Oslo"} | user
    User.objects.filter(pk=person.owner.pk).update(**fields)
    EmailAddress.objects.create(
        user=person.owner, email=person.owner.email, primary=True, verified=True
    )
    person.refresh_from_db()
    with time_machine.travel(MONDAY - timedelta(days=3), tick=False):
        letters.choose(person, rhythm=rhythm, goals=goals)
    return person


def everything_due(now: datetime) -> int:
    """Plan and send what is due at that time; return how many letters went out."""
    with time_machine.travel(now, tick=False):
        planning.plan_reminders(now)
        planning.plan_digests(now)
        return sum(sending.send_letters(ids) for ids in planning.hand_out(now))


def an_hour_later(now: datetime = MONDAY) -> datetime:
    return now + timedelta(hours=1)


def sent(number: int = 0) -> EmailMessage:
    """Return a letter as the reader's mail program reads it."""
    raw = mail.outbox[number].message().as_bytes()
    parsed = email.message_from_bytes(raw, policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content())


# --- What stands in it ----------------------------------------------------------------------------
def test_a_digest_has_the_numbers_in_its_body_a_chart_and_a_way_out(alice: Person) -> None:
    scored(reader(alice))
    assert everything_due(MONDAY - timedelta(minutes=1)) == 0
    assert everything_due(an_hour_later()) == 1
    message = sent()
    assert message["To"] == "alice@example.org"
    assert re.fullmatch(r"Your score: \d+ \([+−]?\d+\.\d\)", message["Subject"])
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    text, html = body(message, "plain"), body(message, "html")
    for words in (
        r"Your score is \d+, most likely \d+–\d+ \(on \d+ \w+ 2026, UTC\)",
        r"points: from [\d.]+ on \d+ \w+ 2026 to [\d.]+ on \d+ \w+ 2026",
        r"Your best moments",
        r"What you might do next",
        r"http://127\.0\.0\.1:8000/score/",
    ):
        assert re.search(words, text), words
    assert "Concrete has patience" not in text + html
    assert 'src="cid:trend"' in html
    assert re.search(r'<img [^>]*alt="[^"]{20,}"', html)
    [picture] = [part for part in message.walk() if part.get_content_type() == "image/png"]
    assert picture["Content-ID"] == "<trend>"
    assert picture.get_content().startswith(b"\x89PNG")
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/related", "multipart/alternative", "text/plain", "text/html", "image/png",
    ]  # fmt: skip


def test_words_dates_and_numbers_are_the_readers(alice: Person) -> None:
    scored(reader(alice, language="nb"))
    everything_due(an_hour_later())
    text = body(sent(), "plain")
    assert "Poengsummen din er" in text
    assert re.search(r"poeng: fra \d+,\d \d+\. \w+ 2026 til", text)
    assert "Your" not in text


def test_a_name_of_markup_stays_text(alice: Person) -> None:
    Person.objects.filter(pk=alice.pk).update(name="<b>A</b>\r\nBcc: eve@example.org" + "x" * 150)
    scored(reader(alice))
    everything_due(an_hour_later())
    message = sent()
    assert "<b>A</b>" not in body(message, "html")
    assert message["Bcc"] is None
    assert mail.outbox[0].recipients() == ["alice@example.org"]


def test_without_a_score_the_words_are_kind(alice: Person) -> None:
    reader(alice)
    assert everything_due(an_hour_later()) == 1
    message = sent()
    assert "quite all right" in body(message, "plain")
    assert "Link a network" in body(message, "html")
    assert [part for part in message.walk() if part.get_content_type() == "image/png"] == []


# --- Once, and to whom ----------------------------------------------------------------------------
def test_each_period_has_one_letter_however_often_it_is_planned(alice: Person) -> None:
    reader(alice)
    for minutes in (0, 1, 2, 40):
        everything_due(an_hour_later() + timedelta(minutes=minutes))
    LetterPlan.objects.update(next_at=MONDAY)
    everything_due(an_hour_later())
    assert len(mail.outbox) == 1
    assert everything_due(an_hour_later() + timedelta(days=7)) == 1
    assert list(Letter.objects.order_by("period").values_list("period", flat=True)) == [
        "2026-W10",
        "2026-W11",
    ]


def test_who_did_not_choose_has_no_address_or_stopped_gets_nothing(
    alice: Person, bob: Person, charlie: Person
) -> None:
    reader(alice)
    EmailAddress.objects.filter(user=alice.owner).update(verified=False)
    reader(bob, rhythm="")
    reader(charlie)
    planning.plan_digests(an_hour_later())
    with time_machine.travel(an_hour_later(), tick=False):
        letters.stop(charlie, "digest")
    assert everything_due(an_hour_later()) == 0
    assert set(Letter.objects.values_list("state", flat=True)) == {"skipped"}
    assert Letter.objects.filter(person=bob).count() == 0


def test_a_morning_that_nothing_ran_in_is_made_up_for_on_the_next_one(alice: Person) -> None:
    reader(alice)
    assert everything_due(MONDAY + timedelta(hours=14)) == 0
    assert Letter.objects.count() == 0
    assert everything_due(an_hour_later(MONDAY + timedelta(days=1))) == 1
    assert Letter.objects.get().period == "2026-W10"
    assert everything_due(an_hour_later(MONDAY + timedelta(days=7))) == 1


def test_a_new_time_zone_moves_the_next_morning(alice: Person, alice_client: Client) -> None:
    reader(alice)
    before = LetterPlan.objects.get().next_at
    fields = {"name": "Alice", "slug": "alice", "kind": "person", "visibility": "private"}
    with time_machine.travel(MONDAY - timedelta(days=2), tick=False):
        alice_client.post(
            "/people/settings/",
            fields | {"language": "", "theme": "", "time_zone": "America/New_York"},
        )
    after = LetterPlan.objects.get().next_at
    assert before is not None
    assert after is not None
    assert after - before == timedelta(hours=6)


class Refusing(locmem.EmailBackend):
    """A mail server that answers each letter with the next of these errors, then takes them."""

    errors: list[Exception] = []  # noqa: RUF012

    def send_messages(self, messages: Any) -> int:
        if self.errors:
            raise self.errors.pop(0)
        return super().send_messages(messages)


@pytest.fixture
def refusing(settings: Settings) -> type[Refusing]:
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    Refusing.errors = []
    return Refusing


def refused(code: int) -> smtplib.SMTPRecipientsRefused:
    return smtplib.SMTPRecipientsRefused({"alice@example.org": (code, b"no")})


def test_a_clear_no_for_now_is_tried_again_with_pauses_and_an_end(
    alice: Person, refusing: type[Refusing]
) -> None:
    reader(alice)
    refusing.errors = [refused(450)] * 9
    now = an_hour_later()
    for tries in range(1, 6):
        assert everything_due(now) == 0
        letter = Letter.objects.get()
        assert letter.tries == tries
        # Not before its pause is over.
        assert everything_due(now + sending.pause_after(tries) - timedelta(seconds=1)) == 0
        letter.refresh_from_db()
        assert letter.tries == tries
        now += sending.pause_after(tries)
    assert letter.state == "failed"
    assert everything_due(now + timedelta(hours=2)) == 0
    assert len(refusing.errors) == 4


def test_after_a_pause_it_goes_out(alice: Person, refusing: type[Refusing]) -> None:
    reader(alice)
    refusing.errors = [smtplib.SMTPDataError(451, b"later")]
    assert everything_due(an_hour_later()) == 0
    assert everything_due(an_hour_later() + timedelta(minutes=16)) == 1


def test_an_address_that_refuses_for_good_gets_no_more(
    alice: Person, alice_client: Client, refusing: type[Refusing]
) -> None:
    reader(alice)
    refusing.errors = [refused(550)]
    assert everything_due(an_hour_later()) == 0
    assert Letter.objects.get().state == "failed"
    assert everything_due(an_hour_later() + timedelta(days=7)) == 0
    assert "refused our last e-mail" in alice_client.get("/people/settings/").content.decode()
    with time_machine.travel(MONDAY + timedelta(days=8), tick=False):
        letters.choose(alice, rhythm="weekly", goals=False)
    assert everything_due(an_hour_later() + timedelta(days=14)) == 1


@pytest.mark.parametrize("error", [smtplib.SMTPServerDisconnected("gone"), TimeoutError()])
def test_a_line_that_breaks_meanwhile_sends_nothing_twice(
    error: Exception, alice: Person, refusing: type[Refusing]
) -> None:
    reader(alice)
    refusing.errors = [error]
    for minutes in (0, 20, 60):
        assert everything_due(an_hour_later() + timedelta(minutes=minutes)) == 0
    assert Letter.objects.get().state == "sending"


def test_one_letter_that_cannot_be_written_keeps_none_of_the_others(
    alice: Person, bob: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader(alice)
    reader(bob)
    whole = message_for

    def broken(letter: Letter, address: str) -> Any:
        if letter.person_id == alice.pk:
            raise ZeroDivisionError
        return whole(letter, address)

    monkeypatch.setattr(sending, "message_for", broken)
    assert everything_due(an_hour_later()) == 1
    assert Letter.objects.get(person=alice).tries == 1


def test_a_worker_killed_before_it_sends_loses_nothing(alice: Person) -> None:
    reader(alice)
    planning.plan_digests(an_hour_later())
    # Handed out, and never heard of again.
    assert [len(ids) for ids in planning.hand_out(an_hour_later())] == [1]
    assert list(planning.hand_out(an_hour_later() + timedelta(minutes=14))) == []
    assert everything_due(an_hour_later() + timedelta(minutes=15)) == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_at_once_one_sends(alice: Person) -> None:
    reader(alice)
    now = an_hour_later()

    def work(_number: int) -> int:
        try:
            planning.plan_digests(now)
            Letter.objects.update(try_at=now)
            return sum(sending.send_letters(ids) for ids in planning.hand_out(now))
        finally:
            connections.close_all()

    with time_machine.travel(now, tick=False), ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(work, range(8))) == 1
    assert Letter.objects.get().state == "sent"


# --- A real conversation --------------------------------------------------------------------------
class Kept:
    """What a mail server of the tests took."""

    def __init__(self) -> None:
        self.messages: list[bytes] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.messages.append(envelope.content)
        return "250 OK"


@pytest.fixture
def mail_server(settings: Settings) -> Iterator[Kept]:
    """A real SMTP server on a port of its own."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    kept = Kept()
    controller = Controller(kept, hostname="127.0.0.1", port=port, loop=asyncio.new_event_loop())
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    yield kept
    controller.stop()


def test_a_digest_goes_over_a_real_line(alice: Person, bob: Person, mail_server: Kept) -> None:
    scored(reader(alice))
    reader(bob)
    assert everything_due(an_hour_later()) == 2
    # Both are due at once: either may be the first.
    texts = {}
    for content in mail_server.messages:
        message = email.message_from_bytes(content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        texts[str(message["To"])] = body(message, "plain")
    assert len(texts) == 2
    assert "most likely" in texts["alice@example.org"]


def test_a_server_that_is_down_is_asked_again_later(alice: Person, settings: Settings) -> None:
    reader(alice)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    assert everything_due(an_hour_later()) == 0
    assert (Letter.objects.get().state, Letter.objects.get().tries) == ("waiting", 1)


# --- Reminders ------------------------------------------------------------------------------------
def goal_of(person: Person, until: date, **fields: Any) -> Goal:
    return Goal.objects.create(person=person, target=55, until=until, **fields)


def test_a_goal_is_reminded_of_before_its_day_and_when_it_is_reached(
    alice: Person, bob: Person
) -> None:
    reader(alice, rhythm="", goals=True)
    reader(bob, rhythm="", goals=False)
    near = MONDAY.date() + timedelta(days=9)
    goal, _other = goal_of(alice, near), goal_of(bob, near)
    evening = MONDAY + timedelta(hours=12)
    assert everything_due(evening) == 0
    for _ in range(2):
        # Near from the ninth day on; sent in the morning that follows, and once.
        everything_due(evening + timedelta(days=2))
        everything_due(an_hour_later() + timedelta(days=3))
    assert len(mail.outbox) == 1
    assert sent()["Subject"] == "Your goal of 55 by 11 March 2026 is near"
    Goal.objects.filter(pk=goal.pk).update(
        reached_on=MONDAY.date() + timedelta(days=3), reached_value=55.2
    )
    everything_due(evening + timedelta(days=4))
    everything_due(an_hour_later() + timedelta(days=5))
    assert len(mail.outbox) == 2
    assert sent(1)["Subject"] == "You have reached your goal of 55"
    assert "Well done!" in body(sent(1), "plain")


def test_a_goal_that_was_given_up_is_not_reminded_of(alice: Person) -> None:
    reader(alice, rhythm="", goals=True)
    goal_of(alice, MONDAY.date() + timedelta(days=3))
    planning.plan_reminders(MONDAY - timedelta(hours=10))
    Goal.objects.all().delete()
    assert everything_due(an_hour_later()) == 0
    assert Letter.objects.get().state == "skipped"


# --- Choosing and stopping ------------------------------------------------------------------------
def test_nothing_is_sent_before_it_is_chosen_and_the_choice_is_on_record(
    alice: Person, alice_client: Client
) -> None:
    page = alice_client.get("/people/settings/").content.decode()
    assert 'id="letters"' in page
    assert LetterPlan.objects.count() == 0
    alice_client.post(PAGE, {"rhythm": "monthly", "goals": "on"})
    assert consent.is_given("letters:monthly", person=alice)
    assert consent.is_given("letters:goals", person=alice)
    alice_client.post(PAGE, {"rhythm": "weekly"})
    assert not consent.is_given("letters:monthly", person=alice)
    assert consent.is_given("letters:weekly", person=alice)
    assert not consent.is_given("letters:goals", person=alice)
    assert alice_client.post(PAGE, {"rhythm": "hourly"}).status_code == 400
    assert LetterPlan.objects.get().rhythm == "weekly"


def test_strangers_choose_nothing_for_others(alice: Person, bob: Person, client: Client) -> None:
    reader(alice)
    signed_in(bob).post(PAGE, {"rhythm": ""})
    assert client.post(PAGE, {"rhythm": ""})["Location"].startswith("/accounts/login/")
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(User.objects.get(people=alice))
    assert strict.post(PAGE, {"rhythm": ""}).status_code == 403
    assert LetterPlan.objects.get(person=alice).rhythm == "weekly"


def test_the_link_in_a_letter_stops_it_by_one_click_without_signing_in(alice: Person) -> None:
    reader(alice, goals=True)
    everything_due(an_hour_later())
    link = sent()["List-Unsubscribe"].strip(" <>").removeprefix("http://127.0.0.1:8000")
    stranger = Client(enforce_csrf_checks=True)
    page = stranger.get(link)
    assert page.status_code == 200
    assert "Stop these e-mails" in page.content.decode()
    # Mail filters open links: looking changes nothing.
    assert LetterPlan.objects.get().rhythm == "weekly"
    answer = stranger.post(link, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    plan = LetterPlan.objects.get()
    assert (plan.rhythm, plan.next_at, plan.goals) == ("", None, True)
    assert not consent.is_given("letters:weekly", person=alice)
    assert stranger.post(link).status_code == 200
    assert stranger.get(link[:-3] + "x/").status_code == 404
    assert (
        stranger.post(f"/letters/stop/{letters.stop_token(alice.pk, 'goals')}/").status_code == 200
    )
    assert not LetterPlan.objects.get().goals
    gone = letters.stop_token(10**9, "digest")
    assert stranger.post(f"/letters/stop/{gone}/").status_code == 200


def test_the_command_counts_without_sending_and_sends(
    alice: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    reader(alice)
    with time_machine.travel(an_hour_later(), tick=False):
        call_command("send_digests", "--dry-run")
        assert capsys.readouterr().out == "1 digests due, 0 letters waiting, 0 unknown\n"
        assert mail.outbox == []
        call_command("send_digests")
        assert capsys.readouterr().out == "1 digests planned, 1 letters sent, 0 unknown\n"
    assert len(mail.outbox) == 1


def test_the_task_of_each_minute_hands_out_what_is_due(alice: Person, settings: Settings) -> None:
    from dashboard import tasks

    reader(alice)
    with time_machine.travel(an_hour_later(), tick=False):
        planning.plan_digests(an_hour_later())
        letter = Letter.objects.get()
        tasks.send_letters([letter.pk])
    assert len(mail.outbox) == 1


def test_letters_of_long_ago_are_removed(alice: Person) -> None:
    reader(alice)
    everything_due(an_hour_later())
    assert sending.expire(MONDAY + timedelta(days=59)) == 0
    assert sending.expire(MONDAY + timedelta(days=62)) == 1

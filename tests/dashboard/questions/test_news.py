"""Letters about questions and answers: chosen, one a day, of what is still so, ended by a click."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from dashboard.digest import planning, sending
from people import consent, letters
from people.models import Letter, LetterPlan, Person
from scoring.questions import answering, keeping, thanking
from scoring.questions.models import Answer, Notice, Question
from tests.conftest import signed_in
from tests.scoring.questions.asked import answer, confirmed, question, somebody, topics

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    """A day's letter is that of a UTC day: twenty hours after one at night are still that day."""
    with time_machine.travel(timezone.now().replace(hour=12)):
        yield


@pytest.fixture
def asker(alice: Person) -> Person:
    topics()
    return confirmed(alice)


def send(hours: float = 0) -> list[Any]:
    """Plan and send what is due so many hours from now; return the letters that went out."""
    before = len(mail.outbox)
    with time_machine.travel(timezone.now() + timedelta(hours=hours), tick=False):
        planning.plan_news(timezone.now())
        for ids in planning.hand_out(timezone.now()):
            sending.send_letters(ids)
    return mail.outbox[before:]


def test_nothing_is_sent_before_it_is_chosen_and_then_one_letter_a_day(
    asker: Person, bob: Person
) -> None:
    asked = question(asker, "How does one begin with chess?")
    mine = answer(confirmed(bob), asked)
    assert send() == []
    own = signed_in(asker)
    own.post("/questions/letters/", {"wanted": "yes"})
    assert consent.is_given("answers", person=asker)
    answer(somebody(), asked)
    [letter] = send()
    assert letter.to == ["alice@example.org"]
    assert letter.subject == "News of your questions and answers (2)"
    assert letter.body.count("Your question was answered: How does one begin with chess?") == 2
    assert f"/questions/{asked.pk}/#answer-{mine.pk}" in letter.body
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert not Notice.objects.filter(told_at=None).exists()
    # More on the same day waits; what was told is not told again.
    answer(somebody(), asked)
    assert send(1) == []
    assert Letter.objects.count() == 1
    [letter] = send(21)
    assert letter.subject == "News of your questions and answers (1)"
    assert send(45) == []
    # The way out of it, without signing in, ends this kind alone.
    link = (
        letter.extra_headers["List-Unsubscribe"].strip("<>").removeprefix("http://127.0.0.1:8000")
    )
    assert "No more news of your questions and answers?" in Client().get(link).content.decode()
    Client().post(link)
    assert not LetterPlan.objects.get().answers
    answer(somebody(), asked)
    assert send(70) == []


def test_what_is_no_longer_so_is_not_told(asker: Person, bob: Person) -> None:
    letters.choose_answers(asker, wanted=True)
    letters.choose_answers(confirmed(bob), wanted=True)
    asked = question(asker)
    mine = answer(confirmed(bob), asked)
    assert bob.owner is not None
    answering.withdraw(bob.owner, mine.pk)
    assert send() == []
    assert Letter.objects.get().state == "skipped"
    mine = answer(confirmed(bob), asked)
    thanking.accept(asker, mine.pk, with_credit=False)
    # Alice was not told of it the first time.
    told = {sent.to[0]: sent.body for sent in send(25)}
    assert "Your question was answered" in told.pop("alice@example.org")
    assert "Your answer helped" in told.pop("bob@example.org")
    assert not told


def test_news_stand_on_one_s_own_page_and_are_new_once(
    asker: Person, bob: Person, client: Client
) -> None:
    asked = question(asker, "How does one begin with chess?")
    answer(confirmed(bob), asked)
    own = signed_in(asker)
    page = own.get("/questions/mine/").content.decode()
    assert "Your question was answered" in page
    assert ">new<" in page
    page = own.get("/questions/mine/").content.decode()
    assert "Your question was answered" in page
    assert ">new<" not in page
    assert "What happened" not in signed_in(bob).get("/questions/mine/").content.decode()
    address = client.post("/questions/letters/", {"wanted": "yes"}).headers["Location"]
    assert address.startswith("/accounts/login/")
    assert own.get("/questions/letters/").status_code == 405
    own.post("/people/settings/letters/", {"rhythm": "weekly", "answers": "on"})
    plan = LetterPlan.objects.get(person=asker)
    assert (plan.rhythm, plan.answers) == ("weekly", True)


def test_empty_rows_and_old_notices_go_after_their_day(asker: Person, bob: Person) -> None:
    asked, alone = question(asker), question(asker)
    mine, other = answer(confirmed(bob), asked), answer(somebody(), asked)
    for written in (mine, other):
        assert written.author_user is not None
        answering.withdraw(written.author_user, written.pk)
    Answer.objects.filter(pk=other.pk).update(hidden_why="rude")
    from scoring.questions import asking

    assert asker.owner is not None
    for row in (asked, alone):
        asking.withdraw(asker.owner, row.pk)
    assert keeping.expire(timezone.now()) == 0
    tomorrow = timezone.now() + timedelta(days=1)
    keeping.expire(tomorrow)
    assert list(Answer.objects.all()) == [other]
    assert list(Question.objects.all()) == [asked]
    assert Notice.objects.count() == 1
    keeping.expire(tomorrow + timedelta(days=90))
    assert not Notice.objects.exists()

"""Reports hide what several people in good standing object to, until an operator decided."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection, connections, transaction
from django.db.utils import DatabaseError
from django.utils import timezone

from people.models import Person, User
from scoring.questions import moderation, posting, reporting, wording
from scoring.questions.models import Answer, Change, Notice, Question, Report
from scoring.questions.notices import mark_told, news_of
from scoring.questions.page import question_page
from scoring.questions.things import Thing, thing
from tests.conftest import make_person
from tests.scoring.questions.asked import answer, confirmed, question, somebody, topics


@pytest.fixture
def asked(alice: Person) -> Question:
    topics()
    return question(confirmed(alice))


@pytest.fixture
def operator(db: None) -> User:
    return User.objects.create_superuser("operator@example.org", "correct horse battery")


def report(person: Person, about: Thing, reason: str = "spam", words: str = "") -> bool:
    assert person.owner is not None
    return reporting.report(person.owner, about, reason, words)


@pytest.mark.django_db(transaction=True)
def test_of_two_tabs_one_reports_and_the_third_person_hides_once() -> None:
    topics()
    made = question(confirmed(make_person("Alice")))
    about = thing(made)
    people = [somebody() for _ in range(5)] * 4
    together = Barrier(20)

    def press(person: Person) -> str:
        together.wait(30)
        try:
            return str(report(person, about))
        except posting.NotPosted as why:
            return type(why).__name__
        finally:
            connections.close_all()

    with ThreadPoolExecutor(20) as pool:
        said = list(pool.map(press, people))
    assert said.count("True") == 1
    assert Report.objects.count() == 3
    made.refresh_from_db()
    assert (made.state, made.hidden_why) == ("hidden", "spam")
    assert Change.objects.filter(table="question").count() == 1
    assert Notice.objects.filter(kind="hidden").count() == 1


@pytest.mark.django_db
def test_only_people_in_good_standing_count_and_nobody_reports_twice_or_oneself(
    asked: Question, operator: User
) -> None:
    about = thing(asked)
    new = [confirmed(make_person(f"New{n}"), days=2) for n in range(3)]
    wrong = somebody()
    assert wrong.owner is not None
    for _ in range(3):
        other = question(somebody())
        report(wrong, thing(other))
        moderation.let_stand(thing(other), operator)
    for person in (*new, wrong):
        assert not report(person, about)
    with pytest.raises(reporting.ReportedAlready):
        report(wrong, about)
    with pytest.raises(posting.OwnThing):
        report(confirmed(asked.author), about)  # type: ignore[arg-type]
    with pytest.raises(posting.NoAddress):
        report(make_person("Unconfirmed"), about)
    with pytest.raises(posting.NotThere):
        report(somebody(), about, reason="because")
    with pytest.raises(posting.NotThere):
        report(somebody(), Thing(Answer, 999_999))
    with pytest.raises(wording.TooLong):
        report(somebody(), about, words="x" * 501)
    asked.refresh_from_db()
    assert asked.state == "shown"
    # Ten a day.
    reporter = somebody()
    for number in range(10):
        Report.objects.create(
            user=reporter.owner,  # type: ignore[misc]
            question=Question.objects.create(
                topic_id=asked.topic_id, title=f"Q{number}", day=asked.day, slot=1
            ),
            reason="spam",
            day=posting.today(),
            slot=number + 1,
        )
    with pytest.raises(posting.EnoughForToday):
        report(reporter, about)


@pytest.mark.django_db
def test_what_an_operator_let_stand_stays_until_it_is_edited(
    asked: Question, operator: User, bob: Person
) -> None:
    made = answer(confirmed(bob), asked)
    about = thing(made)
    assert [report(somebody(), about, reason) for reason in ("rude", "spam", "rude")] == [
        *(False, False, True)
    ]
    page = question_page(asked.pk, None, "")
    assert page is not None
    assert page.answers == []
    asked.refresh_from_db()
    assert asked.answers_count == 0
    own = question_page(asked.pk, bob.owner, "")
    assert own is not None
    assert own.own is not None
    assert (own.own.hidden_why, own.own.may_object) == ("rude", True)

    # The author objects, once; the operator agrees.
    assert bob.owner is not None
    with pytest.raises(posting.NotThere):
        moderation.object_to(asked.author_user, about, "It is only chess.")  # type: ignore[arg-type]
    with pytest.raises(wording.TooShort):
        moderation.object_to(bob.owner, about, "No.")
    moderation.object_to(bob.owner, about, "It is only chess.")
    with pytest.raises(moderation.ObjectedAlready):
        moderation.object_to(bob.owner, about, "It is only chess, really.")
    assert moderation.let_stand(about, operator)
    assert not moderation.let_stand(about, operator)
    made.refresh_from_db()
    assert (made.state, made.hidden_why) == ("shown", "")
    assert made.objection_decided_at is not None
    assert set(Report.objects.values_list("outcome", flat=True)) == {"dismiss"}
    assert [news.kind for news in news_of(bob)] == ["restored"]
    assert mark_told(bob, timezone.now()) == 2
    assert news_of(bob, new_only=True) == []

    # More reports wait for an operator; an edited text is another one.
    assert not any(report(somebody(), about) for _ in range(4))
    from scoring.questions import answering

    answering.change(bob.owner, made.pk, made.text + " And it always was.")
    assert report(somebody(), about)
    assert moderation.hide(about, operator)
    assert not moderation.hide(about, operator)
    made.refresh_from_db()
    assert (made.state, made.hidden_why, made.objection) == ("hidden", "spam", "")


@pytest.mark.django_db
def test_every_decision_is_in_the_audit_which_nobody_edits(asked: Question, operator: User) -> None:
    about = thing(asked)
    assert moderation.hide(about, operator)
    assert moderation.let_stand(about, operator)
    rows = list(Change.objects.filter(table="question", row_id=asked.pk).order_by("pk"))
    assert [row.by_id for row in rows] == [operator.pk] * 2
    assert rows[0].columns["state"] == ["shown", "hidden"]
    assert asked.title not in str([row.columns for row in rows])
    for query in ("DELETE FROM questions_change", "UPDATE questions_change SET what = 'x'"):
        with connection.cursor() as cursor, pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute(query)
    assert Change.objects.count() == 2


@pytest.mark.django_db
def test_reports_of_long_ago_wrong_ones_are_forgiven(asked: Question, operator: User) -> None:
    person = somebody()
    assert person.owner is not None
    for _ in range(3):
        other = question(somebody())
        report(person, thing(other))
        moderation.let_stand(thing(other), operator)
    assert not reporting.in_good_standing(person.owner, timezone.now())
    assert reporting.in_good_standing(person.owner, timezone.now() + timedelta(days=91))

"""Asking and answering: limits hold however many come at once, and what is withdrawn is gone."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import IntegrityError, connections, transaction
from django.utils import timezone

from people import erasure
from people.models import Person, User
from scoring.questions import answering, asking, posting, wording
from scoring.questions.models import Answer, Change, Notice, Question
from scoring.questions.page import question_page
from scoring.questions.queries import answers_by, questions_by, questions_for, questions_of
from tests.conftest import make_person
from tests.scoring.questions.asked import CHESS, TEXT, answer, confirmed, question, somebody, topics

TITLE = "How does one learn to play chess well?"


@pytest.fixture
def asker(alice: Person) -> Person:
    topics()
    return confirmed(alice)


@pytest.fixture
def answerer(bob: Person) -> Person:
    return confirmed(bob)


@pytest.mark.django_db(transaction=True)
def test_of_twenty_tabs_at_once_one_answers_and_three_questions_a_day_are_asked() -> None:
    topics()
    asker, answerer = confirmed(make_person("Alice")), confirmed(make_person("Bob"))
    together = Barrier(20)

    def ask(number: int) -> str:
        together.wait(30)
        try:
            asking.ask(asker, CHESS, f"{TITLE} Number {number}", "")
        except posting.NotPosted as why:
            return type(why).__name__
        finally:
            connections.close_all()
        return "asked"

    def answered(number: int) -> str:
        together.wait(30)
        try:
            answering.answer(answerer, first.pk, f"{TEXT} {number}")
        except posting.NotPosted as why:
            return type(why).__name__
        finally:
            connections.close_all()
        return "answered"

    with ThreadPoolExecutor(20) as pool:
        said = list(pool.map(ask, range(20)))
        first = Question.objects.earliest("pk")
        told = list(pool.map(answered, range(20)))
    assert (said.count("asked"), said.count("EnoughForToday")) == (3, 17)
    assert (told.count("answered"), told.count("AnsweredAlready")) == (1, 19)
    assert Question.objects.count() == 3
    assert Answer.objects.count() == Notice.objects.count() == 1
    first.refresh_from_db()
    assert first.answers_count == 1


@pytest.mark.django_db
def test_only_who_has_a_confirmed_address_writes_and_nobody_answers_oneself(
    asker: Person, bob: Person
) -> None:
    with pytest.raises(posting.NoAddress):
        asking.ask(bob, CHESS, TITLE, "")
    asked = question(asker)
    with pytest.raises(posting.NoAddress):
        answer(bob, asked)
    brand = Person.objects.create(owner=asker.owner, slug="brand", name="Brand", kind="brand")
    for own in (asker, brand):
        with pytest.raises(posting.OwnThing):
            answer(own, asked)
    with pytest.raises(posting.NotThere):
        asking.ask(asker, "own:nothing", TITLE, "")
    assert not Answer.objects.exists()


@pytest.mark.django_db
def test_a_replayed_form_is_the_same_question_and_links_are_limited(asker: Person) -> None:
    made = question(asker, TITLE, "See https://a.example")
    with pytest.raises(asking.AskedAlready) as known:
        question(asker, f" {TITLE}\u200b ", "Something else")
    assert known.value.question_id == made.pk
    with pytest.raises(wording.TooManyLinks):
        question(asker, "What is at https://spam.example then?")
    User.objects.filter(people=asker.pk).update(date_joined=timezone.now())
    today = Person.objects.get(pk=asker.pk)
    with pytest.raises(wording.TooManyLinks):
        question(today, details="See https://a.example")
    # The database refuses what the code would not send.
    for broken in ({"title": made.title, "slot": 2}, {"slot": 4}, {"state": "hidden", "slot": 3}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Question.objects.create(
                **{"title": "x", "author": asker, "author_user": asker.owner}
                | {"topic_id": CHESS, "day": made.day}
                | broken
            )


@pytest.mark.django_db
def test_a_question_is_changed_for_a_day_while_nobody_answered(
    asker: Person, answerer: Person
) -> None:
    made = question(asker, TITLE)
    assert asker.owner is not None
    asking.change(asker.owner, made.pk, TITLE + " Really well?", "More.")
    made.refresh_from_db()
    assert made.title.endswith("Really well?")
    assert made.edited_at is not None
    Question.objects.filter(pk=made.pk).update(at=timezone.now() - timedelta(hours=25))
    with pytest.raises(posting.TooLate):
        asking.change(asker.owner, made.pk, TITLE, "")
    Question.objects.filter(pk=made.pk).update(at=timezone.now())
    answer(answerer, made)
    with pytest.raises(posting.TooLate):
        asking.change(asker.owner, made.pk, TITLE, "")
    assert answerer.owner is not None
    with pytest.raises(posting.NotThere):
        asking.change(answerer.owner, made.pk, TITLE, "")
    with pytest.raises(posting.NotThere):
        asking.withdraw(answerer.owner, made.pk)


@pytest.mark.django_db
def test_an_answer_is_withdrawn_with_its_words_and_can_be_written_anew_once_a_notice(
    asker: Person, answerer: Person
) -> None:
    asked = question(asker)
    made = answer(answerer, asked)
    assert answerer.owner is not None
    with pytest.raises(posting.NotThere):
        answering.withdraw(asker.owner, made.pk)  # type: ignore[arg-type]
    answering.change(answerer.owner, made.pk, TEXT + " Really.")
    assert answering.withdraw(answerer.owner, made.pk) == asked.pk
    made.refresh_from_db()
    asked.refresh_from_db()
    assert (made.state, made.text, asked.answers_count) == ("withdrawn", "", 0)
    assert Change.objects.get().by_id == answerer.owner_id
    again = answer(answerer, asked, "Better: play every day, and look at what went wrong.")
    assert (again.pk, Notice.objects.count()) == (made.pk, 1)
    # What was hidden before is not written anew.
    Answer.objects.filter(pk=made.pk).update(hidden_why="rude")
    answering.withdraw(answerer.owner, made.pk)
    with pytest.raises(answering.Barred):
        answer(answerer, asked)


@pytest.mark.django_db
def test_a_withdrawn_or_erased_question_leaves_answers_to_their_authors(
    asker: Person, answerer: Person
) -> None:
    withdrawn, erased, alone = question(asker), question(asker), question(asker)
    for asked in (withdrawn, erased):
        answer(answerer, asked)
    assert asker.owner is not None
    asking.withdraw(asker.owner, withdrawn.pk)
    assert question_page(withdrawn.pk, answerer.owner, "") is None
    assert [row.pk for row in questions_by(asker.pk, "").questions] == [alone.pk, erased.pk]
    erasure.erase(asker)
    assert not Question.objects.filter(pk=alone.pk).exists()
    erased.refresh_from_db()
    assert (erased.state, erased.title, erased.author_id, erased.author_user_id) == (
        ("withdrawn", "", None, None)
    )
    own = answers_by(answerer.pk, "").answers
    assert [(row.title, row.text) for row in own] == [("", TEXT), ("", TEXT)]
    erasure.erase(answerer)
    assert not Answer.objects.exists()


@pytest.mark.django_db
def test_names_follow_the_profile_and_the_suspended_are_not_read(
    asker: Person, answerer: Person
) -> None:
    asked = question(asker)
    answer(answerer, asked)

    def seen() -> tuple[str, list[str]] | None:
        page = question_page(asked.pk, None, "")
        if page is None:
            return None
        return page.question.author.name, [row.author.name for row in page.answers]

    assert seen() == ("Alice", ["Bob"])
    for hidden in (
        {"visibility": "private"},
        {"visibility": "unlisted"},
        {"visibility": "public", "hidden_until": timezone.now() + timedelta(days=1)},
    ):
        Person.objects.filter(pk=answerer.pk).update(**hidden)
        assert seen() == ("Alice", [""])
    Person.objects.filter(pk=answerer.pk).update(hidden_until=None)
    User.objects.filter(people=answerer.pk).update(is_active=False)
    asked.refresh_from_db()
    assert seen() == ("Alice", [])
    assert asked.answers_count == 0
    User.objects.filter(people=asker.pk).update(is_active=False)
    assert seen() is None
    assert questions_of(CHESS, "new", "").questions == []
    User.objects.update(is_active=True)
    assert seen() == ("Alice", ["Bob"])


@pytest.mark.django_db
def test_lists_come_in_parts_in_every_order_without_a_gap(asker: Person) -> None:
    day = timezone.now().date()
    made = Question.objects.bulk_create(
        Question(
            topic_id=CHESS, author=asker, title=f"Question {n}", day=day, slot=1,
            helpful_count=n % 4, answers_count=n % 3,
        )
        for n in range(45)
    )  # fmt: skip
    for order, expected in {
        "new": sorted(made, key=lambda row: -row.pk),
        "unanswered": sorted((q for q in made if not q.answers_count), key=lambda row: -row.pk),
        "helpful": sorted(made, key=lambda row: (-row.helpful_count, -row.pk)),
    }.items():
        found: list[int] = []
        after = ""
        while True:
            part = questions_of(CHESS, order, after)
            found += [row.pk for row in part.questions]
            after = part.after
            if not after:
                break
        assert found == [row.pk for row in expected]
    for nonsense in ("x", "-", "1-", "９-9", "1-" + "9" * 40, "1-2-3"):
        assert len(questions_of(CHESS, "new", nonsense).questions) == 20


@pytest.mark.django_db
def test_what_waits_for_somebody_comes_from_all_their_topics_without_a_gap(
    asker: Person, answerer: Person
) -> None:
    day = timezone.now().date()
    mine = ("own:opera", "own:jazz")
    made = Question.objects.bulk_create(
        Question(topic_id=topic, author=asker, title=f"Question {n}", day=day, slot=1)
        for n in range(15)
        for topic in (*mine, CHESS)
    )
    user = answerer.owner
    assert user is not None
    solved, answered = made[3], made[6]
    Answer.objects.create(
        question=solved, author=asker, text="x", day=day, slot=1, accepted_at=timezone.now()
    )
    answer(answerer, answered)
    own = question(answerer, topic="own:jazz")
    wanted = [row.pk for row in made if row.topic_id in mine and row not in (solved, answered)]
    first = questions_for(user, mine, "")
    rest = questions_for(user, mine, first.after)
    found = [row.pk for row in first.questions + rest.questions]
    assert found == sorted(wanted, reverse=True)
    assert own.pk not in found
    assert rest.after == ""
    assert questions_for(user, [], "").questions == []


@pytest.mark.django_db
def test_long_answers_come_in_parts_the_accepted_one_first(asker: Person) -> None:
    asked = question(asker)
    day = timezone.now().date()
    made = Answer.objects.bulk_create(
        Answer(question=asked, author=somebody(), text="x" * 2_900, day=day, slot=1)
        for n in range(9)
    )
    Answer.objects.filter(pk=made[7].pk).update(accepted_at=timezone.now())
    Answer.objects.filter(pk=made[5].pk).update(helpful_count=3)
    expected = [made[7].pk, made[5].pk] + [made[n].pk for n in (0, 1, 2, 3, 4, 6, 8)]
    found, after, parts = [], "", 0
    while parts < 9:
        page = question_page(asked.pk, None, after)
        assert page is not None
        found += [row.pk for row in page.answers]
        after, parts = page.after, parts + 1
        if not after:
            break
    assert found == expected
    assert parts == 3
    asked.refresh_from_db()
    assert (asked.is_solved, asked.answers_count, asked.helpful_count) == (True, 9, 3)

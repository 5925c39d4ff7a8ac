"""Thanks for an answer: once each, with +K as far as its limits go, and told once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from people.models import Person
from scoring.questions import thanking
from scoring.questions.models import Answer, Helpful, Notice, Question
from scoring.questions.page import question_page
from scoring.questions.posting import NoAddress, NotThere, OwnThing
from scoring.topics import plus_k
from scoring.topics.models import Credit
from tests.conftest import make_person
from tests.scoring.questions.asked import (
    CHESS,
    answer,
    confirmed,
    question,
    shows,
    somebody,
    topics,
)


@pytest.fixture
def asker(alice: Person) -> Person:
    topics()
    return confirmed(alice)


@pytest.fixture
def answered(asker: Person, bob: Person) -> Answer:
    shows(bob)
    return answer(confirmed(bob), question(asker))


@pytest.mark.django_db(transaction=True)
def test_of_twenty_clicks_at_once_one_mark_and_one_credit_are_kept() -> None:
    topics()
    bob, reader = confirmed(make_person("Bob")), somebody()
    shows(bob)
    mine = answer(bob, question(confirmed(make_person("Alice"))))
    together = Barrier(20)

    def press(number: int) -> bool:
        together.wait(30)
        try:
            return thanking.mark(reader, mine.pk, with_credit=True).left is not None
        finally:
            connections.close_all()

    with ThreadPoolExecutor(20) as pool:
        given = list(pool.map(press, range(20)))
    mine.refresh_from_db()
    assert (given.count(True), Credit.objects.count()) == (1, 1)
    assert (Helpful.objects.count(), mine.helpful_count) == (1, 1)
    assert Question.objects.get().helpful_count == 1


@pytest.mark.django_db
def test_a_mark_is_one_s_own_and_can_be_taken_back(answered: Answer, charlie: Person) -> None:
    reader = confirmed(charlie)
    assert reader.owner is not None
    assert thanking.mark(reader, answered.pk, with_credit=False).left is None
    answered.refresh_from_db()
    assert answered.helpful_count == 1
    assert not Credit.objects.exists()
    thanking.unmark(reader.owner, answered.pk)
    thanking.unmark(reader.owner, answered.pk)
    answered.refresh_from_db()
    assert answered.helpful_count == 0
    with pytest.raises(OwnThing):
        thanking.mark(confirmed(answered.author), answered.pk, with_credit=True)  # type: ignore[arg-type]
    with pytest.raises(NotThere):
        thanking.mark(reader, 999_999, with_credit=True)
    # Whoever did not ask accepts nothing.
    with pytest.raises(NotThere):
        thanking.accept(reader, answered.pk, with_credit=True)
    with pytest.raises(NotThere):
        thanking.take_back(reader.owner, answered.pk)
    with pytest.raises(NoAddress):
        thanking.mark(make_person("Unconfirmed"), answered.pk, with_credit=False)
    assert not Helpful.objects.exists()
    assert not Credit.objects.exists()


@pytest.mark.django_db
def test_one_answer_is_accepted_with_credit_and_its_author_told_once(
    asker: Person, answered: Answer
) -> None:
    other = answer(somebody(), answered.question)
    done = thanking.accept(asker, answered.pk, with_credit=True)
    assert (done.left, done.refusal) == (4, None)
    credit = Credit.objects.get()
    assert (credit.receiver_id, credit.topic_id) == (answered.author_id, CHESS)
    # Again, and instead of it another one whose author does not show the topic.
    again = thanking.accept(asker, answered.pk, with_credit=True)
    assert isinstance(again.refusal, plus_k.GivenAlready)
    done = thanking.accept(asker, other.pk, with_credit=True)
    assert isinstance(done.refusal, plus_k.NotTheirTopic)
    assert list(Answer.objects.filter(accepted_at__isnull=False)) == [other]
    thanking.accept(asker, answered.pk, with_credit=False)
    assert Notice.objects.filter(kind="accepted").count() == 2
    assert Question.objects.get().is_solved
    assert asker.owner is not None
    thanking.take_back(asker.owner, answered.pk)
    assert not Question.objects.get().is_solved
    # The credit is a thing of its own.
    assert Credit.objects.filter(taken_back_at__isnull=True).count() == 1


@pytest.mark.django_db
def test_credit_is_offered_where_it_could_be_given(asker: Person, answered: Answer) -> None:
    silent = answer(somebody(), answered.question)
    private = somebody()
    shows(private)
    nameless = answer(private, answered.question)
    Person.objects.filter(pk=private.pk).update(visibility="private")
    assert asker.owner is not None

    def offered(reader: Person) -> thanking.Offers:
        page = question_page(answered.question_id, reader.owner, "")
        assert page is not None
        assert {row.pk for row in page.answers} == {answered.pk, silent.pk, nameless.pk}
        return thanking.offers(reader, CHESS, page.answers)

    found = offered(asker)
    assert found == thanking.Offers(5, frozenset({answered.pk}), shows_topic=False)
    thanking.accept(asker, answered.pk, with_credit=True)
    assert (offered(asker).left, offered(asker).answer_ids) == (4, frozenset())
    # Nobody is offered to give to oneself.
    assert answered.author is not None
    own = offered(confirmed(answered.author))
    assert (own.left, own.answer_ids, own.shows_topic) == (5, frozenset(), True)
    # All five given: nothing is offered, and a mark is kept all the same.
    reader = somebody()
    for _ in range(5):
        receiver = somebody()
        shows(receiver)
        plus_k.give(reader, receiver, CHESS)
    assert (offered(reader).left, offered(reader).answer_ids) == (0, frozenset())
    done = thanking.mark(reader, answered.pk, with_credit=True)
    assert isinstance(done.refusal, plus_k.SpentForToday)
    assert Helpful.objects.count() == 1

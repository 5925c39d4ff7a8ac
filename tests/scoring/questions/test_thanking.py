"""Thanks for an answer: once each, with +K as far as its limits go, and told once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from people.models import Person
from scoring.questions import thanking
from scoring.questions.models import Answer, Helpful, MarkCredit, Notice, Question
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
    # The first acceptance went when another answer was accepted instead, and its +K with it.
    assert Credit.objects.get().taken_back_at is not None


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


@pytest.mark.django_db
def test_a_mark_that_is_taken_back_takes_its_own_credit_back_and_no_other(
    asker: Person, answered: Answer
) -> None:
    reader, receiver = somebody(), answered.author
    assert reader.owner is not None
    assert receiver is not None
    shows(receiver, "own:jazz")
    elsewhere = answer(receiver, question(asker, topic="own:jazz"))
    by_hand = plus_k.give(reader, receiver, CHESS)
    # +K by hand came first: none goes with the mark, and it stays when the mark goes.
    assert isinstance(
        thanking.mark(reader, answered.pk, with_credit=True).refusal, plus_k.GivenAlready
    )
    assert thanking.unmark(reader.owner, answered.pk).credits_count == 0
    assert Credit.objects.get(pk=by_hand.credit_id).taken_back_at is None
    # +K that went with the mark goes with it, once, and the other one stays.
    assert thanking.mark(reader, elsewhere.pk, with_credit=True).left == 3
    assert MarkCredit.objects.get().kind == "helpful"
    assert set(plus_k.credits_of(receiver.pk)) == {CHESS, "own:jazz"}
    # Somebody else's mark is theirs.
    other = somebody()
    assert other.owner is not None
    assert thanking.unmark(other.owner, elsewhere.pk).credits_count == 0
    assert thanking.unmark(reader.owner, elsewhere.pk).credits_count == 1
    assert thanking.unmark(reader.owner, elsewhere.pk).credits_count == 0
    assert set(plus_k.credits_of(receiver.pk)) == {CHESS}
    assert not MarkCredit.objects.exists()
    # What was taken back by hand before is not taken back again: its day stays.
    assert thanking.mark(other, elsewhere.pk, with_credit=True).left == 4
    assert plus_k.take_back(other.owner, receiver, "own:jazz")
    day = Credit.objects.get(giver_user=other.owner).taken_back_at
    assert thanking.unmark(other.owner, elsewhere.pk).credits_count == 0
    assert Credit.objects.get(giver_user=other.owner).taken_back_at == day


@pytest.mark.django_db
def test_the_daily_run_reads_both_ways_of_taking_back_alike(
    asker: Person, answered: Answer
) -> None:
    """The columns that scoring.plus_k reads are the same, whichever button was pressed."""
    one, two, receiver = somebody(), somebody(), answered.author
    assert one.owner is not None
    assert two.owner is not None
    assert receiver is not None
    thanking.mark(one, answered.pk, with_credit=True)
    plus_k.give(two, receiver, CHESS)
    thanking.unmark(one.owner, answered.pk)
    plus_k.take_back(two.owner, receiver, CHESS)
    columns = ("receiver_id", "topic_id", "day", "taken_back_at__date", "expires_at__date")
    first, second = Credit.objects.values_list(*columns)
    assert first == second
    assert first[3] is not None


@pytest.mark.django_db(transaction=True)
def test_marking_and_taking_back_at_once_leave_a_mark_with_its_credit_or_neither() -> None:
    topics()
    bob = confirmed(make_person("Bob"))
    shows(bob)
    mine = answer(bob, question(confirmed(make_person("Alice"))))
    rounds = 8
    readers = [somebody() for _ in range(rounds)]
    together = Barrier(4)

    def press(number: int) -> None:
        try:
            for reader in readers:
                assert reader.owner is not None
                together.wait(30)
                if number % 2:
                    thanking.unmark(reader.owner, mine.pk)
                else:
                    thanking.mark(reader, mine.pk, with_credit=True)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(press, range(4)))
    assert Credit.objects.count() == rounds
    for reader in readers:
        is_marked = Helpful.objects.filter(user=reader.owner).exists()
        credit = Credit.objects.get(giver_user=reader.owner)
        stands = credit.taken_back_at is None
        # A credit stands only with its mark, and only where the row that names it is.
        assert stands == MarkCredit.objects.filter(user=reader.owner).exists()
        assert is_marked or not stands
    mine.refresh_from_db()
    assert mine.helpful_count == Helpful.objects.count()

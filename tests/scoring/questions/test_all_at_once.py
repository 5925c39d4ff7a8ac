"""Everything that people press at once around one question: counts stay right, nobody is stuck."""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest
from django.db import connections

from people.models import Person, User
from scoring.questions import answering, keeping, moderation, reporting, tasks, thanking
from scoring.questions.models import Answer, Helpful, Question
from scoring.questions.posting import NotPosted
from scoring.questions.things import thing
from tests.scoring.questions.asked import TEXT, answer, question, shows, somebody, topics

pytestmark = pytest.mark.django_db(transaction=True)
THREADS, PRESSES = 8, 12


def test_counts_are_those_of_the_rows_whatever_is_pressed_at_once() -> None:
    topics()
    asker, *people = [somebody() for _ in range(THREADS)]
    operator = User.objects.create_superuser("operator@example.org", "correct horse battery")
    asked = question(asker)
    for person in people[:4]:
        shows(person)
        answer(person, asked)
    answers = list(Answer.objects.all())
    together = Barrier(THREADS)

    def press(number: int) -> None:
        person: Person = (asker, *people)[number]
        user, dice = person.owner, random.Random(number)
        assert user is not None
        together.wait(30)
        for _ in range(PRESSES):
            pk = dice.choice(answers).pk
            about = thing(Answer(pk=pk))
            presses: list[Callable[[], object]] = [
                partial(thanking.mark, person, pk, with_credit=True),
                partial(thanking.unmark, user, pk),
                partial(thanking.accept, person, pk, with_credit=False),
                partial(thanking.take_back, user, pk),
                partial(answering.withdraw, user, pk),
                partial(answering.answer, person, asked.pk, TEXT),
                partial(reporting.report, user, about, "spam", ""),
                partial(moderation.let_stand, about, operator),
                partial(moderation.hide, about, operator),
            ]
            try:
                dice.choice(presses)()
            except NotPosted:
                continue
        connections.close_all()

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(press, range(THREADS)))
    assert keeping.wrong_counts() == []
    # The check sees what is wrong.
    Question.objects.filter(pk=asked.pk).update(answers_count=99)
    Helpful.objects.all().delete()
    Answer.objects.filter(pk=answers[0].pk).update(helpful_count=7)
    assert ("answer", answers[0].pk) in keeping.wrong_counts()
    assert ("question", asked.pk) in keeping.wrong_counts()
    tasks.keep()

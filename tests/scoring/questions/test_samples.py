"""A trial installation has invented questions, of invented people only, each once."""

import pytest

from people.models import Person
from scoring.questions.models import Answer, Question
from scoring.questions.page import question_page
from scoring.questions.samples import SAMPLES, ask_samples
from scoring.topics.models import PersonTopic
from scoring.topics.ontology import store_own_topics
from tests.conftest import TODAY
from tests.scoring.questions.asked import confirmed


@pytest.mark.django_db
def test_samples_are_asked_once_by_invented_people_and_the_log_in(alice: Person) -> None:
    store_own_topics()
    demo = confirmed(alice, visibility="private")
    assert ask_samples(demo) == 0
    people = Person.objects.bulk_create(
        Person(slug=f"invented{n}", name=f"Invented {n}", visibility="public", origin="looked_up")
        for n in range(3)
    )
    PersonTopic.objects.bulk_create(
        PersonTopic(
            person=person, topic_id=topic, weight=0.5, people_count=9, posts_count=3, day=TODAY,
            is_listed=True, influence=50 - place,
        )
        for topic in {f"own:{sample.topic}" for sample in SAMPLES}
        for place, person in enumerate(people)
    )  # fmt: skip
    assert ask_samples(demo) == len(SAMPLES)
    assert ask_samples(demo) == 0
    assert Question.objects.filter(author=demo).count() == 1
    assert not Answer.objects.exclude(author__in=people).exists()
    solved = Question.objects.filter(is_solved=True)
    assert solved.count() == sum(sample.is_solved for sample in SAMPLES)
    page = question_page(solved.first().pk, None, "")  # type: ignore[union-attr]
    assert page is not None
    assert page.answers[0].is_accepted
    assert page.answers[0].author.is_sample

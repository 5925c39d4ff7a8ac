"""+K: who may give it, how often, and that no two clicks at once give more."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
import time_machine
from django.db import IntegrityError, connection, connections, transaction

from people import erasure
from people.models import Person
from scoring.daily import FIRST_DAYS
from scoring.topics import daily, plus_k
from scoring.topics.models import KEPT_DAYS, Credit, Topic, TopicChoice
from scoring.topics.ontology import store_own_topics
from tests.conftest import make_person
from tests.scoring import world

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TOPICS = ("own:chess", "own:opera", "own:jazz", "own:tea", "own:wine", "own:dogs", "own:cats")


def public(person: Person, *topics: str) -> Person:
    """Have the person be public and show topics."""
    Person.objects.filter(pk=person.pk).update(visibility="public")
    for topic in topics:
        TopicChoice.objects.create(person=person, topic_id=topic, choice="added")
    return Person.objects.select_related("owner").get(pk=person.pk)


@pytest.mark.django_db
def test_five_a_day_once_in_seven_days_and_gone_after_ninety(alice: Person, bob: Person) -> None:
    store_own_topics()
    bob = public(bob, *TOPICS)
    public(alice)
    with time_machine.travel(NOW, tick=False) as clock:
        assert [plus_k.give(alice, bob, topic).left for topic in TOPICS[:5]] == [4, 3, 2, 1, 0]
        with pytest.raises(plus_k.GivenAlready):
            plus_k.give(alice, bob, TOPICS[0])
        with pytest.raises(plus_k.SpentForToday):
            plus_k.give(alice, bob, TOPICS[5])
        row = plus_k.credits_of(bob.pk, alice.owner)[TOPICS[0]]
        assert (row.people_count, row.givers, row.is_mine) == (1, [("alice", "Alice")], True)
        # Taken back: it counts nowhere, and neither its slot nor its week is free again.
        assert alice.owner is not None
        assert plus_k.take_back(alice.owner, bob, TOPICS[0])
        assert not plus_k.take_back(alice.owner, bob, TOPICS[0])
        assert TOPICS[0] not in plus_k.credits_of(bob.pk)
        assert plus_k.left_today(alice.owner) == 0
        clock.shift(timedelta(days=6))
        assert plus_k.left_today(alice.owner) == 5
        with pytest.raises(plus_k.GivenAlready):
            plus_k.give(alice, bob, TOPICS[0])
        clock.shift(timedelta(days=1))
        plus_k.give(alice, bob, TOPICS[0])
        # Given again for another topic it is still one person.
        plus_k.give(alice, bob, TOPICS[1])
        assert plus_k.credits_of(bob.pk)[TOPICS[1]].people_count == 1
        clock.shift(timedelta(days=83))
        assert set(plus_k.credits_of(bob.pk)) == {TOPICS[0], TOPICS[1]}
        clock.shift(timedelta(days=7))
        assert plus_k.credits_of(bob.pk) == {}
        # Their days can still be scored again, as far back as somebody's first scores reach.
        assert plus_k.expire() == 0
        assert KEPT_DAYS == FIRST_DAYS
        clock.shift(timedelta(days=KEPT_DAYS - 7))
        assert plus_k.expire() == 5
        clock.shift(timedelta(days=7))
        daily.refresh()
        assert not Credit.objects.exists()


@pytest.mark.django_db
def test_nobody_credits_oneself_or_who_did_not_show_the_topic(alice: Person, bob: Person) -> None:
    store_own_topics()
    brand = Person.objects.create(
        owner=alice.owner, slug="brand", name="Brand", kind="brand", visibility="public"
    )
    public(brand, "own:chess")
    public(alice, "own:chess")
    for giver, receiver in ((alice, alice), (alice, brand), (brand, alice)):
        with pytest.raises(plus_k.ToOneself):
            plus_k.give(
                Person.objects.select_related("owner").get(pk=giver.pk), receiver, "own:chess"
            )
    # Private, hidden, of another topic, looked up.
    TopicChoice.objects.create(person=bob, topic_id="own:chess", choice="added")
    looked_up = public(world.person("Looked up"), "own:chess")
    world.account(looked_up, synced=NOW.date())
    for receiver, topic in ((bob, "own:chess"), (looked_up, "own:chess"), (alice, "nothing")):
        with pytest.raises(plus_k.NotGiven):
            plus_k.give(alice, receiver, topic)
    bob = public(bob)
    with pytest.raises(plus_k.NotTheirTopic):
        plus_k.give(alice, bob, "own:opera")
    plus_k.give(alice, bob, "own:chess")
    Person.objects.filter(pk=bob.pk).update(hidden_until=NOW + timedelta(days=20_000))
    bob.refresh_from_db()
    Credit.objects.all().delete()
    with pytest.raises(plus_k.NotTheirTopic):
        plus_k.give(alice, bob, "own:chess")
    # The database says so too.
    assert alice.owner is not None
    with pytest.raises(IntegrityError), transaction.atomic():
        Credit.objects.create(
            giver=alice,
            giver_user=alice.owner,
            receiver=alice,
            topic_id="own:chess",
            day=NOW.date(),
            slot=1,
            expires_at=NOW,
        )


@pytest.mark.django_db
def test_only_public_givers_are_named_and_erasing_either_takes_it_away(
    alice: Person, bob: Person, charlie: Person
) -> None:
    store_own_topics()
    public(bob, "own:chess")
    bob.refresh_from_db()
    public(charlie)
    for giver in (alice, charlie):
        plus_k.give(giver, bob, "own:chess")
    row = plus_k.credits_of(bob.pk)["own:chess"]
    assert (row.people_count, row.more_count) == (2, 1)
    assert row.givers == [("charlie", "Charlie")]
    told = str(erasure.export_everything(bob)["topics.Credit"])
    assert "own:chess" in told
    assert "charlie" not in told.lower()
    erasure.erase(charlie)
    assert plus_k.credits_of(bob.pk)["own:chess"].people_count == 1
    erasure.erase(bob)
    assert not Credit.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_many_clicks_at_once_give_five_and_each_once() -> None:
    """Real connections, all at the same moment."""
    Topic.objects.bulk_create([Topic(id=topic, slug=topic) for topic in TOPICS])
    alice, bob = public(make_person("Alice")), public(make_person("Bob"), *TOPICS)
    clicks = [topic for topic in TOPICS for _ in range(3)]
    start = Barrier(len(clicks))

    def click(topic: str) -> str:
        try:
            start.wait(timeout=30)
            plus_k.give(alice, bob, topic)
        except plus_k.NotGiven as why:
            return type(why).__name__
        finally:
            connections.close_all()
        return "given"

    with ThreadPoolExecutor(len(clicks)) as pool:
        answers = list(pool.map(click, clicks))
    assert answers.count("given") == 5
    assert set(answers) <= {"given", "GivenAlready", "SpentForToday"}
    rows = list(Credit.objects.values_list("topic_id", "slot"))
    assert len({topic for topic, _ in rows}) == len(rows) == 5
    assert {slot for _, slot in rows} == {1, 2, 3, 4, 5}


@pytest.mark.django_db
def test_the_database_itself_refuses_a_sixth_and_a_second_in_seven_days(
    alice: Person, bob: Person
) -> None:
    store_own_topics()

    def put(topic: str, days_ago: int, slot: int) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO topics_credit (giver_id, giver_user_id, receiver_id, topic_id, day,"
                " slot, at, expires_at) VALUES (%s, %s, %s, %s, %s, %s, now(), now())",
                [
                    *(alice.pk, alice.owner_id, bob.pk, topic),
                    *(NOW.date() - timedelta(days=days_ago), slot),
                ],
            )

    put("own:chess", 7, 1)
    put("own:chess", 0, 1)
    for topic, days_ago, slot in (
        ("own:chess", 1, 2),
        ("own:chess", 0, 2),
        ("own:opera", 0, 1),
        ("own:opera", 0, 6),
        ("own:opera", 0, 0),
    ):
        with pytest.raises(IntegrityError):
            put(topic, days_ago, slot)
    put("own:opera", 0, 2)

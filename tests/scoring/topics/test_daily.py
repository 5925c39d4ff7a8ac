"""People's topics, from the posts that moved people."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from connectors import history, registry, store
from connectors.models import Account, Post
from connectors.types import Post as FetchedPost
from connectors.types import TextFeatures
from people import erasure, opt_out
from people.models import ConsentEvent, Person
from scoring import daily as scoring_daily
from scoring.topics import daily, leaders, listing, own_page, queries
from scoring.topics.models import PersonTopic, Topic, TopicDue, TopicListing, TopicRun
from tests.scoring import world

TODAY = date(2026, 3, 1)
YESTERDAY = TODAY - timedelta(days=1)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 3, 1, 12, tzinfo=UTC), tick=False):
        yield


def writes(account: Account, texts: list[str], people: int, *, last: date = YESTERDAY) -> None:
    """Store posts of the days up to `last`, through the connectors, and have people like each."""
    network = registry.network("mastodon")
    target = store.Target(account.pk, network, True, None, datetime.now(UTC))
    likers = world.reactors(people)
    for number, text in enumerate(texts):
        day = last - timedelta(days=number)
        name = f"{account.pk}-{number}-{day}"
        record = FetchedPost(name, world.at(day, 6), text=text, features=TextFeatures())
        store.store(target, [record])
        world.react(account, likers, [day], on=Post.objects.get(native_id=name))


def owned(person: Person) -> Account:
    account = world.account(person, synced=TODAY)
    account.status = "linked"
    account.save()
    return account


BAKING = ["Rye loaf #sourdough", "Kneading: sourdough again", "Cardamom buns"]
CHESS = ["A lost endgame", "The sicilian defence, move by move"]


def scored() -> None:
    scoring_daily.backfill(TODAY - timedelta(days=6), YESTERDAY)
    daily.refresh()


def slugs(person: Person) -> list[str]:
    return [row.slug for row in queries.topics_of([person.pk]).get(person.pk, [])]


def test_topics_follow_from_posts_that_moved_people_with_their_evidence(alice: Person) -> None:
    account = owned(alice)
    writes(account, [*BAKING, *CHESS, "Nothing in particular"], 6)
    silent = owned(world.person("Silent"))
    writes(silent, BAKING, 0)
    scored()
    assert slugs(alice) == ["baking", "chess"]
    assert not PersonTopic.objects.filter(person=silent.person).exists()
    row = own_page.own_topics(alice.pk)[0]
    assert (row.posts_count, row.people_count) == (3, 18)
    # Baking is three of six posts that moved as many people each, the newest most of all.
    assert 0.5 < row.weight < 0.56
    assert {post.people_count for post in row.evidence} == {6}
    assert len(row.evidence) == 3
    # What a topic is part of has the posts as well, and is not told beside it.
    assert PersonTopic.objects.get(person=alice, topic_id="own:food").posts_count == 3
    # The run is finished: a second one has nothing to do, and changes nothing.
    before = list(PersonTopic.objects.order_by("pk").values())
    assert TopicRun.objects.get().finished_at is not None
    with time_machine.travel(datetime(2026, 3, 1, 14, tzinfo=UTC)):
        assert daily.refresh() == daily.Refreshed(0, None, 0)
    assert list(PersonTopic.objects.order_by("pk").values()) == before


def test_a_killed_round_goes_on_where_it_was(
    alice: Person, bob: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    for person in (alice, bob):
        writes(owned(person), BAKING, 4)
    Account.objects.update(first_synced_at=world.at(TODAY - timedelta(days=3)))
    scoring_daily.backfill(TODAY - timedelta(days=6), YESTERDAY)
    monkeypatch.setattr(daily, "CHUNK", 1)
    find, seen = daily.find_topics, []

    def killed_at_the_second(people: list[int], day: date) -> None:
        seen.append(people)
        if len(seen) == 2:
            raise KeyboardInterrupt
        find(people, day)

    monkeypatch.setattr(daily, "find_topics", killed_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        daily.refresh()
    assert TopicRun.objects.get().finished_at is None
    assert slugs(alice) == ["baking"]
    assert slugs(bob) == []
    daily.refresh()
    assert slugs(bob) == ["baking"]
    assert seen == [[alice.pk], [bob.pk], [bob.pk]]
    assert TopicRun.objects.get().people_count == 2


def test_a_person_may_hide_and_add_topics(alice: Person) -> None:
    writes(owned(alice), [*BAKING, *CHESS], 6)
    scored()
    own_page.hide(alice, "own:baking")
    own_page.add(alice, "own:opera")
    assert [(row.slug, row.is_added) for row in queries.topics_of([alice.pk])[alice.pk]] == [
        ("chess", False),
        ("opera", True),
    ]
    # The choice outlives the next finding.
    TopicDue.objects.create(person=alice)
    daily.refresh()
    assert slugs(alice) == ["chess", "opera"]
    own_page.show(alice, "own:baking")
    own_page.hide(alice, "own:opera")
    assert slugs(alice) == ["baking", "chess"]
    for unknown in ("own:jazz", "nothing"):
        with pytest.raises(Topic.DoesNotExist):
            own_page.hide(alice, unknown)
    for number, topic in enumerate(Topic.objects.order_by("pk")[:21]):
        if number < 20:
            own_page.add(alice, topic.pk)
        else:
            with pytest.raises(own_page.TooMany):
                own_page.add(alice, topic.pk)


def test_only_public_people_who_agreed_are_listed_and_everybody_may_leave_at_once(
    alice: Person, bob: Person, charlie: Person
) -> None:
    people = (alice, bob, charlie)
    for number, person in enumerate(people):
        writes(owned(person), BAKING, 30 - 10 * number)
        Person.objects.filter(pk=person.pk).update(visibility="public")
    looked_up = world.person("Looked up")
    writes(world.account(looked_up, synced=TODAY), BAKING, 30)
    invented = world.person("Invented")
    writes(world.account(invented, synced=TODAY, network="sample"), BAKING, 4)
    for person in people[:2]:
        listing.agree(Person.objects.get(pk=person.pk))
    scored()
    assert [row.name for row in leaders.leaders_of("own:baking")] == ["Alice", "Bob", "Invented"]
    alice_row, bob_row, invented_row = leaders.leaders_of("own:baking")
    assert invented_row.is_sample
    assert not alice_row.is_sample
    assert 1 <= alice_row.rank_from <= alice_row.rank_to <= 3
    assert bob_row.score > invented_row.score
    assert invented_row.rank_to == 3
    # Charlie, who is public and did not agree, and the looked-up one have no place, nor a number.
    for person in (charlie, looked_up):
        row = PersonTopic.objects.get(person=person, topic_id="own:baking")
        assert (row.is_listed, row.influence, row.low, row.change) == (False, None, None, None)
    with CaptureQueriesContext(connection) as asked:
        page = leaders.topic_page("baking")
    assert len(asked) <= 5
    assert page is not None
    assert page.people_count == 3
    assert [link.slug for link in page.parents] == ["food"]
    # Each way out holds at once.
    own_page.hide(alice, "own:baking")
    assert [row.name for row in leaders.leaders_of("own:baking")] == ["Bob", "Invented"]
    Person.objects.filter(pk=bob.pk).update(visibility="private")
    account = Account.objects.get(person=invented)
    opt_out.opt_out("sample", [account.native_id], proven=True)
    assert leaders.leaders_of("own:baking") == []
    Person.objects.filter(pk=bob.pk).update(visibility="public")
    listing.take_back(bob)
    assert leaders.leaders_of("own:baking") == []
    assert not PersonTopic.objects.filter(person=bob, is_listed=True).exists()
    events = ConsentEvent.objects.filter(person=bob, what="topics").order_by("pk")
    assert [event.given for event in events] == [True, False]
    own_page.show(alice, "own:baking")
    assert [row.name for row in leaders.leaders_of("own:baking")] == ["Alice"]
    erasure.erase(alice)
    assert leaders.leaders_of("own:baking") == []
    assert not TopicListing.objects.exists()


def test_an_erased_history_takes_its_topics_along(alice: Person) -> None:
    first, second = owned(alice), owned(alice)
    writes(first, BAKING, 6)
    writes(second, CHESS, 6)
    scored()
    assert set(slugs(alice)) == {"baking", "chess"}
    history.erase_history(first.pk)
    assert slugs(alice) == []
    daily.refresh()
    assert slugs(alice) == ["chess"]
    assert not TopicDue.objects.exists()


def test_what_is_kept_of_a_post_are_numbers_of_topics_and_no_words(alice: Person) -> None:
    account = owned(alice)
    writes(account, ["My secret sourdough"], 0)
    features = Post.objects.get(account=account).features
    assert features["topics"] == ["own:baking"]
    assert "secret" not in str(features)


def test_strange_features_and_topics_that_are_gone_stop_nothing(alice: Person) -> None:
    account = owned(alice)
    writes(account, [*BAKING, "x", "y", "z"], 6)
    for text, features in {
        "x": {"topics": "own:baking"},
        "y": {"topics": [1, None, "gone"]},
    }.items():
        Post.objects.filter(native_id__contains=f"-{'xyz'.index(text) + 3}-").update(
            features=features
        )
    scored()
    assert slugs(alice) == ["baking"]
    Topic.objects.filter(slug="baking").update(is_active=False)
    assert slugs(alice) == []

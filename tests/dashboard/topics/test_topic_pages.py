"""The pages of topics, and who sees what on them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from connectors.models import Post
from connectors.partitions import ensure_days
from people.models import Person
from scoring.models import Score, ScoreRun
from scoring.topics import listing
from scoring.topics.models import PersonTopic, Topic, TopicChoice
from scoring.topics.ontology import store_own_topics
from tests.conftest import TODAY
from tests.scoring import world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _topics(db: None) -> None:
    store_own_topics()


def about(person: Person, slug: str, value: float, weight: float = 0.5) -> PersonTopic:
    """Give a person a topic, a score, an account and a post that speaks for it."""
    ensure_days(["scoring_score", "scoring_explanation"], [TODAY, TODAY - timedelta(days=30)])
    account = person.accounts.first() or world.account(person, synced=TODAY)
    for day, less in ((TODAY, 0.0), (TODAY - timedelta(days=30), 3.0)):
        Score.objects.get_or_create(
            day=day,
            person_id=person.pk,
            model_version="test",
            defaults={
                "value": value - less,
                "low": value - less - 2,
                "high": value - less + 2,
                "provisional": False,
                "mass": 1.0,
                "shown": True,
            },
        )
    ScoreRun.objects.get_or_create(day=TODAY, model_version="test", defaults={"status": "done"})
    post = world.post(account, TODAY)
    return PersonTopic.objects.create(
        person=person,
        topic_id=f"own:{slug}",
        weight=weight,
        people_count=12,
        posts_count=3,
        evidence=[[post.pk, 12]],
        day=TODAY,
    )


def listed(person: Person) -> None:
    Person.objects.filter(pk=person.pk).update(visibility="public")
    listing.agree(Person.objects.get(pk=person.pk))


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    assert len(answer.content) < 60_000
    return " ".join(answer.content.decode().split())


def test_a_topic_page_ranks_who_agreed_with_score_interval_and_rise(
    client: Client, alice: Person, bob: Person, charlie: Person
) -> None:
    for person, value in ((alice, 60.0), (bob, 59.0), (charlie, 40.0)):
        about(person, "chess", value)
        about(person, "opera", value, 0.3)
        listed(person)
    page = text(client, "/topics/chess/")
    assert page.index("Alice") < page.index("Bob") < page.index("Charlie")
    # The bands of the first two overlap; the third stands clearly behind them.
    assert page.count("#1–#2") == 2
    assert "#3" in page
    assert "+3.0 in 30 days" in page
    assert "The same people also write about" in page
    assert 'href="/topics/opera/"' in page
    with CaptureQueriesContext(connection) as asked:
        client.get("/topics/chess/")
    assert len(asked) <= 8


def test_strangers_see_nobody_who_did_not_agree_or_is_not_public(
    charlie_client: Client, alice: Person, bob: Person
) -> None:
    about(alice, "chess", 60.0)
    Person.objects.filter(pk=alice.pk).update(visibility="public")
    about(bob, "chess", 50.0)
    listed(bob)
    Person.objects.filter(pk=bob.pk).update(visibility="unlisted")
    page = text(charlie_client, "/topics/chess/")
    assert "Nobody is listed here yet" in page
    assert "Alice" not in page
    assert "Bob" not in page
    # One's own page is one's own.
    own = text(charlie_client, "/score/topics/")
    assert "Chess" not in own
    assert "No topics yet" in own


def test_charlie_changes_nothing_of_alice_and_needs_to_be_signed_in(
    client: Client, charlie_client: Client, alice: Person, charlie: Person
) -> None:
    about(alice, "chess", 60.0)
    for path, form in (
        ("/score/topics/choose/", {"topic": "own:chess", "act": "hide"}),
        ("/score/topics/listed/", {"listed": "yes"}),
    ):
        assert client.post(path, form).headers["Location"].startswith("/accounts/login/")
        assert charlie_client.get(path).status_code == 405
    answer = charlie_client.post(
        "/score/topics/choose/", {"topic": "own:chess", "act": "hide", "person": alice.pk}
    )
    assert answer.status_code == 404
    charlie_client.post("/score/topics/listed/", {"listed": "yes", "person": alice.pk})
    assert not TopicChoice.objects.exists()
    assert not listing.is_listed(alice)
    assert listing.is_listed(charlie)
    assert client.get("/score/topics/").status_code == 302


def test_one_s_own_page_shows_evidence_and_takes_hide_add_and_show(
    alice_client: Client, alice: Person
) -> None:
    about(alice, "chess", 60.0)
    page = text(alice_client, "/score/topics/")
    assert "50 % of what moved people" in page.replace("\xa0", " ")
    assert "12 people moved" in page
    assert "The network's terms do not let the text be kept." in page.replace("&#x27;", "'")

    def act(**form: str) -> str:
        answer = alice_client.post("/score/topics/choose/", form, follow=True)
        assert answer.status_code == 200
        return " ".join(answer.content.decode().split())

    assert "Hidden: it is shown as yours nowhere." in act(topic="own:chess", act="hide")
    assert "Show Chess again" in text(alice_client, "/score/topics/")
    act(topic="own:chess", act="show")
    assert "Add Opera" in text(alice_client, "/score/topics/?q=opera")
    # A second click is the same as one.
    act(topic="own:opera", act="add")
    assert "Said by you" in act(topic="own:opera", act="add")
    assert TopicChoice.objects.count() == 1
    for form in (
        {"topic": "nothing", "act": "add"},
        {"topic": "\0", "act": "add"},
        {"topic": "x" * 5_000, "act": "hide"},
    ):
        assert alice_client.post("/score/topics/choose/", form).status_code == 404
    assert alice_client.post("/score/topics/choose/", {}).status_code == 302


def test_topics_are_browsed_and_searched_in_both_languages(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(8):
        page = text(client, "/topics/")
    assert 'href="/topics/chess/"' in page
    assert "Entertainment" in page
    assert "Sjakk" in text(Client(headers={"Accept-Language": "nb"}), "/topics/?q=chess")
    assert "There is no topic of that name." in text(client, "/topics/?q=%00%25<qqzz>")
    assert "<script>alert" not in text(client, "/topics/?q=<script>alert(1)</script>")


def test_a_topic_typed_into_the_search_leads_to_its_people(client: Client) -> None:
    page = text(client, "/lookup/search/?q=photo")
    assert "Who is influential about it" in page
    assert 'href="/topics/photography/"' in page
    assert "Who is influential about it" not in text(client, "/lookup/search/?q=zzzz")


@pytest.mark.parametrize("slug", ["nothing", "%00", "a" * 3_000, "..", "<b>"])
def test_a_topic_that_is_not_there_is_not_found(client: Client, slug: str) -> None:
    assert client.get(f"/topics/{slug}/").status_code == 404


def test_published_slugs_with_slashes_have_a_page_and_names_are_escaped(
    client: Client, alice: Person
) -> None:
    topic = Topic.objects.create(id="r", slug="r/<i>!")
    assert "r/&lt;i&gt;!" in text(client, "/topics/r/%3Ci%3E!/")
    topic.is_active = False
    topic.save()
    assert client.get("/topics/r/%3Ci%3E!/").status_code == 404


def test_posts_of_others_are_no_evidence(alice_client: Client, alice: Person, bob: Person) -> None:
    row = about(alice, "chess", 60.0)
    other = world.post(world.account(bob, synced=TODAY), TODAY)
    Post.objects.filter(pk=other.pk).update(url="https://example.org/of-bob")
    row.evidence = [[other.pk, 3]]
    row.save()
    assert "of-bob" not in text(alice_client, "/score/topics/")

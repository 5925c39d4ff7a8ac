"""+K on pages: who sees it, who may give it, and what a second click gets."""

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from people.models import Person, User
from scoring.topics.models import Credit, Topic, TopicChoice
from scoring.topics.ontology import store_own_topics
from tests.conftest import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _topics(alice: Person) -> None:
    store_own_topics()
    for topic in ("own:chess", "own:opera"):
        TopicChoice.objects.create(person=alice, topic_id=topic, choice="added")
    Person.objects.filter(pk=alice.pk).update(visibility="public")


def text(client: Client, path: str) -> str:
    return " ".join(client.get(path).content.decode().split())


def give(client: Client, topic: str = "own:chess", act: str = "give", to: str = "alice") -> str:
    answer = client.post(f"/p/{to}/topics/give/", {"topic": topic, "act": act}, follow=True)
    return " ".join(answer.content.decode().split())


def test_credit_is_given_shown_by_name_as_visibility_allows_and_taken_back(
    bob_client: Client, bob: Person, client: Client
) -> None:
    before = text(bob_client, "/p/alice/topics/")
    assert "Give +K for Chess" in before
    assert "all of it together adds less than 2 points" in before
    assert "Given. You have 4 more for today." in give(bob_client)
    # The second click, of the same or of another window.
    assert "in the last seven days" in give(bob_client)
    page = text(client, "/p/alice/topics/")
    assert "+K from 1 person" in page
    assert "and 1 more" in page
    assert "Bob" not in page
    Person.objects.filter(pk=bob.pk).update(visibility="public")
    assert "Bob" in text(client, "/p/alice/topics/")
    assert "Taken back." in give(bob_client, act="take_back")
    assert "+K from" not in text(client, "/p/alice/topics/")
    with CaptureQueriesContext(connection) as asked:
        bob_client.get("/p/alice/topics/")
    assert len(asked) <= 8


def test_charlie_gives_nothing_to_who_is_private_and_sees_the_page_that_says_no_more(
    charlie_client: Client, client: Client, alice: Person
) -> None:
    assert client.post("/p/alice/topics/give/", {"topic": "own:chess"}).status_code == 302
    assert not Credit.objects.exists()
    Person.objects.filter(pk=alice.pk).update(visibility="private")
    absent = charlie_client.get("/p/nobody-here/topics/")
    hidden = charlie_client.get("/p/alice/topics/")
    assert hidden.status_code == absent.status_code
    assert "Chess" not in hidden.content.decode()
    give(charlie_client)
    assert not Credit.objects.exists()
    # Unlisted: seen by who knows the address, credited by nobody.
    Person.objects.filter(pk=alice.pk).update(visibility="unlisted")
    assert "Give +K" not in text(charlie_client, "/p/alice/topics/")
    assert "not a topic that this person shows" in give(charlie_client)
    assert charlie_client.get("/p/alice/topics/give/").status_code == 405


def test_nobody_gives_to_oneself_or_for_a_topic_that_is_not_shown(
    alice_client: Client, bob_client: Client
) -> None:
    assert "Give +K" not in text(alice_client, "/p/alice/topics/")
    assert "nobody gives it to oneself" in give(alice_client)
    for topic in ("own:jazz", "nothing", "\0", "x" * 9_000, ""):
        assert "not a topic that this person shows" in give(bob_client, topic)
    assert not Credit.objects.exists()


def test_operators_switch_topics_off_and_remove_credit_with_a_line_in_the_log(
    bob_client: Client, client: Client
) -> None:
    give(bob_client)
    operator = User.objects.create_superuser("operator@example.org", "correct horse battery")
    admin = signed_in(Person.objects.create(owner=operator, slug="operator", name="Operator"))
    for path in ("topic", "credit", "topicrun"):
        assert admin.get(f"/admin/topics/{path}/?q=chess").status_code == 200
        assert client.get(f"/admin/topics/{path}/").status_code == 302
    admin.post("/admin/topics/topic/", {"action": "switch_off", "_selected_action": "own:chess"})
    assert not Topic.objects.get(pk="own:chess").is_active
    credit = Credit.objects.get()
    admin.post(
        "/admin/topics/credit/",
        {"action": "delete_selected", "_selected_action": credit.pk, "post": "yes"},
    )
    assert not Credit.objects.exists()
    assert LogEntry.objects.filter(user=operator).count() == 2

"""The pages of questions: who sees what, who may do what, and what odd requests get."""

import re

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dashboard.templatetags.written import linked
from people.models import Person, User
from scoring.questions.models import Answer, Change, Question
from scoring.topics.models import Credit
from tests.conftest import signed_in
from tests.scoring.questions.asked import TEXT, answer, confirmed, question, shows, somebody, topics

TITLE = "How does one learn to play chess well?"


@pytest.fixture
def asker(alice: Person) -> Person:
    topics()
    return confirmed(alice)


@pytest.fixture
def answerer(bob: Person) -> Person:
    return confirmed(bob)


def text(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    assert len(answer.content) < 60_000
    return " ".join(answer.content.decode().split())


def post(client: Client, path: str, status: int = 200, **form: str) -> str:
    answer = client.post(path, form, follow=True)
    assert answer.status_code == status, path
    return " ".join(answer.content.decode().split())


def queries(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200
    return len(asked)


@pytest.mark.django_db
def test_a_question_is_asked_read_answered_changed_and_withdrawn(
    asker: Person, answerer: Person, client: Client, charlie_client: Client
) -> None:
    ask, reply = signed_in(asker), signed_in(answerer)
    assert "Nobody has asked anything" in text(client, "/topics/chess/")
    assert "No questions yet" in text(client, "/topics/chess/questions/")
    page = text(ask, "/topics/chess/questions/ask/")
    assert "Your name, Alice, stands beside it" in page
    page = post(
        ask, "/topics/chess/questions/ask/", title=TITLE, details="<b>See</b> www.a.example."
    )
    assert "Asked. Here is where the answers will be." in page
    made = Question.objects.get()
    path = f"/questions/{made.pk}/"
    # A replayed form leads to the same question.
    page = post(ask, "/topics/chess/questions/ask/", title=TITLE, details="")
    assert "You asked this already" in page
    page = text(client, path)
    assert "&lt;b&gt;See&lt;/b&gt;" in page
    assert '<a href="https://www.a.example" rel="nofollow ugc noopener">www.a.example</a>.' in page
    assert "Sign in to answer" in page
    assert '<a href="/topics/" aria-current="true">Topics</a>' in page
    assert 'name="robots"' not in page
    page = post(ask, f"{path}change/", title=TITLE + " Quickly?", details="")
    assert "edited" in page

    shows(answerer)
    assert "Quickly?" in text(reply, "/questions/")
    assert "Please write a little more" in post(reply, f"{path}answer/", 400, text="Hm.\u200b")
    page = post(reply, f"{path}answer/", text=TEXT)
    assert "Thank you. Your answer is there." in page
    # The other tab.
    assert "You answered this question already." in post(reply, f"{path}answer/", text=TEXT)
    assert "Nobody waits for you" in text(reply, "/questions/")
    assert TEXT in text(client, path)
    mine = Answer.objects.get()
    page = post(reply, f"/answers/{mine.pk}/change/", text=TEXT + " Really.")
    assert "edited" in page
    assert "Really." in text(reply, "/questions/mine/")
    assert "can be changed no longer" in post(ask, f"{path}change/", title=TITLE, details="")
    assert "1 answer" in text(ask, "/questions/mine/")
    assert "Quickly?" in text(client, "/topics/chess/questions/?sort=helpful")
    assert "Every question has an answer" in text(
        client, "/topics/chess/questions/?sort=unanswered"
    )
    post(reply, f"/answers/{mine.pk}/withdraw/")
    assert TEXT not in text(client, path)
    post(ask, f"{path}withdraw/")
    for who in (client, ask, reply, charlie_client):
        assert who.get(path).status_code == 404


@pytest.mark.django_db
def test_charlie_changes_nothing_of_others_and_strangers_sign_in(
    asker: Person, answerer: Person, client: Client, charlie: Person, charlie_client: Client
) -> None:
    asked = question(asker, TITLE)
    mine = answer(answerer, asked)
    written = {"title": "Something else altogether?", "details": "", "text": TEXT + TEXT}
    # No confirmed address.
    page = text(charlie_client, "/topics/chess/questions/ask/")
    assert "First confirm your e-mail address" in page
    page = post(charlie_client, "/topics/chess/questions/ask/", 400, title=TITLE)
    assert "Confirm your e-mail address first" in page
    assert "Confirm your e-mail address first" in post(
        charlie_client, f"/questions/{asked.pk}/answer/", text=TEXT
    )
    confirmed(charlie)
    for path, status in {
        f"/questions/{asked.pk}/change/": 404,
        f"/questions/{asked.pk}/withdraw/": 404,
        f"/answers/{mine.pk}/change/": 404,
        f"/answers/{mine.pk}/withdraw/": 404,
        f"/questions/{asked.pk}/object/": 404,
        f"/answers/{mine.pk}/object/": 404,
        "/questions/999999/report/": 404,
        f"/answers/{10**30}/report/": 404,
        "/questions/999999/answer/": 404,
        f"/questions/{10**30}/answer/": 404,
        "/topics/nothing/questions/ask/": 404,
    }.items():
        assert client.post(path, written).headers["Location"].startswith("/accounts/login/")
        assert charlie_client.post(path, written).status_code == status, path
    for path in ("answer", "withdraw"):
        assert charlie_client.get(f"/questions/{asked.pk}/{path}/").status_code == 405
    for path in ("/questions/", "/questions/mine/", "/topics/chess/questions/ask/"):
        assert client.get(path).status_code == 302
    assert "others can do that" in post(
        signed_in(asker), f"/questions/{asked.pk}/answer/", text=TEXT
    )
    asked.refresh_from_db()
    assert (asked.title, Question.objects.count(), Answer.objects.count()) == (TITLE, 1, 1)
    for odd in (f"/questions/{10**30}/", "/questions/0/", "/topics/nothing/questions/"):
        assert client.get(odd).status_code == 404
    assert client.get(f"/questions/{asked.pk}/?after=%00").status_code == 200


@pytest.mark.django_db
def test_thanks_are_pressed_with_credit_or_told_why_not(
    asker: Person, answerer: Person, charlie: Person, client: Client
) -> None:
    asked = question(asker, TITLE)
    mine = answer(answerer, asked)
    path, ask, read = f"/questions/{asked.pk}/", signed_in(asker), signed_in(confirmed(charlie))
    helpful, accept = f"/answers/{mine.pk}/helpful/", f"/answers/{mine.pk}/accept/"
    # Whoever does not show the topic gets no +K, and it is not offered.
    assert "with +K" not in text(read, path)
    assert "once you show this topic among yours" in text(read, path)
    shows(answerer)
    assert "Helpful, with +K" in text(read, path)
    assert "This helped, with +K" in text(ask, path)
    assert "with +K" not in text(signed_in(answerer), path)
    page = post(read, helpful, act="credit")
    assert "Noted, and +K given. You have 4 more for today." in page
    assert "Helped 1 person" in page
    assert "It helped you." in page
    assert "in the last seven days" in post(read, helpful, act="credit")
    assert "Taken back, with the +K that went with it." in post(read, helpful, act="take_back")
    assert "Noted: it helped." in post(read, helpful, act="mark")
    assert "Taken back." in post(read, helpful, act="take_back")
    assert "Noted: it helped." in post(read, helpful, act="mark")
    assert "Noted, and +K given." in post(ask, accept, act="credit")
    assert "Solved" in text(client, "/topics/chess/questions/")
    assert "This helped who asked" in text(client, path)
    assert "helped 1 person" in text(signed_in(answerer), "/questions/mine/")
    assert "others can do that" in post(signed_in(answerer), helpful, act="credit")
    # Not who asked; nothing; nobody.
    assert read.post(accept, {"act": "credit"}).status_code == 404
    assert read.post("/answers/999999/helpful/").status_code == 404
    for address in (helpful, accept):
        assert client.post(address).headers["Location"].startswith("/accounts/login/")
        assert read.get(address).status_code == 405
    assert Credit.objects.count() == 2
    assert "It did not help after all" in text(ask, path)
    post(ask, accept, act="take_back")
    assert "This helped who asked" not in text(client, path)
    for _ in range(60):
        read.post(helpful, {"act": "mark"})
    assert "Please wait an hour" in post(read, helpful, act="mark")


@pytest.mark.django_db
def test_three_reports_hide_an_answer_its_author_objects_and_an_operator_decides(
    asker: Person, answerer: Person, client: Client
) -> None:
    asked = question(asker, TITLE)
    mine = answer(answerer, asked)
    path, report = f"/questions/{asked.pk}/", f"/answers/{mine.pk}/report/"
    readers = [signed_in(somebody()) for _ in range(3)]
    assert "What is wrong?" in text(readers[0], report)
    assert post(readers[0], report, 400, words="no reason").count("errorlist") == 1
    for reader in readers:
        page = post(reader, report, reason="spam", words="The same everywhere.")
        assert "Thank you. Somebody will look at it." in page
    assert TEXT not in text(client, path)
    own = signed_in(answerer)
    page = text(own, path)
    assert "Your answer is hidden for now" in page
    assert "Advertising, or the same again and again" in page
    assert "Hidden" in text(own, "/questions/mine/")
    assert "Withdraw the answer" in page
    # What is hidden is not changed under the eyes of who looks at it.
    assert own.get(f"/answers/{mine.pk}/change/").status_code == 404
    for stranger in (readers[0], signed_in(asker)):
        assert stranger.get(f"/answers/{mine.pk}/object/").status_code == 404
        assert stranger.get(report).status_code == 404
    assert "Please write a little more" in post(own, f"/answers/{mine.pk}/object/", 400, words=".")
    post(own, f"/answers/{mine.pk}/object/", words="It is about chess, and meant well.")
    assert own.get(f"/answers/{mine.pk}/object/").status_code == 404

    operator = User.objects.create_superuser("operator@example.org", "correct horse battery")
    desk = signed_in(Person.objects.create(owner=operator, slug="operator", name="Operator"))
    for table in ("question", "answer", "report", "change"):
        assert desk.get(f"/admin/questions/{table}/?q=chess").status_code == 200
        assert client.get(f"/admin/questions/{table}/").status_code == 302
        assert own.get(f"/admin/questions/{table}/").status_code == 302
    reported = desk.get("/admin/questions/answer/?waits=reports").content.decode()
    assert f"/admin/questions/answer/{mine.pk}/change/" in reported
    assert '<td class="field-open_reports">3</td>' in reported
    unreported = desk.get("/admin/questions/question/?waits=reports").content.decode()
    assert f"/admin/questions/question/{asked.pk}/change/" not in unreported
    waiting = desk.get("/admin/questions/answer/?waits=objection").content.decode()
    assert f"/admin/questions/answer/{mine.pk}/change/" in waiting
    detail = desk.get(f"/admin/questions/answer/{mine.pk}/change/").content.decode()
    assert "meant well" in detail
    queue = desk.get("/admin/questions/report/?decided_at__isempty=1").content.decode()
    assert "The same everywhere." in queue
    assert not re.search(r"Somebody\d|somebody\d", queue)
    for address in ("add/", f"{mine.pk}/delete/"):
        assert desk.get(f"/admin/questions/answer/{address}").status_code == 403
    desk.post("/admin/questions/answer/", {"action": "let_stand", "_selected_action": mine.pk})
    assert TEXT in text(client, path)
    assert Change.objects.filter(by=operator, table="answer").count() == 1
    assert Change.objects.filter(by=operator, table="report").count() == 3
    desk.post("/admin/questions/question/", {"action": "hide", "_selected_action": asked.pk})
    assert client.get(path).status_code == 404
    page = text(signed_in(asker), path)
    assert 'name="robots" content="noindex"' in page
    assert "Your question is hidden for now" in page
    # Whoever may not change questions may not decide by posting either.
    clerk = User.objects.create_user("clerk@example.org", "correct horse battery", is_staff=True)
    clerk.user_permissions.set(Permission.objects.filter(codename="view_question"))
    desk = signed_in(Person.objects.create(owner=clerk, slug="clerk", name="Clerk"))
    desk.post("/admin/questions/question/", {"action": "let_stand", "_selected_action": asked.pk})
    assert client.get(path).status_code == 404


@pytest.mark.django_db
def test_a_forged_form_without_the_token_is_refused(asker: Person) -> None:
    guarded = Client(enforce_csrf_checks=True)
    assert asker.owner is not None
    guarded.force_login(asker.owner, backend="django.contrib.auth.backends.ModelBackend")
    assert guarded.post("/topics/chess/questions/ask/", {"title": TITLE}).status_code == 403


@pytest.mark.django_db
def test_a_nameless_author_is_nameless_everywhere(
    asker: Person, answerer: Person, client: Client
) -> None:
    asked = question(asker, TITLE)
    answer(answerer, asked)
    Person.objects.update(visibility="private")
    for path in (f"/questions/{asked.pk}/", "/topics/chess/questions/", "/topics/chess/"):
        page = text(client, path)
        assert "somebody whose profile is not public" in page
        assert "Alice" not in page
        assert "Bob" not in page
        assert "/p/" not in page
    assert "no name stands beside it" in text(signed_in(asker), "/topics/chess/questions/ask/")


@pytest.mark.django_db
def test_pages_keep_to_their_budget(asker: Person, answerer: Person, client: Client) -> None:
    asked = question(asker, TITLE)
    answer(answerer, asked)
    shows(answerer)
    for who in (client, signed_in(asker), signed_in(answerer)):
        for path in (f"/questions/{asked.pk}/", "/topics/chess/questions/", "/topics/chess/"):
            assert queries(who, path) <= 8, path
    for path in ("/questions/", "/questions/mine/", "/topics/chess/questions/ask/"):
        assert queries(signed_in(answerer), path) <= 8, path


def test_addresses_become_links_that_say_where_they_lead() -> None:
    assert linked("(see https://a.example/x?a=1&b=2).") == (
        '(see <a href="https://a.example/x?a=1&amp;b=2" rel="nofollow ugc noopener">'
        "https://a.example/x?a=1&amp;b=2</a>)."
    )
    for text in (
        "javascript:alert(1)",
        "http://",
        "https://[::1",
        "www.",
        "a@b.example",
        "ftp://a.b",
    ):
        assert "<a " not in linked(text)
    assert "<script>" not in linked("<script>http://a.example/<script>'\"</script>")
    assert 'href="http://a.example/"' in linked('http://a.example/"onclick="x')

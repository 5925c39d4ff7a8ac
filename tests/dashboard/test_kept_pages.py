"""Kept pages are those that would be written anew, for this visitor, of these rows, now."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import redis
from django.conf import settings
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import DjangoCaptureOnCommitCallbacks

from connectors.models import Account, Post
from people import erasure, kept_pages, networks, notes, removal, sharing
from people.kept_pages import KeptPage, Viewer
from people.models import Goal, Person, Session, User
from people.settings_change import change_settings, settings_of
from scoring import daily
from scoring.models import Discount, ScoreRun
from scoring.topics.models import Topic, TopicChoice
from tests.conftest import TODAY, signed_in
from tests.dashboard.scored import NOON, TEXT, at_noon, scored
from tests.dashboard.test_profiles import public
from tests.scoring import world

pytestmark = pytest.mark.django_db
OWN = ("/score/", "/networks/", "/people/settings/", "/p/alice/")
NOWHERE = "unix:///nowhere/at-all"


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with at_noon():
        yield


@pytest.fixture
def cache() -> Iterator[Any]:
    with redis.Redis.from_url(settings.REDIS_URL) as broker:
        yield broker


def text_of(client: Client, path: str, **headers: str) -> str:
    """Return a page without the tokens of its forms."""
    answer = client.get(path, headers=headers)
    assert answer.status_code == 200
    return re.sub(r'(csrfmiddlewaretoken" value=)"\w{64}"', r"\1", answer.content.decode())


def slot(person: Person) -> str:
    return f"klout:pages:{person.pk % kept_pages.SLOTS}"


def test_a_kept_page_is_the_page_and_asks_little(alice: Person, bob: Person) -> None:
    scored(public(alice))
    owner, other, stranger = signed_in(alice), signed_in(bob), Client()
    visits = [(owner, path) for path in OWN] + [(other, "/p/alice/"), (stranger, "/p/alice/")]
    for client, path in visits:
        client.get("/method/")
        for language in ("en", "nb"):
            with override_settings(REDIS_URL=NOWHERE):
                anew = text_of(client, path, accept_language=language)
            first = text_of(client, path, accept_language=language)
            with CaptureQueriesContext(connection) as asked:
                second = text_of(client, path, accept_language=language)
            assert anew == first == second
            # Session, user and person, and the version of the rows.
            assert len(asked) <= (1 if client is stranger else 4), path


def test_no_visitor_is_shown_the_page_of_another_kind(alice: Person, bob: Person) -> None:
    scored(public(alice))
    own, theirs = "This is your own profile", "Report this profile"
    for _ in range(2):
        for client, there, absent in (
            (signed_in(alice), own, theirs),
            (signed_in(bob), theirs, own),
            (Client(), theirs, own),
        ):
            text = text_of(client, "/p/alice/")
            assert there in text
            assert absent not in text


def test_a_time_is_told_in_the_visitors_own_zone(alice: Person) -> None:
    scored(alice)
    client = signed_in(alice)
    said = set()
    for zone in ("Europe/Oslo", "Asia/Tokyo") * 2:
        User.objects.filter(people=alice).update(time_zone=zone)
        said |= set(re.findall(r"Next update after \d\d:\d\d \w+", text_of(client, "/score/")))
    assert said == {"Next update after 02:00 CET", "Next update after 10:00 JST"}


def test_the_forms_of_a_kept_page_work_for_each_visitor(alice: Person) -> None:
    scored(alice)
    tokens: list[str] = []
    for number in range(3):
        client = Client(enforce_csrf_checks=True)
        assert alice.owner is not None
        client.force_login(alice.owner, backend="django.contrib.auth.backends.ModelBackend")
        page = client.get("/score/").content.decode()
        found = set(re.findall(r'csrfmiddlewaretoken" value="(\w{64})"', page))
        assert len(found) == 1
        tokens += found
        form = {"day": TODAY.isoformat(), "text": f"Note {number}", "back": ""}
        assert client.post("/score/notes/", form).status_code == 403
        answer = client.post("/score/notes/", form | {"csrfmiddlewaretoken": tokens[-1]})
        assert answer.status_code == 302
    assert len(set(tokens)) == 3
    assert alice.notes.count() == 3


def changes(person: Person, account: Account) -> dict[str, tuple[str, Callable[[], object]]]:
    """Return what may change behind each page: where it shows, and the change."""
    user = person.owner
    assert user is not None
    topic = Topic.objects.create(id="own:weather", slug="weather")

    def first_scores() -> None:
        world.react(account, world.reactors(40), world.days(TODAY, 1))
        daily.first_scores(person.pk)

    def settle(**values: str) -> Callable[[], None]:
        return lambda: change_settings(user, person, settings_of(user, person) | values)

    return {
        "a name": ("/p/alice/", settle(name="Alicia")),
        "a handle": ("/p/alice/", lambda: _update(account, handle="other@mastodon.social")),
        "a score": ("/score/", first_scores),
        "a score seen by others": ("/p/alice/", first_scores),
        "a run": ("/score/", lambda: ScoreRun.objects.create(day=TODAY, status="done")),
        "a note": ("/score/", lambda: notes.add_note(person, TODAY, "Rain")),
        "a goal": (
            "/score/",
            lambda: Goal.objects.create(person=person, target=90, until=TODAY + timedelta(9)),
        ),
        "a picture": ("/p/alice/", lambda: sharing.switch_on(person, "image")),
        "a topic": (
            "/p/alice/",
            lambda: TopicChoice.objects.create(person=person, topic=topic, choice="added"),
        ),
        "a discount": (
            "/score/",
            lambda: Discount.objects.create(
                person=person,
                account_id=account.pk,
                kind="follower_step",
                since=TODAY,
                until=TODAY,
                points=1.5,
                reason={"measure": "followers", "read": 8400.0, "counted": 612.0},
            ),
        ),
        "a language": ("/people/settings/", settle(language="nb")),
        "a session": ("/people/settings/", lambda: signed_in(person)),
        "an account's state": ("/networks/", lambda: _update(account, state="gone")),
    }


def _update(account: Account, **values: str) -> None:
    Account.objects.filter(pk=account.pk).update(**values)


def test_what_changes_is_seen_at_once(alice: Person) -> None:
    account = scored(public(alice))
    client = signed_in(alice)
    for what, (path, change) in changes(alice, account).items():
        before = text_of(client, path)
        assert text_of(client, path) == before
        change()
        with override_settings(REDIS_URL=NOWHERE):
            anew = text_of(client, path)
        assert text_of(client, path) == anew, what
        # A run alone says nothing new; whoever made it may have written other scores.
        assert (anew != before) is (what != "a run"), what


def test_a_text_goes_from_the_page_when_its_time_is_over(alice: Person) -> None:
    scored(public(alice))
    Post.objects.update(text_until=NOON + timedelta(minutes=5))
    clients = {"/score/": signed_in(alice), "/p/alice/": Client()}
    for path, client in clients.items():
        assert "Concrete has patience" in text_of(client, path)
    for minutes, shown in ((4, True), (6, False)):
        with at_noon() as clock:
            clock.shift(timedelta(minutes=minutes))
            for path, client in clients.items():
                assert ("Concrete has patience" in text_of(client, path)) is shown


@pytest.mark.parametrize("how", ["private", "hidden", "removed"])
def test_who_hides_is_gone_at_once_and_from_the_cache(
    how: str,
    alice: Person,
    bob: Person,
    cache: Any,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    account = scored(public(alice))
    visitors = (signed_in(bob), Client())
    for visitor in visitors:
        assert TEXT[:20] in text_of(visitor, "/p/alice/")
    assert cache.hlen(slot(alice)) == 2
    with django_capture_on_commit_callbacks(execute=True):
        if how == "private":
            user = alice.owner
            assert user is not None
            new = settings_of(user, alice) | {"visibility": "private"}
            change_settings(user, alice, new)
        elif how == "hidden":
            removal.report(alice, "other", "")
        else:
            named = next(iter(networks.accounts_of(alice)))
            assert account.handle in named.names
            removal.remove_with_proof(named)
    assert cache.exists(slot(alice)) == 0
    for visitor in visitors:
        assert visitor.get("/p/alice/").status_code == 404
    # Nor is one kept again.
    assert cache.exists(slot(alice)) == 0


def test_erasing_a_person_leaves_nothing_in_the_cache(
    alice: Person, bob: Person, cache: Any
) -> None:
    scored(public(alice))
    scored(public(bob))
    owner = signed_in(alice)
    for client, path in (*((owner, path) for path in OWN), (Client(), "/p/alice/")):
        text_of(client, path)
    text_of(Client(), "/p/bob/")
    kept = erasure.export_everything(alice)["kept pages"]
    assert len(kept) == len(OWN) + 1
    assert erasure.erase(alice)["kept pages"] == len(OWN) + 1
    assert cache.exists(slot(alice)) == 0
    assert cache.hlen(slot(bob)) == 1
    assert Client().get("/p/alice/").status_code == 404


def test_the_cache_holds_nothing_that_can_be_read(alice: Person, cache: Any) -> None:
    scored(public(alice))
    text_of(signed_in(alice), "/score/")
    text_of(Client(), "/p/alice/")
    stored = b"".join(cache.hvals(slot(alice)))
    assert len(stored) > 2_000
    for word in (b"Concrete", b"Alice", b"html", b"section"):
        assert word not in stored
    assert 0 < cache.ttl(slot(alice)) <= kept_pages.MOST_AGE_SECONDS


def test_people_of_one_slot_never_see_each_other(alice: Person, cache: Any) -> None:
    """So many people share each slot; what is found there is believed only if it is theirs."""
    page = KeptPage("score", alice.pk, Viewer.OWNER, "same")
    other = KeptPage("score", alice.pk + kept_pages.SLOTS, Viewer.OWNER, "same")
    kept_pages._keep(page, "of Alice", None)
    assert kept_pages._kept(page) == "of Alice"
    assert kept_pages._kept(other) is None
    (field,) = cache.hkeys(slot(alice))
    cache.hset(slot(alice), field, b"rubbish")
    assert kept_pages._kept(page) is None


def test_the_list_of_sessions_marks_the_one_that_asks(alice: Person) -> None:
    clients = [signed_in(alice) for _ in range(2)]
    for client in clients * 2:
        client.get("/method/", headers={"User-Agent": "Mozilla/5.0 (X11; Linux) Firefox/140.0"})
        text = text_of(client, "/people/settings/")
        assert text.count("this one") == 1
        assert text.count('name="session"') == len(clients) - 1
    assert Session.objects.filter(user=alice.owner).count() == len(clients)

"""Importing dropped files: into rows of their own, repeatable, and part of no public number."""

import io
import threading
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from connectors import importing, own_queries
from connectors.archives import making
from connectors.archives.making import MAKERS, Invented
from connectors.models import (
    Account,
    AnonymousDay,
    Interaction,
    OwnAccount,
    OwnDay,
    OwnPost,
    Post,
    Reactor,
    Snapshot,
    Upload,
)
from people import erasure
from people.models import Person
from scoring import daily
from scoring.models import Score
from tests.conftest import TODAY
from tests.dashboard.scored import at_noon, scored

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, settings: Settings) -> None:
    settings.VAR_DIR = tmp_path


def dropped(person: Person, name: str = "x-archive.zip", content: bytes | None = None) -> UUID:
    upload_id = uuid4()
    data = MAKERS[name](Invented(7)) if content is None else content
    importing.path_of(upload_id).write_bytes(data)
    importing.begin(person, upload_id, name, len(data))
    return upload_id


def imported(person: Person, name: str = "x-archive.zip", content: bytes | None = None) -> UUID:
    upload_id = dropped(person, name, content)
    assert importing.work(upload_id) == "ready"
    assert importing.confirm(person, upload_id)
    assert importing.work(upload_id) == "done"
    return upload_id


def stored() -> tuple[int, int, int]:
    days = sum(OwnDay.objects.values_list("count", flat=True))
    return OwnAccount.objects.count(), OwnPost.objects.count(), days


@pytest.mark.parametrize("name", sorted(MAKERS))
def test_each_format_goes_from_file_to_rows_and_the_file_is_deleted(
    name: str, alice: Person
) -> None:
    upload_id = dropped(alice, name)
    assert importing.work(upload_id) == "ready"
    assert stored() == (0, 0, 0), "nothing is kept before its owner says so"
    assert importing.path_of(upload_id).exists()
    assert importing.confirm(alice, upload_id)
    assert importing.work(upload_id) == "done"
    upload = Upload.objects.get()
    accounts, posts, acts = stored()
    assert (accounts, posts + acts) == (1, upload.total)
    assert not importing.path_of(upload_id).exists()
    line = own_queries.own_account_lines(alice.pk)[0]
    assert line.posts >= making.POSTS
    years = own_queries.years_of(OwnAccount.objects.get())
    assert sum(year.posts for year in years) == posts


def test_doing_it_again_changes_nothing(alice: Person) -> None:
    first = imported(alice)
    once = stored()
    assert not importing.confirm(alice, first), "a replayed form"
    assert importing.work(first) == "done", "a task that is handed out twice"
    imported(alice)
    assert stored() == once, "the same file dropped once more"


def test_another_person_and_a_second_click_decide_nothing(alice: Person, charlie: Person) -> None:
    upload_id = dropped(alice)
    importing.work(upload_id)
    assert not importing.confirm(charlie, upload_id)
    assert not importing.discard(charlie, upload_id)
    assert own_queries.upload_of(charlie.pk, upload_id) is None
    assert importing.confirm(alice, upload_id)
    assert not importing.confirm(alice, upload_id)
    assert not importing.discard(alice, upload_id), "it is being imported: it ends by itself"
    importing.work(upload_id)
    assert own_queries.own_account_lines(charlie.pk) == []
    account = OwnAccount.objects.get()
    assert own_queries.own_account(charlie.pk, account.pk) is None


def test_a_killed_worker_is_followed_by_another_that_ends_the_same(
    alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    imported(alice)
    whole = stored()
    OwnAccount.objects.all().delete()
    upload_id = dropped(alice)
    importing.work(upload_id)
    importing.confirm(alice, upload_id)

    class Killed(BaseException):
        pass

    def dies(*args: Any) -> None:
        raise Killed

    monkeypatch.setattr(importing, "BATCH", 10)
    with monkeypatch.context() as broken:
        broken.setattr(importing, "_store_days", dies)
        with pytest.raises(Killed):
            importing.work(upload_id)
    assert Upload.objects.get(pk=upload_id).state == "importing"
    assert own_queries.own_account_lines(alice.pk) == [], "half an import is shown to nobody"
    later = timezone.now() + importing.UNTOUCHED
    assert importing.works_due(later) == [upload_id]
    assert importing.work(upload_id) == "done"
    assert stored() == whole
    assert importing.works_due(later) == []


def test_what_fails_again_and_again_is_given_up_and_nothing_stays(
    alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload_id = dropped(alice)
    importing.work(upload_id)
    importing.confirm(alice, upload_id)
    Upload.objects.filter(pk=upload_id).update(attempts=importing.MOST_ATTEMPTS)
    OwnAccount.objects.create(person=alice, network="x", key="4242")
    assert importing.work(upload_id) == "refused"
    assert stored() == (0, 0, 0)
    assert not importing.path_of(upload_id).exists()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty"),
        (b"PK\x03\x04 and no more", "broken"),
        (b"Dear diary", "unknown"),
        (making.zipped({"data/tweets.js": b"0" * (8 * 2**20)}), "bomb"),
    ],
)
def test_what_is_refused_leaves_a_word_and_no_file(content: bytes, why: str, alice: Person) -> None:
    upload_id = dropped(alice, "some.zip" if why != "unknown" else "some.txt", content)
    assert importing.work(upload_id) == "refused"
    upload = Upload.objects.get()
    assert (upload.why, upload.summary) == (why, {})
    assert not importing.path_of(upload_id).exists()


def test_files_end_by_themselves(alice: Person) -> None:
    read, waiting = dropped(alice), dropped(alice)
    importing.work(read)
    stray = importing.folder() / f"{uuid4()}.upload"
    stray.write_bytes(b"x")
    now = timezone.now()
    assert importing.expire(now) == 0
    Upload.objects.update(created_at=now - importing.FILE_LASTS)
    assert importing.expire(now + importing.FILE_LASTS + timedelta(seconds=5)) == 3
    assert list(importing.folder().iterdir()) == []
    assert not Upload.objects.filter(pk__in=[read, waiting]).exists()


@pytest.mark.parametrize("state", ["done", "refused"])
def test_a_file_whose_worker_was_killed_after_the_last_word_goes_with_the_next_look(
    state: str, alice: Person
) -> None:
    looked, expired, ready = dropped(alice), dropped(alice), dropped(alice)
    Upload.objects.update(state=state)
    Upload.objects.filter(pk=ready).update(state="ready")
    assert importing.work(looked) == state
    assert not importing.path_of(looked).exists()
    assert importing.expire(timezone.now()) == 1
    assert not importing.path_of(expired).exists()
    assert importing.work(ready) == "ready"
    assert importing.path_of(ready).exists()
    assert Upload.objects.count() == 3, "what is told of them stays for its week"


def test_only_three_are_under_way_at_once(alice: Person) -> None:
    for _ in range(importing.MOST_AT_ONCE):
        assert importing.may_begin(alice)
        dropped(alice)
    assert not importing.may_begin(alice)


@pytest.mark.django_db(transaction=True)
def test_a_second_worker_leaves_a_held_file_alone(alice: Person) -> None:
    upload_id = dropped(alice)
    answers = []

    def second() -> None:
        answers.append(importing.work(upload_id))
        connection.close()

    with importing._held(upload_id):
        thread = threading.Thread(target=second)
        thread.start()
        thread.join(30)
    assert answers == [""]
    assert Upload.objects.get().attempts == 0


def test_hostile_texts_are_only_text(alice: Person) -> None:
    post = making.tweet(1, Invented(7).posts[0][0], "\0 <script> #tag\0 \ud800")
    account = {"accountId": "7\0", "username": "<b>" * 200, "accountDisplayName": "\ud800"}
    content = making.zipped(
        {
            "data/account.js": making.ytd("account", [{"account": account}]).encode(
                errors="surrogatepass"
            ),
            "data/tweets.js": making.ytd("tweets", [post]).encode(errors="replace"),
        }
    )
    upload_id = dropped(alice, "x.zip", content)
    assert importing.work(upload_id) in {"ready", "refused"}


# --- An archive proves nothing ------------------------------------------------------------------
def public_numbers() -> list[Any]:
    """Return every row that scores, ranks and others' pages are made of."""
    models = (Account, Post, Interaction, AnonymousDay, Snapshot, Reactor, Score)
    return [list(model._default_manager.order_by(*_order(model)).values()) for model in models]


def _order(model: type) -> list[str]:
    return {"Interaction": ["day", "dedupe_key"], "AnonymousDay": ["day", "post_id"]}.get(
        model.__name__, ["pk"]
    )


def rescore(person: Person) -> None:
    with at_noon():
        daily.first_scores(person.pk)
        daily.score_day(TODAY - timedelta(days=1))


def test_a_forged_archive_changes_no_public_number(alice: Person) -> None:
    """Of the very account that Alice linked: posts, and thousands of followers of today."""
    account = scored(alice)
    Account.objects.filter(pk=account.pk).update(native_id="vera@fjord.example")
    rescore(alice)
    rescore(alice)
    before = public_numbers()
    assert before[-1], "Alice has a score"
    now = int(timezone.now().timestamp())
    rows = [{"title": "", "string_list_data": [{"timestamp": now - n}]} for n in range(3000)]
    forged = making.zipped({"connections/followers_and_following/followers_1.json": rows})
    imported(alice, "mastodon-archive.zip")
    imported(alice, "instagram.zip", forged)
    assert sum(OwnDay.objects.filter(direction=1).values_list("count", flat=True)) == 3000
    rescore(alice)
    assert public_numbers() == before


def test_what_was_imported_is_given_out_and_erased_with_its_files(
    alice: Person, bob: Person
) -> None:
    imported(alice)
    imported(bob, "tiktok-data.zip")
    waiting = dropped(alice)
    exported = erasure.export_everything(alice)
    assert exported["connectors.OwnPost"]
    assert exported["connectors.OwnDay"]
    assert exported["dropped files"] == [
        {"file": "x-archive.zip", "size_bytes": importing.path_of(waiting).stat().st_size}
    ]
    erasure.erase(alice)
    assert not importing.path_of(waiting).exists()
    assert OwnAccount.objects.get().person_id == bob.pk
    assert not Upload.objects.filter(person=alice).exists()


def test_the_command_imports_for_a_person(alice: Person, tmp_path: Path) -> None:
    path = tmp_path / "x-archive.zip"
    path.write_bytes(MAKERS[path.name](Invented(7)))
    out = StringIO()
    call_command("import_archive", path, "--person", alice.slug, stdout=out)
    assert "Imported for alice: 107 entries." in out.getvalue()
    assert path.exists(), "a copy was read"
    assert list(importing.folder().iterdir()) == []
    with pytest.raises(Exception, match="Say whose file it is"):
        call_command("import_archive", path, stdout=io.StringIO())

"""The pages on which files are dropped, looked at and imported."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as live_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings
from pytest_django.fixtures import DjangoAssertNumQueries

from connectors import importing
from connectors.archives import making
from connectors.archives.making import MAKERS, Invented
from connectors.models import OwnAccount, OwnDay, OwnPost, Upload
from dashboard.importing import receiving, views
from dashboard.importing.page import ACTS, REFUSALS
from people.models import Person
from tests.conftest import signed_in
from tests.dashboard.scored import account_of

pytestmark = pytest.mark.django_db
PAGE = "/networks/import/"
SEND = f"{PAGE}send/"


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, settings: Settings) -> None:
    settings.VAR_DIR = tmp_path


def archive(name: str = "x-archive.zip") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, MAKERS[name](Invented(7)))


def dropped(client: Client, name: str = "x-archive.zip") -> str:
    """Drop a file, have it read, and return the address of its page."""
    answer = client.post(SEND, {"file": archive(name)})
    assert answer.status_code == 302
    upload = Upload.objects.order_by("-created_at").first()
    assert upload is not None
    importing.work(upload.pk)
    return str(answer.headers["Location"])


def left() -> list[str]:
    return [path.name for path in importing.folder().iterdir()]


def test_a_file_is_dropped_looked_at_imported_and_shown_to_its_owner_alone(
    alice: Person, alice_client: Client, charlie_client: Client
) -> None:
    page = alice_client.get(PAGE).content.decode()
    assert 'enctype="multipart/form-data"' in page
    for name in ("X archive (zip)", "Google+ Takeout (zip)", "TikTok data (zip, JSON)"):
        assert name in page
    address = dropped(alice_client)
    shown = alice_client.get(address).content.decode()
    assert "Is this right?" in shown
    assert "vera_lindqvale" in shown
    assert "People who followed you" in shown
    assert "Concrete has patience" in shown
    assert "data/direct-messages.js" in shown
    assert "private: left alone on purpose" in shown
    assert "A file does not prove whose account it is" in shown
    assert not OwnPost.objects.exists()
    decided = alice_client.post(f"{address}decide/", {"decision": "import"})
    assert decided.headers["Location"] == address
    importing.work(Upload.objects.get().pk)
    assert "Imported" in alice_client.get(address).content.decode()
    account = OwnAccount.objects.get()
    own = f"{PAGE}account/{account.pk}/"
    assert own in alice_client.get(PAGE).content.decode()
    history = alice_client.get(own).content.decode()
    assert "Year by year" in history
    assert "#architecture" in history
    assert "It counts in no score, no rank and no perk." in history
    # Charlie, who knows the addresses.
    assert charlie_client.get(address).status_code == 404
    assert charlie_client.get(own).status_code == 404
    charlie_client.post(f"{address}decide/", {"decision": "discard"})
    charlie_client.post(f"{own}erase/")
    assert "vera_lindqvale" not in charlie_client.get(PAGE).content.decode()
    assert OwnAccount.objects.exists()
    alice_client.post(f"{own}erase/")
    assert not OwnPost.objects.exists()
    assert not OwnDay.objects.exists()
    assert left() == []


def test_a_discarded_file_leaves_nothing_and_a_second_tab_says_so(alice_client: Client) -> None:
    address = dropped(alice_client)
    assert alice_client.post(f"{address}decide/", {"decision": "what"}).status_code == 302
    assert Upload.objects.get().state == "ready"
    said = alice_client.post(f"{address}decide/", {"decision": "discard"}, follow=True)
    assert "nothing of it was kept" in said.content.decode()
    again = alice_client.post(f"{address}decide/", {"decision": "import"}, follow=True)
    assert "not there any more" in again.content.decode()
    assert left() == []
    assert not Upload.objects.exists()


def test_the_linked_account_is_named_where_the_file_is_of_it(
    alice: Person, bob: Person, alice_client: Client
) -> None:
    mine, theirs = account_of(alice), account_of(bob, network="x")
    type(mine).objects.filter(pk=mine.pk).update(native_id="vera@fjord.example", handle="vera@f")
    type(mine).objects.filter(pk=theirs.pk).update(handle="vera_lindqvale")
    shown = alice_client.get(dropped(alice_client, "mastodon-archive.zip")).content.decode()
    assert "This is your linked account <bdi>vera@f</bdi>" in shown
    assert "nothing of what others did" in shown
    # Bob has linked the account of the other file: nobody is told.
    other = alice_client.get(dropped(alice_client)).content.decode()
    assert "A file does not prove whose account it is" in other


def test_a_page_under_way_polls_and_goes_on_without_scripts(alice_client: Client) -> None:
    alice_client.post(SEND, {"file": archive()})
    address = f"{PAGE}{Upload.objects.get().pk}/"
    shown = alice_client.get(address).content.decode()
    assert 'hx-trigger="every 1s"' in shown
    assert '<noscript><meta http-equiv="refresh"' in shown
    assert "HX-Refresh" not in alice_client.get(address, headers={"HX-Request": "true"}).headers
    importing.work(Upload.objects.get().pk)
    assert "HX-Refresh" in alice_client.get(address, headers={"HX-Request": "true"}).headers


def test_a_worker_is_told_at_once(
    alice_client: Client, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        address = alice_client.post(SEND, {"file": archive()}).headers["Location"]
    assert len(callbacks) == 1
    importing.work(Upload.objects.get().pk)
    for number in (1, 0):
        with django_capture_on_commit_callbacks() as callbacks:
            alice_client.post(f"{address}decide/", {"decision": "import"})
        assert len(callbacks) == number, "a second click tells nobody"


# --- What is not taken ---------------------------------------------------------------------------
def test_too_large_a_file_is_refused_by_its_head_or_as_it_comes(
    alice_client: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.UPLOAD_MEGABYTES = 1
    big = SimpleUploadedFile("x.zip", b"x" * (2 * 2**20))
    refused = alice_client.post(SEND, {"file": big}, headers={"Accept": "application/json"})
    assert refused.status_code == 413
    assert refused.json() == {"problem": str(REFUSALS["large"])}
    # A head that lies: what comes is counted.
    monkeypatch.setattr(receiving, "refusal", lambda request: "")
    big.seek(0)
    assert alice_client.post(SEND, {"file": big}).status_code in {302, 413}
    assert left() == []
    assert not Upload.objects.exists()


def test_without_a_length_room_or_a_file_nothing_is_taken(
    alice_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = alice_client.post(SEND, {"file": ""}, follow=True)
    assert "Please choose a file first." in said.content.decode()
    empty = alice_client.post(SEND, {"file": SimpleUploadedFile("a.zip", b"")}, follow=True)
    assert "Please choose a file first." in empty.content.decode()
    monkeypatch.setattr(receiving, "SPARE_BYTES", 2**60)
    full = alice_client.post(SEND, {"file": archive()}, follow=True)
    assert "There is no room" in full.content.decode()
    assert left() == []


def test_a_form_from_elsewhere_and_a_stranger_leave_no_file(alice: Person, client: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert alice.owner is not None
    strict.force_login(alice.owner, backend="django.contrib.auth.backends.ModelBackend")
    assert strict.post(SEND, {"file": archive()}).status_code == 403
    assert left() == []
    page = strict.get(PAGE).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token is not None
    good = strict.post(SEND, {"csrfmiddlewaretoken": token[1], "file": archive()})
    assert "/networks/import/" in good.headers["Location"]
    for path in (PAGE, f"{PAGE}{Upload.objects.get().pk}/"):
        assert "/login/" in client.get(path).headers["Location"]
    assert "/login/" in client.post(SEND, {"file": archive()}).headers["Location"]
    assert Upload.objects.count() == len(left()) == 1


def test_only_the_first_file_counts_and_its_name_is_no_path(alice_client: Client) -> None:
    files = {"other": archive(), "file": SimpleUploadedFile("../../x-archive.zip", b"PK")}
    alice_client.post(SEND, files)
    assert Upload.objects.get().file_name == "x-archive.zip"
    assert left() == [f"{Upload.objects.get().pk}.upload"]


def test_not_more_than_three_at_once_and_twelve_an_hour(
    alice_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(importing.MOST_AT_ONCE):
        alice_client.post(SEND, {"file": archive()})
    said = alice_client.post(SEND, {"file": archive()}, follow=True).content.decode()
    assert "Three files are under way already" in said
    assert len(left()) == importing.MOST_AT_ONCE
    Upload.objects.all().delete()
    monkeypatch.setattr(views, "FILES_AN_HOUR", 0)
    alice_client.post(SEND, {"file": archive()})
    assert not Upload.objects.exists()


@pytest.mark.parametrize("name", ["letter.txt", "broken.zip"])
def test_a_refused_file_says_why_in_both_languages(name: str, alice_client: Client) -> None:
    alice_client.post(SEND, {"file": SimpleUploadedFile(name, b"Dear diary")})
    upload = Upload.objects.get()
    importing.work(upload.pk)
    shown = alice_client.get(f"{PAGE}{upload.pk}/").content.decode()
    assert "nothing of it was kept" in shown
    alice_client.cookies[live_settings.LANGUAGE_COOKIE_NAME] = "nb"
    norsk = alice_client.get(f"{PAGE}{upload.pk}/").content.decode()
    assert "Filen er slettet" in norsk
    assert left() == []


def test_hostile_names_and_texts_are_only_text(alice_client: Client) -> None:
    bad = "<script>alert(1)</script>"
    account = {"accountId": "7", "username": bad, "accountDisplayName": bad}
    content = making.zipped(
        {
            "data/account.js": making.ytd("account", [{"account": account}]),
            "data/tweets.js": making.ytd(
                "tweets", [making.tweet(1, Invented(7).posts[0][0], f"{bad} #{bad}")]
            ),
            f"data/{bad}.js": "x",
        }
    )
    alice_client.post(SEND, {"file": SimpleUploadedFile(f"{bad}.zip", content)})
    upload = Upload.objects.get()
    importing.work(upload.pk)
    importing.confirm(upload.person, upload.pk)
    ready = alice_client.get(f"{PAGE}{upload.pk}/").content.decode()
    importing.work(upload.pk)
    for text in (
        ready,
        alice_client.get(PAGE).content.decode(),
        alice_client.get(f"{PAGE}account/{OwnAccount.objects.get().pk}/").content.decode(),
    ):
        assert "<script>alert" not in text


def test_the_pages_are_small_and_ask_few_questions(
    alice: Person, alice_client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    address = dropped(alice_client)
    alice_client.post(f"{address}decide/", {"decision": "import"})
    importing.work(Upload.objects.get().pk)
    dropped(alice_client, "tiktok-data.zip")
    own = f"{PAGE}account/{OwnAccount.objects.get().pk}/"
    for page in (PAGE, address, own):
        with django_assert_max_num_queries(8):
            answer = alice_client.get(page)
        assert answer.status_code == 200
        assert len(answer.content) < 60_000


def test_the_cards_of_networks_lead_to_their_files(alice: Person) -> None:
    page = signed_in(alice).get("/networks/").content.decode()
    google = page.split('id="network-googleplus"')[1].split("</section>")[0]
    assert "Import: Google+ Takeout (zip)" in google
    assert all(str(name) for name in ACTS.values())

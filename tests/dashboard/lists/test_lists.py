"""Lists: their owner's alone; who is on them, what is told of them, and how many there may be."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from pytest_django import Settings
from pytest_django.fixtures import DjangoAssertNumQueries as MaxQueries

from connectors.models import Account, Lookup
from people import erasure, opt_out
from people.list_models import MOST_LISTS, MOST_MEMBERS, ListMember, PersonList
from people.lists import NewMember, add_members, create_list
from people.models import Person
from tests.conftest import TODAY
from tests.scoring.test_search import known, score

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(alice: Person) -> PersonList:
    """Return an empty list of Alice's."""
    assert alice.owner is not None
    return create_list(alice.owner, "Team")


def put(kept: PersonList, *people: Person) -> None:
    """Put people on a list."""
    add_members(kept, [NewMember(person_id=person.pk) for person in people])


def names(client: Client, kept: PersonList, **query: str) -> list[str]:
    """Return the names of a list in the order of its file, sorted by the page where asked."""
    text = client.get(f"/lists/{kept.pk}/", query).content.decode()
    body = text.partition("<tbody>")[2].partition("</tbody>")[0]
    return [part.partition("</bdi>")[0] for part in body.split('/"><bdi>')[1:]]


def upload(client: Client, kept: PersonList, data: bytes) -> Any:
    """Return the answer to a file."""
    return client.post(
        f"/lists/{kept.pk}/add/", {"file": SimpleUploadedFile("people.csv", data, "text/csv")}
    )


def test_a_list_is_made_renamed_and_deleted(alice: Person, alice_client: Client) -> None:
    answer = alice_client.post("/lists/", {"name": "  Key \0 customers "})
    kept = PersonList.objects.get()
    assert kept.name == "Key customers"
    assert answer.headers["Location"] == f"/lists/{kept.pk}/add/"
    again = alice_client.post("/lists/", {"name": "key CUSTOMERS"})
    assert again.status_code == 400
    assert "that none of your lists has" in again.content.decode()
    alice_client.post(f"/lists/{kept.pk}/rename/", {"name": "<b>Rivals</b>"})
    text = alice_client.get("/lists/").content.decode()
    assert "&lt;b&gt;Rivals&lt;/b&gt;" in text
    assert "Delete “&lt;b&gt;" in alice_client.get(f"/lists/{kept.pk}/delete/").content.decode()
    alice_client.post(f"/lists/{kept.pk}/delete/")
    assert not PersonList.objects.exists()


def test_there_are_twenty_lists_and_five_hundred_members_at_most(
    alice: Person, alice_client: Client
) -> None:
    assert alice.owner is not None
    for number in range(MOST_LISTS):
        kept = create_list(alice.owner, f"List {number}")
    answer = alice_client.post("/lists/", {"name": "One more"})
    assert "that is the most" in answer.content.decode()
    handles = [NewMember(None, "mastodon", f"u{n}@a.example") for n in range(MOST_MEMBERS)]
    assert add_members(kept, handles) == MOST_MEMBERS
    assert add_members(kept, handles[:3]) == 0
    answer = alice_client.post(f"/lists/{kept.pk}/add/", {"handles": "@new@a.example"})
    assert "500 people at most. Nothing was added." in answer.content.decode()
    # The database keeps it too, whoever writes.
    for row in (
        PersonList(owner=alice.owner, place=MOST_LISTS + 1, name="x"),
        ListMember(list=kept, place=MOST_MEMBERS + 1, network="mastodon", handle="y@a.example"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save()


def test_charlie_gets_nothing_of_somebody_elses_list(
    team: PersonList, charlie_client: Client, client: Client
) -> None:
    put(team, known("Maria Berg"))
    member = team.members.get()
    for path in ("", "add/", "delete/", "list.csv"):
        assert charlie_client.get(f"/lists/{team.pk}/{path}").status_code == 404
        assert client.get(f"/lists/{team.pk}/{path}").status_code == 302
    for path in ("add/", "delete/", "rename/", "remove/", "look-up/"):
        answer = charlie_client.post(
            f"/lists/{team.pk}/{path}",
            {"name": "Mine", "member": member.pk, "handles": "@a@b.example"},
        )
        assert answer.status_code == 404
    team.refresh_from_db()
    assert team.name == "Team"
    assert team.members.count() == 1
    assert "Team" not in charlie_client.get("/lists/").content.decode()
    assert charlie_client.get(f"/lists/{10**30}/").status_code == 404


def test_columns_sort_and_who_has_no_value_comes_last(
    team: PersonList, alice_client: Client, django_assert_max_num_queries: MaxQueries
) -> None:
    low, high, silent = known("Anna", 20.0), known("Bo", 60.0), known("Cleo", 1.0)
    score(low, TODAY - timedelta(days=7), 10.0)
    score(high, TODAY - timedelta(days=7), 65.0)
    put(team, silent, low, high)
    Person.objects.filter(pk=silent.pk).update(visibility="private")
    # A session's first request notes the device.
    alice_client.get("/lists/")
    with django_assert_max_num_queries(8):
        assert names(alice_client, team, sort="score") == ["Bo", "Anna"]
    assert names(alice_client, team, sort="score", dir="asc") == ["Anna", "Bo"]
    assert names(alice_client, team, sort="change7") == ["Anna", "Bo"]
    assert names(alice_client, team, sort="name", dir="desc") == ["Bo", "Anna"]
    assert names(alice_client, team, sort="nonsense", page="99") == ["Anna", "Bo"]
    text = alice_client.get(f"/lists/{team.pk}/", {"sort": "score"}).content.decode()
    assert 'aria-sort="descending"' in text
    assert "+10.0" in text


@pytest.mark.parametrize("how", ["private", "unlisted", "hidden", "expired", "opted out"])
def test_who_may_not_be_shown_any_more_is_there_without_name_and_score(
    how: str, team: PersonList, alice_client: Client
) -> None:
    person = known("Maria Berg", 77.7, handle="maria@social.example")
    put(team, person)
    assert "Maria Berg" in alice_client.get(f"/lists/{team.pk}/").content.decode()
    rows = Person.objects.filter(pk=person.pk)
    if how == "hidden":
        rows.update(hidden_until=timezone.now() + timedelta(days=1))
    elif how == "expired":
        rows.update(expires_at=timezone.now() - timedelta(days=1))
    elif how == "opted out":
        opt_out.opt_out("mastodon", ["maria@social.example"], proven=True)
    else:
        rows.update(visibility=how)
    for path in ("", "?sort=score", "list.csv"):
        text = alice_client.get(f"/lists/{team.pk}/{path}").content.decode()
        assert "Not shown any more" in text
        for told in ("Maria", "maria@", "77", "78", person.slug):
            assert told not in text.partition("<tbody>")[2].partition("</tbody>")[0] + (
                text if path == "list.csv" else ""
            )


def test_erasing_a_person_takes_them_off_all_lists_by_number_and_by_name(
    team: PersonList, alice_client: Client
) -> None:
    person = known("Maria Berg", handle="maria@social.example")
    put(team, person)
    add_members(team, [NewMember(None, "mastodon", "maria@social.example")])
    erasure.erase(person)
    assert not team.members.exists()
    assert alice_client.get(f"/lists/{team.pk}/").status_code == 200


def test_people_are_added_by_search_and_only_who_may_be_found(
    team: PersonList, bob: Person, alice_client: Client
) -> None:
    person = known("Maria Berg")
    address = f"/lists/{team.pk}/add/"
    text = alice_client.get(address, {"q": "mari"}).content.decode()
    assert f'name="slug" value="{person.slug}"' in text
    alice_client.post(address, {"slug": person.slug})
    for slug in (bob.slug, "nobody-at-all", "x" * 10_000, "<b>"):
        answer = alice_client.post(address, {"slug": slug}, follow=True)
        assert "This person cannot be added." in answer.content.decode()
    assert [row.person_id for row in team.members.all()] == [person.pk]
    alice_client.post(f"/lists/{team.pk}/remove/", {"member": team.members.get().pk})
    alice_client.post(f"/lists/{team.pk}/remove/", {"member": "x"})
    assert not team.members.exists()


def test_a_file_is_previewed_then_taken_and_unknown_handles_are_looked_up_within_the_limits(
    team: PersonList,
    bob: Person,
    alice_client: Client,
    settings: Settings,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    settings.LOOKUPS_PER_HOUR = 1  # Ten for who is signed in.
    person = known("Maria Berg", handle="maria@social.example")
    # A private person's handle goes the way of every other.
    Account.objects.create(
        person=bob,
        network="mastodon",
        native_id="bob",
        handle="bob@social.example",
        status="linked",
    )
    others = [f"@u{n}@server{n}.example" for n in range(11)]
    data = "handle;name\n@Maria@social.example;M\n@bob@social.example;B\n" + "\n".join(others)
    text = upload(alice_client, team, data.encode("utf-16")).content.decode()
    assert "1 is here already." in text
    assert "12 are looked up at their networks" in text
    assert not team.members.exists()
    handles = text.partition("<textarea")[2].partition(">")[2].partition("</textarea>")[0]
    with django_capture_on_commit_callbacks() as callbacks:
        answer = alice_client.post(f"/lists/{team.pk}/add/", {"handles": handles}, follow=True)
    text = answer.content.decode()
    assert "13 are new on the list." in text
    assert "10 handles are being looked up." in text
    assert "2 wait" in text
    assert len(callbacks) == Lookup.objects.count() == 10
    assert team.members.get(place=1).person_id == person.pk
    # One is found, and one cannot be shown: as everywhere, nothing says why.
    first = Lookup.objects.get(handle="u0@server0.example")
    found = known("Newcomer", handle="u0@server0.example")
    Lookup.objects.filter(pk=first.pk).update(state="done", person=found)
    Lookup.objects.filter(handle="bob@social.example").update(state="unavailable")
    text = alice_client.get(f"/lists/{team.pk}/").content.decode()
    assert "Newcomer" in text
    # HTML has its own apostrophe.
    assert "show this account" in text
    assert "Bob" not in text
    assert team.members.filter(person=found).exists()
    assert 'name="told" value="2-8"' in text
    # The page's script asks: nothing new is an empty answer, and no try is counted.
    path, script = f"/lists/{team.pk}/look-up/", {"HX-Request": "true"}
    assert alice_client.post(path, {"told": "2-8"}, headers=script).status_code == 204
    # Places have become free, but the hour's number is used up: what changed is shown.
    text = alice_client.post(path, {"told": "2-10"}, headers=script).content.decode()
    assert "8 are being looked up." in text
    assert Lookup.objects.count() == 10
    settings.LOOKUPS_PER_HOUR = 100
    with django_capture_on_commit_callbacks():
        text = alice_client.post(path, {"told": "2-10"}, headers=script).content.decode()
    assert 'name="told" value="0-10"' in text
    assert Lookup.objects.count() == 12
    assert (
        "handles are being looked up" not in alice_client.get(f"/lists/{team.pk}/").content.decode()
    )
    for nonsense in ("", "x", "²-1", "1-", "9" * 40):
        assert alice_client.post(path, {"told": nonsense}, headers=script).status_code == 200
    Lookup.objects.filter(state="queued").update(state="unavailable")
    assert "hx-post" not in alice_client.get(f"/lists/{team.pk}/").content.decode()


def test_one_bad_line_among_ten_thousand_stops_the_file_and_is_named(
    team: PersonList, alice_client: Client
) -> None:
    lines = [f"@u{n}@a.example" for n in range(10_000)]
    lines[7_777] = "no handle at all"
    text = upload(alice_client, team, "\n".join(lines).encode()).content.decode()
    assert "One line is not clear, so nothing was added" in text
    assert "Line 7,778" in text
    text = upload(alice_client, team, "\n".join(["x y z"] * 10_000).encode()).content.decode()
    assert "10,000 lines are not clear" in text
    assert len(text) < 60_000
    del lines[7_777]
    assert (
        "a list holds 500" in upload(alice_client, team, "\n".join(lines).encode()).content.decode()
    )
    for data, words in (
        (b"", "no handle in the file"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "no CSV file"),
    ):
        assert words in upload(alice_client, team, data).content.decode()
    assert not team.members.exists()


def test_the_file_that_is_downloaded_has_no_formulas_and_can_be_read_again(
    team: PersonList, alice_client: Client
) -> None:
    put(team, known("=1+1", 44.0, handle="maria@social.example"))
    add_members(team, [NewMember(None, "mastodon", "new@social.example")])
    data = alice_client.get(f"/lists/{team.pk}/list.csv").content
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert rows[0][:4] == ["name", "network", "handle", "score"]
    assert rows[1][:4] == ["'=1+1", "Mastodon", "maria@social.example", "44"]
    assert rows[2][2] == "new@social.example"


def test_a_full_list_is_told_in_pages(team: PersonList, alice_client: Client) -> None:
    handles = [NewMember(None, "mastodon", f"u{n}@a.example") for n in range(120)]
    add_members(team, handles)
    answer = alice_client.get(f"/lists/{team.pk}/", {"page": "3"})
    text = answer.content.decode()
    assert len(answer.content) < 60_000
    assert "u119@a.example" in text
    assert "u99@a.example" not in text

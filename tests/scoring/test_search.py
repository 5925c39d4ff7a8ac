"""Search as one types: whom it finds, in which order, and whom it never finds."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from connectors.models import Account
from connectors.partitions import ensure_days
from people import erasure, opt_out
from people.models import Person
from scoring import search
from scoring.models import Score, SearchEntry, SearchWord
from tests.conftest import TODAY
from tests.scoring import world

pytestmark = pytest.mark.django_db


def score(person: Person, day: date, value: float) -> None:
    """Give the person a score of a day."""
    ensure_days(["scoring_score"], [day])
    Score.objects.create(
        person_id=person.pk,
        day=day,
        model_version="test",
        value=value,
        low=value,
        high=value,
        provisional=False,
        mass=1.0,
        shown=True,
    )


def known(name: str, value: float = 40.0, *, handle: str = "", network: str = "mastodon") -> Person:
    """Return a public person with an account and a score."""
    person = world.person("Somebody")
    Person.objects.filter(pk=person.pk).update(name=name)
    account = world.account(person, synced=TODAY, network=network)
    Account.objects.filter(pk=account.pk).update(handle=handle or account.handle, name=name[:200])
    score(person, TODAY, value)
    search.renew(person.pk)
    return person


def names(text: str, limit: int = 10) -> list[str]:
    """Return the names found, in order."""
    return [row.name for row in search.search(text, limit)]


@pytest.fixture
def town(db: None) -> dict[str, Person]:
    """Return some people by name."""
    people = (
        ("Maria Hansen", 40.0, "mhansen@social.example"),
        ("Maria Berg", 70.0, "berg@social.example"),
        ("Mariann Vik", 90.0, "vik99@social.example"),
        ("Ørjan Åsgård", 55.0, "orjan@social.example"),
        ("José Núñez-Straße", 30.0, "jose@social.example"),
        ("李明", 20.0, "liming@social.example"),
        ("مريم العربية", 25.0, "layla@social.example"),
    )
    return {name: known(name, value, handle=handle) for name, value, handle in people}


FOUND: tuple[tuple[str, list[str]], ...] = (
    # Whole words before longer ones, then the better scored.
    ("maria", ["Maria Berg", "Maria Hansen", "Mariann Vik"]),
    ("ma", ["Mariann Vik", "Maria Berg", "Maria Hansen"]),
    ("MAR", ["Mariann Vik", "Maria Berg", "Maria Hansen"]),
    ("maria h", ["Maria Hansen"]),
    ("hansen, Maria", ["Maria Hansen"]),
    ("h maria", ["Maria Hansen"]),
    ("@vik99", ["Mariann Vik"]),
    ("@mhansen@social.example", ["Maria Hansen"]),
    ("orjan", ["Ørjan Åsgård"]),
    ("Asgard", ["Ørjan Åsgård"]),
    ("nunez strasse", ["José Núñez-Straße"]),
    ("李明", ["李明"]),
    ("مريم", ["مريم العربية"]),
)
MISSPELLED = (
    ("hanse", "Maria Hansen"),
    ("hanssen", "Maria Hansen"),
    ("hasnen", "Maria Hansen"),
    ("maria hanzen", "Maria Hansen"),
    ("maira berg", "Maria Berg"),
    ("orjna", "Ørjan Åsgård"),
    ("strase", "José Núñez-Straße"),
)
NO_NAME = (
    "",
    "m",
    "%",
    "%%%",
    "__",
    "\\",
    "\0",
    "a\0",
    "' OR 1=1 --",
    "\ud800",
    "🎉",
    "  @ ",
    "x" * 10_000,
)


def test_people_are_found_by_any_word_of_name_or_handle(town: dict[str, Person]) -> None:
    for typed, found in FOUND:
        assert names(typed) == found, typed


def test_typos_are_forgiven(town: dict[str, Person]) -> None:
    for typed, found in MISSPELLED:
        assert found in names(typed), typed


def test_what_is_no_name_finds_nobody(town: dict[str, Person]) -> None:
    for typed in NO_NAME:
        assert names(typed) == [], typed


def hide(person: Person, how: str) -> None:
    """Make the person one who may not be listed."""
    rows = Person.objects.filter(pk=person.pk)
    if how in {"private", "unlisted"}:
        rows.update(visibility=how)
    elif how == "hidden":
        rows.update(hidden_until=timezone.now() + timedelta(days=1))
    elif how == "expired":
        rows.update(expires_at=timezone.now() - timedelta(days=1))
    elif how == "opted out":
        account = Account.objects.get(person=person)
        opt_out.opt_out(account.network, [account.native_id], proven=True)
    else:
        erasure.erase(person)


@pytest.mark.parametrize("how", ["private", "unlisted", "hidden", "expired", "opted out", "erased"])
def test_who_may_not_be_listed_is_found_by_no_word_and_changes_no_order(
    how: str, town: dict[str, Person]
) -> None:
    hide(town["Maria Berg"], how)
    assert names("maria") == ["Maria Hansen", "Mariann Vik"]
    assert names("berg") == []
    assert "Maria Berg" not in names("bregg")
    if how in {"private", "unlisted", "erased"}:
        # Not even in the table: neither time nor number of rows tells of them.
        assert not SearchEntry.objects.filter(entry__contains="berg").exists()


def test_a_name_that_changes_is_found_at_once_and_the_old_one_no_more(
    town: dict[str, Person],
) -> None:
    person = town["Maria Berg"]
    Person.objects.filter(pk=person.pk).update(name="Kari Fjell")
    assert names("kari") == ["Kari Fjell"]
    # The account still has the old name; once it is renamed or unlinked nothing finds it.
    Account.objects.filter(person=person).update(status="unlinked")
    assert names("berg") == []
    Person.objects.filter(pk=person.pk).update(visibility="private")
    assert names("kari") == []
    Account.objects.filter(person=person).update(status="linked", handle="kf@social.example")
    Person.objects.filter(pk=person.pk).update(visibility="public")
    assert names("kari") == ["Kari Fjell"]
    assert [(row.handle, row.network) for row in search.search("kf")] == [
        ("kf@social.example", "mastodon")
    ]


def test_an_account_that_changes_hands_takes_its_names_along(town: dict[str, Person]) -> None:
    Account.objects.filter(person=town["Mariann Vik"]).update(person=town["Maria Berg"])
    assert names("vik99") == ["Maria Berg"]


def test_the_order_follows_the_newest_scores(town: dict[str, Person]) -> None:
    later = TODAY + timedelta(days=1)
    for name, value in (("Maria Berg", 10.0), ("Maria Hansen", 80.0)):
        score(town[name], later, value)
    search.renew_all(later)
    assert names("maria")[:2] == ["Maria Hansen", "Maria Berg"]


def test_people_without_a_score_are_not_found(town: dict[str, Person]) -> None:
    Score.objects.filter(person_id=town["Maria Berg"].pk).delete()
    assert "Maria Berg" not in names("maria")


def test_erasing_takes_the_words_that_were_theirs_alone(town: dict[str, Person]) -> None:
    words = set(SearchWord.objects.values_list("word", flat=True))
    assert {"maria", "berg", "hansen"} <= words
    erasure.erase(town["Maria Berg"])
    left = set(SearchWord.objects.values_list("word", flat=True))
    assert "berg" not in left
    assert {"maria", "hansen"} <= left


def test_a_word_that_nobody_has_any_more_is_forgotten_with_the_next_day(
    town: dict[str, Person],
) -> None:
    Person.objects.filter(pk=town["李明"].pk).update(visibility="private")
    search.renew_all(TODAY)
    assert not SearchWord.objects.filter(word="liming").exists()


def test_a_bluesky_name_is_known_by_its_first_part(db: None) -> None:
    known("Jay", handle="jaybird.bsky.social", network="bluesky")
    assert names("jaybird") == ["Jay"]
    assert names("@jaybird.bsky.social") == ["Jay"]
    assert names("bsky") == []


def test_many_accounts_and_long_names_stay_within_bounds(db: None) -> None:
    person = known("word " * 39 + "end", handle="a" * 255)
    for _ in range(12):
        world.account(person, synced=TODAY)
    entries = SearchEntry.objects.filter(person=person)
    assert 0 < entries.count() <= 40
    assert max(len(entry.entry) for entry in entries) <= 241
    assert names("word")


def test_the_indexes_serve_the_queries(town: dict[str, Person]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        for query, index in (
            ("entry LIKE 'mari%'", "search_entry_begins"),
            ("left(entry, 3) = 'mar' ORDER BY points DESC", "search_entry_three"),
            ("left(entry, 2) = 'ma' ORDER BY points DESC", "search_entry_two"),
        ):
            cursor.execute(
                f"EXPLAIN SELECT person_id FROM scoring_searchentry WHERE {query} LIMIT 5"  # noqa: S608
            )
            assert index in str(cursor.fetchall()), query

"""Comparisons: numbers with bands, the shareable address, and nothing of who may not be shown."""

import csv
import io
import json
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import DjangoAssertNumQueries as MaxQueries

from dashboard.charts import Point
from dashboard.compare.drawing import drawing, figure
from dashboard.csv_cells import cell
from people import opt_out
from people.models import Person
from tests.conftest import TODAY, signed_in
from tests.dashboard.scored import at_noon, scored
from tests.scoring import world

pytestmark = pytest.mark.django_db


def page(client: Client, *slugs: str, **more: str) -> str:
    """Return the comparison of people at noon of the tests' day."""
    with at_noon():
        answer = client.get("/compare/", {"p": slugs, **more})
    assert answer.status_code == 200
    assert len(answer.content) < 60_000
    return answer.content.decode()


def without_tokens(text: str) -> str:
    """Return a page without what differs from request to request and from address to address."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", text)
    return re.sub(r'name="next" value="[^"]+"', "", text)


@pytest.fixture
def two(db: None) -> tuple[Person, Person]:
    """Return a person and a brand with scores."""
    people = world.person("Ada"), world.person("Bakery")
    for person in people:
        scored(person)
    Person.objects.filter(pk=people[1].pk).update(kind="brand")
    return people


def test_two_are_compared_in_one_chart_with_its_table(
    two: tuple[Person, Person], alice: Person, django_assert_max_num_queries: MaxQueries
) -> None:
    first, second = two
    client = signed_in(alice)
    # A session's first request notes the device.
    with at_noon():
        client.get("/lists/")
    with django_assert_max_num_queries(8):
        text = page(client, first.slug, second.slug)
    assert text.index("Ada</bdi>") < text.index("Bakery</bdi>")
    assert len(re.findall(r'class="nowrap">\d+–\d+<', text)) == 2
    assert text.count('<path class="series-2"') >= 2
    assert text.count('<tr><th scope="row">') >= 90
    # Shared ranges, and each may be taken out: the address says it all.
    both = f"?p={first.slug}&amp;p={second.slug}&amp;range=365"
    assert both in text
    assert f'href="/compare/?p={second.slug}&amp;range=90"' in text
    year = page(client, first.slug, second.slug, range="365")
    assert "One day a week" in year
    assert page(client, first.slug, range="nonsense").count('aria-current="true"') == 1


def test_with_me_leads_to_an_address_that_names_the_reader(
    two: tuple[Person, Person], bob: Person, client: Client
) -> None:
    first, second = two
    reader = signed_in(bob)
    profile = reader.get(f"/p/{first.slug}/").content.decode()
    assert f'href="/compare/?p={first.slug}&amp;with=me"' in profile
    answer = reader.get("/compare/", {"p": [first.slug, bob.slug], "with": "me"})
    assert answer["Location"] == f"/compare/?p={bob.slug}&p={first.slug}&range=90"
    text = page(reader, first.slug, second.slug)
    me = f"/compare/?p={bob.slug}&amp;p={first.slug}&amp;p={second.slug}&amp;range=90"
    assert f'href="{me}">Add me' in text
    assert "Add me" not in page(reader, first.slug, bob.slug)
    # A stranger has nobody to be added, and is not asked to sign in.
    assert "Compare with me" not in client.get(f"/p/{first.slug}/").content.decode()
    assert "Add me" not in page(client, first.slug, **{"with": "me"})


def test_who_may_not_be_shown_is_one_sentence_whatever_the_reason(
    two: tuple[Person, Person], bob: Person, charlie_client: Client
) -> None:
    first, second = two
    scored(bob)
    hidden = world.person("Hidden")
    gone = world.person("Olga")
    account = scored(gone)
    scored(hidden)
    Person.objects.filter(pk=hidden.pk).update(hidden_until=timezone.now() + timedelta(days=9_000))
    opt_out.opt_out(account.network, [account.native_id], proven=True)
    texts = {
        without_tokens(page(charlie_client, first.slug, slug))
        for slug in ("nobody-at-all", bob.slug, hidden.slug, gone.slug)
    }
    assert len(texts) == 1
    text = texts.pop()
    assert "Not everybody of this address can be shown here." in text
    for name in ("Bob", "Hidden", "Olga"):
        assert name not in text
    # The owner may compare; nobody else.
    assert "Bob</bdi>" in page(signed_in(bob), bob.slug, first.slug)
    assert second.slug not in text


def test_somebody_is_added_by_search_and_five_are_the_most(
    two: tuple[Person, Person], client: Client
) -> None:
    first, second = two
    text = page(client, first.slug, q="baker")
    assert f'href="/compare/?p={first.slug}&amp;p={second.slug}&amp;range=90"' in text
    assert "Nobody else who can be found" in page(client, first.slug, q="nobodyatall")
    others = [world.person(f"Extra{n}") for n in range(5)]
    text = page(client, first.slug, *(person.slug for person in others))
    assert "Extra3" in text
    assert "Extra4" not in text
    assert 'id="add"' not in text
    assert "no score in this range" in text


def test_the_file_has_every_day_and_no_formula(
    two: tuple[Person, Person], client: Client, bob: Person
) -> None:
    first, second = two
    scored(bob)
    Person.objects.filter(pk=first.pk).update(name='=HYPERLINK("http://x.example")')
    with at_noon():
        answer = client.get("/compare/scores.csv", {"p": [first.slug, bob.slug, second.slug]})
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == 91
    assert rows[0][0] == "day"
    assert rows[0][1].startswith("'=")
    assert len(rows[0]) == 7
    assert rows[-1][0] == (TODAY - timedelta(days=1)).isoformat()
    assert 1 <= float(rows[-1][1]) <= 100


def every_day(days: int, number: int) -> list[Point]:
    """Return a history without a gap."""
    first = TODAY - timedelta(days=days)
    return [
        Point(first + timedelta(days=n), 40.123 + number + n % 7, 35.456 + number, 52.789 + number)
        for n in range(days)
    ]


def test_each_line_has_its_band_where_a_day_has_one() -> None:
    points = [*every_day(10, 0), Point(TODAY, None), Point(TODAY + timedelta(days=1), 44.0)]
    drawn = drawing([points, points[10:]])
    assert drawn
    whole, bare = drawn.lines
    # One closed shape of twenty corners; a day alone, or without a band, has none.
    assert whole.band.count("M") == whole.band.count("Z") == 1
    assert whole.band.count("L") == 19
    assert bare.band == ""
    # The axis holds the bands too.
    assert drawn.low <= 35.456
    assert drawn.high >= 52.789
    shade, _, line, _ = figure(["Ada", "Eva"], [points, points[10:]])["data"]
    assert (shade["meta"]["colour"], shade["fill"]) == ("--series-1", "toself")
    assert len(shade["y"]) == 20
    assert (min(shade["y"]), max(shade["y"])) == (35.46, 52.79)
    assert line["y"][0] == 40.1


def test_five_people_for_a_year_stay_a_light_page() -> None:
    histories = [every_day(365, number) for number in range(5)]
    drawn = drawing(histories)
    assert drawn
    # Beside some 15 kB of table and frame; the limit of a page is 60.
    assert len(json.dumps(figure(["A" * 40] * 5, histories))) < 25_000
    assert sum(len(line.path) + len(line.band) for line in drawn.lines) < 15_000


@pytest.mark.parametrize("value", ["=1+1", "+1", "-1", "@x", "\t=1", "  =1"])
def test_cells_that_a_spreadsheet_would_compute_stay_text(value: str) -> None:
    assert cell(value) == f"'{value}"


def test_other_cells_are_as_they_are() -> None:
    assert [cell(value) for value in (None, 1, -2.5, "Ada = Eva")] == ["", "1", "-2.5", "Ada = Eva"]


def test_any_query_is_answered(client: Client) -> None:
    for query in (
        {},
        {"p": "x" * 10_000},
        {"p": "<script>alert(1)</script>", "q": "<script>alert(1)</script>"},
        {"p": "%_\\", "q": "a\0b", "range": "'"},
        {"p": "", "q": "👩‍🚀مريم"},
    ):
        answer = client.get("/compare/", query)
        assert answer.status_code == 200
        assert "<script>alert" not in answer.content.decode()


def test_a_drawing_shares_one_scale_and_leaves_gaps_open() -> None:
    days = [TODAY - timedelta(days=back) for back in (3, 2, 1)]
    low = [Point(day, value) for day, value in zip(days, (10.0, None, 12.0), strict=True)]
    high = [Point(day, 80.0) for day in days]
    found = drawing([low, high])
    assert found is not None
    assert (found.low, found.high) == (10.0, 80.0)
    assert found.lines[0].dots == ((0.0, 100.0), (100.0, 97.1))
    assert found.lines[1].path == "M0 0L50 0L100 0"
    assert drawing([[Point(days[0], None)]]) is None
    drawn = figure(["<b>A</b>", "B"], [low, high])
    lines = [trace for trace in drawn["data"] if trace.get("name")]
    assert [line["name"] for line in lines] == ["‹b›A‹/b›", "B"]
    assert len({line["line"]["dash"] for line in lines}) == 2

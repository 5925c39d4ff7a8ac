"""My score in full: comparison, notes and events, files, and addresses that make no sense."""

import csv
import io
import json
import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from connectors.partitions import ensure_partitions
from people import consent, goals, notes, opt_out
from people.models import Note, Person
from scoring.models import Score
from tests.conftest import TODAY
from tests.dashboard.scored import TEXT, at_noon, come_back
from tests.scoring import world

pytestmark = pytest.mark.django_db
MOST_QUERIES, HEAVIEST_BYTES = 8, 60_000
NOBODY = "There is nobody of that name here whose score you can see."
SCRIPT = "<script>alert('x')</script>"


@pytest.fixture
def alice(scored_alice: Person) -> Person:
    """Alice has a score in all tests of this module."""
    return scored_alice


def page(client: Client, address: str) -> str:
    with at_noon():
        answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def body(client: Client, address: str) -> str:
    with at_noon():
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert answer.streaming
        return b"".join(answer).decode()


def figure(text: str) -> dict[str, Any]:
    found = re.search(r'id="history" type="application/json">(.*?)</script>', text, re.S)
    assert found is not None
    drawn: dict[str, Any] = json.loads(found[1])
    return drawn


def with_scores(person: Person, values: dict[date, float]) -> None:
    """Give somebody scores without a history behind them."""
    ensure_partitions("scoring_score", min(values), max(values))
    Score.objects.bulk_create(
        Score(
            day=day,
            person_id=person.pk,
            model_version="2026.11",
            value=value,
            low=value - 0.5,
            high=value + 0.5,
            provisional=False,
            mass=1.0,
            shown=True,
        )
        for day, value in values.items()
    )


def month(value: float) -> dict[date, float]:
    return {TODAY - timedelta(days=n): value for n in range(30)}


def test_the_period_before_lies_in_the_same_chart_with_both_values_and_days(
    alice: Person, alice_client: Client
) -> None:
    text = page(alice_client, "/score/?range=7&compare=previous")
    lines = figure(text)["data"]
    assert lines[1]["x"][0] == "2026-02-23"
    assert lines[2]["customdata"][0] == "2026-02-16"
    words = re.search(r"against the days before: ([\d.]+) on 22 February 2026, ([\d.]+) on", text)
    assert words is not None
    assert 'class="against" d="M' in text
    assert "<bdi>The days before</bdi>" in text
    # The arrows and ranges keep the comparison.
    assert 'href="?range=7&amp;to=2026-02-22&amp;compare=previous#trend"' in text
    assert 'href="?range=30&amp;compare=previous#trend"' in text
    assert "There is no score in the days before these." in page(
        alice_client, "/score/?range=all&compare=previous"
    )


def test_another_person_is_compared_only_where_everybody_may_see_them(
    alice: Person, bob: Person, charlie: Person, alice_client: Client
) -> None:
    """Private, unlisted, hidden, opted out or nobody: the same sentence, and not one number."""
    with_scores(bob, month(77.7))
    unclaimed = world.person("Una")
    with_scores(unclaimed, month(66.6))
    account = world.account(unclaimed, synced=TODAY)
    brand = Person.objects.create(owner=alice.owner, slug="brand", name="Brand", kind="brand")
    with_scores(brand, month(55.5))
    for visibility in ("private", "unlisted"):
        Person.objects.filter(pk=bob.pk).update(visibility=visibility)
        refused = page(alice_client, "/score/?with=bob")
        assert NOBODY in refused
        assert "77.7" not in refused
    token = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
    nobody = page(alice_client, "/score/?with=nobody-at-all").replace("nobody-at-all", "bob")
    assert token.sub("", nobody) == token.sub("", refused)
    Person.objects.filter(pk=bob.pk).update(visibility="public")
    text = page(alice_client, "/score/?with=@BOB&range=30")
    assert figure(text)["data"][2]["y"][-1] == 77.7
    assert re.search(r"against Bob on 1 March 2026: [\d.]+ to 77.7", text)
    assert "66.6" in page(alice_client, f"/score/?with={account.handle}")
    assert "55.5" in page(alice_client, "/score/?with=brand")
    opt_out.opt_out(account.network, [account.native_id], proven=True)
    assert NOBODY in page(alice_client, f"/score/?with={account.handle}")
    Person.objects.filter(pk=bob.pk).update(hidden_until=world.at(TODAY + timedelta(days=2)))
    assert NOBODY in page(alice_client, "/score/?with=bob")
    for strange in ("%00", "a" * 4000, "%F0%9F%90%98", "'; --", "@"):
        assert NOBODY in page(alice_client, f"/score/?with={strange}")


def test_the_page_keeps_to_its_queries_and_bytes_whatever_it_shows(
    alice: Person,
    bob: Person,
    alice_client: Client,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    unclaimed = world.person("Una")
    account = world.account(unclaimed, synced=TODAY)
    # Two years, so that all of it is told by the week.
    with_scores(unclaimed, {TODAY - timedelta(days=n): 50.0 for n in range(92, 730)})
    with_scores(
        alice, {TODAY - timedelta(days=n): 40.0 + n % 7 for n in range(92, 730) if n % 50 > 2}
    )
    goals.set_goal(alice, target=90, until=TODAY + timedelta(days=40), start_value=30.0)
    for n in range(60):
        notes.add_note(alice, TODAY - timedelta(days=n), f"{n} {'😀' * 60}")
    come_back(alice_client)
    for query in (
        "",
        "?range=7&compare=previous",
        f"?range=365&with={account.handle}",
        "?range=all",
        "?range=all&show=networks",
        "?range=custom&from=2025-01-01&to=2025-12-31",
    ):
        with at_noon(), django_assert_max_num_queries(MOST_QUERIES):
            answer = alice_client.get(f"/score/{query}")
        assert answer.status_code == 200, query
        assert len(answer.content) <= HEAVIEST_BYTES, query
    text = page(alice_client, "/score/?range=365")
    assert "Each point is the last score of a week." in text
    assert len(figure(text)["data"][1]["x"]) <= 54


def test_notes_networks_and_moments_are_marks_on_the_line(
    alice: Person, alice_client: Client
) -> None:
    note = notes.add_note(alice, TODAY - timedelta(days=3), SCRIPT)
    with at_noon():
        consent.record("link:mastodon", given=True, person=alice)
    text = page(alice_client, "/score/?range=30")
    assert SCRIPT not in text
    assert "<script>alert" not in text
    assert f'href="/score/notes/{note.pk}/"' in text
    marks = figure(text)["data"][-1]
    symbols = dict(zip(marks["text"], marks["marker"]["symbol"], strict=True))
    assert symbols["&lt;script&gt;alert('x')&lt;/script&gt;"] == "square"
    assert symbols["Mastodon was linked"] == "circle"
    assert "star" in symbols.values()
    # What is not of these days is not on their line.
    assert "star" not in str(figure(page(alice_client, "/score/?range=7&to=2026-01-20"))["data"])


def test_the_networks_are_stacked_on_a_toggle_with_their_table(
    alice: Person, alice_client: Client
) -> None:
    text = page(alice_client, "/score/?range=30&show=networks")
    assert 'data-chart="shares-by-day"' in text
    assert 'data-chart="history"' not in text
    assert text.count('<td class="number">100\xa0%</td>') >= 30
    assert 'href="?range=7&amp;show=networks#trend"' in text


def test_the_parts_lead_to_their_posts(alice: Person, alice_client: Client) -> None:
    table = page(alice_client, "/score/?range=30").split('id="why"')[1].split("</table>")[0]
    link = re.search(r'href="(/score/moments/\?network=mastodon&amp;from=[^"]*)"', table)
    assert link is not None
    address = link[1].replace("&amp;", "&")
    assert "from=2026-01-31&to=2026-03-01" in address
    assert "1 post that moved people" in page(alice_client, address)
    assert "1 post that moved people" in page(alice_client, f"{address}&kind=like")
    assert "No post fits" in page(alice_client, f"{address}&kind=quote")


def test_the_files_add_up_and_hold_what_the_page_shows(alice: Person, alice_client: Client) -> None:
    notes.add_note(alice, TODAY, '=HYPERLINK("http://example.org")')
    found = json.loads(body(alice_client, "/score/score.json?range=30"))
    points = [part["points"] for part in found["parts"]]
    assert sum(points) == pytest.approx(found["change"]["points"], abs=1e-9)
    days = {day["day"]: day["score"] for day in found["days"]}
    assert days[found["change"]["to"]] - days[found["change"]["from"]] == pytest.approx(sum(points))
    assert len(days) == 30
    assert TEXT not in json.dumps(found)

    table = list(csv.DictReader(io.StringIO(body(alice_client, "/score/score.csv?range=30")[1:])))
    assert {row["day"]: float(row["score"]) for row in table} == days
    assert table[-1]["notes"] == '\'=HYPERLINK("http://example.org")'

    parts = list(csv.DictReader(io.StringIO(body(alice_client, "/score/parts.csv?range=30")[1:])))
    assert parts[-1]["kind"] == "together"
    assert sum(float(row["points"]) for row in parts[:-1]) == pytest.approx(
        float(parts[-1]["points"]), abs=1e-9
    )
    # A long range is read by the week and adds up all the same.
    long = json.loads(body(alice_client, "/score/score.json?range=365"))
    assert sum(part["points"] for part in long["parts"]) == pytest.approx(long["change"]["points"])


def test_charlie_gets_nothing_of_alice(
    alice: Person, client: Client, charlie: Person, charlie_client: Client
) -> None:
    note = notes.add_note(alice, TODAY, "A talk in Oslo")
    goal = goals.set_goal(alice, target=90, until=TODAY + timedelta(days=9), start_value=None)
    with at_noon():
        for path in (
            "score.csv",
            "score.json",
            "parts.csv",
            f"notes/{note.pk}/",
            "notes/99999999999999999999/",
        ):
            assert charlie_client.get(f"/score/{path}").status_code == 404, path
            assert client.get(f"/score/{path}").status_code == 302, path
        for path in (f"notes/{note.pk}/", f"notes/{note.pk}/delete/", f"goal/{goal.pk}/delete/"):
            given = {"day": "2026-02-01", "text": "Mine now"}
            assert charlie_client.post(f"/score/{path}", given).status_code == 404, path
    text = page(charlie_client, "/score/?with=alice")
    assert "Oslo" not in text
    assert "most likely" not in text
    assert Note.objects.get().text == "A talk in Oslo"
    assert goals.open_goal(alice) == goal


def test_notes_are_added_changed_and_deleted(alice: Person, alice_client: Client) -> None:
    given = {"day": "2026-02-20", "text": "  A talk\n in  Oslo ", "back": "range=30&next=//evil"}
    with at_noon():
        added = alice_client.post("/score/notes/", given)
        assert added.headers["Location"] == "/score/?range=30#notes"
        alice_client.post("/score/notes/", given)
        note = Note.objects.get()
        assert note.text == "A talk in Oslo"
        assert "A talk in Oslo" in page(alice_client, f"/score/notes/{note.pk}/")
        for wrong in (
            {"day": "9999-01-01", "text": "x"},
            {"day": "0001-01-01", "text": "x"},
            {"day": "soon", "text": "x"},
            {"day": "2026-02-20", "text": "x" * 201},
            {"day": "2026-02-20", "text": " \n "},
            {},
        ):
            alice_client.post("/score/notes/", wrong)
            again = alice_client.post(f"/score/notes/{note.pk}/", wrong)
            assert again.status_code == 200
            assert 'role="alert"' in again.content.decode()
        assert Note.objects.get().text == "A talk in Oslo"
        alice_client.post(f"/score/notes/{note.pk}/", {"day": "2026-02-21", "text": "Bergen"})
        assert "Bergen" in page(alice_client, "/score/")
        alice_client.post(f"/score/notes/{note.pk}/delete/")
        assert "Bergen" not in page(alice_client, "/score/")


def test_a_single_day_and_strange_days_give_a_page_that_is_right(
    bob: Person, bob_client: Client
) -> None:
    with_scores(bob, {TODAY: 12.3})
    text = page(bob_client, "/score/")
    assert "12.3 on 1 March 2026, the only day with a score." in text
    for query in (
        "range=custom&from=9999-12-31&to=0001-01-01",
        "range=custom&from=words&to=2026-13-45",
        "range=30&to=0001-01-01",
        "range=-5",
        "range=all&compare=previous&show=networks",
        "range=365&compare=previous",
        f"range={'9' * 3000}&from=%00",
    ):
        found = page(bob_client, f"/score/?{query}")
        assert "12" in found
        assert found.count('<p class="notice small" role="status">') <= 2
        body(bob_client, f"/score/score.csv?{query}")
    assert "The two dates were the other way round" in page(
        bob_client, "/score/?from=2026-03-02&to=2026-02-01"
    )


def test_somebody_who_is_not_scored_any_more_sees_the_last_score_and_the_gap(
    bob: Person, bob_client: Client
) -> None:
    with_scores(bob, {TODAY - timedelta(days=n): 30.0 for n in range(200, 230)})
    text = page(bob_client, "/score/?range=30")
    assert "Score of 13 August 2025 (UTC)." in text
    assert "No day of this range has a score." in text
    assert 'rel="prev"' in text
    assert "Lowest 30.0" in page(bob_client, "/score/?range=all")

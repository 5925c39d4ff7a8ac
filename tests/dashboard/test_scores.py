"""The page of one's own score."""

import gzip
import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from connectors.models import Account
from people.models import Person
from scoring.core.params import CURRENT
from scoring.models import Moment
from tests.conftest import TODAY
from tests.dashboard.scored import TEXT, account_of, at_noon, come_back
from tests.scoring import world

pytestmark = pytest.mark.django_db
MOST_QUERIES = 8
HEAVIEST_BYTES = 60_000
HEAVIEST_WITH_FILES_BYTES = 100_000


@pytest.fixture
def alice(scored_alice: Person) -> Person:
    """Alice has a score in all tests of this module."""
    return scored_alice


def page(client: Client, address: str = "/score/") -> str:
    """Return the page at noon of the tests' day."""
    with at_noon():
        answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_number_stands_with_its_band_in_words_and_its_day(
    alice: Person, alice_client: Client
) -> None:
    text = page(alice_client)
    assert re.search(r"<strong>\d+, most likely \d+–\d+</strong>", text)
    assert "Score of 1 March 2026 (UTC)." in text
    assert "Next update after 01:00 UTC on 2 March 2026." in text


def test_the_change_names_both_values_and_both_days(alice: Person, alice_client: Client) -> None:
    words = re.search(r"from ([\d.]+) on ([\w ]+) to ([\d.]+) on 1 March 2026", page(alice_client))
    assert words is not None
    assert words[2] == "2 December 2025"
    month = re.search(r"from [\d.]+ on ([\w ]+) to", page(alice_client, "/score/?range=30"))
    assert month is not None
    assert month[1] == "31 January 2026"


def test_the_chart_comes_as_figure_drawing_table_and_sentence(
    alice: Person, alice_client: Client
) -> None:
    text = page(alice_client)
    found = re.search(r'<script id="history" type="application/json">(.*?)</script>', text, re.S)
    assert found is not None
    line = json.loads(found[1])["data"][1]
    assert len(line["x"]) == 90
    assert line["x"][-1] == "2026-03-01"
    assert 'class="line" d="M' in text
    assert text.count('<th scope="row">1 March 2026</th>') == 1
    assert re.search(r"<figcaption>(Up|Down|The same)", text)


@pytest.mark.parametrize(("code", "days"), [("7", 7), ("30", 30), ("90", 90), ("nonsense", 90)])
def test_the_range_is_in_the_address(
    code: str, days: int, alice: Person, alice_client: Client
) -> None:
    text = page(alice_client, f"/score/?range={code}")
    found = re.search(r'id="history" type="application/json">(.*?)</script>', text, re.S)
    assert found is not None
    assert len(json.loads(found[1])["data"][1]["x"]) == days
    choices = text.split('aria-label="Range of the chart"')[1].split("</nav>")[0]
    assert len(re.findall(r'href="\?range=\w+#trend" aria-current="true"', choices)) == 1


def test_the_whole_history_begins_with_the_first_score(alice: Person, alice_client: Client) -> None:
    found = re.search(
        r'id="history" type="application/json">(.*?)</script>',
        page(alice_client, "/score/?range=all"),
        re.S,
    )
    assert found is not None
    values = json.loads(found[1])["data"][1]["y"]
    assert values[0] is not None
    assert values[-1] is not None


def test_the_parts_of_the_change_are_shown_with_their_sum(
    alice: Person, alice_client: Client
) -> None:
    text = page(alice_client, "/score/?range=30")
    table = text.split('id="why"')[1].split("</table>")[0]
    assert "Mastodon: Standing of the people who react" in table
    assert "Together" in table


def test_shares_are_told_in_per_cent_with_their_signals(
    alice: Person, alice_client: Client
) -> None:
    shares = page(alice_client).split('id="shares"')[1].split("</section>")[0]
    assert "Mastodon" in shares
    assert "100\xa0%" in shares
    assert 'href="/signals/?network=mastodon#signal-mastodon-followers"' in shares


def test_a_moment_shows_its_words_escaped_and_leads_to_who_reacted(
    alice: Person, alice_client: Client
) -> None:
    text = page(alice_client)
    moments = text.split('id="moments"')[1]
    assert "Concrete has patience. &lt;b&gt;So&lt;/b&gt; do I." in moments
    assert TEXT not in text
    post_id = Moment.objects.get(person=alice).post_id
    assert f'href="/score/moments/{post_id}/"' in moments


def test_the_page_asks_few_questions(
    alice: Person, alice_client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    come_back(alice_client)
    with django_assert_max_num_queries(MOST_QUERIES):
        page(alice_client)


def test_without_a_network_the_page_says_what_to_do(bob: Person, bob_client: Client) -> None:
    text = page(bob_client)
    assert "Link a network to see your score" in text
    assert 'href="/networks/"' in text


def test_while_the_first_sync_runs_the_page_shows_its_progress(
    bob: Person, bob_client: Client
) -> None:
    account = account_of(bob)
    account.state = "syncing"
    account.save(update_fields=["state"])
    text = page(bob_client)
    assert "Your first score is being computed" in text
    assert "<noscript>" in text
    assert "<progress" in text


def test_an_account_whose_access_expired_leads_to_the_networks(
    bob: Person, bob_client: Client
) -> None:
    account = account_of(bob)
    account.state = "relink"
    account.save(update_fields=["state"])
    assert "No score yet" in page(bob_client)


def test_charlie_sees_a_page_of_charlies_own(alice: Person, charlie_client: Client) -> None:
    text = page(charlie_client)
    assert "Link a network to see your score" in text
    assert "most likely" not in text


def with_moments(person: Person, count: int) -> None:
    """Give a scored person so many posts that moved people, each by eight who are named."""
    account = Account.objects.get(person=person)
    for n in range(count):
        post = world.post(account, TODAY - timedelta(days=n % 20))
        days = world.days(TODAY - timedelta(days=20), 20)
        world.react(account, world.reactors(9), days[:1], on=post)
        Moment.objects.create(
            person=person,
            account_id=account.pk,
            post_id=post.pk,
            model_version=CURRENT.version,
            day=TODAY,
            points=1 + n / 100,
            people_count=9,
            days={TODAY.isoformat(): 1 + n / 100},
        )


def test_a_profile_shows_ten_moments_and_the_rest_on_demand(alice: Person, client: Client) -> None:
    with_moments(alice, 110)
    alice.visibility = Person.Visibility.PUBLIC
    alice.save()
    text = page(client, "/p/alice/?range=30")
    assert text.count('<li class="moment"') == 10
    assert 'href="?range=30&amp;moments=all#moments"' in text
    reactors = re.findall(r'<ul class="reactors".*?</ul>', text, re.S)
    assert {part.count("<li>") for part in reactors} == {6}
    assert all(re.search("and [0-9]+ more", part) for part in reactors)
    every = page(client, "/p/alice/?moments=all")
    assert every.count('<li class="moment"') == 100
    assert "Show all" not in every


def test_the_page_keeps_to_its_budget_of_queries_and_bytes(
    alice: Person,
    client: Client,
    alice_client: Client,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    with_moments(alice, 24)
    alice.visibility = Person.Visibility.PUBLIC
    alice.save()
    come_back(alice_client)
    with at_noon():
        with django_assert_max_num_queries(MOST_QUERIES):
            own = alice_client.get("/score/")
        with django_assert_max_num_queries(MOST_QUERIES):
            seen = client.get("/p/alice/")
    assert (own.status_code, seen.status_code) == (200, 200)
    assert max(len(own.content), len(seen.content)) <= HEAVIEST_BYTES


def test_what_the_network_does_not_tell_is_called_an_estimate(
    alice: Person, alice_client: Client
) -> None:
    row = re.search(r"<tr>(?:(?!</tr>).)*Lists.*?</tr>", page(alice_client), re.S)
    assert row is not None
    assert "not told by the network, estimated" in row[0]
    # There is no such signal of Mastodon to read about.
    assert "<a " not in row[0]


def test_the_page_with_its_files_is_light_beside_the_library_of_charts(
    alice: Person, alice_client: Client
) -> None:
    with_moments(alice, 24)
    text = page(alice_client)
    files = set(re.findall(r'"/static/([\w./-]+\.(?:css|js|svg))"', text))
    own = {name for name in files if "plotly" not in name.rpartition("/")[2] or name[-3:] == "css"}
    assert "css/site.css" in own
    # As they are sent where static files are collected: compressed.
    sizes = [len(gzip.compress(Path(str(finders.find(name))).read_bytes())) for name in own]
    assert len(text.encode()) + sum(sizes) <= HEAVIEST_WITH_FILES_BYTES

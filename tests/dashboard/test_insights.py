"""Pages beside the score: what they say, to whom, and at what price."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import DjangoAssertNumQueries

from connectors.models import Account, Post
from connectors.types import Direction, Kind
from people import opt_out
from people.models import Person
from scoring.core.style import Style
from scoring.core.whatif import Change, what_if
from scoring.insights.newest import newest_parts
from tests.conftest import TODAY
from tests.dashboard.scored import NOON, at_noon, come_back, scored
from tests.dashboard.test_profiles import page as profile_page
from tests.dashboard.test_profiles import public, without_tokens
from tests.scoring import world

pytestmark = pytest.mark.django_db
MOST_QUERIES = 8
HEAVIEST_BYTES = 60_000
OWN = ("/score/insights/", "/score/insights/times/", "/score/insights/what-if/")
FEATURES = {"hashtags": ["Lego"], "link_hosts": [], "is_reply": False}


@pytest.fixture
def alice(scored_alice: Person) -> Person:
    """Alice has a score in all tests of this module."""
    return scored_alice


def page(client: Client, address: str = OWN[0]) -> str:
    """Return the page at noon of the tests' day."""
    with at_noon():
        answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def busy(person: Person) -> Account:
    """Return the account of somebody scored, who now posts every day and answers somebody."""
    account = Account.objects.get(person=person)
    for day in world.days(TODAY - timedelta(days=30), 30):
        Post.objects.filter(pk=world.post(account, day).pk).update(features=FEATURES)
    days = world.days(TODAY - timedelta(days=9), 3)
    world.react(account, world.reactors(2), days, kind=Kind.COMMENT, direction=Direction.SENT)
    return account


def read_in_the_evening(account: Account) -> None:
    """Give the account eight weeks of posts at noon and five, read at half past six (UTC)."""
    fans = world.reactors(6)
    for back in range(2, 40):
        for hour in (12, 17):
            at = (NOON - timedelta(days=back)).replace(hour=hour)
            post = world.post(account, at.date())
            Post.objects.filter(pk=post.pk).update(created_at=at)
            world.react(account, fans, [at.date()], on=post)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE connectors_interaction SET happened_at = day + time '18:30' AT TIME ZONE 'UTC' "
            "WHERE reactor_key = ANY(%s)",
            [[fan.key for fan in fans]],
        )


def test_the_sides_stand_with_their_reasons(alice: Person, alice_client: Client) -> None:
    sides = page(alice_client).split('id="sides"')[1].split("</section>")[0]
    assert re.findall(r"<dt>(\w+)</dt>", sides) == ["Reach", "Amplification", "Network"]
    assert re.search(r"Different people who react: about [\d.]+\.", sides)
    assert re.search(r"Of a hundred who react, about \d+ reshare or quote\.", sides)


def test_the_style_stands_on_the_map_with_its_evidence(alice: Person, alice_client: Client) -> None:
    busy(alice)
    style = page(alice_client).split('id="style"')[1].split("</section>")[0]
    assert '<p class="style-name">Specialist</p>' in style
    assert "Creating, listening, focused, consistent." in style
    assert "Uses of hashtags: 30, spread like 1 equally frequent ones." in style
    assert style.count('class="here"') == 1
    assert len(re.findall(r"<td[ >]", style)) == len(Style) + 1


def test_without_enough_acts_there_is_no_style_and_the_page_says_why(
    alice: Person, alice_client: Client
) -> None:
    style = page(alice_client).split('id="style"')[1].split("</section>")[0]
    assert "Not enough seen yet: a style needs 20 posts" in style
    assert 'class="style-name"' not in style
    assert 'class="here"' not in style


def test_the_closest_people_are_named_and_the_rest_is_counted(
    alice: Person, alice_client: Client
) -> None:
    busy(alice)
    text = page(alice_client)
    influencers = text.split('id="influencers"')[1].split("</section>")[0]
    influencees = text.split('id="influencees"')[1].split("</section>")[0]
    assert influencers.count("<li>") == 2
    assert "Stranger" in influencers
    assert influencees.count("<li>") == 5
    assert "and 7 more" in influencees


def test_who_is_private_or_opted_out_is_counted_and_nothing_else(
    alice: Person, bob: Person, alice_client: Client, charlie_client: Client
) -> None:
    account, bobs, olga = busy(public(alice)), scored(bob), scored(world.person("Olga"))
    for other in (bobs, olga):
        reactor = world.reactor_of(other)
        world.react(
            account, [reactor], world.days(TODAY - timedelta(days=9), 9), direction=Direction.SENT
        )
    opt_out.opt_out(olga.network, [olga.native_id], proven=True)
    for text in (
        page(alice_client),
        page(charlie_client, "/p/alice/insights/"),
        page(charlie_client, "/p/alice/people/"),
    ):
        influencers = text.split('id="influencers"')[1].split("</section>")[0]
        assert influencers.count("<li>") == 2
        assert "and 2 more" in influencers
        for name in ("Bob", "Olga", bobs.handle, olga.handle):
            assert name not in text


def test_charlie_sees_the_insights_of_a_public_person(
    alice: Person, charlie_client: Client, client: Client
) -> None:
    busy(public(alice))
    for visitor in (charlie_client, client):
        text = page(visitor, "/p/alice/insights/")
        assert "Biggest influencers" in text
        assert "Specialist" in text
        assert "noindex" not in text
        assert "What if" not in text


@pytest.mark.parametrize("signed", [True, False])
def test_insights_that_charlie_may_not_see_are_the_one_page_for_nobody(
    signed: bool, alice: Person, bob: Person, charlie_client: Client
) -> None:
    busy(alice)
    Person.objects.filter(pk=public(bob).pk).update(hidden_until=timezone.now() + timedelta(days=1))
    olga = world.person("Olga")
    account = scored(olga)
    opt_out.opt_out(account.network, [account.native_id], proven=True)
    visitor = charlie_client if signed else Client()
    slugs = ("nobody-at-all", alice.slug, bob.slug, olga.slug)
    rooms = ("insights", "people")
    answers = [visitor.get(f"/p/{slug}/{room}/") for slug in slugs for room in rooms]
    assert {answer.status_code for answer in answers} == {404}
    assert len({without_tokens(answer.content.decode()) for answer in answers}) == 1


def test_the_profile_asks_for_the_people_anew_and_keeps_no_name_of_them(
    alice: Person, bob: Person, charlie_client: Client
) -> None:
    """So that whoever makes their profile private is gone from those of others at once."""
    account, bobs = Account.objects.get(person=public(alice)), scored(public(bob))
    reactor = world.reactor_of(bobs)
    world.react(
        account, [reactor], world.days(TODAY - timedelta(days=9), 9), direction=Direction.SENT
    )
    for _visit in range(2):
        text = profile_page(charlie_client, alice)
        assert 'hx-get="/p/alice/people/"' in text
        assert 'href="/p/alice/people/"' in text
        assert "Bob" not in text
    assert "Bob" in page(charlie_client, "/p/alice/people/")
    Person.objects.filter(pk=bob.pk).update(visibility="private")
    text = page(charlie_client, "/p/alice/people/")
    assert "Bob" not in text
    assert "1 person who is not shown" in text


def test_an_unlisted_person_is_kept_from_search_engines(
    alice: Person, charlie_client: Client
) -> None:
    busy(alice)
    Person.objects.filter(pk=alice.pk).update(visibility="unlisted")
    text = page(charlie_client, "/p/alice/insights/")
    assert '<meta name="robots" content="noindex">' in text


@pytest.mark.parametrize("address", OWN)
def test_charlie_sees_only_pages_of_charlies_own(
    address: str, alice: Person, charlie_client: Client, client: Client
) -> None:
    read_in_the_evening(busy(alice))
    text = page(charlie_client, address)
    assert "No score yet" in text or "Too little to tell yet" in text
    assert "Stranger" not in text
    answer = client.get(address)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("address", [*OWN, "/p/alice/insights/", "/p/alice/people/"])
def test_the_pages_keep_to_their_budget_of_queries_and_bytes(
    address: str,
    alice: Person,
    alice_client: Client,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    read_in_the_evening(busy(public(alice)))
    come_back(alice_client)
    with django_assert_max_num_queries(MOST_QUERIES):
        assert len(page(alice_client, address).encode()) < HEAVIEST_BYTES


# --- Best times -----------------------------------------------------------------------------------
def test_best_times_are_told_in_ones_own_time_zone(alice: Person, alice_client: Client) -> None:
    read_in_the_evening(busy(alice))
    assert alice.owner is not None
    alice.owner.time_zone = "Asia/Kolkata"
    alice.owner.save()
    text = page(alice_client, OWN[1])
    times = re.findall(r"<li><strong>\w+ (\d\d):\d\d</strong>", text)
    # Half past six in UTC is midnight in Kolkata; a post is best made shortly before.
    assert times
    assert set(times) <= {"22", "23", "00"}
    assert "Times are those of Asia/Kolkata" in text
    assert text.count("<rect") == 7 * 24 + 3
    assert text.count('<th scope="row">') == 7


def test_too_few_reactions_make_no_best_time(alice: Person, alice_client: Client) -> None:
    text = page(alice_client, OWN[1])
    assert "Too little to tell yet" in text
    assert "from 100 reactions to 10 posts on" in text


# --- What if --------------------------------------------------------------------------------------
def outcome(text: str) -> tuple[str, str]:
    found = re.search(r"([\d.]+) instead of ([\d.]+):", text)
    assert found is not None
    return found[1], found[2]


def test_without_a_change_the_score_is_the_score(alice: Person, alice_client: Client) -> None:
    text = page(alice_client, OWN[2])
    after, before = outcome(text)
    assert after == before
    assert "Move a slider and compute." in text


def test_the_sliders_give_the_number_of_the_model_and_stay_where_they_were(
    alice: Person, alice_client: Client
) -> None:
    account = Account.objects.get(person=alice)
    query = f"?likes=50&reshares=-20&audience=100&offline=7&added={account.pk}"
    text = page(alice_client, OWN[2] + query)
    newest = newest_parts(alice.pk)
    assert newest is not None
    people = {"likes": 1.5, "reshares": 0.8}
    change = Change(people=people, audience=2.0, offline_days=7, added_like=account.pk)
    expected = what_if(newest.parts, change, newest.model)
    assert outcome(text) == (f"{expected.after.raw:.1f}", f"{expected.before.raw:.1f}")
    assert 'name="likes" min="-50" max="200" step="10" value="50"' in text
    assert '<output for="offline">7</output>' in text
    assert f'<option value="{account.pk}" selected>' in text
    assert "One more network, as strong as Mastodon" in text


@pytest.mark.parametrize(
    "query",
    [
        "likes=9999&audience=-400&offline=-3",
        "likes=abc&offline=1e9",
        "added=999999999",
        "added=abc&likes=%00",
        "likes=" + "9" * 400,
    ],
)
def test_what_is_no_change_changes_nothing(query: str, alice: Person, alice_client: Client) -> None:
    after, before = outcome(page(alice_client, f"{OWN[2]}?{query}"))
    assert after == before


def test_nobody_can_ask_with_somebody_elses_account(
    alice: Person, bob: Person, alice_client: Client
) -> None:
    bobs = scored(bob)
    text = page(alice_client, f"{OWN[2]}?added={bobs.pk}")
    assert len(set(outcome(text))) == 1


# --- The pages of the score -----------------------------------------------------------------------
def test_the_score_and_the_profile_show_the_sides_and_lead_here(
    alice: Person, alice_client: Client, charlie_client: Client
) -> None:
    public(alice)
    own, seen = page(alice_client, "/score/"), profile_page(charlie_client, alice)
    for text, address in ((own, "/score/insights/"), (seen, "/p/alice/insights/")):
        assert '<dl class="sides">' in text
        assert f'href="{address}"' in text

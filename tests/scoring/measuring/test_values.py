"""The values of signals: each is there, each is another one, and each is what its words say."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import combinations

import numpy as np
import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from connectors.models import Account, Post, Snapshot
from connectors.registry import CONNECTORS
from connectors.types import Direction, Kind, Provenance
from people.models import Person
from scoring import daily
from scoring.measuring import Values, measured
from scoring.signals import State, signals_for
from tests.conftest import TODAY
from tests.scoring import world
from tests.scoring.measuring.population import stored

pytestmark = pytest.mark.django_db
YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with time_machine.travel(world.at(TODAY), tick=False):
        yield


def ranks(values: list[float]) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    """Return ranks from 0 on; equal values share the mean of theirs."""
    _, place, number = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(number)
    return ((ends - number + ends - 1) / 2)[place]


def spearman(first: list[float], second: list[float]) -> float:
    return float(np.corrcoef(ranks(first), ranks(second))[0, 1])


def same_order(table: list[Values], first: str, second: str) -> bool:
    """Return whether two signals order the accounts that have both in the same or reverse way."""
    pairs = [(row[first], row[second]) for row in table]
    known = [(a, b) for a, b in pairs if a is not None and b is not None]
    assert len(known) >= 12, (first, second)
    return abs(spearman([a for a, _ in known], [b for _, b in known])) >= 0.999


@pytest.mark.heavy
def test_every_counted_signal_is_something_and_nothing_that_another_is() -> None:
    """On generated accounts of every network that has a connector, scored for four weeks."""
    accounts = {name: stored(module.NETWORK, TODAY) for name, module in CONNECTORS.items()}
    daily.backfill(TODAY - timedelta(days=28), YESTERDAY)
    for network, own in accounts.items():
        values = measured({account.pk: network for account in own}, YESTERDAY)
        table = list(values.values())
        counted = [s.id for s in signals_for(network) if s.state is State.COUNTED]
        assert all(list(row) == counted for row in table)
        for signal in counted:
            assert any(row[signal] for row in table), signal
            assert len({row[signal] for row in table}) > 2, signal
        alike = [pair for pair in combinations(counted, 2) if same_order(table, *pair)]
        assert alike == []


def test_two_equal_orders_are_found_and_a_reversed_one_too() -> None:
    values = [float(n) for n in range(20)]
    assert spearman(values, [n**3 for n in values]) == pytest.approx(1)
    assert spearman(values, [-n for n in values]) == pytest.approx(-1)
    assert abs(spearman(values, [n % 7 for n in values])) < 0.9


# --- Each of its words ---------------------------------------------------------------------------
@pytest.fixture
def account(alice: Person) -> Account:
    made = world.account(alice, synced=TODAY, network="mastodon", followers=None)
    day = YESTERDAY - timedelta(days=30)
    Snapshot.objects.create(account=made, day=day, counts={"followers": 150})
    Snapshot.objects.create(
        account=made, day=YESTERDAY, counts={"followers": 200, "following": 40, "posts": None}
    )
    return made


def wrote(
    account: Account, at: datetime, counts: dict[str, int | None], **features: object
) -> Post:
    post = world.post(account, at.date())
    post.created_at, post.counts, post.features = at, counts, features
    post.save()
    return post


def values_of(account: Account, day: date = YESTERDAY) -> dict[str, float | None]:
    found = measured({account.pk: account.network}, day)[account.pk]
    return {name.partition(".")[2]: value for name, value in found.items()}


def test_counts_of_the_account_are_those_told_last(account: Account) -> None:
    values = values_of(account)
    assert values["following"] == 40
    assert values["followers_gained"] == 50
    assert values["followers_ratio"] == 5
    assert values["posts"] is None
    earlier = values_of(account, YESTERDAY - timedelta(days=5))
    assert (earlier["following"], earlier["followers_gained"]) == (None, None)


def test_posts_are_counted_by_their_day_hour_and_words(account: Account) -> None:
    # A Saturday, the Sunday after, and a Wednesday.
    for day, hour, features in (
        (date(2026, 2, 14), 8, {"length": 10, "is_reply": True, "link_hosts": ["a.example"]}),
        (date(2026, 2, 15), 8, {"length": 30, "is_reply": False, "link_hosts": []}),
        (date(2026, 2, 25), 20, {"length": 80, "is_reply": False, "link_hosts": ["a.example"]}),
    ):
        wrote(
            account,
            world.at(day, hour),
            {"likes": 0},
            hashtags=["sea", f"day{day.day}"],
            mentions_count=2,
            language="nb" if hour == 8 else "en",
            **features,
        )
    wrote(account, world.at(TODAY - timedelta(days=200)), {"likes": 9}, length=900)
    values = values_of(account)
    assert values["posts_per_week"] == pytest.approx(3 / (90 / 7))
    assert (values["active_days"], values["longest_pause"], values["hours"]) == (3, 10, 2)
    assert values["weekend_share"] == pytest.approx(200 / 3)
    assert values["length"] == 30
    assert values["reply_share"] == pytest.approx(100 / 3)
    assert values["link_share"] == pytest.approx(200 / 3)
    assert (values["link_sites"], values["hashtags"], values["languages"]) == (1, 4, 2)
    assert (values["hashtags_per_post"], values["mentions_per_post"]) == (2, 2)
    assert values["unanswered_share"] == 100


def test_what_posts_drew_is_told_of_the_middle_and_the_best_one(account: Account) -> None:
    for n, (likes, comments) in enumerate([(1, 0), (4, None), (10, 6)]):
        counts = {"likes": likes, "comments": comments, "reshares": 3 * likes}
        wrote(account, world.at(YESTERDAY - timedelta(days=n + 1)), counts)
    values = values_of(account)
    assert (values["likes_typical"], values["likes_best"]) == (4, 10)
    assert (values["comments_typical"], values["comments_best"]) == (3, 6)
    assert values["quotes_best"] is None
    assert values["discussion"] == pytest.approx(6 / 15)
    assert values["spread"] == 3
    # 4, 16 and 46 reactions; 200 followers.
    assert values["reactions_typical"] == 16
    assert values["engagement"] == 80


def test_people_are_counted_by_what_they_did_within_four_weeks(account: Account) -> None:
    post = wrote(account, world.at(YESTERDAY - timedelta(days=20), 6), {})
    often, twice, once = world.reactors(3, followers=500)
    famous = world.reactors(1, followers=4_000)[0]
    first = YESTERDAY - timedelta(days=20)
    world.react(account, [often], world.days(first, 4), on=post)
    world.react(account, [often], [first], on=post, kind=Kind.COMMENT)
    world.react(account, [twice], world.days(first, 2), on=post)
    world.react(account, [once, famous], [first], on=post, kind=Kind.RESHARE)
    # Five weeks ago; and what only the person's own file says.
    world.react(account, [once], [YESTERDAY - timedelta(days=35)])
    world.react(account, world.reactors(9), [first], provenance=Provenance.OWN_FILE)
    world.react(account, [often], [first], kind=Kind.COMMENT, direction=Direction.SENT)
    values = values_of(account)
    assert values["responses_people"] == 4
    assert values["responses_reactions"] == 9
    assert values["responses_returning"] == 2
    assert values["responses_new"] == 3
    assert values["responses_several_ways"] == 1
    assert (values["responses_days"], values["responses_busiest_day"]) == (4, 4)
    assert values["responses_top_ten_share"] == 100
    # Of the first day 5, of the three days after 4: the second day's noon is past 24 hours.
    assert values["responses_first_day_share"] == pytest.approx(100 * 5 / 9)
    assert values["responses_audience_typical"] == 500
    assert values["responses_audience_large"] == 1
    assert (values["responses_mutual"], values["sent_comments"]) == (1, 1)


def test_of_nobody_and_nothing_there_is_zero_and_no_share(account: Account) -> None:
    values = values_of(account)
    assert values["responses_people"] == values["posts_per_week"] == values["sent_comments"] == 0
    for unknown in ("responses_top_ten_share", "length", "likes_typical", "discussion", "likes"):
        assert values[unknown] is None, unknown


def test_accounts_counted_together_have_the_inputs_that_they_have_together(alice: Person) -> None:
    day = world.days(TODAY - timedelta(days=10), 9)
    first, second = (world.account(alice, synced=TODAY) for _ in range(2))
    world.react(first, world.reactors(6), day)
    daily.first_scores(alice.pk)
    likes = [values_of(account)["likes"] for account in (first, second)]
    assert likes[0] == likes[1]
    assert likes[0] is not None
    assert likes[0] > 3


def test_any_number_of_accounts_costs_the_same_number_of_queries(account: Account) -> None:
    own = {account.pk: "mastodon"}
    more = own | {world.account(world.person(name), synced=TODAY).pk: "mastodon" for name in "abcd"}
    numbers = []
    for accounts in (own, more):
        with CaptureQueriesContext(connection) as queries:
            assert len(measured(accounts, YESTERDAY)) == len(accounts)
        numbers.append(len(queries))
    assert numbers == [4, 4]
    assert measured({}, YESTERDAY) == {}

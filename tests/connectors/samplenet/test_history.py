"""What happens to people: the same for ever, with the rhythm of a day and a week."""

from datetime import timedelta

import numpy as np
import pytest

from connectors.samplenet import history, population
from connectors.samplenet.history import DAY_SECONDS
from connectors.samplenet.network import Clock, SampleNetwork
from connectors.samplenet.population import AUDIENCE_FROM
from tests.connectors.samplenet.conftest import NOW, make_state

SOME = (1, 3, 6, 8, 9, 10, 11, 15, 40, 77, 300, 601)


@pytest.mark.parametrize("number", SOME)
def test_days_that_are_added_leave_the_past_as_it_was(net: SampleNetwork, number: int) -> None:
    short = history.generate(net.people, number, 80)
    long = history.generate(net.people, number, 200)
    # Reactions to posts of day 80 can still come; what lies before its first second is settled.
    until = history.start_seconds(net.people) + 79 * DAY_SECONDS
    for name in ("id", "at", "kind", "actor", "post"):
        before, after = (getattr(acts, name)[acts.at < until] for acts in (short.acts, long.acts))
        assert np.array_equal(before, after), name
    for name in ("id", "at", "choice"):
        before, after = (
            getattr(posts, name)[posts.at < until] for posts in (short.posts, long.posts)
        )
        assert np.array_equal(before, after), name


def test_the_same_seed_gives_the_same_bytes(net: SampleNetwork) -> None:
    again = population.build(7, 600, net.people.start, 120)
    for number in SOME:
        first, second = (history.generate(people, number, 90) for people in (net.people, again))
        assert first.acts.id.tobytes() == second.acts.id.tobytes()
        assert first.acts.actor.tobytes() == second.acts.actor.tobytes()
        assert first.posts.at.tobytes() == second.posts.at.tobytes()


def test_the_default_population_receives_about_300_000_interactions(net: SampleNetwork) -> None:
    total = sum(len(net.visible(number).acts) for number in range(1, net.people.accounts + 1))
    assert 250_000 < total < 350_000


def test_ids_are_unique_over_all_accounts(net: SampleNetwork) -> None:
    ids = np.concatenate([net.visible(number).acts.id for number in range(1, 120)])
    assert len(np.unique(ids)) == len(ids)


def test_a_person_acts_once_in_a_way_on_a_post(net: SampleNetwork) -> None:
    for number in (1, 6, 8, 15, 40):
        acts = net.visible(number).acts
        acts = acts.only(acts.post > 0)
        keys = list(zip(acts.post.tolist(), acts.kind.tolist(), acts.actor.tolist(), strict=True))
        assert len(set(keys)) == len(keys)
        assert number not in acts.actor


def test_reactions_follow_their_post_within_days(net: SampleNetwork) -> None:
    seen = net.visible(7)
    on = seen.acts.post > 0
    at = dict(zip(seen.posts.id.tolist(), seen.posts.at.tolist(), strict=True))
    posted = np.asarray([at[post] for post in seen.acts.post[on].tolist()])
    delay = seen.acts.at[on] - posted
    assert delay.min() > 0
    assert delay.max() < 5 * DAY_SECONDS
    assert 20 * 60 < np.median(delay) < 3 * 3600


def test_people_post_by_day_and_sleep_at_night(net: SampleNetwork) -> None:
    # Tokyo: nine hours ahead, all year.
    tokyo = [number for number in range(52, 400) if net.people.traits.zone[number - 1] == 5]
    hours = [(net.visible(number).posts.at // 3600 + 9) % 24 for number in tokyo]
    counts = np.bincount(np.concatenate(hours), minlength=24)
    assert counts[[7, 8, 9, 12, 19, 20]].mean() > 4 * counts[[2, 3, 4]].mean()


def test_weekends_differ_from_weekdays(net: SampleNetwork) -> None:
    traits = net.people.traits
    quiet = [n for n in range(52, 601) if traits.weekend[n - 1] < 0.65]
    first = net.people.start.weekday()
    days = np.concatenate([history.generate(net.people, n, 119).posts.day for n in quiet])
    weekend = ((first + days) % 7 >= 5).mean()
    assert weekend < 0.23


def test_what_people_send_is_what_others_receive(net: SampleNetwork) -> None:
    acts, targets = net.sent(100)
    assert len(acts) > 0
    assert (acts.actor == 100).all()
    assert (np.diff(acts.at) >= 0).all()
    everywhere = sum(
        int((net.visible(n).acts.actor == 100).sum()) for n in range(1, net.people.people + 1)
    )
    assert len(acts) == everywhere
    received = net.visible(int(targets[0])).acts
    assert acts.id[0] in received.id


def test_nothing_is_seen_before_it_happens() -> None:
    clock = Clock(NOW)
    net = SampleNetwork(make_state(people=60, days=30), clock)
    before = net.visible(1)
    assert before.acts.at.max() <= NOW.timestamp()
    clock.advance(2)
    after = net.visible(1)
    assert len(after.acts) > len(before.acts)
    assert np.array_equal(after.acts.id[: len(before.acts)], before.acts.id)
    assert after.acts.at.max() > (NOW + timedelta(days=1)).timestamp()


def test_memory_is_bounded_by_rows_and_not_by_people(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.samplenet.network.KEPT_ROWS", 5_000)
    net = SampleNetwork(make_state(people=60, days=60), Clock(NOW))
    first = net.visible(1).acts.id
    for number in range(1, 61):
        net.visible(number)
    assert net.rows_kept <= 5_000
    assert np.array_equal(net.visible(1).acts.id, first)


def test_a_large_population_is_read_an_account_at_a_time() -> None:
    people = population.build(7, 20_000, NOW.date() - timedelta(days=120), 120)
    number = int(np.argmax(people.traits.per_post[60:20_000] < 1)) + 61
    acts = history.generate(people, number, 121).acts
    assert len(acts)
    assert acts.actor[acts.actor >= AUDIENCE_FROM].max() < AUDIENCE_FROM + people.audience


def test_counts_of_a_day_agree_with_follows_and_posts(net: SampleNetwork) -> None:
    counts = net.counts(77)
    seen = net.visible(77)
    assert (
        counts.posts[-1] - counts.posts[0]
        == (seen.posts.at >= history.start_seconds(net.people) + DAY_SECONDS).sum()
    )
    rises = np.maximum(np.diff(counts.followers), 0).sum()
    follows = (seen.acts.kind == history.FOLLOW).sum()
    assert follows >= min(rises, history.NAMED_FOLLOWS) - 2

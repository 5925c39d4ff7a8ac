"""The invented people, their audience and their graph."""

import numpy as np
import pytest

from connectors.samplenet import population, stories
from connectors.samplenet.network import SampleNetwork
from connectors.samplenet.population import AUDIENCE_FROM, BOTS_FROM
from tests.connectors.samplenet.conftest import NOW


def _followers(net: SampleNetwork) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    ordinary = np.arange(len(net.people.listed) + 1, net.people.people + 1)
    return net.followers_on(ordinary, np.full(len(ordinary), net.today))


def test_followers_have_a_heavy_tail(net: SampleNetwork) -> None:
    followers = np.sort(_followers(net))[::-1]
    assert 80 < np.median(followers) < 350
    # Under a thin tail the mean is near the median, and the top tenth hold about a fifth.
    assert followers.mean() > 4 * np.median(followers)
    assert followers[: len(followers) // 10].sum() > 0.6 * followers.sum()


def test_influence_is_more_than_the_number_of_followers(net: SampleNetwork) -> None:
    traits = net.people.traits
    ordinary = slice(len(net.people.listed), net.people.people)
    audience = np.log(traits.followers[ordinary] + 1)
    moved = np.log(traits.per_post[ordinary])
    share = np.corrcoef(audience, moved)[0, 1] ** 2
    assert 0.2 < share < 0.8


def test_every_handle_is_one_account_and_leads_back_to_it(net: SampleNetwork) -> None:
    people = net.people
    numbers = [
        *range(1, people.accounts + 1),
        *range(AUDIENCE_FROM, AUDIENCE_FROM + people.audience),
        *range(BOTS_FROM, BOTS_FROM + stories.fleet_size(people.people)),
    ]
    handles = [people.handle(number) for number in numbers]
    assert len(set(handles)) == len(handles)
    for number in [*range(1, people.accounts + 1), *numbers[people.accounts :: 97], numbers[-1]]:
        assert people.number(people.handle(number)) == number
    assert people.number("STELLA.NOVA") == people.number("stella.nova")


@pytest.mark.parametrize(
    "handle", ["", "stella", "12", "user1", "ada.vane9", "x" * 5000 + "9" * 99]
)
def test_other_handles_are_nobody(net: SampleNetwork, handle: str) -> None:
    assert net.people.number(handle) is None


def test_nobody_follows_oneself_and_each_pair_is_there_once(net: SampleNetwork) -> None:
    graph = net.people.graph
    owner = np.repeat(np.arange(1, net.people.people + 1), np.diff(graph.start))
    assert not (owner == graph.who).any()
    assert len(np.unique(owner * 10_000 + graph.who)) == len(owner)
    assert (np.diff(graph.start) > 0).all()


def test_people_follow_within_their_community(net: SampleNetwork) -> None:
    graph, topic = net.people.graph, net.people.traits.topic
    owner = np.repeat(np.arange(net.people.people), np.diff(graph.start))
    same = (topic[owner] == topic[graph.who - 1]).mean()
    # By chance one in twelve would be of the same topic.
    assert same > 0.5


def test_the_audience_is_small_people_and_bots_have_nobody(net: SampleNetwork) -> None:
    audience = np.arange(AUDIENCE_FROM, AUDIENCE_FROM + 5_000)
    followers = net.followers_on(audience, np.zeros(5_000, dtype=np.int64))
    assert np.median(followers) < 40
    assert followers.max() <= 2_000
    assert (followers == 0).mean() == pytest.approx(0.15, abs=0.03)
    bots = np.arange(BOTS_FROM, BOTS_FROM + 100)
    assert net.followers_on(bots, np.zeros(100, dtype=np.int64)).max() < 4
    assert net.following(bots).min() > 1_000


def test_another_seed_is_another_population(net: SampleNetwork) -> None:
    other = population.build(8, 600, net.people.start, 120)
    same = population.build(7, 600, net.people.start, 120)
    assert not np.array_equal(other.traits.followers, net.people.traits.followers)
    assert np.array_equal(same.traits.per_post, net.people.traits.per_post)
    assert np.array_equal(same.graph.who, net.people.graph.who)


@pytest.mark.parametrize("people", [40, 41, 59, 60, 99, 100, 101, 599])
def test_every_size_has_all_stories(people: int) -> None:
    built = population.build(7, people, NOW.date(), 7)
    words = {story.word for story in built.listed}
    assert words == {story.word for story in stories.SINGLES} | {"pod", "circle"}
    assert len(built.listed) < people
    assert built.handle(people + 1) == "ida.private"

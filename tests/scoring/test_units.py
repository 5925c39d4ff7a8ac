"""Several accounts on one network are one; what may not be combined is kept apart."""

import numpy as np

from connectors.types import Kind
from scoring.core.explain import ChangeKind, change
from scoring.core.model import Model
from scoring.core.params import CURRENT
from scoring.core.parts import Parts
from scoring.explanations import bodies
from scoring.loading import Population
from scoring.scored_day import ScoredDay
from scoring.simulation import World, history
from scoring.units import units_of

MODEL = Model(CURRENT)
DAYS = 24


def explained(day: ScoredDay) -> list[Parts]:
    (texts,) = (found.to_pylist() for found in bodies(day.why, 1000))
    return [Parts.from_json(text) for text in texts]


def world(second: bool, *, same_people: bool = True, since: int = 0) -> list[ScoredDay]:
    """Return the days of somebody with a hundred followers and, perhaps, an account more."""
    made = World(DAYS)
    one = made.account(400.0)
    people = made.strangers(20, 100)
    others = people if same_people else made.strangers(20, 100)
    two = made.account(150.0, of=one, same_network=True, since=since) if second else None
    for day in range(DAYS):
        made.act(day, people, one, post=1)
        if two is not None and day >= since:
            made.act(day, others, two, post=2)
    return made.run()


def test_a_second_account_with_the_same_people_adds_nothing_but_its_posts() -> None:
    """The strongest, plus the people not already counted: here there are none."""
    alone, both = world(second=False), world(second=True)
    for name in ("followers", "lists", "likes", "quality"):
        column = MODEL.measures.index(name)
        assert both[-1].why.evaluation.x[0, column] == alone[-1].why.evaluation.x[0, column], name
    assert 0 <= history(both)[-1] - history(alone)[-1] < 0.5


def test_people_who_are_reached_by_the_second_account_only_count() -> None:
    alone, both = world(second=False), world(second=True, same_people=False)
    likes = MODEL.measures.index("likes")
    assert both[-1].why.evaluation.x[0, likes] == 2 * alone[-1].why.evaluation.x[0, likes]
    assert history(both)[-1] > history(alone)[-1] + 0.5


def test_law_03_a_further_account_on_the_same_network_never_lowers_the_score() -> None:
    alone, both = world(second=False), world(second=True, since=12)
    assert all(b >= a for a, b in zip(history(alone), history(both), strict=True))
    assert [day.provisional[0] for day in both] == [day.provisional[0] for day in alone]


def test_the_explanation_names_all_accounts_and_adds_up() -> None:
    both = world(second=True, same_people=False, since=12)
    days = [explained(day)[0] for day in both]
    assert {key: part.others for key, part in days[-1].networks.items()} == {1: (2,)}
    for before, after, first, last in zip(days, days[1:], both, both[1:], strict=False):
        points = sum(part.points for part in change(before, after, MODEL))
        assert abs(points - (last.value[0] - first.value[0])) < 1e-9


def test_unlinking_one_of_two_is_told_as_that() -> None:
    both, alone = world(second=True, same_people=False), world(second=False)
    found = change(explained(both[-1])[0], explained(alone[-1])[0], MODEL)
    assert {(part.kind, part.account_id) for part in found} == {(ChangeKind.UNLINKED, 1)}
    points = sum(part.points for part in found)
    assert abs(points - (alone[-1].value[0] - both[-1].value[0])) < 1e-9
    # The other way round, filed under the other number.
    only = Parts.from_json(explained(alone[-1])[0].to_json())
    moved = Parts(only.version, only.raw, only.held_back, {2: only.networks[1]})
    left = change(explained(both[-1])[0], moved, MODEL)
    assert {part.kind for part in left} == {ChangeKind.UNLINKED}
    assert abs(sum(part.points for part in left) - points) < 1e-9


def test_an_empty_account_linked_on_the_day_of_a_popular_post_frees_nothing_from_the_cap() -> None:
    made = World(12)
    one = made.account(5_000.0)
    made.account(0.0, of=one, same_network=True, since=10)
    made.act(10, made.strangers(4_000, 2_000), one, Kind.RESHARE, post=1)
    scores = history(made.run())
    assert scores[10] - scores[9] == CURRENT.cap_points_per_day


def test_moments_keep_the_account_that_wrote_the_post() -> None:
    made = World(3)
    one = made.account(100.0)
    two = made.account(50.0, of=one, same_network=True)
    made.act(2, made.strangers(30, 100), two, post=7)
    (day,) = made.run()[-1:]
    assert day.moment_posts.tolist() == [7]
    assert day.moment_accounts.tolist() == [two]


def people(networks: list[str], owners: list[int], apart: list[bool]) -> Population:
    count = len(networks)
    return Population(
        account_ids=np.arange(count) + 1,
        person_ids=np.unique(owners),
        person_index=np.unique(owners, return_inverse=True)[1].astype(np.int64),
        networks=tuple(networks),
        first_synced_day=np.zeros(count, dtype=np.int64),
        first_known_day=np.zeros(count, dtype=np.int64),
        unknown=np.arange(count)[:, np.newaxis] % 2 == np.arange(2),
        apart=np.array(apart, dtype=np.bool_),
    )


def test_units_are_in_the_order_of_their_first_accounts() -> None:
    found = units_of(
        people(["b", "a", "b", "a", "b"], [2, 1, 2, 2, 1], [False, True, False, True, False])
    )
    assert found.of_account.tolist() == [0, 1, 0, 2, 3]
    assert found.first.tolist() == [0, 1, 3, 4]
    assert found.others == {0: (2,)}
    assert found.networks == ("b", "a", "a", "b")
    assert found.person_index.tolist() == [1, 0, 1, 0]
    # Apart: the a of the first person, then that of the second.
    assert found.target.tolist() == [1, 2, 3, 0]
    assert found.apart.tolist() == [1, 2]
    assert found.strongest(np.array([1.0, 2, 5, 4, 3])).tolist() == [5, 2, 4, 3]
    assert found.any(np.array([False, False, True, False, False])).tolist() == [
        True,
        False,
        False,
        False,
    ]


def test_nobody_has_no_units() -> None:
    found = units_of(people([], [], []))
    assert (found.count, found.sums_count) == (0, 0)

"""What the score would be: the model's own number on changed inputs."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.core.features import people_measures
from scoring.core.params import CURRENT
from scoring.core.parts import Parts, packed
from scoring.core.whatif import ADDED, Change, what_if
from tests.scoring.core.accounts import (
    MODEL,
    REFERENCE,
    Floats,
    faded,
    persons,
    raw,
    row,
)

KINDS = people_measures(CURRENT)
LISTS = MODEL.measures.index("lists")
factors = st.floats(0, 20)


def parts_of(x: Floats, *, without_lists: bool = False, most_mass: float = np.inf) -> Parts:
    """Return the parts of a person of accounts with these inputs, each of at most some mass."""
    unknown = np.zeros(x.shape, dtype=np.bool_)
    unknown[:, LISTS] = without_lists
    index = np.zeros(len(x), dtype=np.int64)
    names = [f"network{n}" for n in range(len(x))]
    found = MODEL.evaluate(
        x, index, 1, unknown=unknown, networks=names, most_mass=np.full(len(x), most_mass)
    )
    ids = list(range(11, 11 + len(x)))
    return packed(MODEL, found, index, ids, names, [0.0], unknown=unknown)[0]


@given(persons, st.booleans())
def test_no_change_is_exactly_the_score(x: Floats, without_lists: bool) -> None:
    parts = parts_of(x, without_lists=without_lists)
    found = what_if(parts, Change(), MODEL)
    assert found.after.raw == found.before.raw == parts.raw
    assert found.before.networks == parts.networks
    assert found.points == 0


@given(persons, st.floats(1, 1_000))
def test_an_account_that_its_server_limits_stays_limited(x: Floats, most_mass: float) -> None:
    parts = parts_of(x, most_mass=most_mass)
    assert what_if(parts, Change(), MODEL).before.raw == pytest.approx(parts.raw, abs=1e-9)
    more = what_if(parts, Change(people=dict.fromkeys(KINDS, 2.0), audience=2.0), MODEL).after
    for account_id, account in more.networks.items():
        before = parts.networks[account_id]
        limited = before.mass >= most_mass * (1 - 1e-6)
        assert account.mass <= before.mass * (1 + 1e-6) or not limited


@given(persons, st.fixed_dictionaries({name: st.floats(1, 20) for name in KINDS}), st.floats(1, 9))
def test_more_people_and_audience_never_lower_it(
    x: Floats, people: dict[str, float], audience: float
) -> None:
    found = what_if(parts_of(x), Change(people=people, audience=audience), MODEL)
    assert found.after.raw >= found.before.raw - 1e-9


@given(persons, st.floats(0, 60), st.floats(0, 60))
def test_longer_offline_is_never_higher(x: Floats, days: float, more: float) -> None:
    parts = parts_of(x)
    values = [what_if(parts, Change(offline_days=d), MODEL).after.raw for d in (days, days + more)]
    assert values[1] <= values[0] + 1e-9


def test_a_month_offline_is_the_month_offline_of_the_laws() -> None:
    x = row(**REFERENCE)
    found = what_if(parts_of(x[np.newaxis]), Change(offline_days=30), MODEL)
    assert found.after.raw == pytest.approx(raw(faded(x, 30)), abs=1e-9)
    assert 55 <= found.after.raw <= 59


def test_one_more_network_as_strong_as_the_first_brings_five_points() -> None:
    found = what_if(parts_of(row(**REFERENCE)[np.newaxis]), Change(added_like=11), MODEL)
    assert found.points == pytest.approx(5, abs=0.05)
    assert set(found.after.networks) == {11, ADDED}
    assert found.after.networks[ADDED].parts == found.after.networks[11].parts


def test_an_added_network_is_added_after_the_rest() -> None:
    found = what_if(
        parts_of(row(**REFERENCE)[np.newaxis]), Change(audience=3, added_like=11), MODEL
    )
    assert found.after.networks[ADDED].x["followers"] == 3 * REFERENCE["followers"]


def test_people_who_only_reshare_bring_their_standing_and_their_posts() -> None:
    x = row(followers=100, reshares=10, quality=20, top_posts=10)[np.newaxis]
    after = what_if(parts_of(x), Change(people={"reshares": 1.2}), MODEL).after.networks[11].x
    assert (after["reshares"], after["quality"], after["top_posts"]) == pytest.approx((12, 24, 12))


def test_more_mentions_change_no_post() -> None:
    x = row(mentions=10, likes=5, quality=20, top_posts=4)[np.newaxis]
    after = what_if(parts_of(x), Change(people={"mentions": 3}), MODEL).after.networks[11].x
    assert after["top_posts"] == 4
    assert (after["quality"] or 0) > 20


def test_a_signal_that_the_network_does_not_tell_follows_the_changed_ones() -> None:
    x = row(followers=1_000)[np.newaxis]
    after = what_if(parts_of(x, without_lists=True), Change(audience=2), MODEL).after
    assert after.networks[11].x["lists"] == pytest.approx(10)
    assert after.networks[11].imputed == ("lists",)


def test_nobody_has_more_people_than_there_are() -> None:
    found = what_if(parts_of(row(**REFERENCE)[np.newaxis]), Change(audience=1e9), MODEL)
    assert found.after.networks[11].x["followers"] == CURRENT.max_count


def test_a_person_without_accounts_stays_at_one() -> None:
    found = what_if(Parts(CURRENT.version, 1.0, 0.0), Change(audience=5, offline_days=3), MODEL)
    assert found.after.raw == 1


@pytest.mark.parametrize(
    "change",
    [
        Change(audience=-1),
        Change(audience=float("nan")),
        Change(offline_days=float("inf")),
        Change(people={"likes": -0.5}),
        Change(people={"followers": 2}),
        Change(added_like=99),
    ],
)
def test_impossible_changes_are_refused(change: Change) -> None:
    with pytest.raises(ValueError, match=r"must be|not a measure|no account"):
        what_if(parts_of(row(**REFERENCE)[np.newaxis]), change, MODEL)

"""The rules of perks: pure, declared, each with its sentence."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from perks.eligibility import Answer, Facts, Names, Rules, Step, describe, judge, shown, step_of

NETWORKS = ("bluesky", "x", "sample")
TOPICS = ("coffee", "trains")


@st.composite
def facts_of_anybody(draw: st.DrawFn) -> Facts:
    days = sorted(draw(st.lists(st.integers(0, 90), max_size=4, unique=True)), reverse=True)
    scores = sorted(draw(st.lists(st.floats(1, 100), min_size=len(days), max_size=len(days))))
    have: frozenset[str] = frozenset()
    steps = []
    for linked_days, score in zip(days, scores, strict=True):
        have |= {draw(st.sampled_from(NETWORKS))}
        steps.append(Step(linked_days, score, have))
    return Facts(
        steps=tuple(steps),
        shown_score=scores[-1] if scores else draw(st.none() | st.floats(1, 100)),
        is_provisional=draw(st.booleans()),
        is_hidden=draw(st.booleans()),
        topics=draw(st.frozensets(st.sampled_from(TOPICS))),
        country=draw(st.none() | st.sampled_from(("NO", "SE"))),
        age=draw(st.none() | st.integers(16, 99)),
    )


any_rules = st.builds(
    Rules,
    least_score=st.none() | st.integers(1, 100),
    most_score=st.none() | st.integers(1, 100),
    linked_days=st.integers(0, 60),
    networks=st.lists(st.sampled_from(NETWORKS), unique=True).map(tuple),
    topics=st.lists(st.sampled_from(TOPICS), unique=True).map(tuple),
    countries=st.lists(st.sampled_from(("NO", "DK")), unique=True).map(tuple),
    least_age=st.none() | st.integers(16, 99),
)


@given(any_rules, facts_of_anybody())
def test_every_verdict_says_what_is_wanted_and_what_one_has(rules: Rules, facts: Facts) -> None:
    verdict = judge(rules, facts)
    for line in verdict.lines:
        assert str(line.wanted).strip()
        assert str(line.own).strip()
        assert "{" not in str(line.wanted) + str(line.own)
    assert verdict.qualifies == (not verdict.missing)
    assert not verdict.is_complete or verdict.qualifies
    asked = {line.rule for line in verdict.lines if line.answer is Answer.ASKED}
    assert asked <= {"country", "age"}
    if verdict.qualifies:
        # Whatever else is asked: the score is firm, and from vouched accounts.
        assert facts.steps
        assert not facts.is_provisional
        assert not facts.is_hidden


@given(any_rules, facts_of_anybody(), st.floats(0, 99))
def test_a_higher_score_never_costs_a_perk_that_has_no_upper_end(
    rules: Rules, facts: Facts, more: float
) -> None:
    rules = replace(rules, most_score=None)
    higher = tuple(replace(step, score=min(100.0, step.score + more)) for step in facts.steps)
    top = max((step.score for step in higher), default=facts.shown_score)
    if judge(rules, facts).qualifies:
        assert judge(rules, replace(facts, steps=higher, shown_score=top)).qualifies


@given(any_rules, facts_of_anybody())
def test_one_more_rule_never_lets_anybody_in(rules: Rules, facts: Facts) -> None:
    freer = [
        replace(rules, least_score=None),
        replace(rules, most_score=None),
        replace(rules, networks=()),
        replace(rules, topics=()),
        replace(rules, countries=()),
        replace(rules, least_age=None),
    ]
    if judge(rules, facts).qualifies:
        assert all(judge(other, facts).qualifies for other in freer)


@given(any_rules, facts_of_anybody())
def test_waiting_never_costs_a_perk_without_an_upper_end(rules: Rules, facts: Facts) -> None:
    rules = replace(rules, most_score=None)
    later = tuple(replace(step, linked_days=step.linked_days + 14) for step in facts.steps)
    if judge(rules, facts).qualifies:
        assert judge(rules, replace(facts, steps=later)).qualifies


def test_the_number_that_people_see_is_the_one_that_counts() -> None:
    assert (shown(39.4), shown(39.5), shown(40.49)) == (39, 40, 40)
    facts = Facts((Step(20, 39.5, frozenset({"x"})),), 39.5, is_provisional=False)
    assert judge(Rules(least_score=40), facts).qualifies
    assert not judge(Rules(least_score=41), facts).qualifies


def test_an_account_linked_yesterday_adds_nothing_yet() -> None:
    old, both = Step(20, 30.0, frozenset({"x"})), Step(1, 60.0, frozenset({"x", "bluesky"}))
    facts = Facts((old, both), 60.0, is_provisional=False)
    assert step_of(facts, 14) == old
    assert step_of(facts, 0) == both
    verdict = judge(Rules(least_score=50), facts)
    assert not verdict.qualifies
    (missing,) = verdict.missing
    assert "Yours is 30: 20 more would do." in str(missing.own)
    assert "linked long enough" in str(missing.own)
    assert judge(Rules(least_score=50, linked_days=0), facts).qualifies
    assert not judge(Rules(networks=("bluesky",)), facts).qualifies


def test_a_perk_says_what_it_asks_for_to_somebody_unknown() -> None:
    rules = Rules(20, 60, 1, ("x",), ("coffee",), ("NO",), 18)
    names = Names({"x": "X"}, {"coffee": "Coffee"}, {"NO": "Norway"})
    assert [str(text) for text in describe(rules, names)] == [
        "A firm score, from networks whose data is vouched for",
        "A score from 20 to 60",
        "An account linked for 1 day or more",
        "An account on: X",
        "Influential about: Coffee",
        "You live in: Norway",
        "18 years or older",
    ]

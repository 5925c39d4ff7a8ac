"""Advice: at most three pieces, each from one's own numbers."""

from scoring.core.advice import AdviceKind, Situation, Unanswered, advice_of


def kinds(situation: Situation) -> list[AdviceKind]:
    return [advice.kind for advice in advice_of(situation)]


def test_without_anything_seen_nothing_is_said() -> None:
    assert advice_of(Situation(score=1.0)) == []


def test_somebody_is_worth_an_answer_who_is_as_influential_as_oneself_or_a_professional() -> None:
    people = [Unanswered("Ada", 55.0), Unanswered("Bo", 49.0), Unanswered("Cy", 30.0)]
    strong = advice_of(Situation(score=80.0, unanswered=people))
    assert [person.name for person in strong[0].people] == ["Ada"]
    weak = advice_of(Situation(score=25.0, unanswered=people))
    assert (len(weak[0].people), weak[0].count) == (3, 3)
    assert advice_of(Situation(score=90.0, unanswered=people[1:])) == []


def test_a_habit_is_told_from_five_people_on_and_below_a_third() -> None:
    assert kinds(Situation(score=40.0, talked=4, answered=0)) == []
    assert kinds(Situation(score=40.0, talked=6, answered=1)) == [AdviceKind.HABIT]
    assert kinds(Situation(score=40.0, talked=6, answered=2)) == []


def test_an_hour_is_told_only_where_it_surely_brings_a_tenth_more() -> None:
    assert kinds(Situation(score=40.0, best_lift=0.09)) == []
    assert kinds(Situation(score=40.0, best_lift=0.1)) == [AdviceKind.HOUR]


def test_a_network_is_told_only_where_it_would_bring_something() -> None:
    assert kinds(Situation(score=40.0, missing=["x"], network_points=0.2)) == []
    found = advice_of(Situation(score=40.0, missing=list("abcd"), network_points=5.0))
    assert (found[0].kind, found[0].networks) == (AdviceKind.NETWORK, ("a", "b", "c"))


def test_there_are_at_most_three_and_the_quickest_stand_first() -> None:
    everything = Situation(
        score=40.0,
        unanswered=[Unanswered("Ada", 55.0)],
        talked=10,
        best_lift=0.3,
        missing=["x"],
        network_points=5.0,
    )
    assert kinds(everything) == [AdviceKind.ANSWER, AdviceKind.HOUR, AdviceKind.HABIT]

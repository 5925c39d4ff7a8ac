"""The filling of days: new, run twice, late, missing, at midnight, on a leap day, nobody there."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from connectors.models import Account, ClosedDay, Snapshot
from connectors.types import Direction, Kind, Provenance
from scoring import daily, queries, why
from scoring.core.explain import ChangeKind
from scoring.models import Moment, PairDay, PostDay, Score, ScoreRun
from tests.scoring import world

TODAY = date(2026, 3, 1)
YESTERDAY = TODAY - timedelta(days=1)
START = TODAY - timedelta(days=30)

pytestmark = pytest.mark.django_db


def clock(day: date, hour: int = 12) -> time_machine.travel:
    """Return a clock that stands still on the day."""
    return time_machine.travel(datetime(day.year, day.month, day.day, hour, tzinfo=UTC), tick=False)


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with clock(TODAY):
        yield


@pytest.fixture
def ada() -> Account:
    """Somebody whose post of each day five strangers like on the same day, for a month."""
    account = world.account(world.person("Ada"), synced=TODAY)
    strangers = world.reactors(5)
    for day in world.days(START, 30):
        world.react(account, strangers, [day], on=world.post(account, day))
    return account


def test_a_day_is_scored_for_everybody_with_a_history(ada: Account) -> None:
    waiting = world.account(world.person("Bo"), synced=TODAY)
    Account.objects.filter(pk=waiting.pk).update(first_synced_at=None)
    outcome = daily.score_day(YESTERDAY)
    assert outcome.people_count == 1
    assert outcome.interactions_count == 5
    assert list(Score.objects.values_list("person_id", flat=True)) == [ada.person_id]
    assert world.value(ada, YESTERDAY) > 20
    run = ScoreRun.objects.get()
    assert (run.day, run.status, run.people_count) == (YESTERDAY, "done", 1)
    assert ClosedDay.objects.filter(day=YESTERDAY).exists()


def test_a_second_run_changes_no_row(ada: Account) -> None:
    # Of small accounts: a discount is written too.
    world.react(ada, world.reactors(60, followers=8), world.days(START, 20))
    # On a server of their own.
    world.account(world.person("Cy"), synced=TODAY, native_id="cy@own.example")
    daily.backfill(START, YESTERDAY)
    before = world.everything()
    assert all(before.values())
    daily.score_day(YESTERDAY)
    daily.recompute(START, YESTERDAY)
    assert world.everything() == before


def test_days_scored_one_by_one_are_the_same_as_days_scored_at_once(ada: Account) -> None:
    bo = world.account(world.person("Bo"), synced=TODAY, followers=5_000)
    world.react(ada, [world.reactor_of(bo)], world.days(START, 20))
    world.react(bo, [world.reactor_of(ada)], world.days(START, 25), kind=Kind.RESHARE)
    world.react(ada, world.reactors(60, followers=8), world.days(START, 20))
    # On a server of their own, on which somebody acts.
    cy = world.account(world.person("Cy"), synced=TODAY, native_id="cy@own.example")
    world.react(cy, [world.reactor_of(bo)], world.days(START, 20))
    them = world.reactors(1, server="own.example")
    world.react(bo, them, world.days(START, 15), direction=Direction.SENT)
    daily.backfill(START, YESTERDAY)
    at_once = world.everything()
    assert all(at_once.values())
    for table in world.TABLES:
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - names of ours
    for day in world.days(START, 30):
        daily.score_day(day)
    assert world.everything() == at_once


def test_a_backfill_goes_on_at_the_first_day_that_is_not_done(ada: Account) -> None:
    told: list[tuple[int, int]] = []
    daily.backfill(START, START + timedelta(days=9))
    daily.backfill(START, YESTERDAY, lambda done, total: told.append((done, total)))
    assert told[0] == (1, 20)
    assert told[-1] == (20, 20)
    assert daily.backfill(START, YESTERDAY).days_count == 0


def test_only_closed_days_are_scored(ada: Account) -> None:
    for day in (TODAY, TODAY + timedelta(days=1)):
        with pytest.raises(daily.OpenDay, match=str(day)):
            daily.score_day(day)
        with pytest.raises(daily.OpenDay):
            daily.backfill(YESTERDAY, day)
        with pytest.raises(daily.OpenDay):
            daily.recompute(YESTERDAY, day)
    assert not ScoreRun.objects.exists()
    assert not ClosedDay.objects.exists()
    with pytest.raises(ValueError, match="after"):
        daily.backfill(YESTERDAY, START)


def test_a_day_ends_at_midnight_utc(ada: Account) -> None:
    with clock(YESTERDAY, 23), pytest.raises(daily.OpenDay):
        daily.score_day(YESTERDAY)
    with clock(TODAY, 0):
        assert daily.score_day(YESTERDAY).people_count == 1


def test_a_leap_day_is_a_day_like_any_other() -> None:
    leap = date(2028, 2, 29)
    account = world.account(world.person("Ada"), synced=date(2028, 3, 1))
    world.react(account, world.reactors(5), [leap])
    with clock(date(2028, 3, 2)):
        daily.backfill(date(2028, 2, 28), date(2028, 3, 1))
    assert PairDay.objects.filter(day=leap).count() == 5
    history = queries.score_history(account.person_id, date(2028, 2, 28), date(2028, 3, 1))
    assert [row.day for row in history] == [date(2028, 2, 28), leap, date(2028, 3, 1)]
    assert all(row.value is not None for row in history)


def test_nobody_is_scored_where_nobody_is() -> None:
    assert daily.score_day(YESTERDAY).people_count == 0
    assert ScoreRun.objects.get().status == "done"
    assert not any(world.everything().values())


def test_an_account_without_audience_and_reactions_is_one() -> None:
    empty = world.account(world.person("Empty"), synced=TODAY, followers=0)
    daily.score_day(YESTERDAY)
    assert world.value(empty, YESTERDAY) == 1.0


def test_only_received_reactions_that_others_vouch_for_count(ada: Account) -> None:
    world.react(ada, world.reactors(20), [YESTERDAY], direction=Direction.SENT)
    world.react(ada, world.reactors(20), [YESTERDAY], provenance=Provenance.OWN_FILE)
    assert daily.score_day(YESTERDAY).interactions_count == 5


def test_people_are_counted_and_not_events(ada: Account) -> None:
    loud = world.account(world.person("Loud"), synced=TODAY)
    quiet = world.account(world.person("Quiet"), synced=TODAY)
    three = world.reactors(3)
    world.react(loud, three, [YESTERDAY], kind=Kind.RESHARE, times=40)
    world.react(quiet, three, [YESTERDAY], kind=Kind.RESHARE)
    daily.score_day(YESTERDAY)
    assert world.value(loud, YESTERDAY) == pytest.approx(world.value(quiet, YESTERDAY), abs=1e-9)
    assert set(PairDay.objects.filter(account_id=loud.pk).values_list("count", flat=True)) == {40}


def test_what_people_do_to_themselves_counts_nothing() -> None:
    ada = world.person("Ada")
    one = world.account(ada, synced=TODAY)
    other = world.account(ada, synced=TODAY, followers=5)
    world.react(one, [world.reactor_of(other)], world.days(START, 30))
    daily.backfill(START, YESTERDAY)
    assert not PairDay.objects.exists()


def test_own_reactions_stop_counting_once_both_accounts_are_known(ada: Account) -> None:
    other = world.account(world.person("Bo"), synced=TODAY, followers=5)
    world.react(ada, [world.reactor_of(other)], world.days(START, 29), kind=Kind.RESHARE)
    before = YESTERDAY - timedelta(days=1)
    daily.backfill(START, before)
    assert "mastodon.reshares" in signals_of(ada, before)
    Account.objects.filter(pk=other.pk).update(person=ada.person_id)
    daily.score_day(YESTERDAY)
    assert "mastodon.likes" in signals_of(ada, YESTERDAY)
    assert "mastodon.reshares" not in signals_of(ada, YESTERDAY)


def signals_of(someone: Account, day: date) -> set[str]:
    """Return the signals that have a part in the score of the account's person."""
    shares = why.network_shares(someone.person_id, day)
    return {signal.signal_id for network in shares for signal in network.signals}


def test_a_reaction_from_somebody_with_standing_is_worth_more() -> None:
    """Trust is read from yesterday's mass where the reactor is scored here."""
    star = world.account(world.person("Star"), synced=TODAY, followers=500_000)
    nobody = world.account(world.person("Nobody"), synced=TODAY, followers=20)
    liked_by = {}
    for who in (star, nobody):
        liked = world.account(world.person("Liked"), synced=TODAY)
        world.react(liked, [world.reactor_of(who)], world.days(START, 30))
        liked_by[who.pk] = liked
    daily.backfill(START, YESTERDAY)
    assert world.value(liked_by[star.pk], YESTERDAY) > world.value(liked_by[nobody.pk], YESTERDAY)
    pairs = PairDay.objects.filter(day=YESTERDAY)
    classes = dict(pairs.values_list("account_id", "trust_class"))
    assert classes[liked_by[star.pk].pk] > classes[liked_by[nobody.pk].pk]


def test_a_history_that_was_always_the_same_is_flat(ada: Account) -> None:
    daily.backfill(START - timedelta(days=60), YESTERDAY)
    idle = world.account(world.person("Idle"), synced=TODAY, followers=900)
    daily.recompute(START - timedelta(days=60), YESTERDAY)
    values = [row.value for row in queries.score_history(idle.person_id, START, YESTERDAY)]
    assert len(set(values)) == 1


def test_an_account_that_is_not_fetched_is_carried_a_week_and_then_fades(ada: Account) -> None:
    """A day not fetched is unknown, which is not zero."""
    for day in world.days(TODAY, 4):
        world.fetched(ada, day)
    with clock(TODAY + timedelta(days=30)):
        daily.backfill(START, TODAY + timedelta(days=25))
    last_seen = TODAY + timedelta(days=3)
    values = {
        row.day: row.value or 0.0
        for row in queries.score_history(ada.person_id, YESTERDAY, TODAY + timedelta(days=25))
    }
    week = [values[last_seen + timedelta(days=n)] for n in range(8)]
    assert len(set(week)) == 1
    after = [values[last_seen + timedelta(days=n)] for n in range(7, 20)]
    assert after == sorted(after, reverse=True)
    assert after[-1] < after[0] - 0.5
    runs = dict(ScoreRun.objects.values_list("day", "missing_accounts_count"))
    assert runs[last_seen] == 0
    assert runs[last_seen + timedelta(days=1)] == 1


def test_an_account_that_is_fetched_again_is_corrected(ada: Account) -> None:
    carried, seen = TODAY + timedelta(days=2), TODAY + timedelta(days=3)
    with clock(seen, 6):
        daily.backfill(START, carried)
    world.fetched(ada, seen)
    with clock(seen + timedelta(days=1), 6):
        daily.score_day(seen)
    change = why.change_between(ada.person_id, carried, seen)
    assert change.points < -0.1
    assert {part.kind for part in change.parts} == {ChangeKind.CORRECTION}


def test_late_reactions_count_on_the_open_day_until_a_recompute(ada: Account) -> None:
    day = YESTERDAY - timedelta(days=3)
    daily.backfill(START, YESTERDAY - timedelta(days=1))
    before = world.value(ada, day)
    world.react(ada, world.reactors(30), [YESTERDAY], happened=day)
    daily.score_day(YESTERDAY)
    assert world.value(ada, day) == before
    late = world.value(ada, YESTERDAY)
    daily.recompute(day, day)
    assert world.value(ada, day) > before + 1
    assert PairDay.objects.filter(day=day, account_id=ada.pk).count() == 35
    # The day that had counted them for lack of a better one is scored again too.
    assert PairDay.objects.filter(day=YESTERDAY, account_id=ada.pk).count() == 5
    assert world.value(ada, YESTERDAY) < late


def test_a_popular_post_raises_a_known_account_by_six_points_a_day(ada: Account) -> None:
    world.fetched(ada, TODAY + timedelta(days=9))
    world.react(ada, world.reactors(3_000), [TODAY + timedelta(days=2)], on=world.post(ada, TODAY))
    with clock(TODAY + timedelta(days=10)):
        daily.backfill(START, TODAY + timedelta(days=9))
    days = world.days(TODAY + timedelta(days=1), 5)
    values = [world.value(ada, day) for day in days]
    steps = [b - a for a, b in pairwise(values)]
    assert steps[0] == pytest.approx(6)
    assert max(steps) <= 6 + 1e-9
    change = why.change_between(ada.person_id, days[0], days[1])
    held_back = [part for part in change.parts if part.kind is ChangeKind.HELD_BACK]
    assert held_back[0].points < -1
    assert sum(part.points for part in change.parts) == pytest.approx(change.points, abs=1e-9)


def test_within_the_first_history_nothing_is_held_back(ada: Account) -> None:
    world.react(ada, world.reactors(3_000), [YESTERDAY], on=world.post(ada, YESTERDAY))
    daily.backfill(START, YESTERDAY)
    assert world.value(ada, YESTERDAY) > world.value(ada, YESTERDAY - timedelta(days=1)) + 6


def test_a_second_account_brings_its_own_history_uncapped(ada: Account) -> None:
    with clock(TODAY + timedelta(days=20)):
        world.fetched(ada, TODAY + timedelta(days=18))
        daily.backfill(START, TODAY + timedelta(days=18))
        old = world.value(ada, TODAY + timedelta(days=18))
        world.account(
            ada.person, synced=TODAY + timedelta(days=20), followers=90_000, network="bluesky"
        )
        world.fetched(ada, TODAY + timedelta(days=19))
        daily.score_day(TODAY + timedelta(days=19))
    assert world.value(ada, TODAY + timedelta(days=19)) > old + 10


def test_one_person_with_a_billion_reactions_is_one_person(ada: Account) -> None:
    """The count of a pair does not enter the score, however large it gets."""
    daily.backfill(START, YESTERDAY - timedelta(days=1))
    daily.score_day(YESTERDAY)
    before = world.value(ada, YESTERDAY)
    PairDay.objects.filter(day=YESTERDAY - timedelta(days=1)).update(count=1_000_000_000)
    daily.score_day(YESTERDAY)
    assert world.value(ada, YESTERDAY) == before


def test_a_follower_count_of_a_whole_planet_and_one_too_large_to_be_true() -> None:
    huge = world.account(world.person("Huge"), synced=TODAY, followers=5_000_000_000)
    daily.score_day(YESTERDAY)
    most = world.value(huge, YESTERDAY)
    assert 80 < most <= 100
    # It is taken as not read: what was read before goes on counting.
    Snapshot.objects.create(account=huge, day=YESTERDAY, counts={"followers": 4_000_000_000})
    Snapshot.objects.filter(account=huge, day=TODAY).update(counts={"followers": 10**12})
    daily.score_day(YESTERDAY)
    believed = world.value(huge, YESTERDAY)
    assert 80 < believed < most
    Snapshot.objects.filter(account=huge, day=YESTERDAY).update(counts={"followers": 10**12})
    daily.score_day(YESTERDAY)
    assert world.value(huge, YESTERDAY) == 1


def test_reactors_erased_since_go_on_counting_without_a_name(ada: Account) -> None:
    daily.backfill(START, YESTERDAY)
    before = world.everything()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM connectors_reactor")
    daily.recompute(START, YESTERDAY)
    assert world.everything() == before


def test_people_and_accounts_that_left_are_not_scored_any_more(ada: Account) -> None:
    Account.objects.filter(pk=ada.pk).update(status="unlinked")
    assert daily.score_day(YESTERDAY).people_count == 0


@pytest.mark.parametrize("wrong", [float("nan"), float("inf"), 0.99, 100.01])
def test_the_database_refuses_what_is_no_score(ada: Account, wrong: float) -> None:
    daily.score_day(YESTERDAY)
    scores = Score.objects.filter(day=YESTERDAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        scores.update(value=wrong, low=wrong, high=wrong)
    scores.update(mass=1.0)
    with pytest.raises(IntegrityError), transaction.atomic():
        scores.update(mass=float("nan"))


def test_moments_are_the_posts_whose_reactions_brought_points(ada: Account) -> None:
    loved = world.post(ada, START + timedelta(days=10))
    fans = world.reactors(200)
    world.react(ada, fans[:150], [START + timedelta(days=10)], on=loved)
    world.react(ada, fans[150:], [START + timedelta(days=11)], on=loved)
    daily.backfill(START, YESTERDAY)
    best = Moment.objects.order_by("-points").first()
    assert best is not None
    assert (best.post_id, best.person_id) == (loved.pk, ada.person_id)
    assert best.day == START + timedelta(days=10)
    assert best.people_count == 200
    assert best.points == pytest.approx(sum(best.days.values()))
    assert len(best.days) == 2
    assert PostDay.objects.filter(post_id=loved.pk).count() == 2


def test_a_moment_that_lost_its_reactions_goes_with_the_next_recompute(ada: Account) -> None:
    daily.backfill(START, YESTERDAY)
    assert Moment.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM connectors_interaction")
    daily.recompute(START, YESTERDAY)
    assert not Moment.objects.exists()
    assert not PairDay.objects.exists()


def test_the_queries_of_a_day_do_not_grow_with_people(ada: Account) -> None:
    def queries_of_a_day() -> int:
        with CaptureQueriesContext(connection) as seen:
            daily.score_day(YESTERDAY)
        return len(seen)

    daily.score_day(YESTERDAY)
    few = queries_of_a_day()
    strangers = world.reactors(30)
    for number in range(20):
        someone = world.account(world.person(f"P{number}"), synced=TODAY)
        world.react(someone, strangers, [YESTERDAY], on=world.post(someone, YESTERDAY))
    daily.score_day(YESTERDAY)
    assert queries_of_a_day() == few
    assert few < 60

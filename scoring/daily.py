"""Scores closed days: one, a range, a range again, or one person's first history.

Everything here can be run again, at any time and beside itself, with the same rows in the end.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import structlog
from django.db import connection, transaction
from django.utils import timezone

from connectors import late
from connectors.models import ClosedDay
from scoring import discounts, due, loading, writing
from scoring.audience import audience
from scoring.core.model import Model
from scoring.core.params import CURRENT
from scoring.engines import DuckDB
from scoring.loading import Population
from scoring.models import ScoreRun
from scoring.rolling import RollUps
from scoring.rollup import rollup
from scoring.walk import Given, ScoredDay, Walk, first_day_of_window, with_post

log = structlog.get_logger(__name__)

# One scoring of everybody at a time; any number, as long as it is ours alone.
LOCK = 2_026_110_001
# A day of everybody is written while no single person's days are, and the other way round: both
# touch the same rows in different orders, and PostgreSQL would end one of them as a deadlock.
WRITING = 2_026_110_002
# Days that a person who was just linked or looked up gets at once, today included.
FIRST_DAYS = 92

Progress = Callable[[int, int], None]


class OpenDay(ValueError):
    """A day that has not ended yet (UTC) cannot be scored; the text names it."""


class Busy(RuntimeError):
    """Another scoring of everybody is under way."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a scoring did."""

    days_count: int
    people_count: int
    interactions_count: int
    # Accounts whose fetch of the last day was missing: carried at their expected value.
    missing_accounts_count: int


def score_day(day: date, *, wait: bool = True) -> Outcome:
    """Score one closed day for everybody; a second run changes nothing.

    Raises OpenDay, and Busy where another scoring is under way and `wait` is False.
    """
    return _score([day], from_start=True, wait=wait)


def backfill(first: date, last: date, progress: Progress | None = None) -> Outcome:
    """Score the days from first to last that are not done, and those after such a one.

    `progress` is called with the days done and in all. A killed backfill goes on where it was.
    """
    return _score(_days(first, last), from_start=False, progress=progress)


def score_due_days(now: datetime) -> Outcome | None:
    """Score the closed days that are due; None where there are none or another is at it."""
    found = due.days_due(now)
    if found.waiting_for_count:
        log.info("scoring_waits", accounts=found.waiting_for_count)
    if not found.days:
        return None
    try:
        return _score(found.days, from_start=False, wait=False)
    except Busy:
        return None


def recompute(first: date, last: date, progress: Progress | None = None) -> Outcome:
    """Score the days again, after reactions that were seen too late went back to their own day."""
    days = _days(first, last)
    _refuse_open(last)
    with _alone(wait=True):
        moved_until = late.back_to_their_days(first, last)
        if moved_until is not None and moved_until > last:
            # The days that had counted them meanwhile change too.
            newest = ScoreRun.objects.order_by("-day").values_list("day", flat=True).first()
            days = _days(first, min(moved_until, max(newest or last, last)))
        # What was fetched by now has been seen in time after all.
        ClosedDay.objects.filter(day__range=(first, last)).update(closed_at=timezone.now())
        return _score(days, from_start=True, progress=progress)


def first_scores(person_id: int) -> Outcome:
    """Score the last 92 days of one person, today included, from what was synced so far.

    Nobody else's rows change. The trust of the reactors is today's on all days, so that a steady
    history gives a steady score; the daily runs bring it day by day from then on.
    """
    today = timezone.now().date()
    days = _days(today - timedelta(days=FIRST_DAYS - 1), today)
    model = Model(CURRENT)
    people = loading.population(model.measures, person_id)
    if not people.account_ids.size:
        return Outcome(0, 0, 0, 0)
    account_ids = people.account_ids.tolist()
    start = first_day_of_window(days[0], CURRENT)
    reactors = loading.reactors(account_ids)
    classes = loading.trust_classes(reactors.person_ids, CURRENT)
    given = _given(model, people, days, reactors, classes)
    expressions = rollup(CURRENT.audience_thresholds)
    before = loading.yesterday(people, days[0], CURRENT)
    with DuckDB() as engine:
        engine.put("interactions", [loading.interactions(start, today, account_ids)])
        engine.see("accounts", loading.owners(people))
        engine.see("reactors", loading.reactor_rows(reactors, classes))
        all_pairs, all_posts = engine.run(expressions.pairs), engine.run(expressions.posts)
    pairs, early_pairs = loading.split(all_pairs, days[0])
    posts, early_posts = loading.split(all_posts, days[0])
    walk = Walk(given, early_pairs, early_posts, before)
    nothing = loading.no_rows()
    scored = [
        walk.step(day, pairs.get(day, nothing[0]), posts.get(day, nothing[1])) for day in days
    ]
    early_days = _days(start, days[0] - timedelta(days=1))
    writing.prepare(early_days + days)
    with transaction.atomic():
        _take_turns(everybody=False)
        _take_turns_for(person_id)
        writing.forget_moments(days, CURRENT.version, account_ids)
        discounts.forget(days, account_ids)
        writing.write_reactions(early_pairs, with_post(early_posts), early_days, people)
        writing.write(scored, people, CURRENT.version)
        discounts.write(scored, people)
    log.info("first_scores_written", person_id=person_id, days=len(days))
    return _outcome(scored[-1], people, len(days))


def _score(
    days: list[date],
    *,
    from_start: bool,
    wait: bool = True,
    progress: Progress | None = None,
) -> Outcome:
    """Score the days one after the other, those before the first one to do left out."""
    _refuse_open(days[-1])
    with _alone(wait=wait):
        if not from_start:
            days = _from_first_undone(days)
        outcome = Outcome(0, 0, 0, 0)
        total = len(days)
        if not days:
            return outcome
        _close(days)
        _mark_started(days)
        writing.prepare(days)
        for done, scored in enumerate(_walked(days), start=1):
            outcome = scored
            if progress is not None:
                progress(done, total)
        log.info("days_scored", first=str(days[0]), last=str(days[-1]), people=outcome.people_count)
        return outcome


def _walked(days: list[date]) -> Iterator[Outcome]:
    """Score the days and write each; yield what each came to."""
    model = Model(CURRENT)
    people = loading.population(model.measures)
    given = _given(model, people, days, loading.reactors(), None)
    start = first_day_of_window(days[0], CURRENT)
    before = days[0] - timedelta(days=1)
    walk = Walk(
        given,
        loading.pair_rows(start, before),
        loading.post_rows(start, before),
        loading.yesterday(people, days[0], CURRENT),
    )
    with transaction.atomic():
        _take_turns(everybody=True)
        writing.forget_moments(days, CURRENT.version)
        discounts.forget(days)
    with RollUps(people, days[0], days[-1]) as roll_ups:
        for day in days:
            pairs, posts = roll_ups.of(day, walk.reactors())
            scored = walk.step(day, pairs, posts)
            outcome = _outcome(scored, people, 1)
            with transaction.atomic():
                _take_turns(everybody=True)
                writing.write([scored], people, CURRENT.version)
                discounts.write([scored], people)
                _mark_done(day, outcome)
            yield outcome


def _take_turns(*, everybody: bool) -> None:
    """Wait, until this transaction ends, for whoever writes what this one would; see WRITING."""
    lock = "pg_advisory_xact_lock" if everybody else "pg_advisory_xact_lock_shared"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {lock}(%s)", [WRITING])


def _take_turns_for(person_id: int) -> None:
    """Wait, until this transaction ends, for whoever writes the same person's days."""
    with connection.cursor() as cursor:
        key = f"first-scores:{person_id}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 4))", [key])


def _given(
    model: Model,
    people: Population,
    days: list[date],
    reactors: loading.Reactors,
    fixed_classes: loading.Integers | None,
) -> Given:
    first = first_day_of_window(days[0], model.params) if fixed_classes is not None else days[0]
    return Given(
        model,
        people,
        audience(people, first, days[-1], model.params),
        loading.fetches(people, first, days[-1], model.params.carried_days),
        reactors,
        fixed_classes,
        discounts.lifted(people),
    )


def _outcome(scored: ScoredDay, people: Population, days_count: int) -> Outcome:
    return Outcome(
        days_count,
        people.person_ids.size,
        scored.interactions_count,
        scored.missing_accounts_count,
    )


def _days(first: date, last: date) -> list[date]:
    if first > last:
        raise ValueError(f"The first day, {first}, is after the last, {last}.")
    return [first + timedelta(days=i) for i in range((last - first).days + 1)]


def _refuse_open(day: date) -> None:
    if day >= timezone.now().date():
        raise OpenDay(f"{day} has not ended yet (UTC): only closed days can be scored.")


@contextmanager
def _alone(*, wait: bool) -> Iterator[None]:
    """Hold the scoring of everybody for this process; PostgreSQL lets go when it dies.

    May be held several times by one process. Raises Busy where another has it, unless `wait`.
    """
    with connection.cursor() as cursor:
        if wait:
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        else:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
            if not cursor.fetchone()[0]:
                raise Busy("Another scoring is under way.")
    try:
        yield
    finally:
        if connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def _close(days: list[date]) -> None:
    """Let no more reactions into the days, before their reactions are read."""
    ClosedDay.objects.bulk_create([ClosedDay(day=day) for day in days], ignore_conflicts=True)


def _from_first_undone(days: list[date]) -> list[date]:
    done = set(
        ScoreRun.objects.filter(
            day__range=(days[0], days[-1]),
            model_version=CURRENT.version,
            status=ScoreRun.Status.DONE,
        ).values_list("day", flat=True)
    )
    undone = [day for day in days if day not in done]
    return days[days.index(undone[0]) :] if undone else []


def _mark_started(days: list[date]) -> None:
    now = timezone.now()
    ScoreRun.objects.bulk_create(
        [
            ScoreRun(
                day=day,
                model_version=CURRENT.version,
                status=ScoreRun.Status.STARTED,
                started_at=now,
                finished_at=None,
            )
            for day in days
        ],
        update_conflicts=True,
        unique_fields=["day", "model_version"],
        update_fields=["status", "started_at", "finished_at"],
    )


def _mark_done(day: date, outcome: Outcome) -> None:
    ScoreRun.objects.filter(day=day, model_version=CURRENT.version).update(
        status=ScoreRun.Status.DONE,
        finished_at=timezone.now(),
        people_count=outcome.people_count,
        interactions_count=outcome.interactions_count,
        missing_accounts_count=outcome.missing_accounts_count,
    )

"""Scores closed days: one, a range, a range again, or one person's first history.

Everything here can be run again, at any time and beside itself, with the same rows in the end.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pyarrow as pa
import structlog
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from connectors import late
from connectors.models import ClosedDay
from scoring import (
    discounts,
    due,
    first_history,
    loading,
    search,
    servers,
    starting,
    versions,
    writing,
)
from scoring.core.params import Params, by_version
from scoring.loading import Population
from scoring.models import ScoreRun
from scoring.rolling import RollUps
from scoring.scored_day import ScoredDay
from scoring.versions import Timeline

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
    with alone(wait=True):
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
    found = first_history.history(person_id, days, versions.begun())
    if found is None:
        return Outcome(0, 0, 0, 0)
    account_ids = found.rolled.account_ids.tolist()
    early_days = _days(found.start, days[0] - timedelta(days=1))
    writing.prepare(early_days + days)
    with transaction.atomic():
        _take_turns(everybody=False)
        _take_turns_for(person_id)
        writing.forget_moments(days, account_ids)
        discounts.forget(days, account_ids)
        writing.write_reactions(*found.early, early_days, found.rolled)
        for part in found.parts:
            if part.shown:
                writing.write(part.scored, part.people, part.version)
                discounts.write(part.scored, part.people)
            else:
                writing.write_scores(part.scored, part.people, part.version, shown=False)
    search.renew(person_id)
    log.info("first_scores_written", person_id=person_id, days=len(days))
    last = found.parts[-1]
    return _outcome(last.scored[-1], last.people, len(days))


def recompute_under(
    version: str, first: date, last: date, progress: Progress | None = None
) -> Outcome:
    """Score days again under any version from their pair rows; pages show what they showed.

    The rows of the version are written beside the others, as shown on the days on which it is.
    Moments and discounts stay. Raises ValueError for an unknown version or a day without a score.
    """
    params, days = by_version(version), _days(first, last)
    refuse_unscored(days)
    with alone(wait=True):
        timeline = versions.begun()
        start_from = timeline.yesterdays_version(first, params)
        walk, people = starting.walk_from(params, first, last, start_from)
        writing.prepare(days)
        outcome = Outcome(0, 0, 0, 0)
        for done, day in enumerate(days, start=1):
            scored = walk.step(day, loading.pair_rows(day, day), loading.post_rows(day, day))
            shown = timeline.shown_on(day) is params
            with transaction.atomic():
                _take_turns(everybody=True)
                writing.write_scores([scored], people, version, shown=shown)
                # As a row that was written: pages are kept by the versions of runs.
                ScoreRun.objects.filter(day=day).update(people_count=F("people_count"))
            outcome = _outcome(scored, people, done)
            if progress is not None:
                progress(done, len(days))
        return outcome


def refuse_unscored(days: list[date]) -> None:
    """Raise ValueError for the first of the days that has no scores of everybody."""
    done = ScoreRun.objects.filter(
        day__range=(days[0], days[-1]), status=ScoreRun.Status.DONE
    ).values_list("day", flat=True)
    missing = sorted(set(days) - set(done))
    if missing:
        raise ValueError(f"{missing[0]} has not been scored yet.")


def _score(
    days: list[date],
    *,
    from_start: bool,
    wait: bool = True,
    progress: Progress | None = None,
) -> Outcome:
    """Score the days one after the other, those before the first one to do left out."""
    _refuse_open(days[-1])
    with alone(wait=wait):
        if not from_start:
            days = _from_first_undone(days)
        outcome = Outcome(0, 0, 0, 0)
        total = len(days)
        if not days:
            return outcome
        _close(days)
        timeline = versions.begun()
        _mark_started(days, timeline)
        writing.prepare(days)
        for done, scored in enumerate(_walked(days, timeline), start=1):
            outcome = scored
            if progress is not None:
                progress(done, total)
        log.info("days_scored", first=str(days[0]), last=str(days[-1]), people=outcome.people_count)
        return outcome


def _walked(days: list[date], timeline: Timeline) -> Iterator[Outcome]:
    """Score the days and write each; yield what each came to."""
    with transaction.atomic():
        _take_turns(everybody=True)
        writing.forget_moments(days)
        discounts.forget(days)
    everybody = loading.population(timeline.shown_on(days[-1]))
    with RollUps(everybody, days[0], days[-1]) as roll_ups:
        for span in timeline.spans(days):
            first = span.days[0]
            tables = None
            if span.replaced is not None:
                tables = _last_day_of(span.replaced, span.params, first, timeline, roll_ups)
            start_from = timeline.yesterdays_version(first, span.params)
            walk, people = starting.walk_from(span.params, first, span.days[-1], start_from)
            for day in span.days:
                tables = tables or roll_ups.of(day, walk.reactors(day), span.params)
                scored = walk.step(day, *tables)
                tables = None
                outcome = _outcome(scored, people, 1)
                with transaction.atomic():
                    _take_turns(everybody=True)
                    writing.write([scored], people, span.params.version)
                    discounts.write([scored], people)
                    servers.write(day, walk.servers, scored.standing, scored.level)
                    _mark_done(day, outcome)
                yield outcome
    search.renew_all(days[-1])


def _last_day_of(
    old: Params, new: Params, day: date, timeline: Timeline, roll_ups: RollUps
) -> tuple[pa.Table, pa.Table]:
    """Score the first day of a new version under the old one too; return the day's roll-up.

    Before the new version, so that the windows of both are never in memory together. Killed in
    between, the day is not done, and nothing of it is shown.
    """
    walk, people = starting.walk_from(old, day, day, timeline.yesterdays_version(day, old))
    tables = roll_ups.of(day, walk.reactors(day), new)
    scored = walk.step(day, *tables)
    with transaction.atomic():
        _take_turns(everybody=True)
        writing.write_scores([scored], people, old.version, shown=False)
    return tables


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
def alone(*, wait: bool) -> Iterator[None]:
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
            day__range=(days[0], days[-1]), status=ScoreRun.Status.DONE
        ).values_list("day", flat=True)
    )
    undone = [day for day in days if day not in done]
    return days[days.index(undone[0]) :] if undone else []


def _mark_started(days: list[date], timeline: Timeline) -> None:
    now = timezone.now()
    ScoreRun.objects.bulk_create(
        [
            ScoreRun(
                day=day,
                model_version=timeline.shown_on(day).version,
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
    ScoreRun.objects.filter(day=day).update(
        status=ScoreRun.Status.DONE,
        finished_at=timezone.now(),
        people_count=outcome.people_count,
        interactions_count=outcome.interactions_count,
        missing_accounts_count=outcome.missing_accounts_count,
    )

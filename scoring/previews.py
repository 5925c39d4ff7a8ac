"""What another version of the model would move: a day scored under both, from its stored rows."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
from django.utils import timezone

from scoring import daily, loading, starting, transfer, versions
from scoring.core.params import Params, by_version
from scoring.learning.auc import spearman
from scoring.loading import Floats, Integers
from scoring.models import ModelVersion, ScoreRun
from scoring.moved import RANGE_POINTS, Moved, RangeRow

# People named to operators, by their ids: those who move most.
MOST_MOVERS = 10
# A stored score that comes out otherwise today by more than this was scored from other rows.
SAME_POINTS = 1e-9


@dataclass(frozen=True, slots=True)
class Mover:
    """One who moves much, for operators: no name."""

    person_id: int
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Preview:
    """What a preview found."""

    version: str
    digest: str
    moved: Moved
    movers: list[Mover]
    # Whether it was kept for publishing: what is published keeps the preview that it had.
    stored: bool


@dataclass(frozen=True, slots=True)
class _Scores:
    person_ids: Integers  # ascending
    value: Floats
    held_back: Floats


def preview(version: str, day: date | None = None) -> Preview:
    """Return who moves by how much if the version had begun on a day, the last scored one if None.

    Both versions are computed, one after the other, from the same stored pair rows and the shown
    scores of the day before; no shown row is touched. The trust classes are those of the rows: what
    people's changed masses would do to the trust in them from the next day on is not in it.
    Raises ValueError for an unknown version or a day without scores, Busy while days are scored.
    """
    params = by_version(version)
    with daily.alone(wait=False):
        timeline = versions.begun()
        day = day or _last_scored_day()
        daily.refuse_unscored([day])
        shown = timeline.shown_on(day)
        start_from = timeline.yesterdays_version(day, shown)
        old = _scores(shown, day, start_from)
        new = old if params is shown else _scores(params, day, start_from)
        changed_since = _changed_since(old, day)
    moved, movers = _compared(old, new, day, shown.version, changed_since)
    digest = versions.digest_of(params)
    return Preview(version, digest, moved, movers, _stored(version, digest, moved))


def _last_scored_day() -> date:
    run = ScoreRun.objects.filter(status=ScoreRun.Status.DONE).order_by("-day").first()
    if run is None:
        raise ValueError("No day has been scored yet: there is nothing to preview on.")
    return run.day


def _scores(params: Params, day: date, yesterdays_version: str) -> _Scores:
    """Return the scores of a day under a version, from the stored rows; keeps nothing else."""
    walk, people = starting.walk_from(params, day, day, yesterdays_version)
    scored = walk.step(day, loading.pair_rows(day, day), loading.post_rows(day, day))
    kept = np.ones(people.person_ids.size, dtype=np.bool_)
    if scored.without_score is not None:
        kept = ~scored.without_score
    return _Scores(people.person_ids[kept], scored.value[kept], scored.why.held_back[kept])


_SHOWN = "SELECT person_id, value FROM scoring_score WHERE day = %s AND shown"
_SHOWN_COLUMNS = pa.schema([("person_id", pa.int64()), ("value", pa.float64())])


def _changed_since(now: _Scores, day: date) -> int:
    """Return how many shown scores of the day are stored otherwise than they come out now."""
    rows = transfer.read(_SHOWN, [day], _SHOWN_COLUMNS)
    place = loading.positions(now.person_ids, loading.integers(rows, "person_id"))
    here = place >= 0
    apart = np.abs(now.value[place[here]] - loading.floats(rows, "value")[here]) > SAME_POINTS
    return int(np.count_nonzero(apart)) + int(np.count_nonzero(~here))


def _compared(
    old: _Scores, new: _Scores, day: date, compared_with: str, changed_since: int
) -> tuple[Moved, list[Mover]]:
    ids, in_old, in_new = np.intersect1d(
        old.person_ids, new.person_ids, assume_unique=True, return_indices=True
    )
    before, after = old.value[in_old], new.value[in_new]
    points = after - before
    size = np.abs(points)
    moved = Moved(
        day=day.isoformat(),
        compared_with=compared_with,
        people_count=ids.size,
        one_only_count=old.person_ids.size + new.person_ids.size - 2 * ids.size,
        over_1_count=int(np.count_nonzero(size > 1)),
        over_3_count=int(np.count_nonzero(size > 3)),
        over_5_count=int(np.count_nonzero(size > 5)),
        mean_points=float(points.mean()) if ids.size else 0.0,
        largest_up=float(points.max(initial=0.0)),
        largest_down=float(points.min(initial=0.0)),
        rank_correlation=_rank_correlation(before, after),
        held_back_count=int(np.count_nonzero(new.held_back > 0)),
        changed_since_count=changed_since,
        ranges=_ranges(before, points),
    )
    most = np.lexsort((ids, -size))[:MOST_MOVERS]
    return moved, [
        Mover(int(ids[row]), float(before[row]), float(after[row])) for row in most if size[row] > 0
    ]


def _rank_correlation(before: Floats, after: Floats) -> float | None:
    if before.size < 2 or np.ptp(before) == 0 or np.ptp(after) == 0:
        return None
    return spearman(before, after)


def _ranges(before: Floats, points: Floats) -> list[RangeRow]:
    """Return the ranges in which there is anybody, lowest first."""
    lowest = np.minimum(before // RANGE_POINTS, 100 // RANGE_POINTS - 1).astype(np.int64)
    found = []
    for number in np.unique(lowest).tolist():
        own = points[lowest == number]
        up, down = int(np.count_nonzero(own > 1)), int(np.count_nonzero(own < -1))
        found.append(RangeRow(number * RANGE_POINTS, own.size, up, down, float(own.mean())))
    return found


def _stored(version: str, digest: str, moved: Moved) -> bool:
    """Keep the preview of a version that is not published; return whether it was kept."""
    if ModelVersion.objects.filter(version=version, published_from__isnull=False).exists():
        return False
    told = {"digest": digest, "preview": moved.to_json(), "previewed_at": timezone.now()}
    ModelVersion.objects.update_or_create(version=version, defaults=told)
    return True

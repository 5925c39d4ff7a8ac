"""Which version of the model is shown on which day, and what a version is made of.

A version is its parameters, the signals that have a weight, and the networks that are combined.
On the first day of a version both it and the one before are computed; only the new one is shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection
from django.utils import timezone

from scoring.core.params import CURRENT, VERSIONS, Params, by_version, canonical
from scoring.core.plus_k import NETWORK as PLUS_K
from scoring.models import ModelVersion, Score
from scoring.moved import Moved
from scoring.signals import CATALOGUE

# The first version of an installation is shown from here on.
BEGINNING = date.min


@dataclass(frozen=True, slots=True)
class Span:
    """Days in a row under one version."""

    params: Params
    days: list[date]
    # The version that was shown until the day before `days[0]`, which is computed on it as well;
    # None where the days begin within a version.
    replaced: Params | None


@dataclass(frozen=True, slots=True)
class Timeline:
    """The versions and the first days on which they are shown, in the order of time."""

    starts: tuple[tuple[date, Params], ...]

    def shown_on(self, day: date) -> Params:
        """Return the version that is shown on a day."""
        return next(params for start, params in reversed(self.starts) if start <= day)

    def replaced_on(self, day: date) -> Params | None:
        """Return the version that is computed on the day beside the shown one; None on most."""
        if all(start != day for start, _ in self.starts[1:]):
            return None
        return self.shown_on(day - timedelta(days=1))

    def spans(self, days: Sequence[date]) -> list[Span]:
        """Return the days, which follow one another, by their version."""
        found: list[Span] = []
        for day in days:
            params = self.shown_on(day)
            if not found or found[-1].params is not params:
                found.append(Span(params, [], self.replaced_on(day)))
            found[-1].days.append(day)
        return found

    def yesterdays_version(self, day: date, params: Params) -> str:
        """Return the version whose rows of the day before a scoring of `day` takes over.

        The shown one, so that the daily limit holds for what people see; for a version that is not
        shown on the day its own, where it has any. One query at most.
        """
        before = day - timedelta(days=1)
        shown = self.shown_on(before).version
        if params.version in (shown, self.shown_on(day).version):
            return shown
        own = Score.objects.filter(day=before, model_version=params.version)
        return params.version if own.exists() else shown


# As a text: most pages ask it, and putting it together takes ten times as long as the answer.
_STARTS = """
SELECT published_from, version FROM scoring_modelversion
 WHERE published_from IS NOT NULL ORDER BY published_from
"""


def timeline() -> Timeline:
    """Return the versions by the days on which they are shown. One query.

    CURRENT on all days where nothing was scored yet. Raises ValueError where a published version
    is not in the code.
    """
    with connection.cursor() as cursor:
        cursor.execute(_STARTS)
        starts = [(start, by_version(version)) for start, version in cursor.fetchall()]
    return Timeline(tuple(starts) or ((BEGINNING, CURRENT),))


def begun() -> Timeline:
    """Return the timeline for a run, after writing down the first version where there is none."""
    if not ModelVersion.objects.filter(published_from__isnull=False).exists():
        ModelVersion.objects.bulk_create([_first()], ignore_conflicts=True)
    return timeline()


def _first() -> ModelVersion:
    return ModelVersion(
        version=CURRENT.version,
        digest=digest_of(CURRENT),
        published_at=timezone.now(),
        published_from=BEGINNING,
    )


def in_use() -> Params:
    """Return the version that is shown today. One query."""
    return timeline().shown_on(timezone.now().date())


@dataclass(frozen=True, slots=True)
class Known:
    """A version of the model, as everybody may read of it."""

    params: Params
    digest: str
    # What changed, in the words of who published it; "" where nothing was written.
    note_en: str
    note_nb: str
    # First day on which it is shown, and the first day on which it is not; None: not (yet).
    shown_from: date | None
    replaced_on: date | None
    # The version before it, or the one in use for a candidate; None for the first.
    before: Params | None
    # What its preview found; None without one.
    moved: Moved | None

    @property
    def is_candidate(self) -> bool:
        """Return whether it was never published."""
        return self.shown_from is None


def known() -> list[Known]:
    """Return the candidates and the published versions, newest first. One query."""
    rows = {row.version: row for row in ModelVersion.objects.all()}
    published = sorted(
        (row for row in rows.values() if row.published_from is not None),
        key=lambda row: row.published_from or BEGINNING,
    )
    line = [by_version(row.version) for row in published] or [CURRENT]
    candidates = [params for params in VERSIONS.values() if params not in line]
    found = [
        _known(params, rows.get(params.version), line[n - 1] if n else None)
        for n, params in enumerate(line)
    ]
    found += [_known(params, rows.get(params.version), line[-1]) for params in candidates]
    return found[::-1]


def _known(params: Params, row: ModelVersion | None, before: Params | None) -> Known:
    digest = digest_of(params)
    if row is None:
        start = None if before else BEGINNING
        return Known(params, digest, "", "", start, None, before, None)
    # The preview of a candidate that was edited since speaks of something else.
    fits = row.preview and row.digest == digest
    return Known(
        params,
        row.digest if row.published_from else digest,
        row.note_en,
        row.note_nb,
        row.published_from,
        row.computed_until,
        before,
        Moved.from_json(row.preview) if fits else None,
    )


def digest_of(params: Params) -> str:
    """Return what identifies a version: changed by any number, weighted signal or network."""
    return canonical.digest(params, catalogue_of(params))


def catalogue_of(params: Params) -> list[list[str]]:
    """Return the signals with a weight of the networks that the version combines, and +K."""
    sources = {*params.networks, *([PLUS_K] if params.plus_k is not None else [])}
    return [
        [
            signal.id,
            signal.family.value,
            "named" if signal.named else "anonymous",
            "owner" if signal.owner_only else "everybody",
        ]
        for signal in CATALOGUE
        if signal.carries_weight and signal.network in sources
    ]

"""Gathers the evidence for the score into one table; a source that is missing says what to give."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from django.db import DatabaseError

from scoring import own_rows
from scoring.core.params import CURRENT
from scoring.learning import baselines, human, klout, pairs, windows
from scoring.learning.auc import r_squared, spearman, spearman_error
from scoring.learning.fit import CannotLearn
from scoring.learning.solvers import NoSolution
from scoring.learning.table import Row
from scoring.learning.tables import BadTable
from scoring.learning.windows import Predicted
from scoring.own_rows import People

HUMAN = "human judgement"
KLOUT = "real Klout scores"
POPULATION = "distribution"
NEXT = "next window"
AUDIENCE = "audience"
STABLE = "stability"
TRUTH = "hidden true influence"

SYNTHETIC = "synthetic"
# Fewer people make no distribution and no correlation.
LEAST_PEOPLE = 20
OWN_PEOPLE = f"{LEAST_PEOPLE} scored people (DATABASE_URL, manage.py backfill)"


@dataclass(frozen=True, slots=True)
class Sources:
    """What there is to measure on; None: not given."""

    pairs: Path | None = None
    klout: Path | None = None
    distribution: Path | None = None
    cascades: Path | None = None
    # Influence by id on the sample network.
    truth: Mapping[str, float] | None = None
    seed: int = 0
    folds: int = 5
    repeats: int = 20


@dataclass(frozen=True, slots=True)
class Own:
    """The people of the last scored day, invented and real ones apart, where there are enough."""

    day: date | None
    groups: list[tuple[str, People]]


def table(sources: Sources) -> list[Row]:
    """Return all rows, in their order. Raises BadTable for a file in another format."""
    own = _own_people()
    return [
        *_human(sources),
        *_klout(sources),
        *_distribution(sources, own),
        *_cascades(sources),
        *_own(sources, own),
    ]


def _human(sources: Sources) -> list[Row]:
    if sources.pairs is None:
        return [_missing(HUMAN, "AUC on pairs of accounts", "--pairs FILE")]
    judgements = pairs.read(sources.pairs)
    try:
        found = human.evidence(
            judgements,
            CURRENT,
            seed=sources.seed,
            folds=sources.folds,
            repeats=sources.repeats,
        )
    except (CannotLearn, NoSolution) as error:
        raise BadTable(f"{sources.pairs.name}: {error}.") from None
    inside = [
        Row(HUMAN, row.name, "AUC, in-sample", row.in_sample, row.in_sample_error, n)
        for n in [found.pairs_count]
        for row in found.rows
    ]
    apart = [
        Row(
            HUMAN,
            row.name,
            "AUC, account-disjoint",
            row.disjoint,
            row.disjoint_error,
            found.held_out_count,
            ""
            if row.name == human.UNCONSTRAINED
            else f"{row.difference:+.4f} ± {row.difference_error:.4f} to no constraint",
        )
        for row in found.rows
    ]
    values = human.scores(judgements.features, CURRENT)
    logs = baselines.followers(judgements.features)
    audience = Row(
        AUDIENCE,
        "accounts of the pairs",
        "R² of the score on log followers",
        r_squared(values, logs),
        count=judgements.n_accounts,
    )
    return [*inside, *apart, audience]


def _klout(sources: Sources) -> list[Row]:
    if sources.klout is None:
        return [_missing(KLOUT, "agreement on the same accounts", "--klout FILE")]
    found = klout.accounts_agreement(sources.klout, CURRENT, seed=sources.seed)
    note = "reactions unknown: from followers and lists alone"
    n = found.accounts_count
    return [
        Row(KLOUT, "this score", "Spearman", found.spearman, found.spearman_error, n, note),
        Row(KLOUT, "followers", "Spearman", found.followers_spearman, count=n),
        Row(KLOUT, "this score", "mean error, points", found.mean_error, count=n),
        Row(KLOUT, "this score minus Klout's", "mean, points", found.mean_difference, count=n),
        Row(AUDIENCE, "Klout's score", "R² on log followers", found.klout_r_squared, count=n),
        Row(
            AUDIENCE,
            "this score of the same accounts",
            "R² on log followers",
            found.own_r_squared,
            count=n,
            note=note,
        ),
    ]


def _distribution(sources: Sources, own: Own) -> list[Row]:
    if sources.distribution is None:
        return [_missing(POPULATION, "a real population", "--distribution FILE")]
    real = klout.distribution(sources.distribution)
    total = int(real.counts.sum() + real.none_count)
    rows = [
        Row(POPULATION, "real population", f"share from {low:g} on", share, count=total)
        for low in klout.FROM_SCORES
        if low in real.lows
        for share in [real.share_from(low)]
    ]
    for note, people in own.groups:
        n = people.score.size
        rows += [
            Row(
                POPULATION,
                "own people",
                f"share from {low:g} on",
                float(np.mean(people.score >= low)),
                count=n,
                note=note,
            )
            for low in klout.FROM_SCORES
            if low in real.lows
        ]
        apart = klout.distance(people.score, real)
        measure = "greatest difference of cumulative shares"
        rows.append(Row(POPULATION, "own people", measure, apart, count=n, note=note))
    return rows if own.groups else [*rows, _missing(POPULATION, "own people", OWN_PEOPLE)]


def _cascades(sources: Sources) -> list[Row]:
    name = "posts and reactions of others"
    if sources.cascades is None:
        return [_missing(NEXT, name, "--cascades FILE")]
    told = windows.read_cascades(sources.cascades)
    found = windows.predict(told, CURRENT, seed=sources.seed)
    if found is None:
        return [
            Row(
                NEXT,
                name,
                "Spearman",
                None,
                note=f"fewer than three authors posted in both of the last two windows of "
                f"{windows.WINDOW_DAYS} days",
            )
        ]
    return _predicted(found, "--cascades")


def _own(sources: Sources, own: Own) -> list[Row]:
    if own.day is None or not own.groups:
        return [_missing(section, "own people", OWN_PEOPLE) for section in (NEXT, AUDIENCE, STABLE)]
    rows: list[Row] = []
    for note, people in own.groups:
        synthetic = note == SYNTHETIC
        rows += _own_next(note, own.day, synthetic=synthetic, seed=sources.seed)
        logs = np.log10(1 + people.followers)
        rows.append(
            Row(
                AUDIENCE,
                "own people",
                "R² of the score on log followers",
                r_squared(people.score, logs),
                count=people.score.size,
                note=note,
            )
        )
        rows += _own_stability(note, own.day, synthetic=synthetic)
        if synthetic:
            rows += _truth(people, sources)
    return rows


def _own_next(note: str, day: date, *, synthetic: bool, seed: int) -> list[Row]:
    split = day - timedelta(days=windows.WINDOW_DAYS)
    people = own_rows.people(split, synthetic=synthetic)
    past_ids, past = own_rows.reactions_per_post(
        split - timedelta(days=windows.WINDOW_DAYS - 1), split
    )
    next_ids, following = own_rows.reactions_per_post(split + timedelta(days=1), day)
    common, of_past, of_next = np.intersect1d(
        past_ids, next_ids, assume_unique=True, return_indices=True
    )
    place = people.rows_of(common)
    known = place >= 0
    rankings = {
        windows.SCORE: people.score[place[known]],
        "followers": people.followers[place[known]],
        "own past mean": past[of_past[known]],
    }
    found = windows.compare(rankings, following[of_next[known]], split, seed=seed)
    if found is None:
        text = f"scores and posts of {2 * windows.WINDOW_DAYS} days (manage.py backfill)"
        return [_missing(NEXT, f"own people ({note})", text)]
    return _predicted(found, note)


def _predicted(found: Predicted, note: str) -> list[Row]:
    return [
        Row(
            NEXT,
            row.name,
            "Spearman with reactions per post",
            row.spearman,
            row.error,
            found.people_count,
            note
            if row.name == windows.SCORE
            else f"{note}; this score {row.behind:+.4f} ± {row.behind_error:.4f}",
        )
        for row in found.rows
    ]


def _own_stability(note: str, day: date, *, synthetic: bool) -> list[Row]:
    found = own_rows.stability(day, synthetic=synthetic)
    if found is None:
        text = f"scores of {own_rows.STABILITY_DAYS + 1} days (manage.py backfill)"
        return [_missing(STABLE, f"own people ({note})", text)]
    n, days = found.people_count, found.days_count
    return [
        Row(STABLE, "day to day", "mean change, points", found.mean_change, count=n, note=note),
        Row(
            STABLE,
            f"over {days} days",
            "share in the same quarter of ranks",
            found.same_quarter_share,
            count=n,
            note=note,
        ),
    ]


def _truth(people: People, sources: Sources) -> list[Row]:
    if sources.truth is None:
        text = "--truth (the sample server started with --serve-truth), or --truth FILE"
        return [_missing(TRUTH, "own people (synthetic)", text)]
    person_of = own_rows.sample_accounts()
    known = [(person_of[name], value) for name, value in sources.truth.items() if name in person_of]
    place = people.rows_of(np.array([person for person, _ in known], dtype=np.int64))
    kept = place >= 0
    truth = np.array([value for _, value in known])[kept]
    if truth.size < LEAST_PEOPLE:
        return [_missing(TRUTH, "own people (synthetic)", "the truth of the same population")]
    rankings = {"this score": people.score, "followers": people.followers}
    return [
        Row(
            TRUTH,
            name,
            "Spearman",
            spearman(values[place[kept]], truth),
            spearman_error(values[place[kept]], truth, seed=sources.seed),
            truth.size,
            SYNTHETIC,
        )
        for name, values in rankings.items()
    ]


def _own_people() -> Own:
    """Return who is scored here; nobody where no database answers or its tables are not made."""
    try:
        day = own_rows.last_scored_day()
        if day is None:
            return Own(None, [])
        groups = [
            (SYNTHETIC if synthetic else "real", own_rows.people(day, synthetic=synthetic))
            for synthetic in (False, True)
        ]
    except DatabaseError:
        return Own(None, [])
    return Own(day, [group for group in groups if group[1].score.size >= LEAST_PEOPLE])


def _missing(section: str, name: str, give: str) -> Row:
    return Row(section, name, "not measured", None, note=f"give {give}")

"""What explains scores: what each is made of, and why it changed, in parts that add up exactly."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from scoring.core import explain
from scoring.core.explain import ChangeKind
from scoring.core.model import Model
from scoring.core.params import CURRENT, Family, by_version
from scoring.core.parts import Parts
from scoring.core.plus_k import NETWORK
from scoring.models import Discount, Explanation, ModelVersion
from scoring.signals import BY_ID, Signal

_ANONYMOUS = frozenset(m.name for m in CURRENT.measures if m.family is Family.ANONYMOUS)


@dataclass(frozen=True, slots=True)
class SignalShare:
    """A signal's part of a score."""

    signal_id: str
    name: str
    # In `unit`; None: the network cannot tell.
    value: float | None
    unit: str
    # Of the whole score, 0–1.
    share: float
    # The network does not tell it: a middle amount is filled in.
    is_estimate: bool = False
    # The network tells how many reacted, and not who.
    is_anonymous: bool = False


@dataclass(frozen=True, slots=True)
class NetworkShare:
    """An account's part of a score and the signals in it, greatest first; +K has account 0."""

    network: str
    account_id: int
    # 0–1; the shares of all accounts sum to 1.
    share: float
    signals: list[SignalShare]


@dataclass(frozen=True, slots=True)
class ApartScore:
    """The sub-score of a network that may not be combined with others."""

    network: str
    account_id: int
    # 1–100, unrounded, and the 80 % band around it.
    value: float
    low: float
    high: float
    provisional: bool
    # Their shares sum to 1 within it.
    signals: list[SignalShare]


@dataclass(frozen=True, slots=True)
class ChangePart:
    """A part of a change; network and measure are "" where there is none."""

    kind: ChangeKind
    network: str
    measure: str
    points: float
    # Of +K: different people whose credit counts on the last day.
    people: int = 0


@dataclass(frozen=True, slots=True)
class NewVersion:
    """Another version of the model, on the first day that it is shown."""

    day: date
    version: str
    # The score under it minus the one under the version before, on this same day.
    points: float


@dataclass(frozen=True, slots=True)
class Change:
    """A change between two days; the parts' points sum to `points`."""

    first: date
    last: date
    points: float
    parts: list[ChangePart]
    # In the order of time; their points sum to the part of kind MODEL.
    new_versions: list[NewVersion] = field(default_factory=list)


def network_shares(person_id: int, day: date) -> list[NetworkShare]:
    """Return what the score of a day is made of, greatest first; empty without one. One query."""
    found = _explanations(person_id, day, day)
    return _shares(found[-1][1]) if found else []


@dataclass(frozen=True, slots=True)
class DayShares:
    """What the networks made of the score of a day; none of a score of 1."""

    day: date
    # network → 0–1; +K stands beside the networks.
    shares: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Explained:
    """What a page says of the scores of some days."""

    # change_between the days, and network_shares of the last scored one.
    change: Change
    shares: list[NetworkShare]
    # Of the last explained day.
    apart: list[ApartScore]
    # Whether discounts_for has any rows to ask for.
    has_discounts: bool
    # Of the last scored day; None without one.
    newest: Parts | None
    # The days in their order, each with the shares of the networks, which sum to 1.
    by_day: list[DayShares] = field(default_factory=list)


def explained(
    person_id: int, first: date, last: date, days: Collection[date] | None = None
) -> Explained:
    """Return what a page says of the scores of the days. One query.

    Of a long range, `days` may name those that are read: the parts of the change add up to the
    same then, since the days of a new version are always among them.
    """
    rows = list(
        _explained_days(person_id, first, last, days)
        .annotate(has_discounts=Exists(Discount.objects.filter(person_id=person_id)))
        .values_list("day", "body", "has_discounts")
    )
    found = [(day, Parts.from_json(body)) for day, body, _ in rows]
    newest = found[-1][1] if found else None
    return Explained(
        _change(found, last),
        _shares(newest) if newest else [],
        _apart(newest) if newest else [],
        any(row[2] for row in rows),
        newest,
        [DayShares(day, _network_masses(parts)) for day, parts in dict(found).items()],
    )


def _network_masses(parts: Parts) -> dict[str, float]:
    total = sum(part.mass for part in parts.networks.values())
    credit = explain.plus_k_share(parts, _model(parts))
    shares: dict[str, float] = {}
    for part in parts.networks.values() if total > 0 else ():
        share = (1 - credit) * part.mass / total
        shares[part.network] = shares.get(part.network, 0.0) + share
    return shares | ({NETWORK: credit} if credit else {})


def _model(parts: Parts) -> Model:
    return Model(by_version(parts.version))


def kept_apart(person_id: int, first: date, last: date) -> list[ApartScore]:
    """Return the newest sub-scores within the days of networks kept apart. One query."""
    newest = _explained_days(person_id, first, last).values_list("body", flat=True).last()
    return _apart(Parts.from_json(newest)) if newest is not None else []


def _apart(parts: Parts) -> list[ApartScore]:
    found = []
    for account_id, row in parts.apart.items():
        alone = Parts(parts.version, row.score, 0.0, {account_id: row.part})
        own = [share for of in _shares(alone) for share in of.signals]
        found.append(
            ApartScore(
                row.part.network, account_id, row.score, row.low, row.high, row.provisional, own
            )
        )
    return sorted(found, key=lambda row: (-row.value, row.account_id))


def _shares(parts: Parts) -> list[NetworkShare]:
    signals: dict[int, list[SignalShare]] = {}
    for share in explain.shares(parts, _model(parts)):
        signal = _signal(share.network, share.measure)
        account = parts.networks.get(share.account_id)
        credit = parts.plus_k.x if parts.plus_k is not None else None
        signals.setdefault(share.account_id, []).append(
            SignalShare(
                signal_id=f"{share.network}.{share.measure}",
                name=signal.shown_name if signal else share.measure,
                value=account.x.get(share.measure) if account is not None else credit,
                unit=signal.shown_unit if signal else "",
                share=share.share,
                is_estimate=account is not None and share.measure in account.imputed,
                is_anonymous=share.measure in _ANONYMOUS,
            )
        )
    rows = [
        NetworkShare(
            parts.networks[pk].network if pk else NETWORK, pk, sum(s.share for s in own), own
        )
        for pk, own in signals.items()
    ]
    return sorted(rows, key=lambda row: (-row.share, row.account_id))


def _signal(network: str, measure: str) -> Signal | None:
    """Return a network's signal; another network's of the same measure where it tells none."""
    return BY_ID.get(f"{network}.{measure}") or next(
        (signal for signal in BY_ID.values() if signal.measure == measure), None
    )


def change_between(person_id: int, first: date, last: date) -> Change:
    """Return the change of the shown score from first to last, in parts that add up. One query.

    Counted between the first and the last day of the range that have a score.
    """
    return _change(_explanations(person_id, first, last), last)


def _change(found: list[tuple[date, Parts]], last: date) -> Change:
    if len(found) > 1 and found[0][0] == found[1][0]:
        # Counted from what was shown on the first day: the version before it is no part of that.
        found = found[1:]
    if len(found) < 2:
        day = found[0][0] if found else last
        return Change(day, day, 0.0, [])
    begin, end = found[0], found[-1]
    models = {version: Model(by_version(version)) for version in {p.version for _, p in found}}
    parts = explain.total_change([row[1] for row in found], models)
    sums: dict[tuple[ChangeKind, str, str], float] = {}
    for part in parts:
        key = (part.kind, part.network, part.measure)
        sums[key] = sums.get(key, 0.0) + part.points
    credit = end[1].plus_k.people if end[1].plus_k is not None else 0
    rows = [
        ChangePart(*key, amount, credit if key[1] == NETWORK else 0) for key, amount in sums.items()
    ]
    return Change(
        begin[0],
        end[0],
        _shown(end[1]) - _shown(begin[1]),
        sorted(rows, key=lambda row: -abs(row.points)),
        [
            NewVersion(day, after.version, _shown(after) - _shown(before))
            for (_, before), (day, after) in pairwise(found)
            if before.version != after.version
        ],
    )


def _shown(parts: Parts) -> float:
    return parts.raw - parts.held_back


def _explanations(person_id: int, first: date, last: date) -> list[tuple[date, Parts]]:
    """Return the explanations of the days, in their order; see _explained_days. One query."""
    rows = _explained_days(person_id, first, last).values_list("day", "body")
    return [(day, Parts.from_json(body)) for day, body in rows]


def _explained_days(
    person_id: int, first: date, last: date, days: Collection[date] | None = None
) -> QuerySet[Explanation]:
    """Return the explanations of what is shown; of the day of a new version the old one's first.

    Of `days` only, where they are given, and those of a new version.
    """
    of_version = ModelVersion.objects.filter(
        Q(computed_until__isnull=True) | Q(computed_until__gte=OuterRef("day")),
        version=OuterRef("model_version"),
        published_from__lte=OuterRef("day"),
    )
    rows = Explanation.objects.filter(person_id=person_id, day__range=(first, last))
    if days is not None:
        new = ModelVersion.objects.filter(published_from__isnull=False).values("published_from")
        rows = rows.filter(Q(day__in=list(days)) | Q(day__in=new))
    return (
        rows.annotate(
            shown_from=Subquery(of_version.values("published_from")[:1]),
        )
        .filter(shown_from__isnull=False)
        .order_by("day", "shown_from")
    )

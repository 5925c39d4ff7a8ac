"""What the score would be if something changed: the same function on changed inputs."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from scoring.core.model import Evaluation, Model
from scoring.core.params.definition import Family
from scoring.core.parts import Parts, PlusKPart, packed

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

# Reactions of these measures are to no post of one's own, so the best posts do not hold them.
ELSEWHERE = ("mentions",)
# The account id of a network that is added in thought.
ADDED = 0
# A mass above the one that was counted by more than this share was limited.
ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Change:
    """What should be different; the default changes nothing.

    Attributes
    ----------
    people : mapping of str to float
        Measure of people (likes, reshares, comments, quotes, mentions) → factor on the number
        of different people, ≥ 0: 1.2 is a fifth more. Those who come or go have the standing and
        the posts of the others, so quality and best posts change with them.
    audience : float
        Factor on followers and lists, ≥ 0.
    offline_days : float
        Days without a post or a reaction, ≥ 0: reactions fade, audience and lists stay.
    added_like : int or None
        Id of an account: one more network, as strong as that account is after the rest.
    """

    people: Mapping[str, float] = field(default_factory=dict)
    audience: float = 1.0
    offline_days: float = 0.0
    added_like: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """A score before and after a change, both before the daily cap, with what they are made of."""

    before: Parts
    after: Parts

    @property
    def points(self) -> float:
        """By how many points the score would be higher."""
        return self.after.raw - self.before.raw


@dataclass(frozen=True, slots=True)
class _Inputs:
    """The inputs of a person's accounts; A accounts, K measures."""

    account_ids: tuple[int, ...]
    networks: tuple[str, ...]
    x: Floats  # (A, K)
    unknown: Bools  # (A, K)
    # (A,) the mass up to which an account counts (core.servers), infinite where it counts whole.
    most_mass: Floats
    # It stays as it is, whatever changes.
    plus_k: PlusKPart | None


def what_if(parts: Parts, change: Change, model: Model) -> Outcome:
    """Return the score with and without the change, both by `Model.evaluate`.

    Parameters
    ----------
    parts : Parts
        Of one person on one day: the inputs are read from it.
    change : Change
    model : Model
        Of the same version.

    Raises
    ------
    ValueError
        For a factor or number of days that is negative or not finite, an unknown measure, or an
        account that the person does not have.

    Notes
    -----
    Without a change, `after.raw` is `parts.raw` exactly. A signal that the network cannot give is
    imputed anew from the changed ones, as the daily run would. Limits (core.integrity) are not
    computed anew: the amounts as they counted are changed, and an account that its server's
    standing limits stays at its limit.
    """
    inputs = _inputs(parts, model)
    _check(change, inputs, model)
    return Outcome(_evaluated(inputs, model), _evaluated(_changed(inputs, change, model), model))


def _inputs(parts: Parts, model: Model) -> _Inputs:
    accounts = list(parts.networks.items())
    x = np.zeros((len(accounts), len(model.measures)))
    unknown = np.zeros(x.shape, dtype=np.bool_)
    for row, (_, account) in enumerate(accounts):
        for column, measure in enumerate(model.measures):
            amount = account.x.get(measure, 0.0)
            if amount is None or measure in account.imputed:
                unknown[row, column] = True
            else:
                x[row, column] = amount
    told = _Inputs(
        tuple(pk for pk, _ in accounts),
        tuple(account.network for _, account in accounts),
        x,
        unknown,
        np.full(len(accounts), np.inf),
        parts.plus_k,
    )
    return replace(told, most_mass=_limits(told, np.array([a.mass for _, a in accounts]), model))


def _limits(inputs: _Inputs, counted: Floats, model: Model) -> Floats:
    """Return the mass that was counted where the inputs alone come to more, else infinity."""
    person = np.zeros(counted.size, dtype=np.int64)
    whole = model.evaluate(
        inputs.x, person, 1, unknown=inputs.unknown, networks=inputs.networks
    ).mass
    limited = whole > counted * (1 + ROUNDING)
    return np.where(limited, counted, np.inf)


def _check(change: Change, inputs: _Inputs, model: Model) -> None:
    numbers = {"audience": change.audience, "offline_days": change.offline_days, **change.people}
    for name, number in numbers.items():
        if not (np.isfinite(number) and number >= 0):
            raise ValueError(f"{name} must be finite and not negative, not {number}")
    reacting = {m.name for m in model.params.measures if m.family is Family.REACTION}
    unknown = set(change.people) - reacting
    if unknown:
        raise ValueError(f"not a measure of people: {', '.join(sorted(unknown))}")
    if change.added_like is not None and change.added_like not in inputs.account_ids:
        raise ValueError(f"no account {change.added_like} in this score")


def _changed(inputs: _Inputs, change: Change, model: Model) -> _Inputs:
    x = _with_people(inputs.x.copy(), change.people, model)
    for column, measure in enumerate(model.params.measures):
        if measure.family in (Family.AUDIENCE, Family.STANDING):
            x[:, column] *= change.audience
        elif measure.half_life_days is not None:
            x[:, column] *= 2.0 ** (-change.offline_days / measure.half_life_days)
    # No number of people is above that of people online.
    x = np.minimum(x, model.params.max_count)
    if change.added_like is None:
        return replace(inputs, x=x)
    row = inputs.account_ids.index(change.added_like)
    return _Inputs(
        (*inputs.account_ids, ADDED),
        (*inputs.networks, inputs.networks[row]),
        np.vstack([x, x[row]]),
        np.vstack([inputs.unknown, inputs.unknown[row]]),
        np.append(inputs.most_mass, inputs.most_mass[row]),
        inputs.plus_k,
    )


def _with_people(x: Floats, factors: Mapping[str, float], model: Model) -> Floats:
    """Return the inputs after people of some kinds came or went, with quality and best posts.

    Quality counts each person once, whatever they do: people who come or go change it by their
    share of those behind all kinds (the middle between the largest kind and the sum of all).
    Best posts count each act: they change by the share of the acts on posts.
    """
    names = [m.name for m in model.params.measures if m.family is Family.REACTION]
    columns = [model.measures.index(name) for name in names]
    before = x[:, columns]
    factor = np.array([factors.get(name, 1.0) for name in names])
    after = before * factor
    on_posts = np.array([name not in ELSEWHERE for name in names])
    for k, measure in enumerate(model.params.measures):
        if measure.family is Family.QUALITY:
            x[:, k] *= _ratio(_different(after), _different(before))
        elif measure.family is Family.CONCENTRATION:
            acts = before[:, on_posts].sum(axis=1)
            x[:, k] *= _ratio(after[:, on_posts].sum(axis=1), acts)
    x[:, columns] = after
    return x


def _different(people: Floats) -> Floats:
    found: Floats = (people.max(axis=1, initial=0.0) + people.sum(axis=1)) / 2
    return found


def _ratio(after: Floats, before: Floats) -> Floats:
    return np.divide(after, before, out=np.ones_like(after), where=before > 0)


def _evaluated(inputs: _Inputs, model: Model) -> Parts:
    person = np.zeros(len(inputs.account_ids), dtype=np.int64)
    evaluation: Evaluation = model.evaluate(
        inputs.x,
        person,
        1,
        unknown=inputs.unknown,
        networks=inputs.networks,
        most_mass=inputs.most_mass,
        plus_k=[inputs.plus_k.points if inputs.plus_k is not None else 0.0],
    )
    found = packed(
        model,
        evaluation,
        person,
        inputs.account_ids,
        inputs.networks,
        [0.0],
        unknown=inputs.unknown,
    )[0]
    return replace(found, plus_k=inputs.plus_k)

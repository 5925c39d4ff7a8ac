"""From inputs to the score: parts in points, strength, mass, scale."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scoring.core import unknown as unknown_rules
from scoring.core.params.definition import Family, Params

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Indexes = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Everything that one run of the model gives; A accounts, P persons, K measures."""

    x: Floats  # (A, K) the inputs after imputation
    imputed: Bools  # (A, K) where x was imputed
    parts: Floats  # (A, K) points, ≥ 0; anonymous ones after their limit
    strength: Floats  # (A,) points, the sums of parts
    mass: Floats  # (A,)
    person_mass: Floats  # (P,)
    raw: Floats  # (P,) scores before the daily cap, 1 … 100
    plus_k: Floats  # (P,) points of strength that +K adds to the person (core.plus_k)


class Model:
    """The score of a version. It only stores parameters; every method is deterministic."""

    def __init__(self, params: Params) -> None:
        self.params = params
        self.measures: tuple[str, ...] = tuple(m.name for m in params.measures)
        self._unit = np.array([m.unit for m in params.measures])
        self._weight = np.array([m.weight for m in params.measures])
        self._start_weight = np.array([m.start_weight for m in params.measures])
        self._start_until = np.array([m.start_until for m in params.measures])
        self._anonymous = np.array([m.family is Family.ANONYMOUS for m in params.measures])

    def checked(self, x: npt.ArrayLike) -> Floats:
        """Return x as an array of shape (A, K) after checking it.

        Raises
        ------
        ValueError
            For a wrong shape, or an input that is NaN, infinite, negative or above
            `params.max_count`; the message names the measure.
        """
        array = np.asarray(x, dtype=np.float64)
        if array.ndim != 2 or array.shape[1] != len(self.measures):
            raise ValueError(
                f"inputs must have the shape (accounts, {len(self.measures)}), not {array.shape}"
            )
        fine = (array >= 0) & (array <= self.params.max_count)
        if not fine.all():
            row, column = (int(i) for i in np.argwhere(~fine)[0])
            raise ValueError(
                f"{self.measures[column]} of row {row} is {array[row, column]}: "
                f"it must be from 0 to {self.params.max_count:.0e}"
            )
        return array

    def parts(self, x: npt.ArrayLike, networks: Sequence[str] | None = None) -> Floats:
        """Return what each measure gives, in points.

        Parameters
        ----------
        x : array_like, shape (A, K)
            Inputs in the order of `measures`: people, lists, people-days; 0 … 5·10⁹.
        networks : sequence of str, length A, optional
            The network of each account, where its typical amounts differ (`unit_factors`).

        Returns
        -------
        ndarray, shape (A, K)
            Points, ≥ 0, 0 where x is 0, never falling in x.
        """
        array = self.checked(x)
        unit = self._unit if networks is None else self._units(networks)
        parts = np.log1p(array / unit)
        parts *= self._weight / np.log(2)
        for k in np.flatnonzero(self._start_weight):
            column_unit = unit[..., k]
            start = np.minimum(array[:, k], self._start_until[k]) / column_unit
            parts[:, k] += self._start_weight[k] / np.log(2) * np.log1p(start)
        return parts

    def strength(self, parts: Floats) -> Floats:
        """Return the strength z of each account in points, ≥ 0, shape (A,)."""
        total: Floats = parts.sum(axis=1)
        return total

    def mass(self, strength: npt.ArrayLike) -> Floats:
        """Return exp(β z) − 1, ≥ 0: the quantity that adds over networks and people."""
        return np.expm1(self.params.beta * np.asarray(strength, dtype=np.float64))

    def person_mass(self, mass: Floats, person_index: npt.ArrayLike, n_people: int) -> Floats:
        """Return the sum of the masses of each person's accounts.

        Parameters
        ----------
        mass : ndarray, shape (A,)
        person_index : array_like of int, shape (A,), 0 … P − 1
        n_people : int
            P; people without an account have mass 0.
        """
        index = np.asarray(person_index, dtype=np.int64)
        return np.bincount(index, weights=mass, minlength=n_people).astype(np.float64)

    def score(self, person_mass: npt.ArrayLike) -> Floats:
        """Return the score g(log(1 + M) / β), 1 … 100, of the same shape as `person_mass`.

        Notes
        -----
        g(z) = 1 + z up to `linear_until_score` and then bends, with the same slope at the joint,
        towards 100, which it nears but does not pass.
        """
        masses = np.asarray(person_mass, dtype=np.float64)
        return self.scale(np.log1p(masses) / self.params.beta)

    def scale(self, strength: npt.ArrayLike) -> Floats:
        """Return g(z): the score of a person of one account of strength z."""
        z = np.asarray(strength, dtype=np.float64)
        joint = self.params.linear_until_score - 1.0
        room = 100.0 - self.params.linear_until_score
        bent = 100.0 - room * np.exp(-np.maximum(z - joint, 0.0) / room)
        return np.where(z <= joint, 1.0 + z, bent)

    def slope(self, strength: npt.ArrayLike) -> Floats:
        """Return g'(z), the points of score per point of strength, in (0, 1]."""
        z = np.asarray(strength, dtype=np.float64)
        joint = self.params.linear_until_score - 1.0
        room = 100.0 - self.params.linear_until_score
        return np.exp(-np.maximum(z - joint, 0.0) / room)

    def unscale(self, score: npt.ArrayLike) -> Floats:
        """Return the strength z whose score is given: the inverse of `scale`.

        A score of 100, which no finite strength reaches in exact arithmetic, gives the strength
        of the last number below it.
        """
        value = np.asarray(score, dtype=np.float64)
        if np.any(~(value >= 1.0)) or np.any(~(value <= 100.0)):
            raise ValueError("a score is from 1 to 100")
        below = self.params.linear_until_score
        room = 100.0 - below
        left = np.maximum(100.0 - np.maximum(value, below), 1e-12) / room
        return np.where(value <= below, value - 1.0, below - 1.0 - room * np.log(left))

    def mass_of_score(self, score: npt.ArrayLike) -> Floats:
        """Return the person mass whose score is given: the inverse of `score`."""
        return np.expm1(self.params.beta * self.unscale(score))

    def evaluate(
        self,
        x: npt.ArrayLike,
        person_index: npt.ArrayLike,
        n_people: int,
        *,
        unknown: npt.ArrayLike | None = None,
        networks: Sequence[str] | None = None,
        most_mass: npt.ArrayLike | None = None,
        plus_k: npt.ArrayLike | None = None,
    ) -> Evaluation:
        """Return the whole way from inputs to scores.

        Parameters
        ----------
        x : array_like, shape (A, K)
            Inputs; what stands where `unknown` is true is not read.
        person_index : array_like of int, shape (A,)
        n_people : int
        unknown : array_like of bool, shape (A, K), optional
            Signals that the account's network cannot give: imputed (core.unknown). A signal that
            the person hides is not unknown: give 0.
        networks : sequence of str, length A, optional
        most_mass : array_like, shape (A,), optional
            The mass up to which each account counts (core.servers), ≥ 0, infinite without a limit:
            above it all its parts are shrunk alike, so that shares and changes stay exact.
        plus_k : array_like, shape (P,), optional
            Points that +K adds to each person, ≥ 0: beside the networks, after their masses were
            added, so that it moves every score up to 80 by as much, and nobody's mass.
        """
        array = np.array(x, dtype=np.float64)
        missing: Bools = np.zeros(array.shape, dtype=np.bool_)
        if unknown is not None:
            missing = np.asarray(unknown, dtype=np.bool_)
            array[missing] = 0.0
        array = self.checked(array)
        array, imputed = unknown_rules.imputed(array, missing, self.params)
        index = np.asarray(person_index, dtype=np.int64)
        parts = self.parts(array, networks)
        self._limit_anonymous(parts, index, n_people)
        strength = self.strength(parts)
        if most_mass is not None:
            parts *= self._shrink(strength, np.asarray(most_mass, dtype=np.float64))[:, np.newaxis]
            strength = self.strength(parts)
        mass = self.mass(strength)
        person_mass = self.person_mass(mass, index, n_people)
        credit = self._checked_credit(plus_k, n_people)
        raw = self.scale(np.log1p(person_mass) / self.params.beta + credit)
        return Evaluation(array, imputed, parts, strength, mass, person_mass, raw, credit)

    def _checked_credit(self, plus_k: npt.ArrayLike | None, n_people: int) -> Floats:
        if plus_k is None:
            return np.zeros(n_people)
        credit = np.asarray(plus_k, dtype=np.float64)
        if np.any(~((credit >= 0) & np.isfinite(credit))):
            raise ValueError("points of +K must be finite and not negative")
        return credit

    def _limit_anonymous(self, parts: Floats, index: Indexes, n_people: int) -> None:
        """Shrink anonymous parts in place so that they add at most their points to a person.

        The limit is on the person's mass: 1 + M may grow by exp(β · limit) at most.
        """
        columns = np.flatnonzero(self._anonymous)
        if not parts[:, columns].any():
            return
        anonymous = parts[:, columns].sum(axis=1)
        named = parts.sum(axis=1) - anonymous
        named_mass = self.mass(named)
        added = np.exp(self.params.beta * named) * np.expm1(self.params.beta * anonymous)
        allowed = np.expm1(self.params.beta * self.params.anonymous_max_points) * (
            1.0 + self.person_mass(named_mass, index, n_people)
        )
        wanted = self.person_mass(added, index, n_people)
        over = wanted > allowed
        shrink = np.divide(allowed, wanted, out=np.ones_like(wanted), where=over)
        factor = shrink[index]
        limited = np.log1p(added * factor / (1.0 + named_mass)) / self.params.beta
        share = np.divide(limited, anonymous, out=np.zeros_like(anonymous), where=anonymous > 0)
        share[factor >= 1.0] = 1.0
        parts[:, columns] *= share[:, np.newaxis]

    def _shrink(self, strength: Floats, most_mass: Floats) -> Floats:
        """Return the factor on each account's parts that keeps its mass within the limit."""
        if np.any(~(most_mass >= 0)):
            raise ValueError("a limit on mass must not be negative or NaN")
        most = np.log1p(most_mass) / self.params.beta
        over = strength > most
        return np.divide(most, strength, out=np.ones_like(strength), where=over)

    def _units(self, networks: Sequence[str]) -> Floats:
        units = np.tile(self._unit, (len(networks), 1))
        names = np.asarray(networks)
        for network, factors in self.params.unit_factors.items():
            rows = names == network
            for measure, factor in factors.items():
                units[rows, self.measures.index(measure)] *= factor
        return units

"""What explains a score: the parts of each network, as rows keep them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from scoring.core.model import Evaluation, Model


@dataclass(frozen=True, slots=True)
class NetworkParts:
    """One network's part of a score, or a sub-score: of one account, or of several together."""

    network: str
    # Points, the sum of `parts`.
    strength: float
    # exp(β · strength) − 1.
    mass: float
    # measure → amount as it entered the model; None where the network cannot give it and nothing
    # was imputed.
    x: Mapping[str, float | None]
    # measure → points, ≥ 0.
    parts: Mapping[str, float]
    # Measures whose amount was imputed.
    imputed: tuple[str, ...] = ()
    # True where the day was not fetched and earlier reactions are carried.
    carried: bool = False
    # Ids of the accounts that count together with the one that this is filed under, ascending.
    others: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Apart:
    """The sub-score of a network that may not be combined with others; in nobody's score."""

    part: NetworkParts
    # 1 … 100, with its 80 % band.
    score: float
    low: float
    high: float
    provisional: bool


@dataclass(frozen=True, slots=True)
class PlusKPart:
    """What +K adds to a score, beside the networks."""

    # Different people whose credit counts.
    people: int
    # The same as ordinary people, faded, as far as they count; > 0.
    x: float
    # Points of strength, > 0.
    points: float


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything that explains one person's score of a day (the body of an Explanation row)."""

    version: str
    # Score before the daily cap, 1 … 100.
    raw: float
    # raw − shown value, ≥ 0: points held back by the daily cap.
    held_back: float
    # account id → its part.
    networks: Mapping[int, NetworkParts] = field(default_factory=dict)
    # account id → its network's sub-score, where that is kept apart.
    apart: Mapping[int, Apart] = field(default_factory=dict)
    # None: nobody's +K counts.
    plus_k: PlusKPart | None = None

    def to_json(self) -> dict[str, Any]:
        """Return a JSON-ready dict; `from_json` gives back an equal Parts."""
        body = {
            "version": self.version,
            "raw": self.raw,
            "held_back": self.held_back,
            "networks": {str(key): _network_json(part) for key, part in self.networks.items()},
        }
        if self.apart:
            body["apart"] = {
                str(key): _network_json(row.part)
                | {name: getattr(row, name) for name in ("score", "low", "high", "provisional")}
                for key, row in self.apart.items()
            }
        # account id → the one that it is filed under, for those that are not filed themselves.
        filed = [*self.networks.items(), *((key, row.part) for key, row in self.apart.items())]
        also = {str(other): key for key, part in filed for other in part.others}
        if also:
            body["also"] = also
        if self.plus_k is not None:
            names = ("people", "x", "points")
            body["plus_k"] = {name: getattr(self.plus_k, name) for name in names}
        return body

    @classmethod
    def from_json(cls, body: Mapping[str, Any] | str) -> "Parts":
        """Return the Parts of what `to_json` gave, as a dict or as JSON text."""
        data = json.loads(body) if isinstance(body, str) else body
        others: dict[int, list[int]] = {}
        for other, key in data.get("also", {}).items():
            others.setdefault(key, []).append(int(other))
        found = {
            int(key): _network_parts(part, tuple(sorted(others.get(int(key), ()))))
            for key, part in (*data["networks"].items(), *data.get("apart", {}).items())
        }
        return cls(
            version=data["version"],
            raw=data["raw"],
            held_back=data["held_back"],
            networks={int(key): found[int(key)] for key in data["networks"]},
            apart={
                int(key): Apart(
                    found[int(key)], row["score"], row["low"], row["high"], row["provisional"]
                )
                for key, row in data.get("apart", {}).items()
            },
            plus_k=PlusKPart(**data["plus_k"]) if "plus_k" in data else None,
        )


def _network_parts(part: Mapping[str, Any], others: tuple[int, ...]) -> NetworkParts:
    return NetworkParts(
        network=part["network"],
        strength=part["strength"],
        mass=part["mass"],
        x=dict(part["x"]),
        parts=dict(part["parts"]),
        imputed=tuple(part.get("imputed", ())),
        carried=part.get("carried", False),
        others=others,
    )


def _network_json(part: NetworkParts) -> dict[str, Any]:
    body: dict[str, Any] = {
        "network": part.network,
        "strength": part.strength,
        "mass": part.mass,
        "x": dict(part.x),
        "parts": dict(part.parts),
    }
    if part.imputed:
        body["imputed"] = list(part.imputed)
    if part.carried:
        body["carried"] = True
    return body


def packed(
    model: Model,
    evaluation: Evaluation,
    person_index: npt.ArrayLike,
    account_ids: Sequence[int],
    networks: Sequence[str],
    held_back: npt.ArrayLike,
    *,
    unknown: npt.ArrayLike | None = None,
    carried: npt.ArrayLike | None = None,
    others: Mapping[int, tuple[int, ...]] | None = None,
) -> list[Parts]:
    """Return the Parts of every person of an evaluation, shape (P,).

    Parameters
    ----------
    model : Model
    evaluation : Evaluation
        Of A accounts (or accounts taken together) and P persons.
    person_index : array_like of int, shape (A,)
    account_ids, networks : sequence, length A
    held_back : array_like, shape (P,)
    unknown, carried : array_like of bool, shapes (A, K) and (A,), optional
    others : mapping, optional
        account id → ids of those that count together with it.
    """
    held = np.asarray(held_back, dtype=np.float64).tolist()
    raw = evaluation.raw.tolist()
    found: list[dict[int, NetworkParts]] = [{} for _ in raw]
    missing = np.zeros(evaluation.x.shape, np.bool_) if unknown is None else np.asarray(unknown)
    late = [False] * len(account_ids) if carried is None else np.asarray(carried).tolist()
    rows = zip(
        np.asarray(person_index).tolist(),
        account_ids,
        networks,
        evaluation.strength.tolist(),
        evaluation.mass.tolist(),
        evaluation.x.tolist(),
        evaluation.parts.tolist(),
        evaluation.imputed.tolist(),
        missing.tolist(),
        late,
        strict=True,
    )
    names = model.measures
    for person, account_id, network, strength, mass, x, parts, imputed, blank, is_late in rows:
        found[person][account_id] = NetworkParts(
            network=network,
            strength=strength,
            mass=mass,
            x={
                name: None if gone and not filled else amount
                for name, amount, filled, gone in zip(names, x, imputed, blank, strict=True)
            },
            parts=dict(zip(names, parts, strict=True)),
            imputed=tuple(name for name, filled in zip(names, imputed, strict=True) if filled),
            carried=is_late,
            others=(others or {}).get(account_id, ()),
        )
    return [
        Parts(model.params.version, score, back, accounts)
        for score, back, accounts in zip(raw, held, found, strict=True)
    ]

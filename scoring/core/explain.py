"""Why a score is what it is, in shares, and why it changed, in points that add up exactly."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class NetworkParts:
    """One account's part of a score."""

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

    def to_json(self) -> dict[str, Any]:
        """Return a JSON-ready dict; `from_json` gives back an equal Parts."""
        return {
            "version": self.version,
            "raw": self.raw,
            "held_back": self.held_back,
            "networks": {str(key): _network_json(part) for key, part in self.networks.items()},
        }

    @classmethod
    def from_json(cls, body: Mapping[str, Any] | str) -> "Parts":
        """Return the Parts of what `to_json` gave, as a dict or as JSON text."""
        data = json.loads(body) if isinstance(body, str) else body
        return cls(
            version=data["version"],
            raw=data["raw"],
            held_back=data["held_back"],
            networks={
                int(key): NetworkParts(
                    network=part["network"],
                    strength=part["strength"],
                    mass=part["mass"],
                    x=dict(part["x"]),
                    parts=dict(part["parts"]),
                    imputed=tuple(part.get("imputed", ())),
                    carried=part.get("carried", False),
                )
                for key, part in data["networks"].items()
            },
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

"""A version of the model as plain values: its digest, and what differs between two versions."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields, is_dataclass
from typing import Any

from scoring.core.params.definition import Params

Plain = Mapping[str, Any]
# A number of a version as text; a list of them as "0.25, 0.5".
Flat = dict[str, str]


@dataclass(frozen=True, slots=True)
class Difference:
    """A number of a version that another does not have, or has otherwise; "" where it has none."""

    name: str
    before: str
    after: str


def plain(value: Any) -> Any:
    """Return a dataclass of parameters as JSON-ready values.

    Fields that stand at their default are left out: a rule that is added to the definition,
    switched off by default, leaves the digests of earlier versions as they are.
    """
    if is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: plain(getattr(value, field.name))
            for field in fields(value)
            if not _at_default(field, getattr(value, field.name))
        }
    if isinstance(value, Mapping):
        return {str(key): plain(part) for key, part in value.items()}
    if isinstance(value, tuple | list):
        return [plain(part) for part in value]
    return value


def _at_default(field: Any, value: Any) -> bool:
    if field.default is not MISSING:
        return bool(value == field.default)
    return field.default_factory is not MISSING and value == field.default_factory()


def canonical(params: Params, catalogue: Sequence[Sequence[str]]) -> str:
    """Return the canonical JSON of a version: keys sorted, no spaces, shortest exact numbers.

    Parameters
    ----------
    params : Params
        With the networks that are combined.
    catalogue : sequence of sequences of str
        What identifies each signal that has a weight; in any order.
    """
    body = {"parameters": plain(params), "catalogue": sorted(list(row) for row in catalogue)}
    return json.dumps(body, sort_keys=True, separators=(",", ":"), allow_nan=False)


def digest(params: Params, catalogue: Sequence[Sequence[str]]) -> str:
    """Return the SHA-256 of the canonical JSON, 64 hexadecimal digits."""
    return hashlib.sha256(canonical(params, catalogue).encode()).hexdigest()


def flat(params: Params) -> Flat:
    """Return every number of a version by its name: "followers.weight", "integrity.ring_share"."""
    found = _complete(params)
    return dict(_flat("", {**found.pop("measures"), **found}))


def differences(before: Params, after: Params) -> list[Difference]:
    """Return the numbers in which two versions differ, in the order of the later one."""
    old, new = flat(before), flat(after)
    names = [name for name in dict.fromkeys((*new, *old)) if name != "version"]
    return [
        Difference(name, old.get(name, ""), new.get(name, ""))
        for name in names
        if old.get(name) != new.get(name)
    ]


def _complete(value: Any) -> Any:
    """Return a dataclass as plain values with its defaults; measures by their names."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _complete(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple) and value and all(is_dataclass(part) for part in value):
        return {part.name: _complete(part) for part in value}
    return value


def _flat(prefix: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, part in value.items():
            if key != "name":
                yield from _flat(f"{prefix}.{key}" if prefix else str(key), part)
    elif isinstance(value, tuple | list):
        yield prefix, ", ".join(_text(part) for part in value)
    elif value is not None:
        yield prefix, _text(value)


def _text(value: Any) -> str:
    return f"{value:.12g}" if isinstance(value, float) else str(value)

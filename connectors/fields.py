"""Strict reading of answers: a field that is missing or misshapen raises and is named."""

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

from connectors.errors import BadPayload

T = TypeVar("T", str, int, float, bool, list[Any], dict[str, Any])


def _fits(value: object, kind: type[object]) -> bool:
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool)
    if kind is float:
        return (
            isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
        )
    return isinstance(value, getattr(kind, "__origin__", kind))


def _wrong(name: str, problem: str, path: str, network: str) -> BadPayload:
    where = f"{network or 'The network'}'s answer at {path}"
    return BadPayload(f"{where}: the field {name} {problem}.", network=network, path=path)


def field(data: object, name: str, kind: type[T], *, path: str, network: str = "") -> T:
    """Return data[name], which must be there and be of that kind (an int is no bool)."""
    # As json gives it, and by far the most often.
    if type(data) is dict and type(data.get(name)) is kind and kind is not float:
        return data[name]  # type: ignore[no-any-return]
    if not isinstance(data, Mapping) or data.get(name) is None:
        raise _wrong(name, "is missing", path, network)
    value = data[name]
    if not _fits(value, kind):
        raise _wrong(name, f"is not of the kind {_kind_name(kind)}", path, network)
    return value  # type: ignore[no-any-return]


def optional(data: object, name: str, kind: type[T], *, path: str, network: str = "") -> T | None:
    """Return data[name] of that kind, or None where it is missing or null."""
    if (type(data) is dict or isinstance(data, Mapping)) and data.get(name) is None:
        return None
    return field(data, name, kind, path=path, network=network)


def objects(
    data: object, name: str | None = None, *, path: str, network: str = ""
) -> list[dict[str, Any]]:
    """Return the list of objects at data[name], or `data` itself where `name` is None."""
    value: object = data
    if name is not None:
        value = field(data, name, list, path=path, network=network)
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise _wrong(name or "(the whole answer)", "is not a list of objects", path, network)
    return value


def moment(data: object, name: str, *, path: str, network: str = "") -> datetime:
    """Return the ISO 8601 time at data[name] as an aware UTC time; a zone must be stated."""
    text = field(data, name, str, path=path, network=network)
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        raise _wrong(name, "is not a time", path, network) from None
    if value.tzinfo is None:
        raise _wrong(name, "is a time without a zone", path, network)
    if value.tzinfo is UTC:
        return value
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise _wrong(name, "is not a time of our calendar", path, network) from None


def optional_moment(data: object, name: str, *, path: str, network: str = "") -> datetime | None:
    """Return the aware UTC time at data[name], or None where it is missing or null."""
    if isinstance(data, Mapping) and data.get(name) is None:
        return None
    return moment(data, name, path=path, network=network)


def epoch(
    data: object,
    name: str,
    *,
    path: str,
    network: str = "",
    kind: type[int] | type[float] = int,
) -> datetime:
    """Return the time at data[name], told in seconds since 1970, as an aware UTC time."""
    seconds = field(data, name, kind, path=path, network=network)
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        raise _wrong(name, "is not a time", path, network) from None


def _kind_name(kind: type[object]) -> str:
    return {str: "text", int: "whole number", float: "number", bool: "true or false"}.get(
        kind, getattr(kind, "__name__", str(kind))
    )

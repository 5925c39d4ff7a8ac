"""Strict reading of what Meta's Graph answers: rows, pages, counts, insights, words of a text."""

import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from connectors.fields import field, objects, optional
from connectors.types import TextFeatures

# What asks for a further page; the rest of Meta's own address for it, its token first, is not used.
_TURNS = ("after", "until", "__paging_token")
_HASHTAG = re.compile(r"(?<![\w&])#(\w{1,100})")
_MENTION = re.compile(r"(?<![\w.])@([A-Za-z0-9._]{1,30}[A-Za-z0-9_]|[A-Za-z0-9_])")
_ADDRESS = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)


def text_of(data: object, name: str, path: str, network: str) -> str:
    """Return a text that must be there."""
    return field(data, name, str, path=path, network=network)


def words_of(data: object, name: str, path: str, network: str) -> str:
    """Return a text, "" where it is left out."""
    return optional(data, name, str, path=path, network=network) or ""


def count_of(data: object, name: str, path: str, network: str) -> int | None:
    """Return a count; None where it is left out, hidden by its owner or below zero."""
    count = optional(data, name, int, path=path, network=network)
    return None if count is None or count < 0 else count


def rows_of(data: object, path: str, network: str) -> list[dict[str, Any]]:
    """Return the rows of a list that was asked for."""
    return objects(data, "data", path=path, network=network)


def nested(data: object, name: str, path: str, network: str) -> tuple[list[dict[str, Any]], bool]:
    """Return the rows of a list within a row, and whether there are more; ([], False) for none."""
    inner = optional(data, name, dict, path=path, network=network)
    if inner is None:
        return [], False
    return rows_of(inner, path, network), bool(following(inner))


def following(data: object) -> dict[str, str]:
    """Return the parameters that ask for the next page; {} on the last."""
    paging = data.get("paging") if isinstance(data, Mapping) else None
    address = paging.get("next") if isinstance(paging, Mapping) else None
    if not isinstance(address, str):
        return {}
    try:
        asked = parse_qs(urlsplit(address).query)
    except ValueError:
        return {}
    return {name: asked[name][0] for name in _TURNS if name in asked}


def total_of(data: object, name: str, path: str, network: str) -> int | None:
    """Return the total in the summary of a list within a row; None where it is not told."""
    inner = optional(data, name, dict, path=path, network=network) or {}
    summary = optional(inner, "summary", dict, path=path, network=network) or {}
    return count_of(summary, "total_count", path, network)


def insights_of(rows: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the value of each insight by its name: the total, or the last of its values.

    One without a value is left out: Meta tells some only from a number of people on.
    """
    found = {}
    for row in rows:
        name, value = row.get("name"), _value(row)
        if isinstance(name, str) and value is not None:
            found[name] = value
    return found


def summed(rows: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """Return the sum of the values of each insight that is told day by day."""
    found = {}
    for row in rows:
        values = row.get("values")
        told = [_whole(item) for item in values] if isinstance(values, list) else []
        numbers = [number for number in told if number is not None]
        if isinstance(row.get("name"), str) and numbers:
            found[row["name"]] = sum(numbers)
    return found


def whole(values: Mapping[str, Any], name: str) -> int | None:
    """Return an insight that is a whole number; None where it is not told."""
    value = values.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _value(row: Mapping[str, Any]) -> Any:
    total, values = row.get("total_value"), row.get("values")
    if isinstance(total, Mapping):
        return total.get("value")
    last = values[-1] if isinstance(values, list) and values else None
    return last.get("value") if isinstance(last, Mapping) else None


def _whole(item: object) -> int | None:
    return whole(item, "value") if isinstance(item, Mapping) else None


def features_of(
    text: str, *, hashtags: Iterable[str] = (), links: Iterable[str] = ()
) -> TextFeatures:
    """Return what is kept of a text, with what the network tells beside it; language is not."""
    return TextFeatures(
        hashtags=_distinct(tag.lower() for tag in (*hashtags, *_HASHTAG.findall(text))),
        mentions=_distinct(name.lower() for name in _MENTION.findall(text)),
        link_hosts=_distinct(map(_host, (*links, *_ADDRESS.findall(text)))),
        length=len(text),
    )


def _distinct(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(word for word in dict.fromkeys(words) if word)


def _host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""

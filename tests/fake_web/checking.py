"""Descriptions of vendors' operations, and what is wrong with a request that is not as described.

Written by us from the vendors' documents. A description is a mapping of "GET /path/{id}" to the
parameters of the operation: schemas by name, "!" before those that are required.
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from jsonschema import Draft202012Validator

Schema = dict[str, Any]
Description = Mapping[str, Mapping[str, Schema]]

TEXT: Schema = {"type": "string", "minLength": 1}
TRUE: Schema = {"const": "true"}


def count(low: int, high: int) -> Schema:
    """Return the schema of a whole number in a range."""
    return {"type": "integer", "minimum": low, "maximum": high}


def choice(*names: str) -> Schema:
    """Return the schema of one word out of some."""
    return {"type": "string", "enum": list(names)}


def several(names: list[str], most: int = 50) -> Schema:
    """Return the schema of some words, separated by commas."""
    items: Schema = {"type": "string", "enum": names} if names else TEXT
    return {"type": "array", "minItems": 1, "maxItems": most, "uniqueItems": True, "items": items}


def problems(description: Description, method: str, path: str, query: str) -> list[str]:
    """Return what is wrong with a request; [] where it is as described."""
    for operation, parameters in description.items():
        verb, _, template = operation.partition(" ")
        pattern = "/".join(
            "[^/]+" if part.startswith("{") else re.escape(part) for part in template.split("/")
        )
        if verb == method and re.fullmatch(pattern, path):
            return _check(parameters, query)
    return [f"{method} {path} is not described"]


def _check(parameters: Mapping[str, Schema], query: str) -> list[str]:
    schemas = {name.removeprefix("!"): schema for name, schema in parameters.items()}
    told = parse_qsl(query, keep_blank_values=True)
    values: dict[str, Any] = {}
    for name, text in told:
        kind = schemas.get(name, {}).get("type")
        whole = kind == "integer" and text.isdigit()
        values[name] = int(text) if whole else text.split(",") if kind == "array" else text
    wrong = [f"{name} is told twice" for name in values if [n for n, _ in told].count(name) > 1]
    schema = {
        "type": "object",
        "properties": schemas,
        "additionalProperties": False,
        "required": [name[1:] for name in parameters if name.startswith("!")],
    }
    found = Draft202012Validator(schema).iter_errors(values)
    return wrong + sorted(error.message for error in found)

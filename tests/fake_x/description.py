"""The operations of X's API that the connector uses, in the words of OpenAPI 3.

Written by us from the vendor's documents; `python -m tests.fake_x.compare FILE` holds it against
the vendor's own file, in both of its dialects. Every request to the fake server is checked here.
"""

import re
from typing import Any
from urllib.parse import parse_qsl

from jsonschema import Draft202012Validator

_ID = {"type": "string", "pattern": "^[0-9]{1,19}$"}
_TIME = {"type": "string", "format": "date-time"}
_PAGE = {"type": "string", "minLength": 1}
_USER_FIELDS = ["created_at", "description", "protected", "public_metrics", "verified_type"]
_COMMON_POST_FIELDS = ["created_at", "entities", "lang", "public_metrics"]
# Fields of 2.165 that 2.167 gives as expansions only.
_OLD_POST_FIELDS = ["author_id", "in_reply_to_user_id", "referenced_tweets"]


def _choice(names: list[str]) -> dict[str, Any]:
    return {
        "type": "array",
        "minItems": 1,
        "uniqueItems": True,
        "items": {"type": "string", "enum": names},
    }


def _count(low: int, high: int) -> dict[str, Any]:
    return {"type": "integer", "minimum": low, "maximum": high}


def _parameter(name: str, schema: dict[str, Any], where: str = "query") -> dict[str, Any]:
    told = {"name": name, "in": where, "schema": schema, "required": where == "path"}
    if schema["type"] == "array":
        told |= {"style": "form", "explode": False}
    return told


def _operations(dialect: str) -> dict[str, list[dict[str, Any]]]:
    newer = dialect == "2.167"
    users = _parameter("user.fields", _choice(_USER_FIELDS))
    names = _COMMON_POST_FIELDS if newer else _COMMON_POST_FIELDS + _OLD_POST_FIELDS
    posts = _parameter("post.fields" if newer else "tweet.fields", _choice(names))
    expansions = ["author_id"]
    if newer:
        expansions += ["in_reply_to_user_id", "referenced_posts"]
    expand = _parameter("expansions", _choice(expansions))
    page, since = _parameter("pagination_token", _PAGE), _parameter("start_time", _TIME)
    own = _parameter("id", _ID, "path")
    size = _parameter("max_results", _count(5, 100))
    who = _parameter("max_results", _count(1, 100))
    return {
        "/2/users/me": [users],
        "/2/users/{id}": [own, users],
        "/2/users/by/username/{username}": [
            _parameter("username", {"type": "string", "pattern": "^[A-Za-z0-9_]{1,15}$"}, "path"),
            users,
        ],
        "/2/users/{id}/tweets": [
            *(own, size, page, since, posts, _parameter("since_id", _ID)),
            _parameter("exclude", _choice(["replies", "retweets"])),
        ],
        "/2/users/{id}/mentions": [own, size, page, since, posts, users, expand],
        "/2/tweets": [
            {
                **_parameter(
                    "ids", {"type": "array", "minItems": 1, "maxItems": 100, "items": _ID}
                ),
                "required": True,
            },
            posts,
        ],
        "/2/tweets/{id}/liking_users": [own, who, page, users],
        "/2/tweets/{id}/retweeted_by": [own, who, page, users],
        "/2/tweets/{id}/quote_tweets": [
            *(own, page, posts, users, expand),
            _parameter("max_results", _count(10, 100)),
        ],
    }


def description(dialect: str) -> dict[str, Any]:
    """Return the OpenAPI description of a dialect, "2.165" or "2.167"."""
    paths = {
        path: {"get": {"parameters": parameters, "security": [{"OAuth2UserToken": []}]}}
        for path, parameters in _operations(dialect).items()
    }
    return {
        "openapi": "3.0.0",
        "info": {"title": "What the connector asks of X", "version": dialect},
        "servers": [{"url": "https://api.x.com"}],
        "paths": paths,
    }


DIALECTS = {dialect: description(dialect) for dialect in ("2.165", "2.167")}


def problems(dialect: str, path: str, query: str) -> list[str]:
    """Return what is wrong with a GET; [] where it is as described."""
    for template, methods in DIALECTS[dialect]["paths"].items():
        found = re.fullmatch(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", template), path)
        if found:
            return _check(methods["get"]["parameters"], found.groupdict(), query)
    return [f"{path} is not described"]


def _check(parameters: list[dict[str, Any]], path: dict[str, str], query: str) -> list[str]:
    told = dict(parse_qsl(query, keep_blank_values=True))
    values: dict[str, Any] = dict(path)
    schemas = {parameter["name"]: parameter["schema"] for parameter in parameters}
    for name, text in told.items():
        kind = schemas.get(name, {}).get("type")
        values[name] = (
            int(text)
            if kind == "integer" and text.isdigit()
            else text.split(",")
            if kind == "array"
            else text
        )
    schema = {
        "type": "object",
        "properties": schemas,
        "additionalProperties": False,
        "required": [parameter["name"] for parameter in parameters if parameter["required"]],
    }
    checker = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    return sorted(error.message for error in checker.iter_errors(values))

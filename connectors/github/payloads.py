"""Strict reading of GitHub's objects: users, repositories, who acted."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from connectors import bios
from connectors.fields import field, moment, optional, optional_moment
from connectors.github.asking import NETWORK_ID
from connectors.types import Actor, Post, Profile, TextFeatures


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository of the account's own, as its owner's list tells."""

    post: Post
    # "owner/name": what the further questions are about.
    full_name: str
    stars: int
    forks: int
    has_issues: bool
    pushed_at: datetime | None


def _found(path: str) -> dict[str, Any]:
    return {"path": path, "network": NETWORK_ID}


def parse_profile(data: object, path: str) -> Profile:
    """Return a user or an organisation as a profile."""
    handle = field(data, "login", str, **_found(path))
    bio = optional(data, "bio", str, **_found(path)) or ""
    return Profile(
        native_id=str(field(data, "id", int, **_found(path))),
        handle=handle,
        name=(optional(data, "name", str, **_found(path)) or handle)[:200],
        url=optional(data, "html_url", str, **_found(path)) or "",
        bio=bio,
        is_brand=field(data, "type", str, **_found(path)) == "Organization",
        indexable=not bios.asks_to_stay_away(bio),
        states_minor=bios.states_minor(bio),
        created_at=optional_moment(data, "created_at", **_found(path)),
    )


def parse_audience(data: object, path: str) -> dict[str, int | None]:
    """Return a user's counts, by the names of Snapshot."""
    names = {
        "followers": "followers",
        "following": "following",
        "repositories": "public_repos",
        "gists": "public_gists",
    }
    return {ours: optional(data, theirs, int, **_found(path)) for ours, theirs in names.items()}


def parse_repository(row: object, path: str) -> Repository | None:
    """Return a repository; None for a copy of somebody else's, or one that is not public."""
    if field(row, "fork", bool, **_found(path)) or field(row, "private", bool, **_found(path)):
        return None
    about = optional(row, "description", str, **_found(path)) or ""
    topics = optional(row, "topics", list, **_found(path)) or []
    post = Post(
        native_id=str(field(row, "id", int, **_found(path))),
        created_at=moment(row, "created_at", **_found(path)),
        url=field(row, "html_url", str, **_found(path)),
        features=TextFeatures(
            hashtags=tuple(topic for topic in topics if isinstance(topic, str)), length=len(about)
        ),
    )
    return Repository(
        post=post,
        full_name=field(row, "full_name", str, **_found(path)),
        stars=field(row, "stargazers_count", int, **_found(path)),
        forks=field(row, "forks_count", int, **_found(path)),
        has_issues=optional(row, "has_issues", bool, **_found(path)) is not False,
        pushed_at=optional_moment(row, "pushed_at", **_found(path)),
    )


def parse_actor(data: object, path: str) -> Actor | None:
    """Return who acted; None for a program, or an account that is gone."""
    if data is None or field(data, "type", str, **_found(path)) == "Bot":
        return None
    login = field(data, "login", str, **_found(path))
    return Actor(
        native_id=str(field(data, "id", int, **_found(path))),
        handle=login,
        name=login,
        url=optional(data, "html_url", str, **_found(path)) or "",
    )

"""What the connectors ask of Meta's Graph: nodes with their fields and lists, and the questions.

Written by us from the vendor's documents; `python -m tests.fake_graph.compare FOLDER` holds it
against descriptions of the nodes. Every question to the fake server is checked here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qsl


@dataclass(frozen=True, slots=True)
class Node:
    """An object of the Graph: its fields, and the lists that hang on it, by the node they hold."""

    fields: frozenset[str]
    lists: dict[str, str] = field(default_factory=dict)
    # In the vendor's documents, but in no description of the node.
    beyond: frozenset[str] = frozenset()
    beyond_lists: dict[str, str] = field(default_factory=dict)

    def list_of(self, name: str) -> str | None:
        """Return the node that a list holds; None for what is no list."""
        return self.lists.get(name) or self.beyond_lists.get(name)


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


NODES: dict[str, Node] = {
    "IGUser": Node(
        _names("id username name followers_count follows_count media_count"),
        {"media": "IGMedia", "tags": "IGMedia", "insights": "InstagramInsightsResult"},
        beyond=_names("user_id"),
    ),
    "IGMedia": Node(
        _names("id caption permalink timestamp like_count comments_count username"),
        {"comments": "IGComment", "insights": "InstagramInsightsResult"},
    ),
    "IGComment": Node(_names("id username timestamp from"), {"replies": "IGComment"}),
    "User": Node(_names("id"), {"accounts": "Page", "permissions": "Permission"}),
    "Permission": Node(frozenset(), beyond=_names("permission status")),
    "Page": Node(
        _names(
            "id name username link followers_count fan_count talking_about_count were_here_count"
            " checkins rating_count access_token"
        ),
        {"published_posts": "PagePost", "tagged": "PagePost", "insights": "InsightsResult"},
    ),
    "PagePost": Node(
        _names("id created_time permalink_url message shares from"),
        {
            "attachments": "StoryAttachment",
            "comments": "Comment",
            "insights": "InsightsResult",
            "reactions": "Profile",
        },
    ),
    "StoryAttachment": Node(frozenset(), beyond=_names("unshimmed_url")),
    "Comment": Node(frozenset(), beyond=_names("id from created_time")),
    "Profile": Node(frozenset()),
    "InsightsResult": Node(_names("name values")),
    # Of Threads the vendor gives out no description of nodes.
    "ThreadsUser": Node(
        frozenset(),
        beyond=_names("id username name"),
        beyond_lists={
            "threads": "ThreadsMedia",
            "mentions": "ThreadsMedia",
            "threads_insights": "ThreadsInsights",
        },
    ),
    "ThreadsMedia": Node(
        frozenset(),
        beyond=_names(
            "id text permalink timestamp media_type topic_tag link_attachment_url has_replies"
            " username"
        ),
        beyond_lists={"replies": "ThreadsMedia", "insights": "ThreadsInsights"},
    ),
    "ThreadsInsights": Node(frozenset(), beyond=_names("name values total_value")),
    "InstagramInsightsResult": Node(_names("name values total_value")),
}
# Parameters of a list beside `fields`, and metrics of insights.
PAGING = _names("limit after")
SPAN = _names("since until")
METRICS = {
    "IGUser": _names("reach views accounts_engaged total_interactions profile_links_taps"),
    "IGMedia": _names("views reach saved shares"),
    "Page": _names(
        "page_media_view page_total_media_view_unique page_post_engagements page_daily_follows"
    ),
    "PagePost": _names("post_reactions_by_type_total post_total_media_view_unique post_clicks"),
    "ThreadsUser": _names("followers_count views"),
    "ThreadsMedia": _names("views likes replies reposts quotes"),
}


@dataclass(frozen=True, slots=True)
class Question:
    """A path that is asked: the node that answers, or the list of a node; and its parameters."""

    node: str
    edge: str = ""
    params: frozenset[str] = frozenset()
    # Whether nothing need be named: the rows come as they are.
    bare: bool = False


QUESTIONS: dict[str, dict[str, Question]] = {
    "instagram": {
        "/v26.0/me": Question("IGUser"),
        "/v26.0/me/media": Question("IGUser", "media", PAGING | SPAN),
        "/v26.0/me/tags": Question("IGUser", "tags", PAGING),
        "/v26.0/me/insights": Question("IGUser", "insights", SPAN | {"period", "metric_type"}),
        "/v26.0/{id}/comments": Question("IGMedia", "comments", PAGING),
    },
    "facebook": {
        # With a person's token it is them: of both, "id" is asked for.
        "/v26.0/me": Question("Page"),
        "/v26.0/me/accounts": Question("User", "accounts", PAGING),
        "/v26.0/me/permissions": Question("User", "permissions", bare=True),
        "/v26.0/me/insights": Question("Page", "insights", SPAN | {"period"}),
        "/v26.0/me/published_posts": Question("Page", "published_posts", PAGING),
        "/v26.0/me/tagged": Question("Page", "tagged", PAGING),
        "/v26.0/{id}/comments": Question("PagePost", "comments", PAGING | {"filter", "order"}),
    },
    "threads": {
        "/v1.0/me": Question("ThreadsUser"),
        "/v1.0/me/threads": Question("ThreadsUser", "threads", PAGING | SPAN),
        "/v1.0/me/mentions": Question("ThreadsUser", "mentions", PAGING | SPAN),
        "/v1.0/me/threads_insights": Question("ThreadsUser", "threads_insights", SPAN),
        "/v1.0/{id}/insights": Question("ThreadsMedia", "insights"),
        "/v1.0/{id}/replies": Question("ThreadsMedia", "replies", PAGING),
    },
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A field that is asked for: `name.modifier(arguments){fields within}`."""

    name: str
    modifiers: dict[str, str]
    within: tuple["Asked", ...]


_FIELD = re.compile(r"(\w+)((?:\.\w+\([^()]*\))*)(\{)?")
_MODIFIER = re.compile(r"\.(\w+)\(([^()]*)\)")


def parsed(text: str) -> tuple[Asked, ...]:
    """Return the fields of an expression; raises ValueError for one that is none."""
    found, end = _parsed(text, 0)
    if end != len(text):
        raise ValueError(f"{text[end:]} is left over")
    return found


def _parsed(text: str, start: int) -> tuple[tuple[Asked, ...], int]:
    fields = []
    while True:
        match = _FIELD.match(text, start)
        if match is None:
            raise ValueError(f"no field at {text[start:][:20]!r}")
        within: tuple[Asked, ...] = ()
        start = match.end()
        if match[3]:
            within, start = _parsed(text, start)
            if text[start : start + 1] != "}":
                raise ValueError("a brace is not closed")
            start += 1
        fields.append(Asked(match[1], dict(_MODIFIER.findall(match[2])), within))
        if text[start : start + 1] != ",":
            return tuple(fields), start
        start += 1


def question(network: str, path: str) -> Question | None:
    """Return what a path asks; None for one that is not described."""
    for template, found in QUESTIONS.get(network, {}).items():
        if re.fullmatch(template.replace("{id}", r"[\w-]+"), path):
            return found
    return None


def problems(network: str, path: str, query: str) -> list[str]:
    """Return what is wrong with a GET; [] where it is as described."""
    asked = question(network, path)
    if asked is None:
        return [f"{path} is not described"]
    told = dict(parse_qsl(query, keep_blank_values=True))
    wrong = []
    text = told.pop("fields", "")
    node = NODES[asked.node].list_of(asked.edge) or asked.node
    if asked.edge.endswith("insights"):
        wrong += _metrics(asked.node, told.pop("metric", ""))
    elif not text and not asked.bare:
        wrong.append("fields are not named")
    if text:
        try:
            wrong += list(_unknown(node, parsed(text)))
        except ValueError as error:
            wrong.append(str(error))
    own = {"appsecret_proof"} if network == "facebook" else set()
    wrong += [f"{name} is no parameter" for name in sorted(set(told) - asked.params - own)]
    if not 1 <= int(told.get("limit", "1")) <= 100:
        wrong.append("limit is not from 1 to 100")
    return wrong


def _metrics(node: str, text: str) -> list[str]:
    strange = set(text.split(",")) - METRICS[node]
    return [f"{name} is no metric of {node}" for name in sorted(strange)]


def _unknown(node_name: str, asked: tuple[Asked, ...]) -> Iterator[str]:
    node = NODES[node_name]
    for one in asked:
        held = node.list_of(one.name)
        if held is not None:
            if one.name == "insights":
                yield from _metrics(node_name, one.modifiers.get("metric", ""))
            yield from _unknown(held, one.within)
        elif one.name not in node.fields | node.beyond or one.within:
            yield f"{one.name} is no field of {node_name}"

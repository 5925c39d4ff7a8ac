"""Questions to X by its package tweepy: behind our door, in either dialect, and paid for.

tweepy 4.17 has its host built in, logs headers and answers, and says `tweet.fields` where the
vendor's specification 2.167 says `post.fields`. So it is given a session of connectors.sessions,
which moves the host, keeps the token to itself and rewords the query once X asks for the newer
words; tweepy itself knows no token.
"""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

import tweepy

from connectors.errors import BadPayload, ConnectorError, Gone, NotAllowed, Relink, Retry
from connectors.http import Answer, Client
from connectors.sessions import session_for
from connectors.x.payloads import NETWORK_ID

_BUILT_IN = "https://api.twitter.com"
# Why X refuses the application itself, whoever the person is (ends of the problem's address).
_APPLICATION = frozenset({"client-forbidden", "unsupported-authentication", "usage-capped"})
# Why X shows this one thing to nobody, or not to this person.
_THING = frozenset({"not-authorized-for-resource", "disallowed-resource", "resource-unavailable"})
# Fields of the older words that the newer ones give as expansions only.
_EXPANDED = {"author_id": "author_id", "referenced_tweets": "referenced_posts"}
# Known from the expansions above, and from a post's own text (payloads.py).
_DROPPED = frozenset({*_EXPANDED, "in_reply_to_user_id"})


class _NewerWords(Exception):
    """X knows no `tweet.fields` any more."""


def in_newer_words(query: str) -> str:
    """Return a query of tweepy's in the words of specification 2.167."""
    params = dict(parse_qsl(query))
    fields = params.pop("tweet.fields", "")
    if not fields:
        return query
    names = fields.split(",")
    expansions = [name for name in params.pop("expansions", "").split(",") if name]
    expansions += [new for old, new in _EXPANDED.items() if old in names and new not in expansions]
    if "referenced_tweets" in names:
        # Of others' posts it must be known whom they answer: here that is charged for.
        expansions.append("in_reply_to_user_id")
    params["post.fields"] = ",".join(name for name in names if name not in _DROPPED)
    if expansions:
        params["expansions"] = ",".join(expansions)
    return urlencode(params)


class Asking:
    """Asks for one account; every question is paid for from the client's purse."""

    def __init__(self, client: Client, token: str) -> None:
        self._client = client
        self._newer = False
        self._answer: Answer | None = None
        self._tweepy = tweepy.Client(bearer_token="", return_type=dict)
        self._tweepy.session = session_for(
            client,
            token=token,
            moved={_BUILT_IN: client.urls["x"]},
            accept=(400, 403),
            heard=self._hear,
            reworded=lambda query: in_newer_words(query) if self._newer else query,
        )

    def can_spare(self, **rows: int) -> bool:
        """Return whether so many rows (post=…, user=…) fit into the fetch's share."""
        return self._client.meter.can_spare(rows)

    def ask(self, method: str, at_most: Mapping[str, int], *what: Any, **params: Any) -> Answer:
        """Return the answer to a method of tweepy's; `at_most` is how many rows it may bring.

        Raises the words of connectors.errors, BudgetSpent among them before anything is sent.
        """
        meter = self._client.meter
        meter.hold(at_most)
        try:
            answer = self._sent(method, *what, **params)
        except Retry:
            # It may have been answered, and charged, though nothing arrived: what was held stays.
            raise
        except ConnectorError:
            meter.settle(at_most, {})
            raise
        meter.settle(at_most, counted(answer.data))
        return answer

    def _sent(self, method: str, *what: Any, **params: Any) -> Answer:
        call = getattr(self._tweepy, method)
        try:
            call(*what, user_auth=False, **params)
        except _NewerWords:
            self._newer = True
            call(*what, user_auth=False, **params)
        assert self._answer is not None
        return self._answer

    def _hear(self, answer: Answer) -> None:
        """Keep an answer, or raise what a refusal means, before tweepy makes its own of it."""
        if answer.status == 400:
            if not self._newer and "tweet.fields" in json.dumps(answer.data):
                raise _NewerWords
            raise BadPayload(
                f"x refused the question at {answer.path}.", network=NETWORK_ID, path=answer.path
            )
        if answer.status == 403:
            raise refusal(answer)
        self._answer = answer


def refusal(answer: Answer) -> ConnectorError:
    """Return what a 403 means: the application, the thing, or the access that the person gave."""
    told = answer.data.get("type") if isinstance(answer.data, dict) else None
    kind = told.rpartition("/")[2] if isinstance(told, str) else ""
    if kind in _APPLICATION:
        return NotAllowed(
            "X does not let this site's application read.", network=NETWORK_ID, path=answer.path
        )
    if kind in _THING:
        return Gone("X does not show it.", network=NETWORK_ID, path=answer.path)
    return Relink(f"x answered 403 at {answer.path}.", network=NETWORK_ID, path=answer.path)


def counted(data: object) -> dict[str, int]:
    """Return how many distinct posts and users an answer holds: what X charges for."""
    found: dict[str, set[str]] = {"post": set(), "user": set()}
    if not isinstance(data, dict):
        return {}
    included = data.get("includes")
    parts = [data.get("data")]
    if isinstance(included, dict):
        parts += [included.get(name) for name in ("users", "tweets", "posts")]
    for part in parts:
        for row in part if isinstance(part, list) else [part]:
            if isinstance(row, dict) and isinstance(row.get("id"), str):
                found["user" if "username" in row else "post"].add(row["id"])
    return {resource: len(ids) for resource, ids in found.items() if ids}

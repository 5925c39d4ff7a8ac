"""For tests and evaluation only: crowds that act, bought followers, and people made to measure."""

from dataclasses import fields
from datetime import date, datetime
from typing import Any

import numpy as np
from flask import Blueprint, Response, jsonify, request

from connectors.samplenet import history
from connectors.samplenet.control import only_if_allowed
from connectors.samplenet.history import KINDS, Acts
from connectors.samplenet.network import Growth, SampleNetwork, Stranger
from connectors.samplenet.noise import Ints
from connectors.samplenet.population import Traits
from connectors.samplenet.serving import ApiError, serving

by_hand = Blueprint("by_hand", __name__, url_prefix="/control")
by_hand.before_request(only_if_allowed)

# More acts in one request are a mistake, and would hold the server for seconds.
MOST_ACTS = 200_000
# More than there are people online.
MOST_SAVES = 5_000_000_000
_TRAITS = frozenset(field.name for field in fields(Traits))


@by_hand.post("/traits")
def set_traits() -> Response:
    """Make people to measure: [{account, traits: {name: number}}, …].

    Who follows whom, groups and the hidden truth of others stay as they were drawn.
    """
    net = serving().net
    for row in _rows():
        number, traits = _account(net, row), _object(row, "traits")
        if not traits or not set(traits) <= _TRAITS:
            raise _unreadable(f"traits are among {', '.join(sorted(_TRAITS))}")
        net.set_traits(number, {name: _number(value) for name, value in traits.items()})
    return jsonify({"ok": True})


@by_hand.post("/followers")
def add_followers() -> Response:
    """Add followers who come with nothing else: [{account, day, a_day, days}, …].

    `a_day` followers come on each of `days` days from the date `day` on, and stay. They are on no
    list, do not act, and are not named one by one.
    """
    net = serving().net
    for row in _rows():
        number = _account(net, row)
        try:
            first = (date.fromisoformat(str(row["day"])) - net.people.start).days
            growth = Growth(first, int(row["a_day"]), int(row.get("days", 1)))
        except (KeyError, ValueError, TypeError) as error:
            raise _unreadable(error) from None
        if growth.a_day < 0 or growth.days < 1:
            raise _unreadable("a_day is 0 or more, days 1 or more")
        net.add_growth(number, growth)
    return jsonify({"ok": True})


@by_hand.post("/silent")
def silence() -> Response:
    """Let people act on nobody, from the first day on, but for what is added by hand: [number, …].

    What happens to them then changes nobody else.
    """
    numbers = request.get_json()
    net = serving().net
    if not isinstance(numbers, list) or not all(
        isinstance(number, int) and net.exists(number) for number in numbers
    ):
        raise _unreadable("needs a list of accounts that exist")
    net.silence(numbers)
    return jsonify({"ok": True})


@by_hand.post("/crowds")
def add_crowds() -> tuple[Response, int]:
    """Add many acts at once: [{account, kind, post_id, created_at, crowd | actors}, …].

    `actors` are numbers of accounts; a `crowd` {name, count, followers, following} are new
    accounts, the same ones wherever the name is the same.
    """
    net = serving().net
    by_account: dict[int, list[Ints]] = {}
    total = 0
    for row in _rows():
        number = _account(net, row)
        acting = _acting(net, row)
        total += acting.size
        if total > MOST_ACTS:
            raise _unreadable(f"more than {MOST_ACTS} acts")
        try:
            kind = KINDS.index(str(row["kind"]))
            seconds = int(datetime.fromisoformat(str(row["created_at"])).timestamp())
            post = int(row.get("post_id") or 0)
        except (KeyError, ValueError) as error:
            raise _unreadable(error) from None
        columns = np.empty((4, acting.size), dtype=np.int64)
        columns[:] = np.asarray([[seconds], [kind], [0], [post]])
        columns[2] = acting
        by_account.setdefault(number, []).append(columns)
    for number, parts in by_account.items():
        _add(net, number, np.concatenate(parts, axis=1))
    return jsonify({"added": total}), 201


@by_hand.post("/saves")
def add_saves() -> Response:
    """Add reactions without names: [{account, post_id, count, created_at}, …].

    Only the count of the post tells of them, from `created_at` (or now) on; below 0 takes back.
    """
    net = serving().net
    for row in _rows():
        number = _account(net, row)
        try:
            post, count = int(row["post_id"]), int(row["count"])
            at = net.seconds
            if "created_at" in row:
                at = int(datetime.fromisoformat(str(row["created_at"])).timestamp())
        except (KeyError, ValueError, TypeError) as error:
            raise _unreadable(error) from None
        if post not in net.visible(number).posts.id:
            raise _unreadable(f"account {number} has no such post")
        if abs(count) > MOST_SAVES:
            raise _unreadable(f"a count is at most {MOST_SAVES}")
        net.add_saves(number, post, at, count)
    return jsonify({"ok": True})


def _add(net: SampleNetwork, number: int, columns: Ints) -> None:
    posts = np.unique(columns[3])
    if not np.isin(posts[posts > 0], net.visible(number).posts.id).all():
        raise _unreadable(f"account {number} has no such post")

    def build(first: int) -> Acts:
        ids = first + np.arange(columns.shape[1])
        return history.acts_of(ids, columns[0], columns[1], columns[2], columns[3])

    net.add_acts(number, build)


def _acting(net: SampleNetwork, row: dict[str, Any]) -> Ints:
    """Return the numbers of who acts; a new crowd is made where needed."""
    if "crowd" not in row:
        numbers = row.get("actors")
        if not isinstance(numbers, list) or not all(net.exists(int(n)) for n in numbers):
            raise _unreadable("needs a crowd, or actors that exist")
        return np.asarray(numbers, dtype=np.int64)
    crowd = _object(row, "crowd")
    try:
        name, count = str(crowd["name"]), int(crowd["count"])
        like = Stranger(name, name, int(crowd["followers"]), int(crowd.get("following", 0)))
    except (KeyError, ValueError, TypeError) as error:
        raise _unreadable(error) from None
    if not 0 < count <= MOST_ACTS:
        raise _unreadable(f"a crowd has 1 to {MOST_ACTS} accounts")
    return net.crowd(like, count)


def _rows() -> list[dict[str, Any]]:
    rows = request.get_json()
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise _unreadable("needs a list of objects")
    return rows


def _object(row: dict[str, Any], name: str) -> dict[str, Any]:
    value = row.get(name)
    if not isinstance(value, dict):
        raise _unreadable(f"{name} is an object")
    return value


def _account(net: SampleNetwork, row: dict[str, Any]) -> int:
    try:
        number = int(row["account"])
    except (KeyError, ValueError, TypeError) as error:
        raise _unreadable(error) from None
    if not net.has_history(number):
        raise _unreadable(f"no account {number}")
    return number


def _number(value: object) -> float:
    if not isinstance(value, int | float):
        raise _unreadable("a trait is a number")
    return float(value)


def _unreadable(problem: object) -> ApiError:
    return ApiError(400, "bad_request", f"Cannot read a row: {problem}.")

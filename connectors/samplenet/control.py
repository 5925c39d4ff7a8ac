"""For tests and evaluation only: faults, a moved clock, acts by hand, and the hidden truth."""

import math
from datetime import datetime
from typing import Any

import numpy as np
from flask import Blueprint, Response, jsonify, request

from connectors.samplenet import history
from connectors.samplenet.history import KINDS, Acts
from connectors.samplenet.limits import MODES, Fault
from connectors.samplenet.network import SampleNetwork, Stranger
from connectors.samplenet.noise import Ints
from connectors.samplenet.serving import ApiError, serving

control = Blueprint("control", __name__, url_prefix="/control")
evaluation = Blueprint("evaluation", __name__, url_prefix="/evaluation")


@control.before_request
def only_if_allowed() -> None:
    """Refuse, as if nothing was there, where the server was started without --allow-faults."""
    if not serving().options.allow_faults:
        raise ApiError(404, "not_found", "The server was started without --allow-faults.")


@control.post("/faults")
def add_fault() -> Response:
    """Let the next `times` requests at or below `match` fail by `status` or `mode`."""
    row = _row()
    mode, status = str(row.get("mode", "")), int(row.get("status", 0))
    if not row.get("match") or (mode not in MODES and not 400 <= status < 600):
        raise ApiError(400, "bad_fault", f"Needs match, and a status or a mode of {MODES}.")
    serving().faults.add(
        Fault(
            str(row["match"]),
            status,
            mode,
            int(row.get("times", 1)),
            int(row.get("retry_after", 3)),
            float(row.get("seconds", 15)),
        )
    )
    return jsonify({"ok": True})


@control.delete("/faults")
def clear_faults() -> Response:
    """Let nothing go wrong any more."""
    serving().faults.clear()
    return jsonify({"ok": True})


@control.post("/advance")
def advance() -> Response:
    """Move the network's clock by whole days."""
    net = serving().net
    net.clock.advance(int(_row().get("days", 1)))
    return jsonify({"now": net.clock.now().isoformat()})


@control.post("/interactions")
def add_interactions() -> tuple[Response, int]:
    """Add acts by hand: [{account, kind, actor, post_id, created_at}, …].

    An actor is {id} or {handle, name, followers, following}; equal handles are one actor. The
    acts live as long as the process.
    """
    rows = request.get_json()
    if not isinstance(rows, list):
        raise ApiError(400, "bad_interactions", "Needs a list.")
    net = serving().net
    strangers = {stranger.handle: number for number, stranger in net.strangers.items()}
    by_account: dict[int, list[tuple[int, int, int, int]]] = {}
    for row in rows:
        try:
            parsed = _act(net, strangers, row)
        except (KeyError, ValueError, TypeError) as error:
            raise ApiError(400, "bad_interactions", f"Cannot read a row: {error}.") from None
        by_account.setdefault(int(row["account"]), []).append(parsed)
    for account, acts in by_account.items():
        columns = np.asarray(acts, dtype=np.int64).T

        def build(first: int, columns: Ints = columns) -> Acts:
            ids = first + np.arange(columns.shape[1])
            return history.acts_of(ids, columns[0], columns[1], columns[2], columns[3])

        net.add_acts(account, build)
    return jsonify({"added": len(rows)}), 201


def _act(
    net: SampleNetwork, strangers: dict[str, int], row: dict[str, Any]
) -> tuple[int, int, int, int]:
    """Return (seconds, kind, actor, post) of a row; a new actor is made where needed."""
    account, post = int(row["account"]), int(row.get("post_id") or 0)
    if not net.has_history(account):
        raise ValueError(f"no account {account}")
    if post and post not in net.visible(account).posts.id:
        raise ValueError(f"no post {post}")
    if "created_at" in row:
        seconds = int(datetime.fromisoformat(row["created_at"]).timestamp())
    else:
        seconds = net.seconds
    who = row["actor"]
    if "id" in who:
        actor = int(who["id"])
        if not net.exists(actor):
            raise ValueError(f"no actor {actor}")
    else:
        handle = str(who["handle"])
        if handle not in strangers:
            strangers[handle] = net.add_stranger(
                Stranger(
                    handle,
                    str(who.get("name", handle)),
                    int(who.get("followers", 0)),
                    int(who.get("following", 0)),
                )
            )
        actor = strangers[handle]
    return seconds, KINDS.index(row["kind"]), actor, post


@evaluation.get("/truth")
def truth() -> Response:
    """Return everybody's hidden true influence: the reactions that a day of theirs really moves."""
    if not serving().options.serve_truth:
        raise ApiError(404, "not_found", "The server was started without --serve-truth.")
    people = serving().net.people
    traits = people.traits
    accounts = [
        {
            "id": str(number),
            "handle": people.handle(number),
            "story": story.word if (story := people.story(number)) else "",
            "reactions_per_post": float(traits.per_post[number - 1]),
            "reactions_per_day": float(traits.per_post[number - 1] * traits.per_day[number - 1]),
            "influence": math.log10(
                1 + float(traits.per_post[number - 1] * traits.per_day[number - 1])
            ),
        }
        for number in range(1, people.people + 1)
    ]
    return jsonify({"accounts": accounts})


def _row() -> dict[str, Any]:
    row = request.get_json()
    if not isinstance(row, dict):
        raise ApiError(400, "bad_request", "Needs an object.")
    return row

"""The fake Graph as a process: `python -m tests.fake_graph` prints its address once it listens."""

import logging
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from flask import Flask, Response, jsonify, request
from werkzeug.serving import make_server

from tests.fake_graph.description import Asked, Question, parsed, problems, question
from tests.fake_graph.sign_in import Tokens, proof_of, refused, signing_in
from tests.fake_graph.world import Tree, made

HUGE_BYTES = 12 * 2**20


@dataclass
class State:
    """What the server was asked, and how it is to behave."""

    world: dict[str, Tree]
    # {"match": part of a path, "status"/"code"/"subcode" or "mode": "huge" …, "times": 1}
    faults: list[dict[str, Any]] = field(default_factory=list)
    # What every answer says of how much is used.
    usage: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)


def create_app() -> Flask:
    """Return the server."""
    app = Flask(__name__)
    app.register_blueprint(signing_in)
    state = State(made(datetime.now(UTC)))
    app.extensions.update(tokens=Tokens(), state=state)

    @app.before_request
    def faulty() -> Any:
        if request.path != "/control":
            state.asked.append(request.path)
            for fault in state.faults:
                if fault["match"] in request.path and fault.get("times", 1) > 0:
                    fault["times"] = fault.get("times", 1) - 1
                    return _failed(fault)
        return None

    @app.get("/<network>/<version>/<path:rest>")
    def graph(network: str, version: str, rest: str) -> Any:
        return _answer(app, network, f"/{version}/{rest}")

    @app.after_request
    def used(answer: Response) -> Response:
        answer.headers.update(state.usage)
        return answer

    app.add_url_rule("/control", "control", lambda: _control(app), methods=["GET", "POST"])
    return app


def _failed(fault: dict[str, Any]) -> Any:
    mode = fault.get("mode", "")
    if mode == "huge":
        return Response(_huge(), mimetype="application/json")
    if mode == "broken":
        return Response('{"data": [{"id": ', mimetype="application/json")
    if mode == "half":
        answer = Response('{"data": [', mimetype="application/json")
        answer.headers["Content-Length"] = "4000"
        answer.automatically_set_content_length = False
        return answer
    error = {"message": "A fault for tests", "code": fault.get("code", 0)}
    if "subcode" in fault:
        error["error_subcode"] = fault["subcode"]
    return jsonify(error=error), fault["status"]


def _huge() -> Iterator[bytes]:
    yield b'{"filler": "'
    for _ in range(HUGE_BYTES // 2**16):
        yield b"x" * 2**16


# --- Answers --------------------------------------------------------------------------------------
def _answer(app: Flask, network: str, path: str) -> Any:
    """Return what is asked: of a token that is good, and as our description of the API allows."""
    state, held = app.extensions["state"], app.extensions["tokens"]
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if held.valid.get(token, ("", ""))[0] != network:
        return refused(190, "Error validating access token: The session was invalidated", 401)
    wrong = problems(network, path, request.query_string.decode())
    if "access_token" in request.args:
        wrong.append("a token is in the address")
    if network == "facebook" and request.args.get("appsecret_proof") != proof_of(token):
        wrong.append("the proof of use is not right")
    if wrong:
        state.violations += [f"{network}{path}: {words}" for words in wrong]
        return refused(100, "; ".join(wrong))
    asked = question(network, path)
    assert asked is not None
    kind, name = held.valid[token][1], path.split("/")[2]
    # With a Page's token "me" is the Page.
    own = name == "me" and network == "facebook" and kind != "long"
    node = _node(state, network, kind if own else name)
    if node is None:
        error = {"message": "Unsupported get request.", "code": 100, "error_subcode": 33}
        return jsonify(error=error), 400
    told = _told(node, asked, token)
    if asked.edge == "accounts":
        for row in told["data"]:
            row["access_token"] = held.new(network, row["id"])
    return jsonify(told)


def _node(state: State, network: str, name: str) -> Tree | None:
    """Return the linked account, or what hangs on it under an id."""
    root = state.world[network]
    if name in {"me", root["id"]}:
        return root
    return next((row for row in _rows(root) if row.get("id") == name), None)


def _rows(node: Tree) -> Iterator[Tree]:
    for value in node.values():
        if isinstance(value, list):
            for row in value:
                if isinstance(row, dict):
                    yield row
                    yield from _rows(row)


def _told(node: Tree, asked: Question, token: str) -> Tree:
    if asked.bare:
        return {"data": node[asked.edge]}
    fields = parsed(request.args["fields"]) if "fields" in request.args else ()
    if not asked.edge:
        return _cut(node, fields)
    if asked.edge.endswith("insights"):
        return {"data": _insights(node, request.args["metric"])}
    rows = node.get(asked.edge, [])
    if "since" in request.args:
        since = datetime.fromtimestamp(int(request.args["since"]), UTC)
        rows = [row for row in rows if datetime.fromisoformat(_when(row)) >= since]
    limit, start = int(request.args.get("limit", 25)), int(request.args.get("after", 0))
    return _list(rows, fields, limit, start, token)


def _when(row: Tree) -> str:
    return str(row.get("timestamp") or row["created_time"])


def _list(rows: list[Tree], fields: tuple[Asked, ...], limit: int, start: int, token: str) -> Tree:
    """Return a page of rows; the address of the next one holds the token, as the Graph's does."""
    told: Tree = {"data": [_cut(row, fields) for row in rows[start : start + limit]]}
    if start + limit < len(rows):
        after = str(start + limit)
        told["paging"] = {
            "cursors": {"before": str(start), "after": after},
            "next": f"{request.base_url}?access_token={token}&limit={limit}&after={after}",
        }
    return told


def _cut(node: Tree, fields: tuple[Asked, ...]) -> Tree:
    """Return what was asked of a node; "id" comes always, as on the Graph."""
    told: Tree = {"id": node["id"]} if "id" in node else {}
    for one in fields:
        value = node.get(one.name)
        if value is None:
            continue
        if one.name == "insights":
            value = {"data": _insights(node, one.modifiers["metric"])}
        elif isinstance(value, list):
            limit, rows = int(one.modifiers.get("limit", 25)), value
            value = _list(rows, one.within, limit, 0, "inside")
            if "summary" in one.modifiers:
                value["summary"] = {"total_count": len(rows)}
        told[one.name] = value
    return told


def _insights(node: Tree, metrics: str) -> list[Tree]:
    known = node.get("insights", {})
    rows = []
    for name in metrics.split(","):
        if name not in known:
            continue
        value = known[name]
        told: Tree = {"name": name, "period": "lifetime"}
        if isinstance(value, list):
            told["values"] = [{"value": number} for number in value]
        elif "metric_type" in request.args:
            told["total_value"] = {"value": value}
        else:
            told["values"] = [{"value": value}]
        rows.append(told)
    return rows


# --- Tests' hands ---------------------------------------------------------------------------------
def _control(app: Flask) -> Any:
    """Change how the server behaves, and tell what happened to it."""
    state, held = app.extensions["state"], app.extensions["tokens"]
    told = request.get_json(silent=True) or {}
    if told.get("reset"):
        state.__dict__.update(State(made(datetime.now(UTC))).__dict__)
        held.__dict__.update(Tokens().__dict__)
    state.faults += told.get("faults", [])
    state.usage = told.get("usage", state.usage)
    held.long_seconds = told.get("long_seconds", held.long_seconds)
    if told.get("end"):
        held.end(told["end"])
    if "remove" in told:
        network, edge, name = told["remove"]
        root = state.world[network]
        for node in [root, *_rows(root)]:
            if edge in node:
                node[edge] = [row for row in node[edge] if row["id"] != name]
    if "change" in told:
        network, name, values = told["change"]
        node = _node(state, network, name)
        assert node is not None
        node.update(values)
    return jsonify(
        asked=state.asked,
        violations=state.violations,
        world=state.world,
        valid=sorted(held.valid),
        refreshed=held.refreshed,
        revoked=held.revoked,
    )


def main() -> None:
    """Serve on a free port of this machine until the process is ended."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, create_app(), threaded=True)
    sys.stdout.write(f"fake Graph at http://127.0.0.1:{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()

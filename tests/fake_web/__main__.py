"""The fake vendors as a process: `python -m tests.fake_web` prints its address once it listens."""

import logging
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import ModuleType
from typing import Any

from flask import Flask, Response, jsonify, request
from werkzeug.serving import make_server

from tests.fake_web import foursquare, github, linkedin, pinterest, tumblr, twitch, yammer, youtube
from tests.fake_web.checking import problems

# Each has DESCRIPTION, VENDOR, WORLD, pages, reset and refusal.
VENDORS: dict[str, ModuleType] = {
    "youtube": youtube,
    "linkedin": linkedin,
    "github": github,
    "twitch": twitch,
    "pinterest": pinterest,
    "tumblr": tumblr,
    "foursquare": foursquare,
    "yammer": yammer,
}
HUGE_BYTES = 12 * 2**20


@dataclass
class State:
    """What the server was asked, and how it is to behave."""

    # {"match": part of a path, "status": 500 or "mode": "huge" | "half" | "broken", "times": 1}
    faults: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)


STATE = State()


def create_app() -> Flask:
    """Return the server."""
    app = Flask(__name__)
    for module in VENDORS.values():
        app.register_blueprint(module.pages)
    app.before_request(_checked)
    app.add_url_rule("/control", "control", _control, methods=["POST"])
    return app


def _checked() -> Any:
    """Return a refusal, or None: faults first, then the right, then the vendor's description."""
    if request.path == "/control":
        return None
    STATE.asked.append(f"{request.method} {request.path}")
    for fault in STATE.faults:
        if fault["match"] in request.path and fault.get("times", 1) > 0:
            fault["times"] = fault.get("times", 1) - 1
            return _failed(fault)
    module = VENDORS.get((request.blueprint or "").partition(".")[0])
    if module is None or "signing_in" in (request.blueprint or ""):
        return None
    query = request.query_string.decode()
    wrong = problems(module.DESCRIPTION, request.method, request.path, query)
    if wrong:
        STATE.violations += [f"{request.method} {request.path}: {words}" for words in wrong]
        return jsonify(error={"code": 400, "message": "; ".join(wrong)}), 400
    return module.refusal()


def _failed(fault: dict[str, Any]) -> Any:
    mode = fault.get("mode", "")
    if mode == "huge":
        return Response(_huge(), mimetype="application/json")
    if mode == "broken":
        return Response('{"items": [{"id": ', mimetype="application/json")
    if mode == "half":
        answer = Response('{"items": [', mimetype="application/json")
        answer.headers["Content-Length"] = "4000"
        answer.automatically_set_content_length = False
        return answer
    answer = jsonify(fault.get("body", {}))
    answer.status_code = fault["status"]
    if fault["status"] == 429:
        answer.headers["Retry-After"] = "600"
    return answer


def _huge() -> Iterator[bytes]:
    yield b'{"filler": "'
    for _ in range(HUGE_BYTES // 2**16):
        yield b"x" * 2**16


def _control() -> Any:
    """Change how the server behaves, and tell what happened to it."""
    told = request.get_json(silent=True) or {}
    if told.get("reset"):
        STATE.__dict__.update(State().__dict__)
        for module in VENDORS.values():
            module.reset()
    STATE.faults += told.get("faults", [])
    name = told.get("vendor", "youtube")
    module = VENDORS[name]
    if told.get("change"):
        module.change(told["change"], datetime.now(UTC))
    vendor = module.VENDOR
    return jsonify(
        asked=STATE.asked,
        violations=STATE.violations,
        revoked=vendor.revoked,
        refreshed=vendor.refreshed,
        valid=sorted(vendor.access),
    )


def main() -> None:
    """Serve on a free port of this machine until the process is ended."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, create_app(), threaded=True)
    sys.stdout.write(f"fake vendors at http://127.0.0.1:{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()

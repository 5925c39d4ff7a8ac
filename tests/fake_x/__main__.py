"""The fake X as a process: `python -m tests.fake_x` prints its address once it listens."""

import logging
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from flask import Flask, Response, jsonify, request
from werkzeug.serving import make_server

from tests.fake_x.description import problems
from tests.fake_x.tokens import APP_TOKEN, Tokens, signing_in
from tests.fake_x.world import HANDLE, OWN, World, post_row, user, written_row

NOT_FOUND = "https://api.x.com/2/problems/resource-not-found"
HUGE_BYTES = 12 * 2**20


@dataclass
class State:
    """What the server was asked, and how it is to behave."""

    world: World
    dialect: str = "2.165"
    # {"match": part of a path, "status": 500 or "mode": "huge" | "half" | "broken", "times": 1}
    faults: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    # Rows returned: what X would charge for.
    rows: dict[str, int] = field(default_factory=lambda: {"post": 0, "user": 0})

    @property
    def newer(self) -> bool:
        """Whether it speaks of posts instead of tweets."""
        return self.dialect == "2.167"


def create_app() -> Flask:
    """Return the server."""
    app = Flask(__name__)
    app.register_blueprint(signing_in)
    state = State(World.made(datetime.now(UTC)))
    app.extensions.update(tokens=Tokens(), state=state)

    @app.before_request
    def checked() -> Any:
        return _checked(app) if request.path.startswith("/2/") else None

    answers: dict[str, Callable[..., Any]] = {
        "/2/users/me": lambda: _rows_told(state, user(None, newer=state.newer), {}),
        "/2/users/<name>": lambda name: _one_user(state, name == OWN),
        "/2/users/by/username/<name>": lambda name: _one_user(state, name == HANDLE),
        f"/2/users/{OWN}/tweets": lambda: _timeline(state),
        f"/2/users/{OWN}/mentions": lambda: _mentions(state),
        "/2/tweets": lambda: _by_ids(state),
        "/2/tweets/<name>/liking_users": lambda name: _people(state, name, "likers"),
        "/2/tweets/<name>/retweeted_by": lambda name: _people(state, name, "reposters"),
        "/2/tweets/<name>/quote_tweets": lambda name: _quotes(state, name),
    }
    for path, answer in answers.items():
        app.add_url_rule(path, path, answer)
    app.add_url_rule("/control", "control", lambda: _control(app), methods=["GET", "POST"])
    return app


# --- Before each answer ---------------------------------------------------------------------------
def _checked(app: Flask) -> Any:
    """Return a refusal, or None: faults first, then the token, then our description of the API."""
    state, held = app.extensions["state"], app.extensions["tokens"]
    state.asked.append(request.path)
    for fault in state.faults:
        if fault["match"] in request.path and fault.get("times", 1) > 0:
            fault["times"] = fault.get("times", 1) - 1
            return _failed(fault)
    if request.path.startswith("/2/oauth2/"):
        return None
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token not in held.access and token != APP_TOKEN:
        return jsonify(title="Unauthorized", type="about:blank", status=401), 401
    query = request.query_string.decode()
    if state.newer and "tweet.fields" in request.args:
        words = "The query parameter [tweet.fields] is not one of [post.fields,user.fields]"
        return jsonify(errors=[{"message": words}], title="Invalid Request"), 400
    wrong = problems(state.dialect, request.path, query)
    if wrong:
        state.violations += [f"{request.path}: {words}" for words in wrong]
        return jsonify(errors=[{"message": words} for words in wrong], title="Invalid"), 400
    return None


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
    answer = jsonify(title="A fault for tests", type=fault.get("type", "about:blank"))
    answer.status_code = fault["status"]
    if fault["status"] == 429:
        answer.headers["x-rate-limit-reset"] = str(int(datetime.now(UTC).timestamp()) + 600)
    return answer


def _huge() -> Iterator[bytes]:
    yield b'{"filler": "'
    for _ in range(HUGE_BYTES // 2**16):
        yield b"x" * 2**16


# --- Answers --------------------------------------------------------------------------------------
def _rows_told(state: State, data: Any, included: dict[str, Any], **more: Any) -> Any:
    """Return rows as X wraps them, counted by what each distinct one would cost."""
    rows = data if isinstance(data, list) else [data]
    told = {row["id"]: row for row in (*rows, *included.get("users", []))}
    for row in told.values():
        state.rows["user" if "username" in row else "post"] += 1
    answer = {"data": data} if data else {}
    if included:
        answer["includes"] = included
    if isinstance(data, list) and "errors" not in more:
        answer["meta"] = {"result_count": len(data)}
    return jsonify({**answer, **more})


def _page(state: State, rows: list[Any]) -> tuple[list[Any], dict[str, Any]]:
    """Return a page of the rows and its meta; the token is where the next one begins."""
    start, size = int(request.args.get("pagination_token", 0)), int(request.args["max_results"])
    meta: dict[str, Any] = {"result_count": len(rows[start : start + size])}
    if start + size < len(rows):
        meta["next_token"] = str(start + size)
    return rows[start : start + size], meta


def _since(post_id: str) -> bool:
    if "since_id" in request.args:
        return int(post_id) > int(request.args["since_id"])
    told = request.args.get("start_time", "2010-11-06T00:00:00Z")
    at = datetime.fromisoformat(told).timestamp() * 1000
    return (int(post_id) >> 22) + 1_288_834_974_657 >= at


def _one_user(state: State, is_known: bool) -> Any:
    """Return the one person whom strangers may ask for; of others X says so with the status 200."""
    if is_known:
        return _rows_told(state, user(None, newer=state.newer), {})
    return jsonify(errors=[{"type": NOT_FOUND, "title": "Not Found Error"}])


def _timeline(state: State) -> Any:
    posts = sorted(filter(_since, state.world.posts), key=int, reverse=True)
    page, meta = _page(state, posts)
    rows = [post_row(state.world.posts[name], newer=state.newer) for name in page]
    return _rows_told(state, rows, {}, meta=meta)


def _by_ids(state: State) -> Any:
    names = request.args["ids"].split(",")
    known = [state.world.posts[name] for name in names if name in state.world.posts]
    gone = [
        {"resource_id": name, "resource_type": "tweet", "type": NOT_FOUND, "title": "Not Found"}
        for name in names
        if name not in state.world.posts
    ]
    more = {"errors": gone} if gone else {}
    return _rows_told(state, [post_row(p, newer=state.newer) for p in known], {}, **more)


def _mentions(state: State) -> Any:
    found = [(name, who, "") for name, who in state.world.mentions]
    for post in state.world.posts.values():
        found += [(name, who, post.id) for name, who in post.replies]
    found = sorted((row for row in found if _since(row[0])), reverse=True)
    page, meta = _page(state, found)
    rows = [written_row(name, who, answers, newer=state.newer) for name, who, answers in page]
    people = [user(who, newer=state.newer) for who in sorted({who for _, who, _ in page})]
    included = {"users": people} if people else {}
    return _rows_told(state, rows, included, meta=meta)


def _people(state: State, name: str, what: str) -> Any:
    if name not in state.world.posts:
        return jsonify(title="Not Found Error", type=NOT_FOUND, status=404), 404
    latest = list(reversed(getattr(state.world.posts[name], what)))
    page, meta = _page(state, [user(who, newer=state.newer) for who in latest])
    return _rows_told(state, page, {}, meta=meta)


def _quotes(state: State, name: str) -> Any:
    page, meta = _page(state, sorted(state.world.posts[name].quotes, reverse=True))
    rows = [written_row(quote, who, "", newer=state.newer) for quote, who in page]
    people = [user(who, newer=state.newer) for who in sorted({who for _, who in page})]
    return _rows_told(state, rows, {"users": people} if people else {}, meta=meta)


# --- Tests' hands ---------------------------------------------------------------------------------
def _control(app: Flask) -> Any:
    """Change how the server behaves, and tell what happened to it."""
    state, held = app.extensions["state"], app.extensions["tokens"]
    told = request.get_json(silent=True) or {}
    if told.get("reset"):
        state = app.extensions["state"]
        state.__dict__.update(State(World.made(datetime.now(UTC))).__dict__)
        held.__dict__.update(Tokens().__dict__)
    state.dialect = told.get("dialect", state.dialect)
    state.faults += told.get("faults", [])
    held.access_seconds = told.get("access_seconds", held.access_seconds)
    if told.get("delete_post"):
        state.world.posts.pop(told["delete_post"])
    if told.get("like"):
        state.world.posts[told["like"]["post"]].likers.append(told["like"]["by"])
    return jsonify(
        asked=state.asked,
        violations=state.violations,
        rows=state.rows,
        posts=sorted(state.world.posts, key=int, reverse=True),
        revoked=held.revoked,
        refreshed=held.refreshed,
        replayed=held.replayed,
        valid=sorted(held.access),
    )


def main() -> None:
    """Serve on a free port of this machine until the process is ended."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, create_app(), threaded=True)
    sys.stdout.write(f"fake X at http://127.0.0.1:{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()

"""`python -m scoring.gaming.fediverse TOLD.json`: servers that speak Mastodon's API, and may lie.

One process answers for all of them, each at a loopback address of its own and the same port. What
they say is in the file (scoring.gaming.towns). Standard Mastodon entities, as far as they are read.
Reference: https://docs.joinmastodon.org/methods/ (read 2026-11).
"""

import json
import signal
import sys
from pathlib import Path
from threading import Thread
from types import FrameType
from typing import Any

from flask import Flask, Response, abort, jsonify, request
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

PAGE = 80
STATUSES_A_PAGE = 40
FIRST_HOST = "127.66.0"
# Tried one after the other, so that two runs find the same addresses unless both are under way.
PORTS = range(8_066, 8_086)


def host_of(server: int, port: int) -> str:
    """Return the host, with its port, of a server by its place."""
    return f"{FIRST_HOST}.{server + 1}:{port}"


class Told:
    """What is served: accounts by host and name, posts by number."""

    def __init__(self, rows: list[dict[str, Any]], port: int) -> None:
        self.port = port
        self.accounts: dict[tuple[str, str], tuple[str, dict[str, Any]]] = {}
        self.by_id: dict[str, tuple[str, dict[str, Any]]] = {}
        self.posts: dict[str, tuple[str, dict[str, Any]]] = {}
        for number, row in enumerate(rows, start=1):
            host = host_of(row["server"], port)
            self.accounts[host, row["name"]] = (str(number), row)
            self.by_id[str(number)] = (host, row)
            for place, post in enumerate(row["posts"]):
                self.posts[f"{number}{place:05d}"] = (str(number), post)

    def account(self, number: str, *, at: str) -> dict[str, Any]:
        """Return the account entity, as its own server tells it."""
        host, row = self.by_id[number]
        if host != at:
            abort(404)
        return self._entity(number, row["name"], row["name"], host, row["followers"]) | {
            "statuses_count": len(row["posts"]),
            "indexable": True,
            "discoverable": True,
            "noindex": False,
        }

    def status(self, post_id: str) -> dict[str, Any]:
        """Return the status entity."""
        number, post = self.posts[post_id]
        host, _ = self.by_id[number]
        return {
            "id": post_id,
            "created_at": post["at"],
            "visibility": "public",
            "content": "<p>A note.</p>",
            "url": f"http://{host}/@{number}/{post_id}",
            "language": "en",
            "account": self.account(number, at=host),
            "favourites_count": sum(group["count"] for group in post["liked_by"]),
            "reblogs_count": sum(group["count"] for group in post["boosted_by"]),
            "replies_count": 0,
            "quotes_count": 0,
            "reblog": None,
            "mentions": [],
            "tags": [],
            "in_reply_to_account_id": None,
        }

    def people(self, groups: list[dict[str, Any]], start: int, at: str) -> list[dict[str, Any]]:
        """Return a page of those who acted, as the server at `at` tells them."""
        found = []
        for group in groups:
            host = host_of(group["server"], self.port)
            for place in range(group["count"]):
                name = f"{group['name']}{group['first'] + place}"
                acct = name if host == at else f"{name}@{host}"
                found.append((name, acct, host, group["followers"]))
        return [
            self._entity(f"9{start + n}", name, acct, host, followers)
            for n, (name, acct, host, followers) in enumerate(found[start : start + PAGE])
        ]

    def _entity(
        self, number: str, name: str, acct: str, host: str, followers: int
    ) -> dict[str, Any]:
        return {
            "id": number,
            "username": name,
            "acct": acct,
            "display_name": name.title(),
            "note": "",
            "url": f"http://{host}/@{name}",
            "created_at": "2020-01-01T00:00:00Z",
            "followers_count": followers,
            "following_count": 50,
            "statuses_count": 100,
        }


def create_app(told: Told) -> Flask:
    """Return the application that answers for every server, by the host that it was called at."""
    app = Flask(__name__)

    @app.get("/api/v1/accounts/lookup")
    def lookup() -> Response:
        found = told.accounts.get((request.host, request.args.get("acct", "")))
        if found is None:
            abort(404)
        return jsonify(told.account(found[0], at=request.host))

    @app.get("/api/v1/accounts/<number>/statuses")
    def statuses(number: str) -> Response:
        if number not in told.by_id or told.by_id[number][0] != request.host:
            abort(404)
        _, row = told.by_id[number]
        ids = [f"{number}{place:05d}" for place in reversed(range(len(row["posts"])))]
        last = request.args.get("max_id", "")
        older = [post_id for post_id in ids if not last or post_id < last]
        page = older[:STATUSES_A_PAGE]
        answer = jsonify([told.status(post_id) for post_id in page])
        if len(older) > len(page):
            answer.headers["Link"] = f'<{request.base_url}?max_id={page[-1]}>; rel="next"'
        return answer

    @app.get("/api/v1/statuses/<post_id>/favourited_by")
    def favourited_by(post_id: str) -> Response:
        return _acted(told, post_id, "liked_by")

    @app.get("/api/v1/statuses/<post_id>/reblogged_by")
    def reblogged_by(post_id: str) -> Response:
        return _acted(told, post_id, "boosted_by")

    return app


def _acted(told: Told, post_id: str, name: str) -> Response:
    if post_id not in told.posts:
        abort(404)
    _, post = told.posts[post_id]
    start = int(request.args.get("from", "0"))
    answer = jsonify(told.people(post[name], start, request.host))
    if start + PAGE < sum(group["count"] for group in post[name]):
        answer.headers["Link"] = f'<{request.base_url}?from={start + PAGE}>; rel="next"'
    return answer


class _QuietHandler(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


def _listening(rows: list[dict[str, Any]]) -> tuple[int, list[BaseWSGIServer]]:
    """Return the first port that is free at every address, and a listener for each of these."""
    for port in PORTS:
        app = create_app(Told(rows, port))
        made: list[BaseWSGIServer] = []
        try:
            for server in sorted({row["server"] for row in rows}):
                host = host_of(server, port).partition(":")[0]
                made.append(
                    make_server(host, port, app, threaded=True, request_handler=_QuietHandler)
                )
        except (OSError, SystemExit):
            # Werkzeug leaves where an address is taken.
            for listener in made:
                listener.server_close()
            continue
        return port, made
    sys.exit(f"fediverse: no port from {PORTS[0]} to {PORTS[-1]} is free.")


def _stop(number: int, frame: FrameType | None) -> None:
    sys.exit(0)


def main() -> None:
    """Serve until SIGTERM or Ctrl-C."""
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    rows = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    port, listeners = _listening(rows)
    for listener in listeners:
        Thread(target=listener.serve_forever, daemon=True).start()
    sys.stdout.write(f"fediverse: {len(listeners)} servers at port {port}\n")
    sys.stdout.flush()
    signal.pause()


if __name__ == "__main__":
    main()

"""A small server that signs people in as GitHub does: OAuth 2, profile, e-mail addresses."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, jsonify, redirect, request
from werkzeug.serving import make_server


@dataclass
class FakeGitHub:
    """The server's address, and who is signed in there."""

    url: str = ""
    profile: dict[str, Any] = field(
        default_factory=lambda: {
            "id": 4711,
            "login": "ada",
            "name": "Ada Lovelace",
            "email": "ada@example.org",
            "company": "Analytical Engines",
            "location": "London",
        }
    )
    emails: list[dict[str, Any]] = field(
        default_factory=lambda: [
            {"email": "ada@example.org", "primary": True, "verified": True},
        ]
    )
    tokens_asked: list[dict[str, str]] = field(default_factory=list)


def _app(github: FakeGitHub) -> Flask:
    app = Flask(__name__)

    @app.get("/login/oauth/authorize")
    def authorize() -> Any:
        target, state = request.args["redirect_uri"], request.args["state"]
        return redirect(f"{target}?code=once&state={state}")

    @app.post("/login/oauth/access_token")
    def token() -> Any:
        github.tokens_asked.append(request.form.to_dict())
        return jsonify(access_token="told-once", token_type="bearer", scope="user:email")

    @app.get("/api/v3/user")
    def user() -> Any:
        assert request.headers["Authorization"] == "token told-once"
        return jsonify(github.profile)

    @app.get("/api/v3/user/emails")
    def emails() -> Any:
        return jsonify(github.emails)

    return app


@contextmanager
def running() -> Iterator[FakeGitHub]:
    """Yield a running server; it ends with the block."""
    github = FakeGitHub()
    server = make_server("127.0.0.1", 0, _app(github), threaded=True)
    github.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield github
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

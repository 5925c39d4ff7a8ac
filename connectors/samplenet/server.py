"""The Flask application of the sample network, and its server."""

import time
from http import HTTPStatus
from threading import Thread

from flask import Flask, Response, g, jsonify, make_response, render_template, request
from werkzeug.exceptions import HTTPException
from werkzeug.serving import WSGIRequestHandler, make_server

from connectors.samplenet import rows
from connectors.samplenet.api import api
from connectors.samplenet.by_hand import by_hand
from connectors.samplenet.control import control, evaluation
from connectors.samplenet.limits import Buckets, Faults
from connectors.samplenet.network import Clock, SampleNetwork
from connectors.samplenet.oauth import oauth
from connectors.samplenet.serving import ApiError, Options, Serving, failed, serving
from connectors.samplenet.state import State
from connectors.samplenet.tokens import Tokens
from connectors.samplenet.views import views, with_headers

MAX_REQUEST_BYTES = 32 * 2**20


def create_app(state: State, options: Options, clock: Clock | None = None) -> Flask:
    """Return the application; the population is built here (0.1 s for 600 people)."""
    app = Flask(__name__)
    app.secret_key = state.key
    app.config.update(
        # Browsers send cookies of 127.0.0.1 to every port: a name of its own.
        SESSION_COOKIE_NAME="sample_network_session",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_HTTPONLY=True,
        MAX_CONTENT_LENGTH=MAX_REQUEST_BYTES,
    )
    app.extensions["samplenet"] = Serving(
        options,
        SampleNetwork(state, clock or Clock()),
        Tokens(state, options.access_seconds),
        Buckets(options.requests_per_minute),
        Faults(),
    )
    for blueprint in (api, oauth, views, control, by_hand, evaluation):
        app.register_blueprint(blueprint)
    app.add_url_rule("/healthz", "healthz", _healthz)
    app.before_request(_before)
    app.after_request(_after)
    app.register_error_handler(ApiError, _api_error)
    app.register_error_handler(rows.BadCursor, _bad_cursor)
    app.register_error_handler(HTTPException, _http_error)
    return app


def _healthz() -> Response:
    net = serving().net
    return jsonify(
        {
            "ok": True,
            "people": net.people.people,
            "first_day": net.people.start.isoformat(),
            "today": net.day_of(net.today).isoformat(),
        }
    )


def _before() -> Response | None:
    """Return a refusal or an injected fault for calls by programs; None lets the request go on."""
    if not _by_program():
        return None
    parts = serving()
    fault = parts.faults.next(request.path, request.full_path.rstrip("?"))
    if fault is not None:
        if fault.mode != "slow":
            return failed(fault)
        time.sleep(fault.seconds)
    # By token where there is one: many users of one application share its address.
    caller = request.headers.get("Authorization") or request.remote_addr or ""
    g.allowance = allowance = parts.buckets.take(caller)
    if allowance.wait_seconds:
        answer = jsonify({"error": "rate_limited", "message": "Too many requests."})
        answer.status_code = HTTPStatus.TOO_MANY_REQUESTS
        answer.headers["Retry-After"] = str(allowance.wait_seconds)
        return answer
    return None


def _after(answer: Response) -> Response:
    allowance = g.get("allowance")
    if allowance is not None:
        answer.headers["X-RateLimit-Limit"] = str(allowance.limit)
        answer.headers["X-RateLimit-Remaining"] = str(allowance.remaining)
        answer.headers["X-RateLimit-Reset"] = str(int(time.time()) + allowance.full_in_seconds)
    return answer


def _by_program() -> bool:
    return request.path.startswith("/api/") or request.path in ("/oauth/token", "/oauth/revoke")


def _api_error(error: ApiError) -> tuple[Response, int]:
    return jsonify({"error": error.word, "message": str(error)}), error.status


def _bad_cursor(error: rows.BadCursor) -> tuple[Response, int]:
    message = f"The parameter {error} cannot be read."
    return jsonify({"error": "bad_request", "message": message}), HTTPStatus.BAD_REQUEST


def _http_error(error: HTTPException) -> Response:
    status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    if request.path.startswith(("/api/", "/control/", "/evaluation/", "/oauth/token")):
        answer = jsonify({"error": error.name.lower().replace(" ", "_"), "message": error.name})
        answer.status_code = status
        return answer
    page = render_template("error.html", status=status, title=error.name)
    return with_headers(make_response(page, status))


class _QuietHandler(WSGIRequestHandler):
    """Does not write a line for each of many thousand requests."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


class Server:
    """A running server: one process, a thread per request, so that clock and faults are one."""

    def __init__(self, app: Flask, host: str, port: int) -> None:
        self._server = make_server(host, port, app, threaded=True, request_handler=_QuietHandler)
        self.port: int = self._server.server_port

    def run(self) -> None:
        """Serve until stopped."""
        self._server.serve_forever()

    def run_beside(self) -> Thread:
        """Return a thread that serves until stopped."""
        thread = Thread(target=self.run, daemon=True)
        thread.start()
        return thread

    def stop(self) -> None:
        """Stop serving and close the port."""
        self._server.shutdown()
        self._server.server_close()

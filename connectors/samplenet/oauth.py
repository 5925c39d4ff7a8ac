"""Sign-in with the sample network: OAuth 2 authorization code with PKCE (RFC 6749, 7636, 7009).

There are no passwords: the people are invented, and whoever types a handle signs in as that person.
"""

import hmac
import re
import secrets
from base64 import b64decode
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Response, jsonify, make_response, redirect, render_template, request
from flask import session as cookie

from connectors.samplenet import stories
from connectors.samplenet.serving import serving
from connectors.samplenet.tokens import SCOPES, Refused
from connectors.samplenet.views import with_headers

oauth = Blueprint("oauth", __name__, url_prefix="/oauth")

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
# A SHA-256 in base64url without padding (RFC 7636, section 4.2).
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class Asked:
    """A checked authorization request."""

    redirect_uri: str
    scope: str
    state: str
    challenge: str

    def answer(self, **params: str) -> str:
        """Return the address that the person goes back to."""
        joint = "&" if urlsplit(self.redirect_uri).query else "?"
        if self.state:
            params["state"] = self.state
        return f"{self.redirect_uri}{joint}{urlencode(params)}"

    @property
    def origin(self) -> str:
        """Scheme, host and port of the application."""
        parts = urlsplit(self.redirect_uri)
        return f"{parts.scheme}://{parts.netloc}"


def allowed_redirect(uri: str, registered: tuple[str, ...]) -> bool:
    """Return whether an answer may go there: on loopback at any port, or below a registered one."""
    try:
        parts = urlsplit(uri)
        port = parts.port
    except ValueError:
        return False
    plain = not parts.fragment and not parts.username and "\\" not in uri
    if not (plain and parts.scheme in {"http", "https"} and parts.hostname):
        return False
    if parts.scheme == "http" and parts.hostname in _LOOPBACK and port != 0:
        return True
    # A slash after the host: "http://app.example" must not allow "http://app.example.net".
    return any(uri.startswith(prefix.rstrip("/") + "/") for prefix in registered)


@oauth.route("/authorize", methods=["GET", "POST"])
def authorize() -> Response:
    """Ask who it is, then whether the application may; answer the application."""
    options = serving().options
    if not _same(request.args.get("client_id", ""), options.client_id):
        return _stopped("This application is not registered here.")
    uri = request.args.get("redirect_uri", "")
    if not allowed_redirect(uri, options.redirect_uris):
        # Never go to an address that is not the application's own.
        return _stopped("The application asks to be answered at an address that is not its own.")
    asked = Asked(
        uri,
        " ".join(dict.fromkeys(request.args.get("scope", "profile").split())),
        request.args.get("state", ""),
        request.args.get("code_challenge", ""),
    )
    problem = _problem(asked)
    if problem:
        return _sent(asked, error=problem)
    if request.method == "GET":
        return _page(asked)
    if not _same(request.form.get("csrf", ""), cookie.get("csrf", "")):
        return _stopped("This form is too old. Go back to the application and begin again.")
    return _decided(asked)


def _problem(asked: Asked) -> str:
    if request.args.get("response_type") != "code":
        return "unsupported_response_type"
    if request.args.get("code_challenge_method") != "S256" or not _CHALLENGE.fullmatch(
        asked.challenge
    ):
        return "invalid_request"
    if not asked.scope or not set(asked.scope.split()) <= set(SCOPES):
        return "invalid_scope"
    return ""


def _decided(asked: Asked) -> Response:
    net, form = serving().net, request.form
    if "handle" in form:
        handle = form["handle"].strip().removeprefix("@")
        number = net.people.number(handle)
        if number is None or not net.has_history(number):
            return _page(asked, problem="Nobody here has that handle.", typed=handle)
        cookie["account"] = number
        return _page(asked)
    if form.get("decision") == "another":
        cookie.pop("account", None)
        return _page(asked)
    number = cookie.get("account")
    if number is None or not net.has_history(number):
        return _page(asked)
    # Signed out at once: the next link begins by asking who it is.
    cookie.pop("account")
    if form.get("decision") != "allow":
        return _sent(asked, error="access_denied")
    code = serving().tokens.new_code(
        serving().options.client_id, number, asked.scope, asked.redirect_uri, asked.challenge
    )
    return _sent(asked, code=code)


def _page(asked: Asked, *, problem: str = "", typed: str = "") -> Response:
    """Return the sign-in page, or the consent page for who has signed in."""
    net = serving().net
    cookie.setdefault("csrf", secrets.token_urlsafe(16))
    number = cookie.get("account")
    if number is not None and net.has_history(number):
        handle, name = net.handle_and_name(number)
        page = render_template(
            "consent.html",
            handle=handle,
            name=name,
            scopes=[SCOPES[scope] for scope in asked.scope.split()],
            origin=asked.origin,
            csrf=cookie["csrf"],
        )
    else:
        hint = request.args.get("login_hint", "").strip().removeprefix("@")
        page = render_template(
            "sign_in.html",
            typed=typed or hint,
            problem=problem,
            people=[(story.handle, story.name) for story in stories.SINGLES],
            origin=asked.origin,
            csrf=cookie["csrf"],
        )
    # Browsers check form-action along redirects too.
    return with_headers(make_response(page, 422 if problem else 200), form_action=asked.origin)


def _sent(asked: Asked, **params: str) -> Response:
    answer = make_response(redirect(asked.answer(**params), 303))
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _stopped(why: str) -> Response:
    return with_headers(make_response(render_template("stopped.html", why=why), 400))


@oauth.post("/token")
def token() -> tuple[Response, int]:
    """Exchange a code or a refresh token for tokens."""
    try:
        client_id = _client()
        form, tokens = request.form, serving().tokens
        if form.get("grant_type") == "authorization_code":
            grant = tokens.exchange(
                form.get("code", ""),
                client_id,
                form.get("redirect_uri", ""),
                form.get("code_verifier", ""),
            )
        elif form.get("grant_type") == "refresh_token":
            try:
                grant = tokens.read(form.get("refresh_token", ""), "refresh")
            except Refused:
                raise Refused("invalid_grant") from None
            if grant.client_id != client_id:
                raise Refused("invalid_grant")
        else:
            raise Refused("unsupported_grant_type")
    except Refused as refusal:
        status = 401 if str(refusal) == "invalid_client" else 400
        return _unstored(jsonify({"error": str(refusal)})), status
    return _unstored(jsonify(tokens.issue(grant))), 200


@oauth.post("/revoke")
def revoke() -> tuple[Response, int]:
    """Take a grant back by either of its tokens; an unknown token is answered the same."""
    try:
        serving().tokens.revoke(request.form.get("token", ""), _client())
    except Refused as refusal:
        return _unstored(jsonify({"error": str(refusal)})), 401
    return _unstored(jsonify({})), 200


def _client() -> str:
    """Return the id of the application that proves itself, by Basic authentication or form."""
    given_id = request.form.get("client_id", "")
    given_secret = request.form.get("client_secret", "")
    scheme, _, encoded = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            given_id, _, given_secret = b64decode(encoded, validate=True).decode().partition(":")
        except ValueError:
            raise Refused("invalid_client") from None
    options = serving().options
    same_id = _same(given_id, options.client_id)
    if not (_same(given_secret, options.client_secret) and same_id):
        raise Refused("invalid_client")
    return given_id


def _same(given: str, expected: str) -> bool:
    """Return whether the words are equal and not empty, in the same time for any word."""
    return bool(expected) and hmac.compare_digest(given.encode(), expected.encode())


def _unstored(answer: Response) -> Response:
    answer.headers["Cache-Control"] = "no-store"
    return answer

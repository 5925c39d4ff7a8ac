"""A small AT Protocol world in a process of its own: directory, AppView, PDS, authorization server.

It checks what the specification makes an authorization server check (PAR, PKCE, DPoP with nonces
that change, one use of each code and proof) and lies where a test tells it to (POST /control).
"""

import argparse
import secrets
import signal
import sys
import time
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from types import FrameType
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from flask import Flask, Response, jsonify, redirect, request
from werkzeug.serving import make_server

Answer = Response | tuple[Response, int]


def did(name: str) -> str:
    """Return the invented DID of a name."""
    return "did:plc:" + (name + "a" * 24)[:24]


# Name, handle, and the host that keeps the account; the second host is another server.
PEOPLE = {
    did("astrid"): ("astrid.test", "127.0.0.1"),
    did("bjorn"): ("bjorn.test", "127.0.0.1"),
    did("elsewhere"): ("elsewhere.test", "localhost"),
}
# Handles that lead to an account which does not bear them.
STOLEN = {"stolen.test": did("astrid")}


@dataclass
class World:
    """What the servers remember."""

    nonce: str = "nonce-0"
    nonces: int = 0
    proofs: set[str] = field(default_factory=set)
    requests: dict[str, dict[str, str]] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    revoked: list[str] = field(default_factory=list)
    # What is answered falsely, by name: "sub", "token_type", "scope", "issuer", "iss", …
    lies: dict[str, Any] = field(default_factory=dict)

    def next_nonce(self) -> None:
        """Let the nonce change; the old one is not taken any more."""
        self.nonces += 1
        self.nonce = f"nonce-{self.nonces}"


class Refused(Exception):
    """An OAuth error with its word and status."""

    def __init__(self, word: str, status: int = 400) -> None:
        super().__init__(word)
        self.word, self.status = word, status


app = Flask(__name__)
world = World()


@app.errorhandler(Refused)
def _refused(error: Refused) -> tuple[Response, int]:
    answer = jsonify({"error": error.word})
    answer.headers["DPoP-Nonce"] = world.nonce
    return answer, error.status


def _origin() -> str:
    return f"http://{request.host}"


# --- Directory, PDS and AppView -----------------------------------------------------------------
@app.get("/plc/<name>")
def _document(name: str) -> Answer:
    if name not in PEOPLE:
        return jsonify({"message": "DID not registered"}), 404
    handle, host = PEOPLE[name]
    port = request.host.rpartition(":")[2]
    service = {
        "id": "#atproto_pds",
        "type": "AtprotoPersonalDataServer",
        "serviceEndpoint": world.lies.get("pds", f"http://{host}:{port}"),
    }
    return jsonify({"id": name, "alsoKnownAs": [f"at://{handle}"], "service": [service]})


@app.get("/xrpc/com.atproto.identity.resolveHandle")
def _resolve_handle() -> Answer:
    handle = request.args["handle"]
    found = {named: name for name, (named, _) in PEOPLE.items()} | STOLEN
    if handle not in found:
        return jsonify({"error": "InvalidRequest", "message": "Unable to resolve handle"}), 400
    return jsonify({"did": found[handle]})


@app.get("/xrpc/app.bsky.actor.getProfile")
def _profile() -> Answer:
    name = request.args["actor"]
    if name not in PEOPLE or world.lies.get("no_profile"):
        return jsonify({"error": "InvalidRequest", "message": "Profile not found"}), 400
    handle = PEOPLE[name][0]
    return jsonify({"did": name, "handle": handle, "displayName": handle.partition(".")[0].title()})


@app.get("/.well-known/oauth-protected-resource")
def _protected_resource() -> Answer:
    return jsonify({"resource": _origin(), "authorization_servers": [_origin()]})


@app.get("/.well-known/oauth-authorization-server")
def _metadata() -> Answer:
    at = _origin()
    told = {
        "issuer": at,
        "authorization_endpoint": f"{at}/oauth/authorize",
        "token_endpoint": f"{at}/oauth/token",
        "revocation_endpoint": f"{at}/oauth/revoke",
        "pushed_authorization_request_endpoint": f"{at}/oauth/par",
        "require_pushed_authorization_requests": True,
        "authorization_response_iss_parameter_supported": True,
        "client_id_metadata_document_supported": True,
        "response_types_supported": ["code"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["none", "private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": ["ES256"],
        "dpop_signing_alg_values_supported": ["ES256"],
        "scopes_supported": ["atproto", "transition:generic"],
    }
    return jsonify({**told, **world.lies.get("metadata", {})})


# --- Authorization server -----------------------------------------------------------------------
def _holder() -> str:
    """Return the thumbprint of the key that proves this request; raises Refused."""
    text = request.headers.get("DPoP", "")
    try:
        header = jwt.get_unverified_header(text)
        claims = jwt.decode(text, jwt.PyJWK(header["jwk"]), ["ES256"])
    except (jwt.PyJWTError, KeyError):
        raise Refused("invalid_dpop_proof") from None
    own_address = f"{_origin()}{request.path}"
    good = header.get("typ") == "dpop+jwt" and "d" not in header["jwk"]
    good = good and claims.get("htm") == request.method and claims.get("htu") == own_address
    good = good and abs(time.time() - claims.get("iat", 0)) < 60
    if not good or claims.get("jti") in world.proofs or not claims.get("jti"):
        raise Refused("invalid_dpop_proof")
    world.proofs.add(claims["jti"])
    if claims.get("nonce") != world.nonce:
        raise Refused("use_dpop_nonce")
    return _thumbprint(header["jwk"])


def _thumbprint(key: dict[str, str]) -> str:
    text = '{{"crv":"{crv}","kty":"{kty}","x":"{x}","y":"{y}"}}'.format(**key)
    return urlsafe_b64encode(sha256(text.encode()).digest()).decode().rstrip("=")


def _with_nonce(data: object, status: int = 200) -> tuple[Response, int]:
    answer = jsonify(data)
    answer.headers["DPoP-Nonce"] = world.nonce
    return answer, status


@app.post("/oauth/par")
def _pushed() -> Answer:
    holder = _holder()
    form = dict(request.form)
    client = urlsplit(form["client_id"])
    # The loopback client of development: its redirect must be an address, not "localhost".
    declared = parse_qs(client.query)
    good = f"{client.scheme}://{client.netloc}" == "http://localhost" and not client.path
    good = good and declared.get("redirect_uri") == [form["redirect_uri"]]
    good = good and declared.get("scope") == [form["scope"]] == ["atproto"]
    good = good and urlsplit(form["redirect_uri"]).hostname == "127.0.0.1"
    good = good and form["response_type"] == "code" and form["code_challenge_method"] == "S256"
    if not good or len(form["code_challenge"]) != 43 or len(form["state"]) < 20:
        raise Refused("invalid_request")
    name = f"urn:ietf:params:oauth:request_uri:{secrets.token_urlsafe(16)}"
    world.requests[name] = {**form, "holder": holder}
    return _with_nonce({"request_uri": name, "expires_in": 60}, 201)


@app.get("/oauth/authorize")
def _authorize() -> Any:
    """Say yes at once, as the account in `as` (else the hinted one), or no with `say=no`."""
    wanted = world.requests.pop(request.args["request_uri"], None)
    if wanted is None or wanted["client_id"] != request.args["client_id"]:
        raise Refused("invalid_request")
    handles = {handle: name for name, (handle, _) in PEOPLE.items()}
    answer = {"state": wanted["state"], "iss": world.lies.get("iss", _origin())}
    if request.args.get("say") == "no":
        answer["error"] = "access_denied"
    else:
        code = secrets.token_urlsafe(24)
        who = request.args.get("as") or handles[wanted["login_hint"]]
        world.codes[code] = {**wanted, "sub": who}
        answer["code"] = code
    return redirect(f"{wanted['redirect_uri']}?{urlencode(answer)}")


@app.post("/oauth/token")
def _token() -> Answer:
    holder = _holder()
    form = request.form
    granted = world.codes.pop(form["code"], None)
    if granted is None:
        raise Refused("invalid_grant")
    challenge = urlsafe_b64encode(sha256(form["code_verifier"].encode()).digest())
    good = granted["code_challenge"] == challenge.decode().rstrip("=")
    good = good and granted["holder"] == holder and granted["client_id"] == form["client_id"]
    good = good and granted["redirect_uri"] == form["redirect_uri"]
    if not good or form["grant_type"] != "authorization_code":
        raise Refused("invalid_grant")
    token = secrets.token_urlsafe(24)
    world.tokens[token] = holder
    answer = {
        "access_token": token,
        "refresh_token": f"refresh-{token}",
        "token_type": "DPoP",
        "scope": "atproto",
        "expires_in": 300,
        "sub": granted["sub"],
    }
    return _with_nonce({**answer, **world.lies.get("token", {})})


@app.post("/oauth/revoke")
def _revoke() -> Answer:
    _holder()
    world.revoked.append(request.form["token"])
    return _with_nonce({})


# --- For tests ----------------------------------------------------------------------------------
@app.post("/control")
def _control() -> Answer:
    """Set the lies or let the nonce change; return the tokens given and what was revoked."""
    told = request.get_json()
    world.lies = told.get("lies", world.lies)
    if told.get("next_nonce"):
        world.next_nonce()
    return jsonify({"revoked": world.revoked, "tokens": list(world.tokens)})


def _stop(number: int, frame: FrameType | None) -> None:
    sys.exit(0)


def main() -> None:
    """Serve on a free port of 127.0.0.1 and print the address."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    server = make_server("127.0.0.1", parser.parse_args().port, app, threaded=True)
    signal.signal(signal.SIGTERM, _stop)
    print(f"http://127.0.0.1:{server.server_port}", flush=True)  # noqa: T201
    server.serve_forever()


if __name__ == "__main__":
    main()

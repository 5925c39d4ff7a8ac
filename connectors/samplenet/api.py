"""The JSON API, version 1: public reads, and an owner's reads with a token."""

from datetime import UTC, datetime

import numpy as np
from flask import Blueprint, Response, jsonify, request

from connectors.samplenet import rows
from connectors.samplenet.serving import ApiError, base_url, bearer, json_text, serving

api = Blueprint("api", __name__, url_prefix="/api/v1")


@api.get("/directory")
def directory() -> Response:
    """Return a page of everybody who is listed, by account number."""
    return json_text(rows.directory_page(serving().net, cursor=_cursor(), base_url=base_url()))


@api.get("/accounts/lookup")
def lookup() -> Response:
    """Return the account with a handle."""
    handle = request.args.get("handle", "").removeprefix("@")
    number = serving().net.people.number(handle) if handle else None
    if number is None:
        raise ApiError(404, "not_found", "There is no such account.")
    return _profile(_readable(number))


@api.get("/me")
def me() -> Response:
    """Return the account of the token."""
    grant = bearer()
    if grant is None:
        raise ApiError(401, "invalid_token", "This needs a token.")
    return _profile(grant.account)


@api.get("/accounts/<int:number>")
def account(number: int) -> Response:
    """Return an account."""
    return _profile(_readable(number))


@api.get("/accounts/<int:number>/audience")
def audience(number: int) -> Response:
    """Return an account's daily counts, newest first."""
    return json_text(rows.audience_page(serving().net, _readable(number), since=_since()))


@api.get("/accounts/<int:number>/posts")
def posts(number: int) -> Response:
    """Return a page of an account's posts, newest first."""
    page = rows.posts_page(
        serving().net, _readable(number), since=_since(), cursor=_cursor(), base_url=base_url()
    )
    return json_text(page)


@api.get("/accounts/<int:number>/interactions")
def interactions(number: int) -> Response:
    """Return a page of what others did to the account, newest first."""
    net = serving().net
    acts = net.visible(_readable(number)).acts
    return json_text(
        rows.acts_page(
            net,
            acts,
            acts.actor.astype(np.int64),
            since=_since(),
            cursor=_cursor(),
            base_url=base_url(),
        )
    )


@api.get("/accounts/<int:number>/sent")
def sent(number: int) -> Response:
    """Return a page of what the account did to others, newest first; the actor is the other."""
    net = serving().net
    acts, targets = net.sent(_readable(number))
    return json_text(
        rows.acts_page(net, acts, targets, since=_since(), cursor=_cursor(), base_url=base_url())
    )


def _profile(number: int) -> Response:
    return jsonify(rows.profile(serving().net, number, base_url()))


def _readable(number: int) -> int:
    """Return the number if the caller may read the account; a private one is as if absent."""
    grant = bearer()
    net = serving().net
    if not net.exists(number):
        raise ApiError(404, "not_found", "There is no such account.")
    own = grant is not None and grant.account == number and "activity" in grant.scope.split()
    if net.has_history(number) and net.people.traits.private[number - 1] and not own:
        raise ApiError(404, "not_found", "There is no such account.")
    return number


def _cursor() -> str:
    return request.args.get("cursor", "")


def _since() -> int:
    """Return ?since= (a date, or a moment) in seconds since 1970; 0 where it is missing."""
    text = request.args.get("since", "")
    if not text:
        return 0
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return int(moment.timestamp())
    except (ValueError, OverflowError):
        raise rows.BadCursor("since") from None

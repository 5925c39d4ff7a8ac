"""The pages that people see: what this is, an account, a post. All text is escaped by Jinja."""

import numpy as np
from flask import Blueprint, Response, abort, make_response, render_template, request

from connectors.samplenet import rows, stories
from connectors.samplenet.history import KINDS
from connectors.samplenet.network import SampleNetwork
from connectors.samplenet.serving import base_url, serving

views = Blueprint("views", __name__)
_POSTS_SHOWN = 20
_PEOPLE_SHOWN = 60


def with_headers(answer: Response, *, form_action: str = "") -> Response:
    """Return the page with what browsers should forbid it."""
    answer.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; "
        f"frame-ancestors 'none'; form-action 'self' {form_action}".rstrip()
    )
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Referrer-Policy"] = "same-origin"
    return answer


@views.get("/")
def home() -> Response:
    """Return what this network is, and its people, a page at a time."""
    net = serving().net
    page = request.args.get("page", 1, type=int)
    last = -(-net.people.people // _PEOPLE_SHOWN)
    if not 1 <= page <= last:
        abort(404)
    first = (page - 1) * _PEOPLE_SHOWN + 1
    numbers = np.arange(first, min(first + _PEOPLE_SHOWN, net.people.people + 1))
    followers = net.followers_on(numbers, np.full(len(numbers), net.today))
    people = [
        (*net.handle_and_name(int(number)), int(count))
        for number, count in zip(numbers, followers, strict=True)
    ]
    return _rendered("home.html", people=people, page=page, last=last, total=net.people.people)


@views.get("/@<handle>")
def account(handle: str) -> Response:
    """Return an account's profile and newest posts."""
    net, number = _account(handle)
    seen = net.visible(number)
    first = max(len(seen.posts) - _POSTS_SHOWN, 0)
    moments = rows.times(seen.posts.at[first:])
    counts = rows.post_counts(seen)[:, first:].sum(axis=0)
    posts = [
        (str(post), rows.post_text(net, number, int(choice)).text, moment, int(count))
        for post, choice, moment, count in zip(
            seen.posts.id[first:], seen.posts.choice[first:], moments, counts, strict=True
        )
    ]
    who = rows.profile(net, number, base_url())
    return _rendered("account.html", who=who, posts=posts[::-1])


@views.get("/@<handle>/<int:post>")
def post(handle: str, post: int) -> Response:
    """Return a post with its counts and who acted on it."""
    net, number = _account(handle)
    seen = net.visible(number)
    place = np.flatnonzero(seen.posts.id == post)
    if not len(place):
        abort(404)
    on = np.flatnonzero(seen.acts.post == post)
    people = [
        (*net.handle_and_name(int(seen.acts.actor[row])), KINDS[seen.acts.kind[row]])
        for row in on[::-1][:_PEOPLE_SHOWN]
    ]
    counts = rows.post_counts(seen)[:, place[0]]
    return _rendered(
        "post.html",
        who=rows.profile(net, number, base_url()),
        text=rows.post_text(net, number, int(seen.posts.choice[place[0]])).text,
        moment=rows.times(seen.posts.at[place])[0],
        counts=[(word, int(counts[kind])) for word, kind in rows.COUNTED]
        + [("saves", int(rows.post_saves(net, number, seen)[place[0]]))],
        people=people,
        more=len(on) - len(people),
    )


def _account(handle: str) -> tuple[SampleNetwork, int]:
    net = serving().net
    number = net.people.number(handle)
    if number is None or (net.has_history(number) and net.people.traits.private[number - 1]):
        abort(404)
    return net, number


def _rendered(template: str, **words: object) -> Response:
    stories_shown = [(story.handle, story.name, story.about) for story in stories.SINGLES]
    return with_headers(make_response(render_template(template, stories=stories_shown, **words)))

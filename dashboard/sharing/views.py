"""The addresses of badge, picture and frame: no cookie, no sign-in, the same for everybody."""

import json
from collections.abc import Callable
from functools import partial
from hashlib import sha256
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from csp.decorators import csp
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from dashboard.history_chart import history_chart
from dashboard.pictures.render import png
from dashboard.sharing import badge as badges
from dashboard.sharing import picture
from dashboard.sharing.facts import Shared, in_language_of, shared
from dashboard.sharing.kept import picture_key
from people.models import Person, ShareLink

AN_HOUR_SECONDS = 3600


def gone() -> HttpResponse:
    """Return the one answer for what was switched off, is hidden, or never was."""
    answer = HttpResponse("Not found.\n", status=404, content_type="text/plain; charset=utf-8")
    answer["Cache-Control"] = "no-store"
    return answer


def _answer(
    request: HttpRequest, source: str, kind: str, body: Callable[[], bytes | str] | None = None
) -> HttpResponseBase:
    """Return the body, or 304 where the visitor has it; `source` is what it is made of."""
    etag = f'"{sha256(source.encode()).hexdigest()[:32]}"'
    unchanged = get_conditional_response(request, etag=etag)
    answer = unchanged or HttpResponse(body() if body else source, content_type=kind)
    answer["ETag"] = etag
    answer["Cache-Control"] = f"public, max-age={AN_HOUR_SECONDS}"
    return answer


def _badge(
    request: HttpRequest, token: str, make: Callable[[Person, Shared], str], kind: str
) -> HttpResponseBase:
    found = shared(ShareLink.Kind.BADGE, token)
    if found is None:
        return gone()
    with in_language_of(found[0]):
        return _answer(request, make(*found), kind)


@require_safe
def badge_svg(request: HttpRequest, token: str) -> HttpResponseBase:
    """The badge, in the colours that ?theme= asks for."""
    theme = request.GET.get("theme", "auto")
    theme = theme if theme in badges.THEMES else "auto"
    answer = _badge(request, token, lambda _p, facts: badges.svg(facts, theme), "image/svg+xml")
    # Opened by itself, the SVG is a page: it may have its own style sheet and nothing else.
    answer._csp_config = {  # type: ignore[attr-defined]
        "default-src": [NONE],
        "style-src": [badges.STYLE_HASHES[theme]],
        "frame-ancestors": [NONE],
    }
    return answer


@require_safe
def badge_json(request: HttpRequest, token: str) -> HttpResponseBase:
    """The numbers of the badge."""
    return _json(
        request, token, lambda person, facts: badges.as_json(facts, profile_address(person))
    )


@require_safe
def badge_shields(request: HttpRequest, token: str) -> HttpResponseBase:
    """The badge as shields.io asks for it."""
    return _json(request, token, lambda _p, facts: badges.as_shields(facts, AN_HOUR_SECONDS))


def _json(
    request: HttpRequest, token: str, make: Callable[[Person, Shared], object]
) -> HttpResponseBase:
    def text(person: Person, facts: Shared) -> str:
        return json.dumps(make(person, facts), ensure_ascii=False)

    answer = _badge(request, token, text, "application/json")
    # Pages of other sites may read it: it is public, and nothing of the visitor goes along.
    answer["Access-Control-Allow-Origin"] = "*"
    return answer


@require_safe
def image(request: HttpRequest, token: str) -> HttpResponseBase:
    """The picture; drawn once, then kept for an hour or until it would be another."""
    found = shared(ShareLink.Kind.IMAGE, token)
    if found is None:
        return gone()
    person, facts = found
    with in_language_of(person):
        svg = picture.svg(facts, urlsplit(settings.SITE_URL).netloc)
    return _answer(request, svg, "image/png", partial(_drawn, token, svg))


def _drawn(token: str, svg: str) -> bytes:
    sum_ = sha256(svg.encode()).hexdigest()
    key = picture_key(token)
    kept = cache.get(key)
    if kept is not None and kept[0] == sum_:
        return bytes(kept[1])
    drawn = png(svg)
    cache.set(key, (sum_, drawn), AN_HOUR_SECONDS)
    return drawn


@require_safe
@xframe_options_exempt
@csp(  # type: ignore[arg-type]
    {
        "default-src": [NONE],
        "style-src": [SELF],
        "base-uri": [NONE],
        "form-action": [NONE],
        "frame-ancestors": ["*"],
    }
)
def embed(request: HttpRequest, token: str) -> HttpResponseBase:
    """The page for a frame on any site: number, band and trend; nothing of posts or networks."""
    found = shared(ShareLink.Kind.EMBED, token)
    if found is None:
        return gone()
    person, facts = found
    theme = request.GET.get("theme", "")
    with in_language_of(person):
        text = render_to_string(
            "sharing/embed.html",
            {
                "shared": facts,
                "chart": history_chart(facts.points) if facts.value is not None else None,
                "address": profile_address(person),
                "theme": theme if theme in {"light", "dark"} else "",
            },
        )
    return _answer(request, text, "text/html; charset=utf-8")


def profile_address(person: Person) -> str:
    """Return the full address of the public profile."""
    return settings.SITE_URL + reverse("dashboard:profile", args=[person.slug])

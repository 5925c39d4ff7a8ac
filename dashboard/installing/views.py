"""Manifest, service worker, and the page without a connection: the same for everybody."""

from hashlib import sha256

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from dashboard.installing.icons import ICONS
from dashboard.pictures.palette import LIGHT

# What the page needs beside itself; hashed names change with their content.
OFFLINE_FILES = ("css/tokens.css", "css/offline.css", "img/favicon.svg")


@require_safe
@cache_control(public=True, max_age=3600)
def manifest(request: HttpRequest) -> JsonResponse:
    """What a device needs to put the site on its first screen."""
    icons = [
        {
            "src": static(f"img/{name}"),
            "sizes": f"{pixels}x{pixels}",
            "type": "image/png",
            "purpose": "maskable" if is_cut else "any",
        }
        for name, (pixels, is_cut) in ICONS.items()
        if name != "icon-180.png"
    ]
    answer = JsonResponse(
        {
            "id": "/",
            "name": "Klout",
            "short_name": "Klout",
            "description": _("How far what you publish moves people, and exactly why."),
            "lang": request.LANGUAGE_CODE,
            "start_url": "/",
            "scope": "/",
            "display": "minimal-ui",
            "background_color": LIGHT.paper,
            "theme_color": LIGHT.primary,
            "icons": [
                *icons,
                {"src": static("img/favicon.svg"), "sizes": "any", "type": "image/svg+xml"},
            ],
        }
    )
    answer["Content-Type"] = "application/manifest+json"
    return answer


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """The page for when there is no connection; the service worker fetches it without cookies."""
    return render(request, "offline.html")


@require_safe
@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> HttpResponse:
    """The script that shows the offline page, and keeps that page and its files only."""
    files = [static(name) for name in OFFLINE_FILES]
    sum_ = sha256((render_to_string("offline.html") + "".join(files)).encode()).hexdigest()[:12]
    context = {"files": files, "version": sum_}
    return render(request, "sw.js", context, content_type="text/javascript; charset=utf-8")

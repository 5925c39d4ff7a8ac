"""The badge: a small SVG in the manner of shields.io, and the same as JSON; pure."""

from base64 import b64encode
from hashlib import sha256
from html import escape
from typing import Any

from dashboard.pictures.fonts import width
from dashboard.pictures.palette import DARK, LIGHT, Palette
from dashboard.sharing.facts import Shared

LABEL = "Klout"
HEIGHT, TEXT, PAD = 20, 11, 6
THEMES = ("auto", "light", "dark")
# DejaVu Sans is the free twin of Verdana, by whose widths such badges are measured.
FONTS = "Verdana,DejaVu Sans,Geneva,sans-serif"


def _rules(palette: Palette) -> str:
    return (
        f".l{{fill:{palette.ink_2}}}.v{{fill:{palette.primary}}}"
        f".t{{fill:{palette.surface}}}.n{{fill:{palette.on_primary}}}"
    )


_STYLES = {
    "light": _rules(LIGHT),
    "dark": _rules(DARK),
    "auto": f"{_rules(LIGHT)}@media (prefers-color-scheme:dark){{{_rules(DARK)}}}",
}
# The content policy names these style sheets and no others.
STYLE_HASHES = {
    theme: f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
    for theme, text in _STYLES.items()
}


def svg(shared: Shared, theme: str) -> str:
    """Return the badge in a theme of THEMES."""
    left = round(width(LABEL, TEXT), 1)
    right = round(width(shared.number, TEXT, bold=True), 1)
    edge = left + 2 * PAD
    whole = round(edge + right + 2 * PAD, 1)
    title = escape(f"{shared.name}: {shared.sentence}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{whole:g}" height="{HEIGHT}" '
        f'role="img" aria-labelledby="t"><title id="t">{title}</title>'
        f"<style>{_STYLES[theme]}</style>"
        f'<clipPath id="r"><rect width="{whole:g}" height="{HEIGHT}" rx="4"/></clipPath>'
        f'<g clip-path="url(#r)"><rect class="l" width="{edge:g}" height="{HEIGHT}"/>'
        f'<rect class="v" x="{edge:g}" width="{whole - edge:g}" height="{HEIGHT}"/></g>'
        f'<g aria-hidden="true" font-family="{FONTS}" font-size="{TEXT}">'
        f'<text class="t" x="{PAD}" y="14" textLength="{left:g}">{LABEL}</text>'
        f'<text class="n" x="{edge + PAD:g}" y="14" textLength="{right:g}" font-weight="bold">'
        f"{escape(shared.number)}</text></g></svg>"
    )


def as_json(shared: Shared, address: str) -> dict[str, Any]:
    """Return the numbers; unrounded ones would look surer than they are."""
    known = shared.value is not None
    return {
        "name": shared.name,
        "address": address,
        "score": round(shared.value) if shared.value is not None else None,
        "low": round(shared.low) if shared.low is not None else None,
        "high": round(shared.high) if shared.high is not None else None,
        "provisional": shared.provisional if known else None,
        "day": shared.day.isoformat() if shared.day else None,
        "words": shared.sentence,
    }


def as_shields(shared: Shared, seconds: int) -> dict[str, Any]:
    """Return the answer for shields.io (https://shields.io/badges/endpoint-badge)."""
    return {
        "schemaVersion": 1,
        "label": LABEL,
        "message": shared.number,
        "color": LIGHT.primary,
        "labelColor": LIGHT.ink_2,
        "cacheSeconds": seconds,
    }

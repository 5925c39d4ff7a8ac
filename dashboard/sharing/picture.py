"""The picture of 1200 × 630 pixels that a shared profile brings along; an SVG, pure."""

from html import escape

from django.utils.translation import gettext as _

from dashboard.describe import day_words
from dashboard.pictures.fonts import can_write, lines, plain, width
from dashboard.pictures.palette import LIGHT
from dashboard.pictures.trend import Box, trend
from dashboard.sharing.facts import Shared

WIDTH, HEIGHT = 1200, 630
LEFT, RIGHT = 72, 1128
# Longer numbers are written smaller: the name needs its room.
NUMBER, LONG_NUMBER = 240, 170
NAME, NAME_LINES = 60, 2
CHART = Box(LEFT, 400, RIGHT - LEFT, 150)
_LOGO = (
    '<g transform="translate(72 60) scale(1.5)"><rect width="32" height="32" rx="8" '
    f'fill="{LIGHT.primary}"/><g fill="none" stroke="#fff" stroke-linecap="round" '
    'stroke-width="2.6"><path d="M9 17.5a5.5 5.5 0 0 1 5.5 5.5"/>'
    '<path d="M9 12a11 11 0 0 1 11 11"/><path d="M9 6.5A16.5 16.5 0 0 1 25.5 23"/></g>'
    '<circle cx="9.5" cy="22.5" r="2.7" fill="#f3a77f"/></g>'
)


def shown_name(shared: Shared) -> str:
    """Return the name as our fonts can write it; the profile's address where they cannot."""
    name = plain(shared.name)
    return name if name and can_write(name, bold=True) else f"@{shared.slug}"


def svg(shared: Shared, host: str) -> str:
    """Return the picture; `host` is the site's name, told at the foot."""
    number = shared.number
    size = NUMBER if len(number) < 4 else LONG_NUMBER
    start = LEFT + width(number, size, bold=True) + 48
    room = RIGHT - start
    name = lines(shown_name(shared), NAME, room, NAME_LINES, bold=True)
    top = 250 - (len(name) - 1) * NAME * 0.55
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
        f'font-family="DejaVu Sans" fill="{LIGHT.ink}">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{LIGHT.paper}"/>{_LOGO}'
    )
    parts = [
        head,
        _text(LEFT + 64, 95, 34, "Klout", bold=True),
        _text(LEFT - 8, 330, size, number, bold=True, fill=LIGHT.primary),
    ]
    parts += [
        _text(start, top + line * NAME * 1.2, NAME, words, bold=True)
        for line, words in enumerate(name)
    ]
    below = top + (len(name) - 1) * NAME * 1.2 + 54
    parts.append(_text(start, below, 30, shared.band or _("No score yet"), fill=LIGHT.ink_2))
    parts.append(_chart(shared))
    foot = [host]
    if shared.day is not None:
        foot.append(_("Score of %(day)s") % {"day": day_words(shared.day)})
    parts.append(_text(LEFT, 598, 24, "  ·  ".join(foot), fill=LIGHT.ink_2))
    return "".join(parts) + "</svg>"


def _text(
    x: float, y: float, size: float, words: str, *, bold: bool = False, fill: str = LIGHT.ink
) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}"{weight} fill="{fill}" '
        f'xml:space="preserve">{escape(words)}</text>'
    )


def _chart(shared: Shared) -> str:
    drawn = trend(shared.points, CHART)
    if drawn is None:
        return ""
    middle, bottom = CHART.y + CHART.height / 2, CHART.y + CHART.height
    rules = "".join(f"M{LEFT} {y:g}H{RIGHT}" for y in (CHART.y, middle, bottom))
    dots = "".join(
        f'<circle cx="{x:g}" cy="{y:g}" r="5" fill="{LIGHT.primary}"/>' for x, y in drawn.dots
    )
    x, y = drawn.end
    return (
        f'<path d="{rules}" stroke="{LIGHT.line_colour}" stroke-width="2"/>'
        f'<path d="{drawn.band}" fill="{LIGHT.primary}" fill-opacity="0.15"/>'
        f'<path d="{drawn.line}" fill="none" stroke="{LIGHT.primary}" stroke-width="5" '
        f'stroke-linejoin="round" stroke-linecap="round"/>{dots}'
        f'<circle cx="{x:g}" cy="{y:g}" r="9" fill="{LIGHT.primary}"/>'
    )

"""The trend as a picture for an e-mail; an SVG, pure."""

from collections.abc import Sequence
from html import escape

from dashboard.charts import Point
from dashboard.describe import day_words, rounded
from dashboard.pictures.palette import LIGHT
from dashboard.pictures.trend import Box, trend

WIDTH, HEIGHT = 1120, 400
BOX = Box(80, 30, 1010, 290)


def svg(points: Sequence[Point]) -> str:
    """Return the drawing, twice as large as it is shown; "" where no day has a score."""
    drawn = trend(points, BOX)
    if drawn is None:
        return ""
    right, bottom, middle = BOX.x + BOX.width, BOX.y + BOX.height, BOX.y + BOX.height / 2
    rules = "".join(f"M{BOX.x:g} {y:g}H{right:g}" for y in (BOX.y, middle, bottom))
    labels = [
        (BOX.x - 16, BOX.y + 9, "end", rounded(drawn.high)),
        (BOX.x - 16, bottom + 9, "end", rounded(drawn.low)),
        (BOX.x, bottom + 48, "start", day_words(drawn.first)),
        (right, bottom + 48, "end", day_words(drawn.last)),
    ]
    texts = "".join(
        f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}" font-size="26" fill="{LIGHT.ink_2}">'
        f"{escape(words)}</text>"
        for x, y, anchor, words in labels
    )
    dots = "".join(f'<circle cx="{x:g}" cy="{y:g}" r="5"/>' for x, y in (*drawn.dots, drawn.end))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
        f'font-family="DejaVu Sans"><rect width="{WIDTH}" height="{HEIGHT}" '
        f'fill="{LIGHT.surface}"/><path d="{rules}" stroke="{LIGHT.line_colour}" '
        f'stroke-width="2"/><path d="{drawn.band}" fill="{LIGHT.primary}" fill-opacity="0.15"/>'
        f'<path d="{drawn.line}" fill="none" stroke="{LIGHT.primary}" stroke-width="5" '
        f'stroke-linejoin="round"/><g fill="{LIGHT.primary}">{dots}</g>{texts}</svg>'
    )

"""The icons of the installed site, drawn from the logo; `manage.py icons` writes them anew."""

from dashboard.pictures.palette import LIGHT
from dashboard.pictures.render import png

# File in static/img: (pixels, whether devices may cut it into their own shape).
ICONS = {
    "icon-180.png": (180, True),
    "icon-192.png": (192, False),
    "icon-512.png": (512, False),
    "icon-maskable-512.png": (512, True),
}
_WAVES = (
    '<g fill="none" stroke="#fff" stroke-linecap="round" stroke-width="2.6">'
    '<path d="M9 17.5a5.5 5.5 0 0 1 5.5 5.5"/><path d="M9 12a11 11 0 0 1 11 11"/>'
    '<path d="M9 6.5A16.5 16.5 0 0 1 25.5 23"/></g><circle cx="9.5" cy="22.5" r="2.7" '
    'fill="#f3a77f"/>'
)


def icon(name: str) -> bytes:
    """Return the PNG of that name."""
    pixels, is_cut = ICONS[name]
    corner = 0 if is_cut else 8
    # What devices cut off is at most a tenth on each side of the middle 80 per cent.
    inner = 'transform="translate(16 16) scale(0.72) translate(-16.5 -15.5)"' if is_cut else ""
    return png(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{pixels}" height="{pixels}" '
        f'viewBox="0 0 32 32"><rect width="32" height="32" rx="{corner}" fill="{LIGHT.primary}"/>'
        f"<g {inner}>{_WAVES}</g></svg>"
    )

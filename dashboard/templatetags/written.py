"""Filters for what people wrote: plain text, in which addresses can be pressed."""

from urllib.parse import urlsplit

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from scoring.questions.models import Reason
from scoring.questions.wording import LINK

register = template.Library()
# What more likely ends the sentence than the address.
_ENDS = ".,:;!?…)]»”’*_~"


@register.filter
def linked(text: str) -> SafeString:
    """Return the text as HTML: escaped, with its http addresses as links that say what they are.

    The link's text is its address, so that nobody is led elsewhere than they read; search engines
    are told that it is none of ours.
    """
    parts: list[str] = []
    begin = 0
    for found in LINK.finditer(text):
        address = found[0].rstrip(_ENDS)
        target = address if address.lower().startswith("http") else f"https://{address}"
        parts.append(conditional_escape(text[begin : found.start()]))
        parts.append(_link(target, address))
        begin = found.start() + len(address)
    parts.append(conditional_escape(text[begin:]))
    # Each part is escaped or made by format_html.
    return mark_safe("".join(parts))  # noqa: S308


def _link(target: str, address: str) -> str:
    try:
        known = urlsplit(target).hostname
    except ValueError:
        known = None
    if not known or "." not in known:
        return conditional_escape(address)
    return format_html('<a href="{}" rel="nofollow ugc noopener">{}</a>', target, address)


@register.filter
def why_hidden(word: str) -> str:
    """Return why something was hidden, in words."""
    return str(Reason(word).label) if word in Reason.values else ""

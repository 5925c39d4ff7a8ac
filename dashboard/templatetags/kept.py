"""A tag that keeps a part of a page once it is written.

    {% kept name=value … with slot=value … %} … {% endkept %}

Words, addresses and icons are most of a page, and writing them anew takes longer than everything
that differs from visitor to visitor. What stands inside sees the named values and nothing else of
the page, so it says the same for the same values in the same language; days and times have no place
in it, as they depend on the visitor's time zone. *Slots* are filled in each time: those after
`with`, which stand as plain text, and the token of forms.
"""

from collections.abc import Hashable

from django import template
from django.http import QueryDict
from django.template.base import (
    FilterExpression,
    NodeList,
    Parser,
    Token,
    render_value_in_context,
    token_kwargs,
)
from django.template.context import Context
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from dashboard.catalogue import Catalogue, asked_for, catalogue
from people.kept_pages import TOKEN, mark_of
from scoring.core.params import by_version

register = template.Library()

# More variants of a part are a mistake in its values; memory stays bounded all the same.
MOST_VARIANTS = 2_000


def with_marks(context: Context, *slots: str) -> dict[str, SafeString]:
    """Return marks as the values of the slots, and of the token where the page has one."""
    names = [*slots, TOKEN] if context.get(TOKEN) is not None else [*slots]
    return {name: mark_safe(mark_of(name)) for name in names}  # noqa: S308 - hexadecimal digits


def with_token(text: str, context: Context) -> SafeString:
    """Return a kept text with the visitor's own token in its forms."""
    mark = mark_of(TOKEN)
    # Asking for the token sets a cookie: only where there is a form.
    if mark in text:
        text = text.replace(mark, str(context[TOKEN]))
    return mark_safe(text)  # noqa: S308 - written by templates, which escape


class KeptNode(template.Node):
    """Writes its nodes once for each language and set of values."""

    child_nodelists = ("nodelist",)

    def __init__(
        self,
        nodelist: NodeList,
        values: dict[str, FilterExpression],
        slots: dict[str, FilterExpression],
    ) -> None:
        self.nodelist = nodelist
        self.values = values
        self.slots = slots
        # On the node, so that a changed template begins anew.
        self.kept: dict[tuple[Hashable, ...], str] = {}

    def render(self, context: Context) -> SafeString:
        values = {name: value.resolve(context) for name, value in self.values.items()}
        key = (get_language(), *values.values())
        kept = self.kept.get(key)
        if kept is None:
            seen = values | with_marks(context, *self.slots)
            kept = str(self.nodelist.render(context.new(seen)))
            if len(self.kept) >= MOST_VARIANTS:
                self.kept.clear()
            self.kept[key] = kept
        for name, expression in self.slots.items():
            value = render_value_in_context(expression.resolve(context), context)
            kept = kept.replace(mark_of(name), value)
        return with_token(kept, context)


@register.tag
def kept(parser: Parser, token: Token) -> KeptNode:
    """Keep what stands between `kept` and `endkept`."""
    words = token.split_contents()[1:]
    place = words.index("with") if "with" in words else len(words)
    values, slots = words[:place], words[place + 1 :]
    found = (token_kwargs(values, parser), token_kwargs(slots, parser))
    if values or slots or words[-1:] == ["with"]:
        raise template.TemplateSyntaxError("kept: wants name=value …, and with slot=value …")
    nodelist = parser.parse(("endkept",))
    parser.delete_first_token()
    return KeptNode(nodelist, *found)


@register.simple_tag
def every_signal(version: str) -> Catalogue:
    """Return the page of signals without a filter, under a version of the model."""
    return catalogue(asked_for(QueryDict()), by_version(version))

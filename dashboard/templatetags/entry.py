"""What the pages of sign-in and sign-up offer beside a password."""

from django import template

from dashboard import entry

register = template.Library()


@register.simple_tag
def entry_choices() -> list[entry.EntryChoice]:
    """Return the networks whose accounts one may sign in with."""
    return entry.choices()

"""Filters that write scores, points, shares and days."""

from datetime import date

from django import template

from dashboard import describe

register = template.Library()


@register.filter
def score(value: float) -> str:
    """Return a score as a whole number."""
    return describe.rounded(value)


@register.filter
def decimal(value: float) -> str:
    """Return a number with one decimal."""
    return describe.one_decimal(value)


@register.filter
def amount(value: float) -> str:
    """Return an amount, whole where it is."""
    return describe.amount(value)


@register.filter
def fine_amount(value: float) -> str:
    """Return an amount, with more decimals near zero."""
    return describe.fine_amount(value)


@register.filter
def points(value: float) -> str:
    """Return points with their sign."""
    return describe.signed(value)


@register.filter
def percent(share: float) -> str:
    """Return a share of 0–1 in per cent."""
    return describe.percent(share)


@register.filter
def svg(value: float) -> str:
    """Return a number as SVG reads it, whatever the visitor's language."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


@register.filter
def svg_share(share: float) -> str:
    """Return a share of 0–1 as an SVG length ("42.5%")."""
    return f"{svg(100 * min(max(share, 0.0), 1.0))}%"


@register.filter(expects_localtime=True)
def day(value: date) -> str:
    """Return a day with its year, in words."""
    return describe.day_words(value)


@register.filter
def direction(value: float) -> str:
    """Return the class of a change: "up", "down" or nothing where it rounds to zero."""
    if describe.is_same(value):
        return ""
    return "up" if value > 0 else "down"

"""What is told of the people who react by name, and of those whom the account acts on."""

from django.utils.translation import gettext_noop as _

from connectors.types import Kind
from scoring.signals.levels import COUNT, PEOPLE
from scoring.signals.recipes import Response
from scoring.signals.writing import PER_CENT, Said

_DIFFERENT = _("Different people of the last 28 days.")
_ACTED_ON = _("Different people whom the account acted on in the last 28 days.")

RESPONSES: dict[Response, Said] = {
    Response.PEOPLE: Said(_("People who react"), _DIFFERENT, PEOPLE),
    Response.REACTIONS: Said(
        _("Reactions"), _("Of any kind, in the last 28 days, each one counted."), COUNT
    ),
    Response.RETURNING: Said(
        _("People who come back"),
        _("They reacted on two or more of the last 28 days."),
        PEOPLE,
    ),
    Response.NEW: Said(
        _("People who react for the first time"),
        _("Within the last 28 days, and not in the 28 days before."),
        PEOPLE,
    ),
    Response.SEVERAL_WAYS: Said(
        _("People who react in several ways"),
        _("For example by a like and a comment, in the last 28 days."),
        PEOPLE,
    ),
    Response.DAYS: Said(_("Days with a reaction"), _("Of the last 28 days."), _("days")),
    Response.BUSIEST_DAY: Said(_("People on the busiest day"), _("Of the last 28 days."), PEOPLE),
    Response.TOP_TEN_SHARE: Said(
        _("Reactions of the ten most active people"),
        _("Of all reactions of the last 28 days."),
        PER_CENT,
    ),
    Response.FIRST_DAY_SHARE: Said(
        _("Reactions within a day of the post"),
        _("Of the reactions of 28 days that the network dates."),
        PER_CENT,
    ),
    Response.AUDIENCE_TYPICAL: Said(
        _("Followers of a typical person who reacts"),
        _("Half of the people of 28 days have at least so many."),
        PEOPLE,
    ),
    Response.AUDIENCE_LARGE: Said(
        _("People with 1,000 followers or more who react"), _DIFFERENT, PEOPLE
    ),
    Response.SERVERS: Said(
        _("Servers of the people who react"), _("Different ones in 28 days."), _("servers")
    ),
    Response.MUTUAL: Said(
        _("People who react both ways"),
        _("They acted on the account and the account on them, within 28 days."),
        PEOPLE,
    ),
}

SENT: dict[Kind, Said] = {
    Kind.LIKE: Said(_("People liked"), _ACTED_ON, PEOPLE),
    Kind.RESHARE: Said(_("People reshared"), _ACTED_ON, PEOPLE),
    Kind.COMMENT: Said(_("People answered"), _ACTED_ON, PEOPLE),
    Kind.QUOTE: Said(_("People quoted"), _ACTED_ON, PEOPLE),
    Kind.MENTION: Said(_("People mentioned"), _ACTED_ON, PEOPLE),
    Kind.FOLLOW: Said(_("People newly followed"), _ACTED_ON, PEOPLE),
}

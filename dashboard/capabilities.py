"""What can and cannot be seen on a network, as rows of a table, straight from its declaration."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from connectors import registry
from connectors.types import Kind, LookupKind, Network

KIND_NAMES: dict[Kind, Promise] = {
    Kind.LIKE: gettext_lazy("Likes"),
    Kind.RESHARE: gettext_lazy("Reshares"),
    Kind.COMMENT: gettext_lazy("Comments and replies"),
    Kind.QUOTE: gettext_lazy("Quotes"),
    Kind.MENTION: gettext_lazy("Mentions"),
    Kind.FOLLOW: gettext_lazy("New followers"),
    Kind.SAVE: gettext_lazy("Saves"),
}


@dataclass(frozen=True, slots=True)
class CapabilityRow:
    """One line of "what we can and cannot see"."""

    what: str
    # "yes", "partly" or "no": the sign in front of the words.
    seen: str
    words: str


def _reactions(network: Network) -> list[CapabilityRow]:
    able = network.capabilities
    rows = []
    for kind, name in KIND_NAMES.items():
        if kind in able.named:
            words = (
                _("who and when")
                if kind in able.dated
                else _("who; the day is taken from when it was first seen")
            )
            rows.append(CapabilityRow(str(name), "yes", words))
        elif kind in able.anonymous:
            rows.append(CapabilityRow(str(name), "partly", _("only how many")))
        else:
            rows.append(CapabilityRow(str(name), "no", _("not visible")))
    return rows


def grouped(rows: list[CapabilityRow]) -> list[CapabilityRow]:
    """Return the lines with those that say the same put into one, in the order of the first."""
    same: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        same.setdefault((row.seen, row.words), []).append(row.what)
    return [
        CapabilityRow(", ".join([what[0], *map(_lower_first, what[1:])]), seen, words)
        for (seen, words), what in same.items()
    ]


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]


def capability_rows(network: Network) -> list[CapabilityRow]:
    """Return the lines of a network's table: posts, audience, reactions, look-up, keeping."""
    able, policy = network.capabilities, network.policy
    lookup = {
        LookupKind.OPEN: ("yes", _("anyone's public account can be looked up")),
        LookupKind.NEEDS_KEY: ("partly", _("only with a key of the operator")),
        LookupKind.PAID: (
            ("partly", _("paid for by this site, up to a limit each month"))
            if registry.may_look_up(network.id)
            else ("no", _("costs money, so strangers cannot look anybody up"))
        ),
        LookupKind.NONE: ("no", _("only accounts that are linked")),
    }[able.lookup]
    yes_no = {True: "yes", False: "no"}
    if policy.retention_days is None:
        kept = _("as long as the account is linked")
    else:
        kept = ngettext("%(days)s day", "%(days)s days", policy.retention_days) % {
            "days": policy.retention_days
        }
    return [
        CapabilityRow(
            _("Posts"), yes_no[able.posts], _("read") if able.posts else _("not visible")
        ),
        CapabilityRow(
            _("Followers"),
            "yes" if able.audience_history else "partly",
            _("with their history")
            if able.audience_history
            else _("the number from the day of linking on"),
        ),
        *_reactions(network),
        CapabilityRow(_("Look-up"), *lookup),
        CapabilityRow(
            _("Texts of posts"),
            yes_no[policy.may_store_text],
            (
                ngettext(
                    "kept encrypted for %(days)s day",
                    "kept encrypted for %(days)s days",
                    policy.text_days,
                )
                % {"days": policy.text_days}
            )
            if policy.may_store_text
            else _("never kept"),
        ),
        CapabilityRow(_("How long reactions are kept"), "yes", kept),
    ]

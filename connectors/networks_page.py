"""docs/networks.md, written from what each network declares."""

from collections.abc import Iterable

from connectors.archives.registry import formats_of
from connectors.types import (
    AuthKind,
    Budget,
    Costs,
    Kind,
    LookupKind,
    Network,
    Policy,
    Provenance,
)

_HEAD = """# Networks

What each network lets us see, keep and show. `manage.py networks_doc` writes this page from the
`NETWORK` row of each connector; a test compares the two. How to add one:
[adding-a-network.md](adding-a-network.md).
"""
_AUTH = {
    AuthKind.OAUTH: "by signing in there",
    AuthKind.PROOF_CODE: "by a code in the profile text",
    AuthKind.NONE: "not at all",
}
_LOOKUP = {
    LookupKind.NONE: "no",
    LookupKind.OPEN: "yes, from open data",
    LookupKind.NEEDS_KEY: "with a key of the operator's",
    LookupKind.PAID: "only where the operator pays for it",
}
_PROVENANCE = {
    Provenance.VOUCHED: "the network's own API (vouched)",
    Provenance.OPEN_SERVER: "servers that anyone can run (open server)",
    Provenance.OWN_FILE: "a file of the person's own",
}


def page(networks: Iterable[Network]) -> str:
    """Return the page in Markdown: a section for each network."""
    return "\n".join([_HEAD, *map(_section, networks)])


def _section(network: Network) -> str:
    abilities, policy, budget = network.capabilities, network.policy, network.budget
    if network.retired_because:
        return _retired(network)
    rows = {
        "How people write an account": f"`{network.handle_hint}`",
        "Ownership is shown": _AUTH[network.auth],
        "What a person allows": " ".join(network.scopes) or "nothing that is named",
        "Settings that it needs": ", ".join(f"`{key}`" for key in network.keys) or "none",
        "Others can be looked up": _LOOKUP[abilities.lookup],
        "The data comes from": _PROVENANCE[network.provenance],
        "Counts of an account": _words(network.snapshot_counts),
        "Counts of its days before the link": "yes" if abilities.audience_history else "no",
        "Counts of a post": _words(network.post_counts),
        "Who acted is named": _kinds(abilities.named),
        "Only counted": _kinds(abilities.anonymous),
        "Dated by the network": _kinds(abilities.dated),
        "What the account itself did": _kinds(abilities.sent),
        "Exports that can be imported": _words(form.name for form in formats_of(network.id)),
        "Kept": _days(policy.retention_days, "as long as the account is linked"),
        "Everything goes after access ends": _days(policy.ended_days, "never by itself"),
        "Who acted is kept": _yes(policy.may_store_reactors),
        "Posts are asked for again": _recheck(network),
        "Texts are kept": f"{policy.text_days} days, encrypted" if policy.may_store_text else "no",
        "Counts in the combined score": _combined(policy),
        "Names in an export": _yes(policy.may_export),
        "An unclaimed looked-up profile stays": _days(policy.lookup_days, "for good"),
        "Requests at most": _budget(budget)
        + (f"; with a key {_budget(network.budget_with_key)}" if network.budget_with_key else ""),
        "Charged by the network": _costs(network.costs),
        "Attribution": policy.attribution or "none",
        "Vendor's documents": network.docs_url or "none",
    }
    lines = [f"## {network.name}", "", "| | |", "|---|---|"]
    lines += [f"| {name} | {value} |" for name, value in rows.items()]
    return "\n".join([*lines, ""])


def _retired(network: Network) -> str:
    """Return the section of a network that is gone: nothing of it can be asked for."""
    when = f" ({network.retired_on})" if network.retired_on else ""
    imports = (
        f"Exports that can be imported: {_words(form.name for form in formats_of(network.id))}."
    )
    return "\n".join(
        [f"## {network.name}", "", f"Retired{when}: {network.retired_because}", "", imports, ""]
    )


def _budget(budget: Budget) -> str:
    return f"{budget.requests} in {budget.per_seconds} s for each {budget.per}"


def _words(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "none"


def _kinds(kinds: Iterable[Kind]) -> str:
    return ", ".join(kind.name.lower() for kind in sorted(kinds)) or "none"


def _days(days: int | None, otherwise: str) -> str:
    return otherwise if days is None else f"{days} days"


def _recheck(network: Network) -> str:
    days, most = network.policy.recheck_days, network.policy.recheck_most
    if days is None:
        return "while they are young"
    every = "each day" if days == 1 else f"every {days} days"
    money = " as far as the month's money goes" if network.costs else ""
    return (
        f"{every}{money}, up to {most:,} older ones in a fetch, the longest unasked first; "
        "those that are gone are removed"
    )


def _combined(policy: Policy) -> str:
    if policy.amendment and not policy.may_combine:
        return f"no, unless the operator states `{policy.amendment}`"
    return _yes(policy.may_combine)


def _costs(costs: Costs | None) -> str:
    if costs is None:
        return "nothing"
    prices = ", ".join(f"${price / 1e6:.3f} a {row}" for row, price in costs.micro_usd.items())
    return f"{prices} ([source]({costs.source}), read {costs.read_in})"


def _yes(value: bool) -> str:
    return "yes" if value else "no"
